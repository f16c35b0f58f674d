"""The call graph of a file, and what is found through it."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.options import Settings
from flake8_prep.python.callgraph import callers
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.python.rules.performance.blocking_call_in_async import BlockingCallInAsync


def _file(source: str, blocking_calls: tuple[str, ...] = ()) -> PythonFile:
    settings = Settings(blocking_calls=blocking_calls)
    return PythonFile(ast.parse(source), source.splitlines(keepends=True), "service.py", settings)


def _lines(source: str, blocking_calls: tuple[str, ...] = ()) -> list[int]:
    return [finding.line for finding in Engine([BlockingCallInAsync]).check(_file(source, blocking_calls))]


def test_callers() -> None:
    source = """\
def a(): b()
def b(): C(); C.m(); lambda: a()
class C:
    def __init__(self): self.m()
    def m(self): unknown(); unknown.m(); a.m()
b()
"""
    found = callers(_file(source))
    edges = {
        (site.caller.name, target.name, site.call.lineno) for target, sites in found.items() for site in sites
    }
    assert edges == {("a", "b", 1), ("b", "__init__", 2), ("b", "m", 2), ("__init__", "m", 4)}


def test_ten_thousand_functions_that_call_each_other() -> None:
    functions = [f"def f{i}():\n    f{(i + 1) % 10_000}()\n    f{i * 7 % 10_000}()\n" for i in range(10_000)]
    source = (
        "import time\nasync def go():\n    f1()\n" + "".join(functions) + "def f0():\n    time.sleep(1)\n"
    )
    # `f0` is defined twice, so nobody knows which one is called.
    assert _lines(source) == []
    assert _lines(source.replace("def f0():\n    f1()\n    f0()\n", "")) == [3]


BASES = "".join(f"class C{i}(C{i - 1}):\n    pass\n" for i in range(1, 200))


def test_classes_without_end() -> None:
    source = "import time\nclass C0:\n    def m(self):\n        time.sleep(1)\n" + BASES
    assert _lines(source + "class D(C5):\n    async def go(self):\n        self.m()\n") == [405]
    assert _lines(source + "class D(C199):\n    async def go(self):\n        self.m()\n") == []
    circular = "import time\nclass A(A):\n    def m(self):\n        time.sleep(1)\n"
    assert _lines(circular + "    async def go(self):\n        self.m()\n") == [6]


@pytest.mark.parametrize("named", ["store.client.load", "store.client", "store"])
def test_further_blocking_calls(named: str) -> None:
    source = "from store.client import load\nasync def go():\n    load()\n    print()\n"
    assert _lines(source) == []
    assert _lines(source, (named,)) == [3]


def test_further_blocking_calls_are_whole_names() -> None:
    source = "import store, stores\nasync def f(x):\n    stores.load()\n    store.X().load()\n    x().y()\n"
    assert _lines(source, ("store",)) == [4, 4]
    assert _lines(source, ("store.X.load",)) == [4]
    assert _lines("async def go(path):\n    open(path)\n", ("builtins.open",)) == [2]
