"""Variables: where they are read, and which expressions end up in them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from flake8_prep.python.context import PythonFile
from flake8_prep.python.scopes import Scope, ScopeKind

# A name, and the scope that binds it.
Variable = tuple[Scope, str]
# An expression, and the scope that it is evaluated in.
Source = tuple[ast.expr, Scope]

_LOOPS: Final = (ast.For, ast.AsyncFor, ast.comprehension)
_SAME_ITEMS: Final = frozenset({"frozenset", "list", "reversed", "set", "sorted", "tuple"})
_ADDING: Final = frozenset({"add", "append", "appendleft", "extend", "insert", "update"})
# Beyond these numbers nothing is looked into; they keep the time linear on files that no person has written.
_MAX_STEPS: Final = 16
_MAX_ITEMS: Final = 64


def uses(variable: Variable, file: PythonFile) -> Sequence[ast.Name]:
    """Return the places where `variable` is read, in any scope."""
    return file.once(_all_uses).get(variable, ())


def _all_uses(file: PythonFile) -> dict[Variable, list[ast.Name]]:
    found: defaultdict[Variable, list[ast.Name]] = defaultdict(list)
    tree = file.tree
    for scope in (*tree.scopes.values(), *tree.type_scopes.values()):
        for name, loads in scope.loads.items():
            owner = scope.binder(name)
            if owner is not None:
                found[owner, name] += loads
    return found


def additions(variable: Variable, file: PythonFile) -> list[ast.expr]:
    """Return what is put into the collection in `variable` after it was made, by a method or a key."""
    found: list[ast.expr] = []
    for use in uses(variable, file):
        match _change(use, file):
            case ast.Call(args=arguments):
                found += arguments
            case ast.Assign(value=value) | ast.AugAssign(value=value):
                found.append(value)
    return found


def _is_changed(variable: Variable, file: PythonFile) -> bool:
    """Say whether something may be put into the collection in `variable` after it was made."""
    reads = uses(variable, file)
    return len(reads) > _MAX_ITEMS or any(_change(use, file) is not None for use in reads)


def _change(use: ast.Name, file: PythonFile) -> ast.Call | ast.Assign | ast.AugAssign | None:
    """Return the call or assignment that changes the collection in the variable that is read at `use`."""
    parent = file.parent(use)
    above = file.parent(parent) if parent is not None else None
    match parent, above:
        case ast.Attribute(attr=method), ast.Call() as call if method in _ADDING:
            return call
        case ast.Subscript(value=value, ctx=ast.Store()), ast.Assign() | ast.AugAssign() as assignment:
            return assignment if value is use else None
    return None


def sources_of_target(target: ast.AST, scope: Scope, file: PythonFile) -> Sequence[Source] | None:
    """Return the expressions one of which a target of a loop, or one of several targets, gets.

    Args:
        target: the name or attribute that is bound.
        scope: the scope that it is bound in.
        file: the file.

    Returns:
        Where it cannot be told which part of an expression the target gets, that is the whole expression.
        There are none for a counter (`enumerate`). None stands for any other kind of target.
    """
    path: list[int] = []
    above = file.parent(target)
    while isinstance(above, (ast.Tuple, ast.List)):
        if len(above.elts) > _MAX_ITEMS:
            return None
        path.insert(0, [each is target for each in above.elts].index(True))
        target, above = above, file.parent(above)
    if isinstance(above, _LOOPS):
        outer = scope.parent if scope.kind is ScopeKind.COMPREHENSION else None
        return _items(above.iter, outer or scope, path, file)
    return [(_part(above.value, path), scope)] if isinstance(above, ast.Assign) and path else None


def _items(iterable: ast.expr, scope: Scope, path: list[int], file: PythonFile) -> Sequence[Source]:
    """Return what is found along `path` in the items of `iterable`."""
    whole = iterable, scope
    for _ in range(_MAX_STEPS):
        match iterable:
            case ast.Name():
                source = _value(iterable, scope, file)
                if source is None or _is_changed((source[1], iterable.id), file):
                    break
                iterable, scope = source
            case ast.Call(func=ast.Attribute(value=mapping, attr="items" | "keys" as method), args=[]):
                keys = _keys(mapping, scope, file) if method == "keys" or path[:1] == [0] else None
                if keys is None:
                    break
                return keys
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _SAME_ITEMS:
                iterable = first
            case ast.Call(func=ast.Name(id="enumerate"), args=[first, *_]) if path:
                if path[0] == 0:
                    return []
                iterable, path = first, path[1:]
            case ast.Call(func=ast.Name(id="zip"), args=columns) if path and path[0] < len(columns):
                iterable, path = columns[path[0]], path[1:]
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                if len(elements) > _MAX_ITEMS:
                    return [whole]
                return [(_part(element, path), scope) for element in elements]
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return [(_part(element, path), file.tree.scopes[iterable])]
            case _:
                break
    keys = _keys(iterable, scope, file)
    return [(iterable, scope)] if keys is None else keys


def _keys(mapping: ast.expr, scope: Scope, file: PythonFile) -> Sequence[Source] | None:
    """Return the keys of a dict that is written out, with those added under its name; else None."""
    added: list[Source] = []
    if isinstance(mapping, ast.Name):
        source = _value(mapping, scope, file)
        if source is None:
            return None
        reads = uses((source[1], mapping.id), file)
        if len(reads) > _MAX_ITEMS:
            return None
        for use in reads:
            change = _change(use, file)
            subscript = file.parent(use)
            if isinstance(change, ast.Call):
                return None
            if change is not None and isinstance(subscript, ast.Subscript):
                added.append((subscript.slice, file.scope(change)))
        mapping, scope = source
    if not isinstance(mapping, ast.Dict) or None in mapping.keys or len(mapping.keys) > _MAX_ITEMS:
        return None
    return [*((key, scope) for key in mapping.keys if key is not None), *added]


def _part(expression: ast.expr, path: Sequence[int]) -> ast.expr:
    """Return the part of a display of displays along `path`, or the smallest part that holds it."""
    for index in path:
        if not isinstance(expression, (ast.Tuple, ast.List)) or index >= len(expression.elts):
            break
        expression = expression.elts[index]
    return expression


def _value(name: ast.Name, scope: Scope, file: PythonFile) -> Source | None:
    """Return the one expression that `name`, read in `scope`, is bound to, with the scope that binds it."""
    owner = scope.binder(name.id)
    bindings = owner.bindings[name.id] if owner is not None else []
    if owner is None or len(bindings) != 1:
        return None
    match file.parent(bindings[0]):
        case ast.Assign(value=value, targets=targets) if bindings[0] in targets:
            return value, owner
        case ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
            return value, owner
    return None
