"""Tests by which a function finds out that something is missing in what it was sent."""

from __future__ import annotations

import ast
from typing import Final

from flake8_prep.money import words_of
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import is_none
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.routes import text_of
from flake8_prep.python.scopes import Scope

# Words in the names of what says of which kind an event is, whether it is meant for us at all, or what is no
# part of it.
_OF_OTHER_THINGS: Final = frozenset(
    "action active args callback category challenge changed command config configured created"
    " debug disabled enable enabled environ event events feature flag func function handled"
    " handler handlers has header headers is kind lock mode ok plugin processed processor query"
    " secret session setting settings should signature state status success topic type types"
    " valid verified".split()
)
_PARSERS: Final = frozenset({"get_json", "json", "loads"})
_LOOKUP: Final = lazy_pattern(
    r"(?:find|fetch|get|load|lookup|retrieve|select)(?:_\w+)?|first|\w*one_or_none|\w+_or_none|findOne"
)
_PAYLOADS: Final = frozenset({"body", "data", "payload"})
_OWN: Final = frozenset({"cls", "self"})


def missing_in(test: ast.expr, file: PythonFile) -> ast.expr | None:
    """Return what is missing where `test` is true: a part of what was sent, or what that is the key of.

    Returns:
        the first such expression; None where `test` asks for anything else.
    """
    found = None
    for part in _alternatives(test):
        subject = _subject(part)
        if subject is None or not _is_data(subject, file):
            return None
        found = found or subject
    return found


def _alternatives(test: ast.expr) -> list[ast.expr]:
    """Return the tests one of which makes `test` true."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            return values
        case (
            ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp(op=ast.And(), values=values))
            | ast.UnaryOp(
                op=ast.Not(),
                operand=ast.Call(
                    func=ast.Name(id="all"), args=[ast.List(elts=values) | ast.Tuple(elts=values)]
                ),
            )
        ):
            return [ast.UnaryOp(ast.Not(), value) for value in values]
    return [test]


def _subject(test: ast.expr) -> ast.expr | None:
    """Return what `test` finds missing: `x` of ``not x``, ``x is None``, ``len(x) == 0`` and their like."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=left, ops=[ast.IsNot()], comparators=[none])):
            return left if is_none(none) else None
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[other]):
            if is_none(other) or isinstance(other, ast.Constant) and other.value == "":
                return left
            match left, other:
                case ast.Call(func=ast.Name(id="len"), args=[inner]), ast.Constant(value=0):
                    return inner
        case ast.Compare(left=ast.Constant(value=str()) as key, ops=[ast.NotIn()], comparators=[mapping]):
            return ast.Subscript(mapping, key, ast.Load())
    return None


def _is_data(subject: ast.expr, file: PythonFile) -> bool:
    if isinstance(subject, ast.NamedExpr):
        return _is_named_well(subject.target) and _is_data(subject.value, file)
    if isinstance(subject, ast.Await):
        return _is_data(subject.value, file)
    if not _is_named_well(subject):
        return False
    match subject:
        case ast.Call(func=function):
            name = last_name(function)
            return name in _PARSERS or _LOOKUP.fullmatch(name) is not None
        case ast.Subscript(slice=ast.Constant(value=str())):
            return True
        case ast.Attribute():
            root = dotted_name(subject).partition(".")[0]
            return bool(root) and root not in _OWN
        case ast.Name():
            scope = file.scope(subject).binder(subject.id)
            return scope is not None and file.once(_is_bound_to_data, scope, subject.id)
    return False


def _is_bound_to_data(file: PythonFile, scope: Scope, name: str) -> bool:
    for binding in scope.bindings[name]:
        if isinstance(binding, ast.arg):
            return name in _PAYLOADS
        assignment = file.parent(binding)
        value = getattr(assignment, "value", None)
        if not isinstance(assignment, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) or value is None:
            return False
        value = value.value if isinstance(value, ast.Await) else value
        if isinstance(value, ast.Name) or is_none(value):
            continue
        if isinstance(value, ast.BoolOp):
            value = value.values[0]
        if not isinstance(value, (ast.Call, ast.Subscript, ast.Attribute)) or not _is_data(value, file):
            return False
    return True


def _is_named_well(node: ast.expr) -> bool:
    """Say whether no name in `node` is that of something else than a part of what was sent, or its key."""
    while True:
        match node:
            case ast.Call(func=ast.Attribute(attr="get", value=value), args=[key_node, *_]):
                words, node = words_of(text_of(key_node) or ""), value
            case ast.Call(func=function):
                # What a query goes through on its way says nothing of what it finds.
                return _OF_OTHER_THINGS.isdisjoint(words_of(last_name(function)))
            case ast.Subscript(value=value, slice=key_node):
                words, node = words_of(text_of(key_node) or ""), value
            case ast.Attribute(value=value, attr=name):
                words, node = words_of(name), value
            case ast.Name(id=name):
                # An event as a whole is data; what is called after one is its kind.
                return _OF_OTHER_THINGS.isdisjoint(set(words_of(name)) - {"event"})
            case ast.Await(value=value):
                words, node = [], value
            case _:
                return True
        if not _OF_OTHER_THINGS.isdisjoint(words):
            return False
