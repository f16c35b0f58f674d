"""Routes of web applications: which paths are registered, and with which functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import Function
from flake8_prep.python.values import origins

_METHODS: Final = frozenset({"delete", "get", "head", "options", "patch", "post", "put"})
# Decorators, and methods that are given a function, whose first argument is a path.
_DECORATORS: Final = _METHODS | {"api_route", "route"}
_ADDERS: Final = frozenset({"add_api_route", "add_route", "add_url_rule"}) | {
    f"add_{each}" for each in _METHODS
}
# Functions of lists of routes.
_ENTRIES: Final = frozenset(
    {"django.conf.urls.url", "django.urls.path", "django.urls.re_path", "starlette.routing.Route"}
    | {f"aiohttp.web.{each}" for each in _METHODS}
)
_NAMES_OF_ENTRIES: Final = frozenset(name.rpartition(".")[2] for name in _ENTRIES)


class Route(NamedTuple):
    """A path and what answers requests for it.

    Attributes:
        node: the call that registers it, which may be that of a decorator.
        path: the path with the prefix of its router, as far as both are written out.
        methods: the HTTP methods in capitals; empty where none is named.
        handler: the name of the function or class; empty where it is none.
        name: the name that the route itself is given; empty where there is none.
    """

    node: ast.Call
    path: str
    methods: frozenset[str]
    handler: str
    name: str


def routes(file: PythonFile) -> list[Route]:
    """Return the routes that `file` registers; ask through ``file.once(routes)``."""
    return [*_decorated(file), *_added(file)]


def routes_of(function: Function, file: PythonFile) -> list[Route]:
    """Return the routes whose requests `function` answers."""
    return file.once(_by_handler).get(function.name, [])


def _by_handler(file: PythonFile) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for route in file.once(routes):
        found.setdefault(route.handler, []).append(route)
    return found


def text_of(node: ast.expr | None) -> str | None:
    """Return a string that is written out, with ``{}`` for each value in it; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{}" for part in node.values)
    return None


def _decorated(file: PythonFile) -> Iterator[Route]:
    for function in functions(file):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                method = decorator.func.attr
                path = _path(decorator) if method in _DECORATORS else None
                # `@mock.patch("module.name")` is no route.
                if path is not None and path[:1] in {"", "/"}:
                    yield _route(decorator, path, method, function.name, file)


def functions(file: PythonFile) -> list[Function]:
    """Return the functions of `file`, plain ones before coroutine functions."""
    return [*file.nodes(ast.FunctionDef), *file.nodes(ast.AsyncFunctionDef)]


def _added(file: PythonFile) -> Iterator[Route]:
    for call in file.nodes(ast.Call):
        name = last_name(call.func)
        name = file.tree.renamed.get(name, name)
        if name in _ADDERS and isinstance(call.func, ast.Attribute):
            path = _path(call)
            if path is None or not path.startswith("/"):
                continue
            handler = (
                argument(call, "view_func", 2)
                or argument(call, "endpoint", 1)
                or argument(call, "handler", 1)
            )
        elif name in _NAMES_OF_ENTRIES and file.qualified_name(call.func) in _ENTRIES:
            path = _path(call)
            if path is None:
                continue
            handler = argument(call, "endpoint", 1) or argument(call, "view", 1)
        else:
            continue
        # Django's views of classes: `StripeWebhook.as_view()`.
        if isinstance(handler, ast.Call) and isinstance(handler.func, ast.Attribute):
            handler = handler.func.value
        yield _route(call, path, name.removeprefix("add_"), last_name(handler), file)


def _path(call: ast.Call) -> str | None:
    for name in ("path", "rule", "route", "uri"):
        text = text_of(argument(call, name, 0))
        if text is not None:
            return text
    return None


def _route(call: ast.Call, path: str, method: str, handler: str, file: PythonFile) -> Route:
    methods = {method.upper()} if method in _METHODS else set()
    listed = argument(call, "methods")
    if isinstance(listed, (ast.List, ast.Tuple, ast.Set)):
        methods |= {(text_of(each) or "").upper() for each in listed.elts}
    name = text_of(argument(call, "name")) or text_of(argument(call, "endpoint")) or ""
    return Route(call, _prefix(call, file) + path, frozenset(methods), handler, name)


def _prefix(call: ast.Call, file: PythonFile) -> str:
    """Return the prefix that the router was made with: ``APIRouter(prefix="/webhooks")``."""
    router = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(router, ast.Name):
        for origin in origins(router, file):
            for name in ("prefix", "url_prefix"):
                prefix = text_of(argument(origin.call, name)) if origin.call is not None else None
                if prefix:
                    return prefix
    return ""
