"""The index of a syntax tree: complete, in order, and right about what binds a name."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import enum
import inspect
import symtable
import sys
import textwrap
import typing
import uuid
from asyncio import tasks
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import COMPREHENSIONS, FUNCTIONS, Tree, children

_SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
# Modules of the standard library, as code of some variety.
SOURCES = [
    Path(module.__file__)
    for module in (argparse, dataclasses, enum, inspect, mock, tasks, typing, uuid)
    if module.__file__
]

EVERYTHING = """
import os.path, json as parser
from time import sleep as nap, monotonic
from . import *

@decorator(lambda unit: unit + base)
async def run(first, /, second: int = default, *rest: str, key: float = other, free, **options) -> dict:
    global counter
    counter = {**options, "a": [each for row in rest if (found := row) for each in row]}
    async with session as (one, two), other:
        async for three in stream:
            await nap(three)
    try:
        del one, two[0]
    except (OSError, ValueError) as error:
        raise error from None
    except* TypeError:
        pass
    match first:
        case {"a": item, **others} | [item, *others] if item:
            return f"{item!r:>{width}}"
        case str() as text:
            yield text
    first: int
    second += 1

class Thing(Base, metaclass=Meta):
    size: int = 3
    names = {name: size for name in "ab"}, {size for name in "ab"}, (size for name in size)
""".replace("    except* TypeError:\n        pass\n", "")

GENERIC = """
Fallback = int
def first[Item: Fallback, *Rest, **More](item: Item = Fallback, *rest: *Rest, key: Item = 1, free) -> Item:
    def second[Other: Item](other: Other = item): return Item, Other
    return second
class Shelf[Item](list[Item], metaclass=Fallback):
    type Row[Key] = dict[Key, Item]
    type Plain = Row
    @first
    def find(self, key: Item): return key
def bare[Item](): pass
"""


def nodes_of(tree: Tree) -> set[ast.AST]:
    """Return all nodes that the index has."""
    found = {node for nodes in tree.nodes.values() for node in nodes}
    for scope in (*tree.scopes.values(), *tree.type_scopes.values()):
        found.update(load for loads in scope.loads.values() for load in loads)
        found.update(node for nodes in scope.bindings.values() for node in nodes)
    return found


def check_complete(source: str) -> None:
    """Check that each node of `source` is in the index, once, with its parent."""
    module = ast.parse(source)
    tree = Tree(module)
    expected = {node for node in ast.walk(module) if not isinstance(node, _SHARED)}
    assert nodes_of(tree) == expected
    assert sum(map(len, tree.nodes.values())) == len(
        {node for nodes in tree.nodes.values() for node in nodes}
    )
    parents = {
        child: node
        for node in expected
        for child in ast.iter_child_nodes(node)
        if not isinstance(child, _SHARED)
    }
    assert tree.parents == parents
    for node in expected:
        assert set(children(node)) == {child for child in ast.iter_child_nodes(node) if child in expected}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_each_node_is_there_with_its_parent(path: Path) -> None:
    check_complete(path.read_text(encoding="utf-8"))


def test_each_node_of_rare_syntax_is_there() -> None:
    check_complete(EVERYTHING)
    check_complete("try: pass\nexcept* OSError as group: print(group)")
    if sys.version_info >= (3, 12):  # pragma: >=3.12 cover
        check_complete(GENERIC)
    if sys.version_info >= (3, 13):  # pragma: >=3.13 cover
        check_complete("class Shelf[Item = int, *Rest = *tuple[int], **Params = [int]]: pass")
    if sys.version_info >= (3, 14):  # pragma: >=3.14 cover
        check_complete('print(t"{name!r:>{width}} {other}")')


def test_nodes_of_a_type_come_in_the_order_of_the_source() -> None:
    tree = Tree(ast.parse("a(b(1), c(d(2)))\nif e(3): f(4)\nelse: g(5)"))
    values = [constant.value for constant in tree.nodes[ast.Constant]]
    assert values == [1, 2, 3, 4, 5]
    assert [ast.unparse(call.func) for call in tree.nodes[ast.Call]] == list("abcdefg")


def test_renamed_has_what_imports_give_another_name() -> None:
    assert Tree(ast.parse(EVERYTHING)).renamed == {"nap": "sleep"}


def test_a_long_sum_does_not_recurse() -> None:
    tree = Tree(ast.parse("+".join(["x"] * 900)))
    assert len(tree.scopes[tree.module].loads["x"]) == 900


def resolutions(scope: Scope) -> set[tuple[str, str]]:
    """Return the names of `scope`, each with whether it is global, local or free there."""
    found = set()
    for name in {*scope.bindings, *scope.loads, *scope.global_names, *scope.nonlocal_names} - {"*"}:
        owner = scope.binder(name)
        is_global = owner is None or owner.kind is ScopeKind.MODULE
        found.add((name, "global" if is_global else "local" if owner is scope else "free"))
    return found


def _resolution(symbol: symtable.Symbol) -> str:
    return "free" if symbol.is_free() else "global" if symbol.is_global() else "local"


def tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """Yield `table` and those below it."""
    yield table
    for child in table.get_children():
        yield from tables(child)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_names_resolve_as_in_the_symbol_table_of_the_interpreter(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    expected: dict[tuple[str, int], list[set[tuple[str, str]]]] = {}
    for table in tables(symtable.symtable(source, str(path), "exec")):
        symbols = {
            (
                symbol.get_name(),
                _resolution(symbol),
            )
            for symbol in table.get_symbols()
            if symbol.is_referenced() or symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported()
        }
        expected.setdefault((table.get_name(), table.get_lineno()), []).append(symbols)
    tree = Tree(ast.parse(source))
    for node, scope in tree.scopes.items():
        # Comprehensions are part of the function around them in the symbol tables of Python 3.12 and later.
        if not isinstance(node, (ast.Module, ast.Lambda, *COMPREHENSIONS)):
            # Private names are mangled in those of classes.
            names = {(name, how) for name, how in resolutions(scope) if not name.startswith("__")}
            assert isinstance(node, (*FUNCTIONS, ast.ClassDef))
            assert any(names <= symbols for symbols in expected[node.name, node.lineno]), node.name


def bound(source: str, opener: type[ast.AST]) -> set[str]:
    """Return the names that the only scope opened by an `opener` in the dedented `source` binds."""
    tree = Tree(ast.parse(textwrap.dedent(source)))
    (scope,) = (scope for node, scope in tree.scopes.items() if isinstance(node, opener))
    return set(scope.bindings)


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("x = y.z = w[0] = 1", {"x"}),
        ("(x, [y, *z]) = 1", {"x", "y", "z"}),
        ("x: int", {"x"}),
        ("x += 1", {"x"}),
        ("for x, y in z: pass", {"x", "y"}),
        ("with x as y, z as (u, v): pass", {"y", "u", "v"}),
        ("import a.b.c, d.e as f", {"a", "f"}),
        ("from a import b, c as d", {"b", "d"}),
        ("from a import *", {"*"}),
        ("del x, (y, z)", {"x", "y", "z"}),
        ("try: pass\nexcept E as x: pass\nexcept F: pass", {"x"}),
        (
            "match x:\n    case [a, *b] | {'k': a, **b}: pass\n    case (C(d) as e) | _: pass",
            {"a", "b", "d", "e"},
        ),
        ("match x:\n    case [*_]: pass\n    case {}: pass\n    case 1 as y: pass", {"y"}),
        ("print(x := 1, [y := z for z in 'ab'], [[w := 1 for _ in 'a'] for _ in 'b'])", {"x", "y", "w"}),
        ("def f(): x = 1", {"f"}),
        ("async def f(): x = 1", {"f"}),
        ("class C(B): x = 1", {"C"}),
        ("lambda x, *y, z=1, **w: x", set()),
        ("[x for x in y], {x for x in y}, {x: z for x, z in y}, (x for x in y)", set()),
    ],
)
def test_what_binds_a_name(statement: str, names: set[str]) -> None:
    assert bound(statement, ast.Module) == names


def test_parameters_are_bound_in_the_function() -> None:
    source = "def f(a, /, b, *c, d, **e): g = 1"
    assert bound(source, ast.FunctionDef) == {"a", "b", "c", "d", "e", "g"}
    assert bound("lambda a, *b, c=1, **d: (e := a)", ast.Lambda) == {"a", "b", "c", "d", "e"}


def test_first_iterable_defaults_decorators_and_bases_are_read_outside() -> None:
    tree = Tree(
        ast.parse(
            "@deco\ndef f(a: note = default) -> result: body\n[elt for x in first for y in second if cond]"
        )
    )
    module = tree.scopes[tree.module]
    assert set(module.loads) == {"deco", "note", "default", "result", "first"}
    (comprehension,) = (scope for node, scope in tree.scopes.items() if isinstance(node, ast.ListComp))
    assert set(comprehension.loads) == {"elt", "second", "cond"}
