"""Which functions receive webhooks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.money import words_of
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.routes import Route, functions, routes, routes_of
from flake8_prep.python.tree import Function

_WEBHOOK: Final = lazy_pattern(r"web_?-?hook", re.IGNORECASE)
_IN_SMALL_LETTERS: Final = lazy_pattern(r"web_?-?hook")
# Functions that manage webhooks of others, or send them, rather than receive any.
_OTHER_VERBS: Final = frozenset(
    "add attempt build call check clear configure create delete deliver destroy disable"
    " dispatch edit emit enable ensure fetch find fire format generate get has invoke is list"
    " load make parse patch ping post publish read register remove render replay resend retrieve"
    " retry rotate run save schedule send serialize set setup show store subscribe sync test"
    " toggle trigger unregister unsubscribe update upsert validate verify view write".split()
)
# Words in paths, and in the names of views, under which webhooks are managed.
_MANAGEMENT: Final = frozenset(
    "deliveries delivery detail exchange exchanges history install list log logs redeliver"
    " register replay rerun resend retry secret settings test toggle uninstall unregister".split()
)
_PARAMETER: Final = lazy_pattern(r"\{[^{}]*\}|<[^<>]*>|\(\?P<\w+>")


def webhook_routes(file: PythonFile) -> Iterator[Route]:
    """Yield the routes of `file` to which others send events."""
    if _mentions(file):
        for route in file.once(routes):
            if _is_of_webhook(route) and _receives(route):
                yield route


def webhook_handlers(file: PythonFile) -> Iterator[Function]:
    """Yield the functions of `file` that answer webhooks: by a route, or by their names."""
    if _mentions(file):
        for function in functions(file):
            if _is_handler(function, file):
                yield function


def _mentions(file: PythonFile) -> bool:
    # The other pattern would take as long as a tenth of the parser.
    return _IN_SMALL_LETTERS.search(file.folded_text) is not None


def _is_of_webhook(route: Route) -> bool:
    return _WEBHOOK.search(_PARAMETER.sub("", route.path)) is not None


def _receives(route: Route) -> bool:
    handler = words_of(route.handler)
    return (
        (not route.methods or "POST" in route.methods)
        and _OTHER_VERBS.isdisjoint(handler[:1])
        and _MANAGEMENT.isdisjoint((*handler, *words_of(_PARAMETER.sub("", route.path))))
    )


def _is_handler(function: Function, file: PythonFile) -> bool:
    of_function = routes_of(function, file)
    if of_function:
        return any(
            _receives(route) and (_is_of_webhook(route) or _WEBHOOK.search(route.handler))
            for route in of_function
        )
    if _WEBHOOK.search(function.name):
        return _OTHER_VERBS.isdisjoint(words_of(function.name)[:1])
    class_ = file.parent(function)
    return (
        isinstance(class_, ast.ClassDef)
        and function.name == "post"
        and _WEBHOOK.search(class_.name) is not None
    )
