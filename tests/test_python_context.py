"""What rules can ask about a Python file."""

from __future__ import annotations

import ast
import sys
import textwrap

import pytest

from flake8_prep.python.context import PythonFile
from flake8_prep.python.tree import FUNCTIONS


def parse(source: str, path: str = "app.py") -> PythonFile:
    """Return the file that holds the dedented `source`."""
    text = textwrap.dedent(source)
    return PythonFile(ast.parse(text), text.splitlines(keepends=True), path)


def read(file: PythonFile, name: str) -> ast.Name:
    """Return the only place that reads `name`."""
    scopes = [*file.tree.scopes.values(), *file.tree.type_scopes.values()]
    (load,) = [load for scope in scopes for load in scope.loads.get(name, ())]
    return load


def text(node: ast.AST | None) -> str:
    """Return the name of a definition, or the source of anything else; empty for None."""
    return "" if node is None else getattr(node, "name", None) or ast.unparse(node)


STRUCTURE = """
    @outside_decorator
    class Ferry(outside_base):
        in_class
        @class_decorator
        def sail(self, to=class_default) -> class_annotation:
            in_method
            for each in before_loop:
                in_loop
                while in_test:
                    in_inner_loop
                    def later():
                        in_later
                    [in_element for _ in in_first for _ in in_second]
                    handle = lambda knots=loop_default: in_lambda
            else:
                in_else
            return in_return
"""


@pytest.mark.parametrize(
    ("name", "function", "class_", "loop"),
    [
        ("outside_decorator", "", "", ""),
        ("outside_base", "", "", ""),
        ("in_class", "", "Ferry", ""),
        ("class_decorator", "", "Ferry", ""),
        ("class_default", "", "Ferry", ""),
        ("class_annotation", "", "Ferry", ""),
        ("in_method", "sail", "Ferry", ""),
        ("before_loop", "sail", "Ferry", ""),
        ("in_loop", "sail", "Ferry", "For"),
        ("in_test", "sail", "Ferry", "While"),
        ("in_inner_loop", "sail", "Ferry", "While"),
        ("in_later", "later", "Ferry", ""),
        ("in_element", "sail", "Ferry", "While"),
        ("in_first", "sail", "Ferry", "While"),
        ("loop_default", "sail", "Ferry", "While"),
        ("in_lambda", "lambda knots=loop_default: in_lambda", "Ferry", ""),
        ("in_else", "sail", "Ferry", ""),
        ("in_return", "sail", "Ferry", ""),
    ],
)
def test_what_is_around_a_node(name: str, function: str, class_: str, loop: str) -> None:
    file = parse(STRUCTURE)
    node = read(file, name)
    assert text(file.enclosing_function(node)) == function
    assert text(file.enclosing_class(node)) == class_
    around = file.enclosing_loop(node)
    assert (type(around).__name__ if around is not None else "") == loop
    assert node in file.scope(node).loads[name]


def test_every_read_is_in_the_scope_that_the_index_has_it_in() -> None:
    for source in (
        STRUCTURE,
        "f = lambda a=b: [c for d in e for g in h if {i: j for i in k}]\nclass A: [x for y in z]",
    ):
        file = parse(source)
        for scope in file.tree.scopes.values():
            for load in (load for loads in scope.loads.values() for load in loads):
                assert file.scope(load) is scope


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in Python 3.12")
def test_scopes_of_generic_definitions() -> None:  # pragma: >=3.12 cover
    file = parse("""
        def make():
            @function_decorator
            def find[T: function_bound](
                key: function_annotation = function_default, *, other=T
            ) -> function_returns:
                function_body
            @class_decorator
            class Box[T: class_bound](class_base):
                class_body
            type Alias[T: alias_bound] = alias_value
        """)
    for scope in (*file.tree.scopes.values(), *file.tree.type_scopes.values()):
        for load in (load for loads in scope.loads.values() for load in loads):
            assert file.scope(load) is scope, load.id
    (alias,) = file.nodes(ast.TypeAlias)  # type: ignore[attr-defined,unused-ignore]
    assert file.scope(alias.name).node is file.nodes(ast.FunctionDef)[0]
    for name in ("class_base", "class_bound", "function_annotation", "function_default", "alias_value"):
        assert text(file.enclosing_function(read(file, name))) == "make"
        assert file.enclosing_class(read(file, name)) is None
    assert text(file.enclosing_function(read(file, "function_body"))) == "find"
    assert text(file.enclosing_class(read(file, "class_body"))) == "Box"


def test_statement_parent_and_ancestors() -> None:
    file = parse("if a:\n    print(b)")
    name = read(file, "b")
    call = file.parent(name)
    assert isinstance(call, ast.Call)
    assert isinstance(file.statement(name), ast.Expr)
    assert file.statement(file.nodes(ast.If)[0]) is file.nodes(ast.If)[0]
    assert [type(node) for node in file.ancestors(name)] == [ast.Call, ast.Expr, ast.If, ast.Module]
    assert file.parent(file.tree.module) is None
    assert file.statement(file.tree.module) is None
    assert file.nodes(ast.While) == []


def names(nodes: object) -> list[str]:
    """Return the names among `nodes`."""
    assert isinstance(nodes, list)
    return [node.id for node in nodes if isinstance(node, ast.Name)]


def test_own_nodes_leaves_out_what_runs_elsewhere() -> None:
    file = parse("""
        def run():
            first
            @deco
            def inner(a: note = default) -> result: body
            class Inner(base, key=word): attribute
            handle = lambda a=default2: value
            [each for each in rows]
        """)
    run, _ = file.nodes(ast.FunctionDef)
    found = names(list(file.own_nodes(run)))
    assert found == [
        "first",
        "note",
        "default",
        "deco",
        "result",
        "base",
        "word",
        "handle",
        "default2",
        "each",
        "each",
        "rows",
    ]
    (lambda_,) = file.nodes(ast.Lambda)
    (inner,) = file.nodes(ast.ClassDef)
    assert names(list(file.own_nodes(lambda_, inner))) == ["value", "attribute"]
    assert names(list(file.own_nodes(read(file, "first")))) == ["first"]


IMPORTS = """
    import os.path, time as clock, json
    from . import log
    from .log import logger as out
    from time import sleep
    from time import sleep as nap
    try:
        import json
    except ImportError:
        json = None
    if sleep:
        import os
    value = 1
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("os.path.join", "os.path.join"),
        ("clock.sleep", "time.sleep"),
        ("nap", "time.sleep"),
        ("log.logger", ".log.logger"),
        ("out.info", ".log.logger.info"),
        ("print", "builtins.print"),
        ("ValueError.args", "builtins.ValueError.args"),
        ("json.loads", None),
        ("value", None),
        ("unknown", None),
        ("nap().x", None),
        ("nap[0]", None),
    ],
)
def test_qualified_name(expression: str, expected: str | None) -> None:
    file = parse(textwrap.dedent(IMPORTS) + expression)
    statement = file.tree.module.body[-1]
    assert isinstance(statement, ast.Expr)
    assert file.qualified_name(statement.value) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("pick", "select"), ("made.pick", "pick"), ("pick.first", "first"), ("other", "other"), ("made()", "")],
)
def test_own_name(expression: str, expected: str) -> None:
    file = parse(f"from sqlalchemy import select as pick\n{expression}\n")
    statement = file.tree.module.body[-1]
    assert isinstance(statement, ast.Expr)
    assert file.own_name(statement.value) == expected
    assert file.own_name(None) == ""


def test_bindings_values_and_definitions() -> None:
    file = parse("""
        def once(): pass
        def twice(): pass
        twice = 1
        plain = left = 1
        typed: int = 2
        empty: int
        (walrus := 3)
        first, second = 4
        again = 5
        again = 6
        class Kind: pass
        [once, twice, plain, typed, empty, walrus, first, again, Kind, missing]
        """)
    assert [type(node) for node in file.bindings(read(file, "twice"))] == [ast.FunctionDef, ast.Name]
    assert file.bindings(read(file, "missing")) == []
    values = {name: file.value_of(read(file, name)) for name in ("plain", "typed", "walrus")}
    assert {name: ast.unparse(value) for name, value in values.items() if value} == {
        "plain": "1",
        "typed": "2",
        "walrus": "3",
    }
    for name in ("once", "empty", "first", "again", "missing"):
        assert file.value_of(read(file, name)) is None
    assert isinstance(file.definition_of(read(file, "once")), FUNCTIONS)
    assert isinstance(file.definition_of(read(file, "Kind")), ast.ClassDef)
    assert file.definition_of(read(file, "twice")) is None
    assert file.definition_of(read(file, "plain")) is None


def test_imported_modules() -> None:
    file = parse(IMPORTS)
    assert file.imported_modules == {"os.path", "time", "json", ".", ".log", "os"}
    assert file.imports("requests", "os")
    assert not file.imports("path", "log")


@pytest.mark.parametrize(
    ("path", "is_test"),
    [
        ("tests/app.py", True),
        ("./pkg/test/helpers.py", True),
        ("pkg/testing/fakes.py", True),
        ("test_app.py", True),
        ("pkg/app_test.py", True),
        ("app_tests.py", True),
        ("pkg/conftest.py", True),
        ("pkg/contest.py", False),
        ("attest/app.py", False),
        ("latest_app.py", False),
        ("protest.py", False),
        ("app.py", False),
        ("stdin", False),
    ],
)
def test_is_test(path: str, is_test: bool) -> None:
    assert parse("", path).is_test is is_test


@pytest.mark.parametrize(
    ("source", "path", "is_migration"),
    [
        ("", "shop/migrations/0001_initial.py", True),
        ("", "versions/a1.py", True),
        ("", "recorder/migration.py", True),
        ("", "migrations.py", True),
        ("", "tests/migration/test_orders.py", True),
        ("", "shop/migration_notes/a1.py", False),
        ("", "immigration.py", False),
        ("from alembic import op", "a1.py", True),
        ("", "shop/conversions/a1.py", False),
    ],
)
def test_is_migration(source: str, path: str, is_migration: bool) -> None:
    assert parse(source, path).is_migration is is_migration


def test_character_column() -> None:
    file = parse("é = 'ü'; x\nplain")
    assert [file.character_column(1, column) for column in (0, 2, 3, 12)] == [0, 1, 2, 10]
    assert file.character_column(2, 3) == 3
    assert file.character_column(3, 3) == 3
    assert file.character_column(0, 3) == 3


def test_once_answers_a_question_once() -> None:
    file = parse("")
    asked = []

    def question(asking: PythonFile, *nodes: ast.AST) -> int:
        asked.append(nodes)
        return len(asked)

    assert [file.once(question), file.once(question), file.once(question, file.tree.module)] == [1, 1, 2]
