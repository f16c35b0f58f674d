"""What the annotation of a function lets it return."""

from __future__ import annotations

import ast
from typing import Final

from flake8_prep.python.annotations import parse_annotation
from flake8_prep.python.certain_types import NONE, Type, ancestors
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import Function

_BUILTINS: Final = frozenset(
    {
        "bool",
        "bytearray",
        "bytes",
        "complex",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "set",
        "str",
        "tuple",
    }
)
# Other types whose instances none of the builtin types has.
_CLASSES: Final = frozenset(
    {
        "datetime.date",
        "datetime.datetime",
        "datetime.time",
        "datetime.timedelta",
        "decimal.Decimal",
        "fractions.Fraction",
        "pathlib.Path",
        "pathlib.PurePath",
        "uuid.UUID",
    }
)
_TYPING_NAMES: Final = {
    "Dict": "dict",
    "FrozenSet": "frozenset",
    "List": "list",
    "Set": "set",
    "Text": "str",
    "Tuple": "tuple",
}
# What may stand where another type is asked for, by the typing documentation's rules of promotion.
_PROMOTED: Final = {
    "bool": {"complex", "float", "int"},
    "bytearray": {"bytes"},
    "float": {"complex"},
    "int": {"complex", "float"},
}


def allowed_types(function: Function, file: PythonFile) -> frozenset[Type] | None:
    """Return the types that `function` may return by its annotation; None where that is open or not known."""
    return None if function.returns is None else _types(function.returns, file)


def _types(annotation: ast.expr, file: PythonFile) -> frozenset[Type] | None:
    match annotation:
        case ast.Constant(value=None):
            return frozenset({NONE})
        case ast.Constant(value=str(text)):
            quoted = parse_annotation(text)
            return _types(quoted, file) if quoted is not None else None
        case ast.BinOp(op=ast.BitOr()):
            return _union(_alternatives(annotation), file)
        case ast.Subscript(value=value, slice=inner):
            return _generic(value, inner, file)
        case ast.Name() | ast.Attribute():
            return _named(annotation, file)
    return None


def _alternatives(annotation: ast.expr) -> list[ast.expr]:
    """Return the members of ``A | B | C``."""
    found = []
    while isinstance(annotation, ast.BinOp):
        found.append(annotation.right)
        annotation = annotation.left
    return [annotation, *found]


def _union(members: list[ast.expr], file: PythonFile) -> frozenset[Type] | None:
    found: frozenset[Type] = frozenset()
    for member in members:
        types = _types(member, file)
        if types is None:
            return None
        found |= types
    return found


def _generic(value: ast.expr, inner: ast.expr, file: PythonFile) -> frozenset[Type] | None:
    name = file.qualified_name(value) or ""
    members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    match name.removeprefix("typing_extensions.").removeprefix("typing."):
        case "Optional":
            types = _types(inner, file)
            return types | {NONE} if types is not None else None
        case "Union":
            return _union(members, file)
        case "Annotated":
            return _types(members[0], file)
        case "Literal":
            values = [each.value for each in members if isinstance(each, ast.Constant)]
            named = frozenset(NONE if value is None else type(value).__name__ for value in values)
            return named if len(values) == len(members) else None
    return _named(value, file)


def _named(name: ast.expr, file: PythonFile) -> frozenset[Type] | None:
    definition = file.definition_of(name) if isinstance(name, ast.Name) else None
    if isinstance(definition, ast.ClassDef):
        return frozenset({definition}) if _is_plain(definition, file) else None
    qualified = file.qualified_name(name) or ""
    module, _, last = qualified.rpartition(".")
    if module in {"typing", "typing_extensions"}:
        last = _TYPING_NAMES.get(last, "")
    elif module != "builtins":
        is_class = qualified in _CLASSES or (bool(module) and _is_made_here(qualified, file))
        return frozenset({qualified}) if is_class else None
    return frozenset({last}) if last in _BUILTINS else None


def _is_plain(class_: ast.ClassDef, file: PythonFile) -> bool:
    """Say whether only instances of `class_` and of its subclasses can be meant by it.

    A protocol or a typed dictionary is met by other objects too, and what decorators and metaclasses make of
    a class is theirs to know.
    """
    if class_.keywords or any(last_name(each) == "runtime_checkable" for each in class_.decorator_list):
        return False
    names = {last_name(base.value if isinstance(base, ast.Subscript) else base) for base in class_.bases}
    return None not in ancestors(class_, file) and not names & {"Protocol", "TypedDict"}


def _is_made_here(qualified: str, file: PythonFile) -> bool:
    """Say whether the file calls an imported class, with more than the one argument of a `NewType`."""
    return qualified in file.once(_made_classes)


def _made_classes(file: PythonFile) -> frozenset[str]:
    calls = (
        call for call in file.nodes(ast.Call) if len(call.args) >= 2 and last_name(call.func)[:1].isupper()
    )
    return frozenset(name for call in calls if (name := file.qualified_name(call.func)) is not None)


def allows(allowed: frozenset[Type], found: Type, file: PythonFile) -> bool:
    """Say whether an instance of `found` may be an instance of one of the types in `allowed`."""
    if found in allowed:
        return True
    if isinstance(found, ast.ClassDef):
        above = list(ancestors(found, file))
        return (
            None in above
            or any(each in allowed for each in above)
            or any(_is_imported(each) for each in allowed)
        )
    if _is_imported(found):
        return any(_is_imported(each) or isinstance(each, ast.ClassDef) for each in allowed)
    return not allowed.isdisjoint(_PROMOTED.get(found, ()))


def _is_imported(each: Type) -> bool:
    return isinstance(each, str) and "." in each
