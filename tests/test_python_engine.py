"""How rules for Python are run, with rules made for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.python.listing import Listing
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class NamedNode(PythonRule):
    """Finds classes and calls."""

    code = "PREP901"
    name = "named-node"
    severity = Severity.LOW
    finding = "9.1"
    message = "found {what}"

    def visit_ClassDef(self, node: ast.ClassDef, file: PythonFile) -> Iterator[Finding]:
        yield self.at(node, what=f"class {node.name}")

    def visit_Call(self, node: ast.Call, file: PythonFile) -> list[Finding]:
        return [self.at(node, what=ast.unparse(node.func))]


class NamedCall(PythonRule):
    """Finds calls of some functions."""

    code = "PREP902"
    name = "named-call"
    severity = Severity.LOW
    finding = "9.2"
    message = "called {what}"
    callees = frozenset({"sleep", "run"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding] | None:
        if node.args:
            return None
        return iter([self.at(node, what=file.qualified_name(node.func))])


class FailingRule(PythonRule):
    """Fails at the second class."""

    code = "PREP903"
    name = "failing-rule"
    severity = Severity.LOW
    finding = "9.3"
    message = "seen"

    def visit_ClassDef(self, node: ast.ClassDef, file: PythonFile) -> Iterator[Finding]:
        yield self.at(node)
        if node.name == "B":
            raise RuntimeError("B is\nbad")

    def visit_Expr(self, node: ast.Expr, file: PythonFile) -> Iterator[Finding]:
        yield self.at(node)


def check(source: str, *rules: type[PythonRule]) -> list[Finding]:
    """Run rules over a source."""
    return Engine(rules).check(PythonFile(ast.parse(source), source.splitlines(keepends=True)))


def test_findings_are_in_the_order_of_the_source() -> None:
    found = check("f()\nclass A: pass\n\n\nclass B:\n    g(h())\n", NamedNode)
    assert found == [
        Finding(1, 0, "PREP901", "found f"),
        Finding(2, 0, "PREP901", "found class A"),
        Finding(5, 0, "PREP901", "found class B"),
        Finding(6, 4, "PREP901", "found g"),
        Finding(6, 6, "PREP901", "found h"),
    ]


def test_columns_are_in_characters() -> None:
    assert [each[:2] for each in check("é = 'ü', a()\ncafé = '😀'; b()\n", NamedNode)] == [(1, 9), (2, 12)]


def test_calls_by_name() -> None:
    found = check(
        "import time\nfrom time import sleep as nap\n"
        "time.sleep()\nnap()\nsleep()\nnap(1)\nf().run()\nf()()\nother()\n",
        NamedCall,
    )
    assert [(each.line, each.message) for each in found] == [
        (3, "called time.sleep"),
        (4, "called time.sleep"),
        (5, "called None"),
        (7, "called None"),
    ]


def test_rule_that_fails_is_left_out_from_there_on() -> None:
    found = check("class A: pass\nclass B: pass\nclass C: pass\nf()\n", FailingRule, NamedNode)
    assert [each for each in found if each.code == "PREP903"] == [
        Finding(1, 0, "PREP903", "seen"),
        Finding(2, 0, "PREP903", "seen"),
    ]
    assert [each for each in found if each.code == "PREP000"] == [
        Finding(1, 0, "PREP000", "rule PREP903 failed on this file: RuntimeError: B is bad")
    ]
    assert len([each for each in found if each.code == "PREP901"]) == 4


class TriggeredRule(PythonRule):
    """Finds classes in files that speak of locks or of Redis."""

    code = "PREP904"
    name = "triggered-rule"
    severity = Severity.LOW
    finding = "9.4"
    message = "seen"
    triggers = ("lock", "Redis")

    def visit_ClassDef(self, node: ast.ClassDef, file: PythonFile) -> Iterator[Finding]:
        yield self.at(node)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("class A: pass\n", 0),
        ("class A: pass  # redis\n", 0),
        ("class A: pass  # Redis\n", 1),
        ("class Lock: pass\n", 1),
        ("class A: lock = 1\n", 1),
    ],
)
def test_rules_look_at_files_with_a_trigger(source: str, count: int) -> None:
    """A trigger in small letters is found in any."""
    assert len(check(source, TriggeredRule)) == count


def test_rule_is_imported_when_there_is_something_to_look_at() -> None:
    listing = Listing("nowhere.nothing:Nothing", "PREP905", 1, ("ClassDef", "While"), triggers=("lock",))
    engine = Engine([listing, NamedNode])
    for source in ("x = 1\n", "x = 'lock'\n", "class A: pass\n"):
        assert "PREP000" not in {finding.code for finding in _checked(engine, source)}
    first, second = _checked(engine, "class Lock:\n    while x: pass\n")
    assert first[:3] == (1, 0, "PREP000")
    beginning = "rules not loaded: flake8_prep.python.rules.nowhere.nothing: ModuleNotFoundError: "
    assert first.message.startswith(beginning)
    assert second.code == "PREP901"


def test_listing_loads_its_rule() -> None:
    listing = Listing("security.print_call:PrintCall", "PREP106", 1, ("Call",))
    rule = listing.load()
    assert (rule.__module__, rule.__name__) == ("flake8_prep.python.rules.security.print_call", "PrintCall")
    assert listing.load() is rule
    assert Listing.of(NamedNode).load() is NamedNode


def _checked(engine: Engine, source: str) -> list[Finding]:
    return engine.check(PythonFile(ast.parse(source), source.splitlines(keepends=True)))
