"""What is known about the objects that names and attributes stand for."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Final, NamedTuple

from flake8_prep.python.annotations import parse_annotation
from flake8_prep.python.calls import is_none
from flake8_prep.python.classes import class_of_self, lineage
from flake8_prep.python.context import PythonFile

# How many expressions are looked at to find where one object comes from; a name bound more often counts as
# unknown.
_MAX_EXPRESSIONS: Final = 16
# Other names of classes, and functions that do nothing but make an object of one.
_SAME_TYPE: Final = {
    "requests.session": "requests.Session",
    "requests.sessions.Session": "requests.Session",
    "requests.sessions.session": "requests.Session",
}

# What stands around the type in an annotation, or in its place.
_QUALIFIERS: Final = frozenset(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("Annotated", "ClassVar", "Final")
)


class Origin(NamedTuple):
    """Where an object comes from.

    Attributes:
        type_name: the qualified name of the class, or of the function that makes such objects; None where
            unknown.
        call: the call that makes it; None where only its annotation is known.
    """

    type_name: str | None
    call: ast.Call | None = None


_UNKNOWN: Final = Origin(None)


def type_of(node: ast.expr, file: PythonFile) -> str | None:
    """Return the qualified name of the class, or factory function, of the object that `node` stands for.

    It is known for a call, a name, and an attribute of ``self``, from what they are bound to (by an
    assignment, ``with``, or ``:=``) and from annotations. ``None`` as an alternative is left aside.

    Returns:
        None where it is not known, or there are several.
    """
    names = {origin.type_name for origin in origins(node, file)}
    return names.pop() if len(names) == 1 else None


def called_name(call: ast.Call, file: PythonFile) -> str | None:
    """Return the full name of what `call` calls, also of a method of an object of known type.

    As in ``requests.get`` and, for a session's ``get``, ``requests.Session.get``.
    """
    function = call.func
    name = file.qualified_name(function)
    if name is None and isinstance(function, ast.Attribute):
        owner = type_of(function.value, file)
        return f"{owner}.{function.attr}" if owner is not None else None
    return name


def origins(node: ast.expr, file: PythonFile) -> list[Origin]:
    """Return where the object that `node` stands for can come from."""
    found: list[Origin] = []
    waiting: list[ast.expr | Origin] = [node]
    seen: set[ast.AST] = set()
    for _ in range(_MAX_EXPRESSIONS):
        if not waiting:
            return found
        expression = waiting.pop()
        if isinstance(expression, Origin):
            found.append(expression)
        elif isinstance(expression, ast.Call):
            found.append(Origin(_type_name(expression.func, file), expression))
        elif isinstance(expression, ast.BoolOp):
            waiting += expression.values
        elif isinstance(expression, ast.IfExp):
            waiting += (expression.body, expression.orelse)
        elif isinstance(expression, (ast.Name, ast.Attribute)):
            bindings = _bindings(expression, file)[:_MAX_EXPRESSIONS]
            # In `x = x or Session()` a name is bound to what it was before.
            waiting += [_value(binding, file) for binding in bindings if binding not in seen]
            seen.update(bindings)
            if not bindings:
                found.append(_UNKNOWN)
        elif not is_none(expression):
            found.append(_UNKNOWN)
    return [_UNKNOWN]


def _bindings(node: ast.Name | ast.Attribute, file: PythonFile) -> list[ast.AST]:
    """Return the places that bind the name, or the attribute of ``self``, that `node` is."""
    if isinstance(node, ast.Name):
        return file.bindings(node)
    class_ = class_of_self(node.value, file) if isinstance(node.value, ast.Name) else None
    if class_ is None:
        return []
    stores = file.once(_attributes)
    found: list[ast.AST] = []
    for each in lineage(class_, file):
        found += stores.get((each, node.attr), ())
        found += file.tree.scopes[each].bindings.get(node.attr, ())
    return found


def _attributes(file: PythonFile) -> dict[tuple[ast.ClassDef, str], list[ast.AST]]:
    """Return the places that bind an attribute of ``self``, by class and name."""
    found: dict[tuple[ast.ClassDef, str], list[ast.AST]] = defaultdict(list)
    for node in file.nodes(ast.Attribute):
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            class_ = class_of_self(node.value, file)
            if class_ is not None:
                found[class_, node.attr].append(node)
    return found


def _value(binding: ast.AST, file: PythonFile) -> ast.expr | Origin:
    """Return the expression, or the type, that is bound in the place `binding`."""
    if isinstance(binding, ast.arg):
        return _annotated(binding.annotation, file)
    parent = file.parent(binding)
    match parent:
        case ast.AnnAssign(annotation=annotation, value=value):
            typed = _annotated(annotation, file)
            return typed if typed.type_name is not None or value is None else value
        case ast.Assign(targets=targets, value=value) if binding in targets:
            return value
        case ast.NamedExpr(value=value):
            return value
        case ast.withitem(context_expr=value, optional_vars=target) if target is binding:
            return value
    return _UNKNOWN


def _annotated(annotation: ast.expr | None, file: PythonFile) -> Origin:
    """Return the type that `annotation` names: a class, also in quotes, or such a class or None."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = parse_annotation(annotation.value)
    match annotation:
        case ast.Name() | ast.Attribute() if file.qualified_name(annotation) in _QUALIFIERS:
            return _UNKNOWN
        case ast.Subscript(value=value, slice=inner) if file.qualified_name(value) in _QUALIFIERS:
            # What follows the type in `Annotated` says more about it.
            return _annotated(inner.elts[0] if isinstance(inner, ast.Tuple) else inner, file)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            annotation = left if is_none(right) else right if is_none(left) else None
        case ast.Subscript(value=value, slice=inner) if file.qualified_name(value) == "typing.Optional":
            annotation = inner
    return Origin(_type_name(annotation, file)) if annotation is not None else _UNKNOWN


def _type_name(node: ast.expr, file: PythonFile) -> str | None:
    name = file.qualified_name(node)
    return _SAME_TYPE.get(name, name) if name is not None else None
