"""What strings become parts of: the other way round from how :mod:`flake8_prep.python.strings` reads them."""

from __future__ import annotations

import ast
from typing import Any, Final

from flake8_prep.python.context import PythonFile
from flake8_prep.python.strings import DISPLAYS, METHODS, PASSING, SAME_TEXT
from flake8_prep.python.tree import COMPREHENSIONS

# What holds strings, beside what is looked at more closely.
_HOLDING: Final = (
    *(ast.Await, ast.BoolOp, ast.Dict, ast.NamedExpr, ast.Starred, ast.keyword, *DISPLAYS),
    *COMPREHENSIONS,
)
_OF_TEMPLATES: Final = frozenset({"format", "format_map", "replace"})


def returns_its_strings(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` returns the strings that it is given, as ``str.join`` and ``dedent`` do."""
    name = file.own_name(call.func)
    return name in PASSING or name in METHODS and isinstance(call.func, ast.Attribute)


def whole_string(node: ast.expr, file: PythonFile, seen: set[ast.AST]) -> ast.expr | None:
    """Return the largest string that `node` is a piece of.

    Args:
        node: a string.
        file: the file that it stands in.
        seen: what was found to be a piece of something before; what `node` is a piece of is added.

    Returns:
        None where it is a piece of what was `seen` before, so that the whole is known already.
    """
    whole: ast.expr = node
    child: ast.AST = node
    passed: list[ast.AST] = [node]
    while True:
        above, is_string = _above(child, file)
        if above is None:
            seen.add(whole)
            return whole
        if above in seen:
            return None
        passed.append(above)
        if is_string:
            seen.update(passed)
            passed.clear()
            whole = above
        child = above


def _above(child: ast.AST, file: PythonFile) -> tuple[Any, bool]:
    """Return what takes up `child`, a string or a collection of strings, and whether that is a string."""
    parent = file.parent(child)
    match parent:
        case ast.JoinedStr() | ast.FormattedValue() | ast.BinOp(op=ast.Add() | ast.Mod() | ast.Mult()):
            return parent, True
        case ast.Attribute(attr=method) if method in SAME_TEXT or method in _OF_TEMPLATES:
            call = file.parent(parent)
            return (call, True) if isinstance(call, ast.Call) and call.func is parent else (None, False)
        case ast.Call(func=ast.Attribute(attr=method)) if method in METHODS:
            return parent, True
        case ast.Call(func=function):
            return (parent, False) if file.own_name(function) in PASSING else (None, False)
        case ast.IfExp(test=test):
            return (parent, False) if test is not child else (None, False)
        case ast.Subscript(value=value):
            return (parent, False) if value is child else (None, False)
    return (parent, False) if isinstance(parent, _HOLDING) else (None, False)
