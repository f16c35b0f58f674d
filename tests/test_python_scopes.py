"""Where names are bound, against what the interpreter's own symbol table says."""

from __future__ import annotations

import ast
import sys
import textwrap

import pytest

from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import Tree


def tree_of(source: str) -> Tree:
    """Return the index of the dedented `source`."""
    return Tree(ast.parse(textwrap.dedent(source)))


def scope_of(tree: Tree, name: str) -> Scope:
    """Return the scope that the function or class `name` opens."""
    return next(scope for node, scope in tree.scopes.items() if getattr(node, "name", "") == name)


def owner(tree: Tree, scope: str, name: str) -> str | None:
    """Return the name of what opens the scope that binds `name` for `scope`; `module` for the module."""
    found = scope_of(tree, scope).binder(name)
    return None if found is None else getattr(found.node, "name", found.kind.name.lower())


def test_functions_see_functions_around_them_but_not_classes() -> None:
    tree = tree_of("""
        shared = 1
        def outer(parameter):
            local = 1
            class Middle:
                attribute = 1
                def method(self):
                    return shared, parameter, local, attribute, self, missing
        """)
    expected = {
        "shared": "module",
        "parameter": "outer",
        "local": "outer",
        "attribute": None,
        "self": "method",
        "missing": None,
    }
    assert {name: owner(tree, "method", name) for name in scope_of(tree, "method").loads} == expected
    assert owner(tree, "Middle", "attribute") == "Middle"
    assert scope_of(tree, "method").module is tree.scopes[tree.module]


def test_global_reaches_past_functions_around_it() -> None:
    tree = tree_of("""
        def outer():
            name = other = 1
            def inner():
                global name, other
                name = 2
                def innermost():
                    return name, other
        """)
    assert owner(tree, "inner", "name") == "module"
    assert owner(tree, "innermost", "name") == "module"
    assert owner(tree, "innermost", "other") is None
    assert owner(tree, "outer", "name") == "outer"


def test_bindings_under_nonlocal_belong_to_the_function_around_in_the_order_of_the_source() -> None:
    tree = tree_of("""
        def outer():
            def inner():
                nonlocal count
                count = 2
            count = 1
        """)
    assert owner(tree, "inner", "count") == "outer"
    bindings = scope_of(tree, "outer").bindings["count"]
    assert [getattr(node, "lineno", 0) for node in bindings] == [5, 6]


def test_nonlocal_without_a_binding_around_stays_where_it_is() -> None:
    # The compiler refuses this, the parser does not.
    assert owner(tree_of("def lonely():\n    nonlocal count\n    count = 1"), "lonely", "count") == "lonely"


def test_global_at_the_level_of_the_module_changes_nothing() -> None:
    tree = tree_of("global name\nname = 1")
    assert len(tree.scopes[tree.module].bindings["name"]) == 1


def test_representation_names_kind_and_node() -> None:
    assert repr(scope_of(tree_of("def run(): pass"), "run")) == "<Scope function run>"
    tree = tree_of("")
    assert repr(tree.scopes[tree.module]) == "<Scope module >"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in Python 3.12")
def test_type_parameters_see_the_class_around_them() -> None:  # pragma: >=3.12 cover
    tree = tree_of("""
        class Shelf:
            Key = int
            type Index[Row: Key] = dict[Key, Row]
            def find[Found: Key](self, key: Key = Key) -> Found:
                return Found, Key
            class Box[Key]:
                inner: Key
        """)
    kinds = {getattr(node, "name", node): scope for node, scope in tree.type_scopes.items()}
    index = next(scope for name, scope in kinds.items() if isinstance(name, ast.Name) and name.id == "Index")
    assert index.kind is ScopeKind.TYPE_PARAMETERS
    assert index.binder("Key") is scope_of(tree, "Shelf")
    assert index.binder("Row") is index
    assert owner(tree, "find", "Found") == "find"
    assert scope_of(tree, "find").binder("Found") is kinds["find"]
    assert scope_of(tree, "find").binder("Key") is None
    assert scope_of(tree, "Box").binder("Key") is kinds["Box"]
    # Defaults are evaluated outside the scope of the type parameters, annotations inside.
    assert len(scope_of(tree, "Shelf").loads["Key"]) == 1
    assert len(kinds["find"].loads["Key"]) == 2
