"""Routes of TypeScript services: Fastify, Express, Koa, Hono and Nest."""

from __future__ import annotations

from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

_METHODS = r"all|delete|get|on|patch|post|put|route"
_CALL = lazy_pattern(
    rf"(?<![\w$])(?P<receiver>[\w$]++)\s*+\.\s*+(?P<method>{_METHODS})\s*+(?:<[^()]{{0,300}}>\s*+)?\(\s*+"
    r"(?:(?:['\"](?P<verb>[A-Z]++)['\"]|\[[^\[\]]{0,80}\])\s*+,\s*+)?"
    r"(?P<quote>['\"`])(?P<path>[^'\"`\n]*+)(?P=quote)"
)
_OBJECT = lazy_pattern(r"(?<![\w$])(?P<receiver>[\w$]++)\s*+\.\s*+route\s*+(?:<[^()]{0,300}>\s*+)?\(\s*+\{")
_MEMBER = lazy_pattern(
    r"\b(?P<key>method|url|path)\s*+:\s*+\[?\s*+(?P<quote>['\"`])(?P<value>[^'\"`\n]*+)(?P=quote)"
)
_DECORATOR = lazy_pattern(
    r"@(?P<method>All|Controller|Delete|Get|Patch|Post|Put)\s*+\(\s*+"
    r"(?:\{[^{}]{0,200}?\bpath\s*+:\s*+)?(?:(?P<quote>['\"`])(?P<path>[^'\"`\n]*+)(?P=quote))?"
)
# What routes are registered at, by its name: clients have methods of the same names.
_ROUTERS: Final = frozenset(
    "api app application express fastify hono koa route router routes scope server".split()
)
_LAST_NAME = lazy_pattern(r"([\w$]+)[\s,]*\Z")
_REACH: Final = 400


class Route(NamedTuple):
    """A path that requests can be sent to.

    Attributes:
        start: offset of where it is registered: of the call's receiver, or of the decorator.
        method: the HTTP method in capitals; ``ALL`` where there are several, or none is named.
        path: the path as it is written, in Nest with that of the controller.
        handler: the name of the function that answers; empty where it has none, or is not known.
    """

    start: int
    method: str
    path: str
    handler: str = ""


def routes(source: Source) -> list[Route]:
    """Return the routes that a file registers, in its order; ask through ``source.once``."""
    found = []
    for match in _CALL.finditer(source.strings):
        method = match["method"]
        if method not in {"on", "route"} and match["path"][:1] not in {"", "/", "*"}:
            continue
        # A quotation mark in another text opens nothing.
        if match["quote"] != source.code[match.start("quote")] or not _is_router(match["receiver"]):
            continue
        verb = match["verb"] or ("ALL" if method in {"on", "route"} else method.upper())
        close = source.enclosing_bracket(match.end())
        end = source.closing(close) if close is not None else None
        name = _LAST_NAME.search(source.code, max(match.end(), (end or 0) - _REACH), end or match.end())
        found.append(Route(match.start(), verb, match["path"], name[1] if name else ""))
    for match in _OBJECT.finditer(source.code):
        brace = match.end() - 1
        members = _members(brace, source)
        path = members.get("url", members.get("path"))
        if path is not None:
            found.append(Route(match.start(), members.get("method", "ALL").upper(), path))
    return sorted(found + _decorated(source))


def _is_router(receiver: str) -> bool:
    """Say whether routes are registered at what has this name: clients have methods of the same names."""
    return not _ROUTERS.isdisjoint(words_of(receiver)[-1:])


def _members(brace: int, source: Source) -> dict[str, str]:
    """Return the texts under the keys of the options of a route."""
    close = source.closing(brace)
    found: dict[str, str] = {}
    for match in _MEMBER.finditer(source.strings, brace, min(close or brace, brace + 2000)):
        if source.enclosing_bracket(match.start()) == brace:
            found.setdefault(match["key"], match["value"])
    return found


def _decorated(source: Source) -> list[Route]:
    found = []
    controller = ""
    for match in _DECORATOR.finditer(source.strings):
        # The at sign of a decorator is code; one in a text is not.
        if source.code[match.start()] != "@":
            continue
        path = (match["path"] or "").strip("/")
        if match["method"] == "Controller":
            controller = path
        else:
            found.append(
                Route(
                    match.start(), match["method"].upper(), "/" + "/".join(filter(None, (controller, path)))
                )
            )
    return found
