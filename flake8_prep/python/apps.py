"""Applications of the web frameworks that a module builds, and what else the module says about them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.paths import is_program
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import argument, is_none
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.wiring import ADDING, may_be_about

_CLASSES: Final = {
    "fastapi.FastAPI": "FastAPI",
    "fastapi.applications.FastAPI": "FastAPI",
    "flask.Flask": "Flask",
    "flask.app.Flask": "Flask",
    "quart.Quart": "Quart",
    "quart.app.Quart": "Quart",
    "sanic.Sanic": "Sanic",
    "sanic.app.Sanic": "Sanic",
    "starlette.applications.Starlette": "Starlette",
}
# What is in a file that builds an app.
TRIGGERS: Final = ("fastapi", "flask", "quart", "sanic", "starlette")
_MIDDLEWARE: Final = frozenset({"middleware", "middlewares"})
_MIDDLEWARE_WORD: Final = lazy_pattern("middlewares?", re.IGNORECASE)
_TAKES_MIDDLEWARE: Final = frozenset(
    {"add_middleware", "before_request", "middleware", "register_middleware"}
)
_TAKES_ROUTERS: Final = frozenset(
    {"add_blueprint", "blueprint", "include_router", "register_blueprint", "register_blueprints"}
)
# How many apps of one file are looked at: no person writes more, and each is looked for in the whole file.
_MOST: Final = 64
_STANDS_IN: Final = frozenset({"dummy", "fake", "mock", "stub"})


class App(NamedTuple):
    """An application. What the functions and classes of its own module add to it is left aside here.

    Attributes:
        call: the call that makes it.
        framework: the name of the framework.
        given_to: the names, dotted or not, of functions that it is given to so that they add something to it.
        middleware: the names of the middleware that it gets.
        routers: the names of the routers that it gets.
    """

    call: ast.Call
    framework: str
    given_to: tuple[str, ...]
    middleware: tuple[str, ...]
    routers: tuple[str, ...]

    def may_have_middleware(self, words: frozenset[str]) -> bool:
        """Say whether other modules may give it middleware that has to do with one of `words`."""
        return may_be_about(words | _MIDDLEWARE, self.given_to) or may_be_about(words, self.middleware)

    def may_have_routes(self, words: frozenset[str]) -> bool:
        """Say whether other modules may give it routes that have to do with one of `words`."""
        return may_be_about(words, (*self.given_to, *self.routers))


def apps(file: PythonFile) -> list[App]:
    """Return the applications that `file` builds; ask through ``file.once(apps)``.

    Left out are those of programs that are run by hand, those that are mounted in others here (what goes
    for the outer one goes for them) or have no description of an API, as parts of others have none, and
    stand-ins.
    """
    if file.is_test or is_program(file.path):
        return []
    if not file.imports(*(name.partition(".")[0] for name in _CLASSES)):
        return []
    found = []
    for call in file.nodes(ast.Call):
        framework = _CLASSES.get(file.qualified_name(call.func) or "")
        if framework is not None and not is_none(argument(call, "openapi_url")):
            names = _names(call, file)
            app = _app(call, framework, names, file) if names is not None else None
            if app is not None:
                found.append(app)
            if len(found) == _MOST:
                break
    return found


def is_mentioned(name: re.Pattern[str], text: re.Pattern[str], file: PythonFile) -> bool:
    """Say whether the module has a `name`, or its package a `text`, that tells of what is looked for."""
    return name.search(file.once(vocabulary)) is not None or file.settings.project.mentions(text, file.path)


def _names(call: ast.Call, file: PythonFile) -> list[str] | None:
    """Return the names, dotted or not, of the variable that the app is bound to; None where it is passed on.

    An app that is returned at once has no name.
    """
    above = file.parent(call)
    if isinstance(above, ast.Return):
        return []
    if isinstance(above, ast.Assign):
        names = [dotted_name(target) for target in above.targets]
    elif isinstance(above, (ast.AnnAssign, ast.NamedExpr)):
        names = [dotted_name(above.target)]
    else:
        return None
    return None if any(not _STANDS_IN.isdisjoint(words_of(name)) for name in names) else names


def _app(call: ast.Call, framework: str, names: Sequence[str], file: PythonFile) -> App | None:
    given_to: list[str] = []
    middleware, routers = (
        ["" for keyword in call.keywords if keyword.arg == kind and _is_foreign(keyword.value, file)]
        for kind in ("middleware", "routes")
    )
    waiting = [*names]
    # What it mounts is added while the loop runs.
    for use in (use for name in waiting for use in _uses(name, file)):
        above = file.parent(use)
        if isinstance(above, ast.keyword):
            above = file.parent(above)
        if isinstance(above, ast.Call) and above.func is not use:
            taker = dotted_name(above.func) or last_name(above.func)
            words = words_of(taker)
            if words[-1:] == ["mount"]:
                if dotted_name(use) in names:
                    return None
                continue
            if _is_foreign(above.func, file) and (not words or not ADDING.isdisjoint(words)):
                given_to.append(taker)
        elif isinstance(above, ast.Attribute):
            call_of_method = file.parent(above)
            if isinstance(call_of_method, ast.Call) and call_of_method.func is above:
                added = [each for each in _arguments(call_of_method, file) if _is_foreign(each, file)]
                if above.attr in _TAKES_MIDDLEWARE:
                    middleware += [_MIDDLEWARE_WORD.sub("", _name_of(each)) for each in added]
                elif above.attr in _TAKES_ROUTERS:
                    routers += map(_name_of, added)
                elif above.attr == "mount":
                    # What the app of another module answers cannot be seen; files are no app.
                    inner = {
                        each: _own_app(each, file) for each in added if "static" not in _name_of(each).lower()
                    }
                    routers += ["" for own in inner.values() if own is None]
                    waiting += [own for own in inner.values() if own and own not in waiting]
    return App(call, framework, tuple(given_to), tuple(middleware), tuple(routers))


def _uses(name: str, file: PythonFile) -> Iterator[ast.expr]:
    """Yield the places where something called `name` is read: the app, also as a parameter of that name."""
    if "." not in name:
        for scope in file.tree.scopes.values():
            yield from scope.loads.get(name, ())
    else:
        for attribute in file.nodes(ast.Attribute):
            if isinstance(attribute.ctx, ast.Load) and dotted_name(attribute) == name:
                yield attribute


def _own_app(node: ast.expr, file: PythonFile) -> str | None:
    """Return the name of the variable that `node` is, if it holds an app of this module."""
    value = file.value_of(node) if isinstance(node, ast.Name) else None
    is_own = isinstance(value, ast.Call) and file.qualified_name(value.func) in _CLASSES
    return dotted_name(node) if is_own else None


def _arguments(taker: ast.Call, file: PythonFile) -> list[ast.expr]:
    """Return what a method of an app is given, also as a decorator is: ``app.middleware("http")(audit)``."""
    above = file.parent(taker)
    outer = above.args if isinstance(above, ast.Call) and above.func is taker else []
    named = (keyword.value for keyword in taker.keywords if keyword.arg in {"app", "dispatch", "router"})
    return [each for each in (*taker.args, *outer, *named) if not isinstance(each, ast.Constant)]


def _is_foreign(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` stands for something that this module does not make itself."""
    node = node.func if isinstance(node, ast.Call) else node
    if not isinstance(node, ast.Name):
        return not isinstance(node, (ast.List, ast.Tuple))
    return file.definition_of(node) is None and not isinstance(file.value_of(node), (ast.List, ast.Tuple))


def vocabulary(file: PythonFile) -> str:
    """Return the names and the texts of `file`, without comments and docstrings, one in each line.

    Ask through ``file.once(vocabulary)``.
    """
    words: set[str] = set(file.imported_modules)
    for scope in file.tree.scopes.values():
        words.update(scope.loads, scope.bindings)
    words.update(node.attr for node in file.nodes(ast.Attribute))
    words.update(node.name for node in file.nodes(ast.alias))
    words.update(node.arg for node in file.nodes(ast.keyword) if node.arg is not None)
    for constant in file.nodes(ast.Constant):
        if isinstance(constant.value, str) and not isinstance(file.parent(constant), ast.Expr):
            words.update(constant.value.splitlines())
    return "\n".join(sorted(words))


def _name_of(node: ast.expr) -> str:
    return dotted_name(node.func if isinstance(node, ast.Call) else node)
