"""Attributes that start empty, so that nobody can say what goes in."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import Function
from flake8_prep.rule import Severity

_BUILTINS = {"builtins.dict": "dict", "builtins.list": "list", "builtins.set": "set"}
_EMPTY_BY_NAME = frozenset(_BUILTINS.values())
# What an empty container is written as.
_HOLDING = frozenset({ast.Call, ast.Dict, ast.List})
_TYPE_COMMENT = lazy_pattern(r"#\s*type:\s*(?!ignore\b)\S")
_FILLERS = frozenset({"add", "append", "appendleft", "extend", "insert", "setdefault", "update"})


class UntypedEmptyContainer(PythonRule):
    """Attributes that `__init__` binds to an empty container without saying what it is for.

    Why is this bad:
        From `{}` a type checker cannot tell what goes in. It asks for an annotation, or takes everything for
        `Any`, and from there on a wrong key or element is found by the customer.

    Example:
        class Inbox:
            def __init__(self) -> None:
                self.folders = {}

    Use instead:
        class Inbox:
            def __init__(self) -> None:
                self.folders: dict[str, list[bytes]] = {}

    Known limits:
        Silent where the attribute is annotated anywhere in the class, in a comment (`# type: list[str]`), or
        in a base class of the same file, and where `__init__` itself puts something in, which is enough for
        mypy. Ignore the rule where a base class of another file declares the attribute.
    """

    code = "PREP411"
    name = "untyped-empty-container"
    severity = Severity.LOW
    finding = "4.1"
    message = "{this}.{attribute} is bound to an empty {container} without an annotation"
    triggers = ("__init__",)

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        """Look at the `__init__` of classes that binds anything to an empty container."""
        functions = set()
        for assignment in file.nodes(ast.Assign):
            value = assignment.value
            if value.__class__ is ast.Tuple:
                holds_empty = any(_may_be_empty(each, file) for each in _values(value))
            else:
                holds_empty = value.__class__ in _HOLDING and _may_be_empty(value, file)
            if holds_empty:
                functions.add(file.enclosing_function(assignment))
        for function in functions:
            if isinstance(function, ast.FunctionDef) and function.name == "__init__":
                yield from self._in_init(function, file)

    def _in_init(self, node: Function, file: PythonFile) -> Iterator[Finding]:
        arguments = [*node.args.posonlyargs, *node.args.args]
        owner = file.scope(node).node
        if not arguments or not isinstance(owner, ast.ClassDef):
            return
        this = arguments[0].arg
        empty: dict[str, list[tuple[ast.Attribute, str]]] = {}
        known: set[str] = set()
        for part in file.own_nodes(node):
            if isinstance(part, ast.Assign):
                for target, value in _pairs(part):
                    container = _empty_container(value, file)
                    if container and _is_attribute_of(target, this):
                        empty.setdefault(target.attr, []).append((target, container))
            elif isinstance(part, ast.Attribute) and _is_attribute_of(part, this) and _is_filled(part, file):
                known.add(part.attr)
        if empty:
            known |= _declared(owner, file)
            for attribute, places in empty.items():
                if attribute not in known and not any(_has_type_comment(each, file) for each, _ in places):
                    for place, container in places:
                        yield self.at(place, this=this, attribute=attribute, container=container)


def _pairs(assignment: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield targets with the values that they get; ``a, b = x, y`` is two pairs, up to a starred target."""
    for target in assignment.targets:
        value = assignment.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for part, its_value in zip(target.elts, value.elts, strict=False):
                if isinstance(part, ast.Starred) or isinstance(its_value, ast.Starred):
                    break
                yield part, its_value
        else:
            yield target, value


def _has_type_comment(target: ast.Attribute, file: PythonFile) -> bool:
    """Say whether the line says of what type `target` is as Python 2 did: ``self.x = {}  # type: Dict``."""
    return _TYPE_COMMENT.search(file.lines[target.lineno - 1]) is not None


def _is_attribute_of(node: ast.AST, this: str) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == this


def _values(value: ast.expr) -> Sequence[ast.expr]:
    return value.elts if isinstance(value, ast.Tuple) else (value,)


def _may_be_empty(value: ast.expr, file: PythonFile) -> bool:
    if isinstance(value, ast.Call):
        if value.args or value.keywords:
            return False
        name = last_name(value.func)
        return file.tree.renamed.get(name, name) in _EMPTY_BY_NAME
    if isinstance(value, ast.Dict):
        return not value.values
    return isinstance(value, ast.List) and not value.elts


def _empty_container(value: ast.expr, file: PythonFile) -> str | None:
    if not _may_be_empty(value, file):
        return None
    if isinstance(value, ast.Call):
        return _BUILTINS.get(file.qualified_name(value.func) or "")
    return "dict" if isinstance(value, ast.Dict) else "list"


def _is_filled(attribute: ast.Attribute, file: PythonFile) -> bool:
    """Say whether something is put in, or something else is bound to the attribute."""
    above = file.parent(attribute)
    if isinstance(above, ast.Attribute):
        return above.attr in _FILLERS
    if isinstance(above, ast.Subscript):
        return isinstance(above.ctx, ast.Store)
    if isinstance(above, ast.Assign):
        return _empty_container(above.value, file) is None
    return isinstance(attribute.ctx, ast.Store) and not isinstance(above, ast.Tuple)


def _annotated_attributes(file: PythonFile) -> dict[ast.AST | None, list[str]]:
    """Return by function the names of the attributes that it annotates."""
    found: defaultdict[ast.AST | None, list[str]] = defaultdict(list)
    for statement in file.nodes(ast.AnnAssign):
        if isinstance(statement.target, ast.Attribute):
            found[file.enclosing_function(statement)].append(statement.target.attr)
    return found


def _declared(owner: ast.ClassDef, file: PythonFile) -> set[str]:
    """Return the attributes that the class, or a base class of the same file, declares."""
    names: set[str] = set()
    classes, seen = [owner], {owner}
    for each in classes:
        names.update(file.tree.scopes[each].bindings)
        names.update(*(file.once(_annotated_attributes).get(statement, ()) for statement in each.body))
        for base in each.bases:
            found = file.definition_of(base) if isinstance(base, ast.Name) else None
            if isinstance(found, ast.ClassDef) and found not in seen:
                seen.add(found)
                classes.append(found)
    return names
