"""Chains of promises: where they begin and end, and whether they handle a rejection."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.calls import names_in
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.operands import before_dot, operand_before
from flake8_prep.typescript.source import Source

_TYPE_ARGUMENTS: Final = r"(?:<[\w$\s,.|&\[\]'\"<>{}:;?]{0,400}>\s*+)?"
# The `then` that a chain is looked for by; `chain_at` takes its matches. It begins with plain text, for which
# `re` searches many times faster than for a question mark that may be there.
THEN: Final = lazy_pattern(rf"\.\s*+then\s*+{_TYPE_ARGUMENTS}\(")

_LINK = lazy_pattern(rf"\s*+\??\.\s*+(?P<name>[\w$]++)\s*+{_TYPE_ARGUMENTS}(?P<open>\()?")
_THEN_END = lazy_pattern(rf"\.\s*+then\s*+{_TYPE_ARGUMENTS}\(\s*+(?:async\s+)?\Z")
_NEW_END = lazy_pattern(r"(?<![\w$.])new\s+\Z")
_RETURN = lazy_pattern(r"(?<![\w$.])return\b\s*+")
_SEMICOLON = lazy_pattern(r"\s*+;?\s*+")
_DECLARATION = lazy_pattern(
    r"(?<![\w$.])(?:class|const|function|let|var)\s+(?P<names>[\w$]+|\{[^{}=;]{0,400}|\[[^\[\]=;]{0,400})"
)
_NAME = lazy_pattern(r"[\w$]+")
# Promises that are never rejected: those that only put off what follows, or wait for the fonts of a page.
_NEVER_REJECTED = lazy_pattern(
    r"Promise\s*\.\s*(?:allSettled\b.*|resolve\s*\(\s*\))"
    r"|(?:[\w$]+\s*\.\s*)?(?:nextTick\s*\(\s*\)|fonts\s*\??\.\s*ready)",
    re.DOTALL,
)
# Cypress, and builders of schemas, have a `then` that is none of a promise.
_OTHERS: Final = frozenset({"builder", "cy"})
_NO_HANDLERS: Final = frozenset({"null", "undefined"})
_REACH: Final = 500
# How long a callback is that is looked through for what it returns. Bounded, so that the time stays linear.
_LONGEST: Final = 4_000


class Chain(NamedTuple):
    """A chain of promises.

    Attributes:
        start: offset of its first character.
        end: offset behind its last one.
        name: what its first `then` is called on, without arguments: ``client.connect``.
        calls: the offsets of the parentheses that open the arguments of its calls of `then`.
        has_handler: whether a `catch`, or the last `then`, handles a rejection, or there is none to handle.
    """

    start: int
    end: int
    name: str
    calls: list[int]
    has_handler: bool


def chain_at(match: re.Match[str], source: Source) -> Chain | None:
    """Return the chain whose first `then` is a match of `THEN`; None where it may be something else."""
    end = before_dot(match.start(), source)
    receiver = operand_before(end, source)
    if receiver is None:
        return None
    names = list(names_in(receiver.start, receiver.end, source))
    if names and names[0] in _OTHERS:
        return None
    is_safe = _NEVER_REJECTED.fullmatch(source.code, receiver.start, receiver.end) is not None
    has_handler = is_safe or "catch" in names
    last_has_handler = False
    calls = []
    while link := _LINK.match(source.code, end):
        opened = link.end() - 1
        close = source.closing(opened) if link["open"] else None
        if close is None or link["name"] not in ("catch", "finally", "then"):
            return None
        if link["name"] == "then":
            calls.append(opened)
            last_has_handler = _has_handler(1, opened, source)
        elif link["name"] == "catch":
            has_handler = has_handler or _has_handler(0, opened, source)
        end = close + 1
    new = _NEW_END.search(source.code, max(0, receiver.start - 20), receiver.start)
    start = new.start() if new else receiver.start
    return Chain(start, end, ".".join(names) or "a promise", calls, has_handler or last_has_handler)


def _has_handler(index: int, parenthesis: int, source: Source) -> bool:
    """Tell whether the argument with this index is a handler of rejections, or may be."""
    arguments = [source.code[start:end] for start, end in source.arguments(parenthesis)]
    if any(argument.startswith("...") for argument in arguments):
        return True
    return len(arguments) > index and arguments[index] not in _NO_HANDLERS


def outer_call(chain: Chain, source: Source) -> int | None:
    """Return the offset of the parenthesis of the `then` that a chain could follow as well as be nested in.

    It is all that the callback of that `then` returns, and needs none of the callback's names.
    """
    code = source.code
    # The functions of a file take long to find, and most chains are in no other one.
    thens = THEN.finditer(code, max(0, chain.start - _LONGEST - 2 * _REACH), chain.start)
    if not any((source.closing(then.end() - 1) or 0) > chain.start for then in thens):
        return None
    callback = source.enclosing_function(chain.start)
    if callback is None or callback.kind == "method" or callback.body_end - callback.body_start > _LONGEST:
        return None
    before = _THEN_END.search(code, max(0, callback.start - _REACH), callback.start)
    if before is None or not _is_result(chain, callback, source):
        return None
    inner = [range_ for call in chain.calls for range_ in source.arguments(call)]
    used = {name for range_ in inner for name in _NAME.findall(code, *range_)}
    if used.isdisjoint(_names_of(callback, chain, source)):
        return code.rindex("(", before.start(), before.end())
    return None


def _is_result(chain: Chain, function: Function, source: Source) -> bool:
    """Tell whether a chain is what a function returns, whatever happens in it."""
    code = source.code
    if code[function.body_start] != "{":
        return (chain.start, chain.end) == (function.body_start, source.token_end(function.body_end))
    end = _SEMICOLON.match(code, chain.end)
    returned = _RETURN.search(code, function.body_start, chain.end)
    return (
        returned is not None
        and returned.end() == chain.start
        and end is not None
        and end.end() == function.body_end - 1
    )


def _names_of(function: Function, chain: Chain, source: Source) -> set[str]:
    """Return the names of the parameters of a function, and of what it declares before a chain."""
    code = source.code
    names = set(_NAME.findall(code, function.start, function.body_start))
    for match in _DECLARATION.finditer(code, function.body_start, chain.start):
        names.update(_NAME.findall(match["names"]))
    return names
