"""The types of objects, from what they are bound to."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.python.context import PythonFile
from flake8_prep.python.values import called_name, type_of


def _file(source: str) -> PythonFile:
    return PythonFile(ast.parse(source), source.splitlines(keepends=True))


def _type(source: str) -> str | None:
    """Return the type of the argument of `what(..)` in `source`."""
    file = _file(source)
    (call,) = (each for each in file.nodes(ast.Call) if ast.unparse(each.func) == "what")
    return type_of(call.args[0], file)


@pytest.mark.parametrize(
    "source",
    [
        "import lib\nx = lib.Box()\nwhat(x)",
        "import lib\nwhat(lib.Box())",
        "from lib import Box as B\nwith B() as x:\n    what(x)",
        "import lib\nif (x := lib.Box()):\n    what(x)",
        "import lib\nx: lib.Box\nwhat(x)",
        "import lib\nx: list[int] = lib.Box()\nwhat(x)",
        "import lib\ndef f(x: 'lib.Box | None'): what(x)",
        "import lib\ndef f(x: None | lib.Box): what(x)",
        "import lib, typing\ndef f(x: typing.Optional[lib.Box]):\n    x = x or lib.Box()\n    what(x)",
        "import lib\nx = None\nx = lib.Box() if 1 else None\nwhat(x)",
        "import lib\nx = y = lib.Box()\nz = x\nwhat(z)",
        "import lib\nfrom typing import Final\nx: Final = lib.Box()\nwhat(x)",
        "import lib, typing\nx: typing.Final[lib.Box] = make()\nwhat(x)",
        "import lib\nfrom typing import Annotated as A\ndef f(x: A[lib.Box, Depends(get)]): what(x)",
        "import lib\nclass A:\n    x = lib.Box()\n    def f(self): what(self.x)",
        "import lib\nclass A:\n    def a(self): self.x = lib.Box()\nclass B(A):\n    def f(me): what(me.x)",
        "import lib\nclass A:\n    def f(self):\n        self.x: lib.Box = None\n        what(self.x)",
    ],
)
def test_known(source: str) -> None:
    assert _type(source) == "lib.Box"


@pytest.mark.parametrize(
    "source",
    [
        "what(1)",
        "what(x)",
        "what(x.y.z)",
        "x = x\nwhat(x)",
        "x, y = Box(), 1\nwhat(x)",
        "import lib\nx = lib.Box()\nx = lib.Other()\nwhat(x)",
        "import lib\nfor x in lib.Box(): what(x)",
        "def f(x): what(x)",
        "def f(x: 'not python'): what(x)",
        "def f(x: int | str): what(x)",
        "def f(x: 3): what(x)",
        "import lib\nclass A:\n    def f(self):\n        self.x, y = lib.Box(), 1\n        what(self.x)",
        "import lib\nclass A:\n    @staticmethod\n    def f(self): self.x = lib.Box(); what(self.x)",
        "import lib\nclass A:\n    def f(self, other): other.x = lib.Box(); what(other.x)",
        "import lib\nx = lib.Box()\n" + "x = lib.Box()\n" * 40 + "what(x)",
        "import lib\ndef f(self):\n    self.x = lib.Box()\n    what(self.x)",
        "f = lambda self: what(self.x)",
    ],
)
def test_unknown(source: str) -> None:
    assert _type(source) is None


def test_called_name() -> None:
    file = _file("import requests\ns = requests.session()\ns.get()\nrequests.get()\nx.get()\nx()()\n")
    names = [called_name(call, file) for call in file.nodes(ast.Call)]
    assert names == ["requests.session", "requests.Session.get", "requests.get", None, None, None]
