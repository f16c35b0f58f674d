"""PREP115."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.certain_types import NONE, Type, certain_type
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.return_types import allowed_types, allows
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.rule import Severity

_MAX_ANNOTATION = 60


class ReturnTypeMismatch(PythonRule):
    """Functions that return something other than their annotation says.

    Why is this bad:
        Callers and type checkers rely on the annotation. Where one path returns raw bytes, and another None,
        in place of the result that was promised, the error shows up somewhere else, as an attribute that is
        missing.

    Example:
        class Page:
            def __init__(self, url, body):
                self.url = url
                self.body = body


        async def load(session, url) -> Page:
            async with session.get(url) as response:
                body = await response.read()
                return body

    Use instead:
        class Page:
            def __init__(self, url, body):
                self.url = url
                self.body = body


        async def load(session, url) -> Page:
            async with session.get(url) as response:
                body = await response.read()
                return Page(url, body)

    Known limits:
        Only what is certain is reported: literals, displays, calls of builtin types, of classes in the same
        file and of some functions of the standard library, and local names that are bound to nothing else.
        Annotations with type variables, protocols, aliases or `Any` are left alone, as are generators. A type
        checker sees more.
    """

    code = "PREP115"
    name = "return-type-mismatch"
    severity = Severity.CRITICAL
    finding = "1.5, 3.2"
    message = "{function!r} returns {found} where its annotation says {annotation!r}"
    triggers = ("->",)

    def visit_Return(self, node: ast.Return, file: PythonFile) -> Iterator[Finding]:
        function = _function_of(node, file)
        if function is None or function.returns is None:
            return
        for value in _values(node.value):
            found = certain_type(value, file)
            if found is None or _is_flag(value, function.returns):
                continue
            allowed = file.once(_allowed, function)
            if allowed is not None and not allows(allowed, found, file):
                annotation = _first_line(function.returns, file)
                yield self.at(
                    value or node, function=function.name, found=_label(found), annotation=annotation
                )


def _function_of(node: ast.Return, file: PythonFile) -> Function | None:
    return next((above for above in file.ancestors(node) if isinstance(above, FUNCTIONS)), None)


def _values(value: ast.expr | None) -> list[ast.expr | None]:
    """Return the expressions one of which `value` evaluates to."""
    found = []
    while isinstance(value, ast.IfExp):
        found.append(_last(value.body))
        value = value.orelse
    return [*found, _last(value)]


def _last(value: ast.expr | None) -> ast.expr | None:
    """Return the part of ``a or b`` that it evaluates to where nothing before is true."""
    return value.values[-1] if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or) else value


def _is_flag(value: ast.expr | None, annotation: ast.expr) -> bool:
    """Say whether `value` is 0 or 1 where a bool is asked for."""
    return isinstance(value, ast.Constant) and value.value in (0, 1) and last_name(annotation) == "bool"


def _allowed(file: PythonFile, function: Function) -> frozenset[Type] | None:
    """Return the types that `function` may return; None where they are not known, and for generators."""
    if any(last_name(decorator) in {"abstractmethod", "overload"} for decorator in function.decorator_list):
        return None
    return None if function in file.once(_generators) else allowed_types(function, file)


def _generators(file: PythonFile) -> frozenset[ast.AST | None]:
    yields = [*file.nodes(ast.Yield), *file.nodes(ast.YieldFrom)]
    return frozenset(file.enclosing_function(each) for each in yields)


def _first_line(annotation: ast.expr, file: PythonFile) -> str:
    line = file.lines[annotation.lineno - 1].encode()
    end = annotation.end_col_offset if annotation.end_lineno == annotation.lineno else None
    return line[annotation.col_offset : end].decode().strip().strip("'\"")[:_MAX_ANNOTATION]


def _label(found: Type) -> str:
    if isinstance(found, ast.ClassDef):
        return repr(found.name)
    return found if found == NONE else repr(found)
