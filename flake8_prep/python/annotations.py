"""Annotations in quotes: where they stand, and what they say."""

from __future__ import annotations

import ast
import keyword
import warnings
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS, children

_TYPING: Final = frozenset({"typing", "typing_extensions"})

_NO_TEXT: Final = frozenset({ast.Attribute, ast.Name})

# For functions that take types: the position of the first argument that is one, of the first that is none
# again, and the keywords whose values are types.
_TAKES_TYPES: Final[dict[str, tuple[int, int | None, frozenset[str]]]] = {
    "NewType": (1, None, frozenset({"tp"})),
    "ParamSpec": (0, 0, frozenset({"bound", "default"})),
    "TypeVar": (1, None, frozenset({"bound", "default"})),
    "TypeVarTuple": (0, 0, frozenset({"bound", "default"})),
    "assert_type": (1, None, frozenset()),
    "cast": (0, 1, frozenset({"typ"})),
}
# Packages whose annotations in brackets are texts of another kind, as `Float[Array, "batch channels"]`.
_OWN_TEXTS: Final = frozenset({"jaxtyping", "nptyping", "numpydantic", "torchtyping"})


def parse_annotation(text: str) -> ast.expr | None:
    """Return the expression that an annotation in quotes holds; None where it is not Python."""
    if text.isidentifier() and not keyword.iskeyword(text):
        return ast.Name(text, ast.Load())
    try:
        with warnings.catch_warnings():
            # Whatever Python finds questionable in the text is for other plugins to say.
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class Quoted(NamedTuple):
    """A text in quotes that stands for a type.

    Attributes:
        text: the text.
        annotation: the expression in it; its positions count from the start of the text.
    """

    text: ast.Constant
    annotation: ast.expr


def quoted_annotations(file: PythonFile) -> Iterator[Quoted]:
    """Yield the texts in quotes that stand for types; quotes in quotes come with the outer text.

    They are looked for in annotations, in the subscripts of what comes from `typing`, and in calls of `cast`,
    `TypeVar` and the like; those of `Literal` and the metadata of `Annotated` are no types.
    """
    seen: set[ast.Constant] = set()
    for root in _types(file):
        for text in _texts(root, file):
            if text not in seen:
                seen.add(text)
                for annotation in _annotations_in(text, file):
                    yield Quoted(text, annotation)


def _annotations_in(text: ast.Constant, file: PythonFile) -> Iterator[ast.expr]:
    annotation = parse_annotation(str(text.value))
    if annotation is not None:
        yield annotation
        for inner in _texts(annotation, file):
            yield from _annotations_in(inner, file)


def _types(file: PythonFile) -> Iterator[ast.expr]:
    """Yield the expressions that stand for types and may hold texts."""
    annotations = [argument.annotation for argument in file.nodes(ast.arg)]
    annotations += [function.returns for function in file.nodes(ast.FunctionDef)]
    annotations += [function.returns for function in file.nodes(ast.AsyncFunctionDef)]
    for annotation in annotations:
        if annotation is not None and annotation.__class__ not in _NO_TEXT:
            yield annotation
    for assignment in file.nodes(ast.AnnAssign):
        if assignment.annotation.__class__ not in _NO_TEXT:
            yield assignment.annotation
        elif assignment.value is not None and last_name(assignment.annotation) == "TypeAlias":
            yield assignment.value
    yield from _type_parameters(file)
    names = _typing_names(file)
    if names:
        for subscript in file.nodes(ast.Subscript):
            if _root(subscript.value) in names and _name_in_typing(subscript.value, file):
                yield subscript
        for call in file.nodes(ast.Call):
            if _root(call.func) in names:
                yield from _types_in_call(call, file)


def _type_parameters(file: PythonFile) -> Iterator[ast.expr]:
    """Yield the values of ``type`` statements, and bounds and defaults of type parameters."""
    for definition in file.tree.type_scopes:  # pragma: >=3.12 cover
        if not isinstance(definition, (*FUNCTIONS, ast.ClassDef)):
            yield getattr(definition, "value")  # noqa: B009 - a type that Python 3.11 does not know
        parameter: Any
        for parameter in getattr(definition, "type_params"):  # noqa: B009
            for field in ("bound", "default_value"):
                value = getattr(parameter, field, None)
                if value is not None:
                    yield value


def _typing_names(file: PythonFile) -> frozenset[str]:
    """Return the names under which the file imports `typing`, and those that it imports from there."""
    names = {
        alias.asname or alias.name
        for statement in file.nodes(ast.ImportFrom)
        if statement.module in _TYPING
        for alias in statement.names
    }
    for statement in file.nodes(ast.Import):
        names.update(alias.asname or alias.name for alias in statement.names if alias.name in _TYPING)
    return frozenset(names)


def _root(node: ast.expr) -> str:
    """Return `a` of ``a`` and of ``a.b``; empty for anything else."""
    if isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _name_in_typing(node: ast.expr, file: PythonFile) -> str:
    """Return the name that `typing` gives what `node` stands for; empty where it is not from there."""
    module, _, name = (file.qualified_name(node) or "").rpartition(".")
    return name if module in _TYPING else ""


def _types_in_call(call: ast.Call, file: PythonFile) -> Iterator[ast.expr]:
    name = _name_in_typing(call.func, file)
    if name in _TAKES_TYPES:
        first, end, keywords = _TAKES_TYPES[name]
        yield from call.args[first:end]
        yield from (passed.value for passed in call.keywords if passed.arg in keywords)
    elif name in {"NamedTuple", "TypedDict"}:
        for fields in call.args[1:2]:
            if isinstance(fields, ast.Dict):
                yield from fields.values
            elif isinstance(fields, (ast.List, ast.Tuple)):
                yield from (
                    each.elts[1]
                    for each in fields.elts
                    if isinstance(each, ast.Tuple) and len(each.elts) == 2
                )


def _texts(root: ast.expr, file: PythonFile) -> Iterator[ast.Constant]:
    """Yield the texts in `root`, an expression that stands for a type, that stand for types themselves."""
    waiting: list[ast.AST] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node
        elif isinstance(node, ast.Subscript):
            waiting += _type_arguments(node, file)
        elif isinstance(node, (ast.BinOp, ast.Starred)):
            waiting += children(node)
        elif isinstance(node, (ast.List, ast.Tuple)) and node is not root:
            waiting += node.elts


def _type_arguments(subscript: ast.Subscript, file: PythonFile) -> list[ast.expr]:
    name = last_name(subscript.value)
    if name == "Literal":
        return []
    inner = subscript.slice
    if name == "Annotated" and isinstance(inner, ast.Tuple):
        return inner.elts[:1]
    if isinstance(inner, (ast.Name, ast.Attribute)):
        return []
    if not file.once(_has_own_texts):
        return [inner]
    package, _, _ = (file.qualified_name(subscript.value) or "").partition(".")
    return [] if package in _OWN_TEXTS else [inner]


def _has_own_texts(file: PythonFile) -> bool:
    return file.imports(*_OWN_TEXTS)
