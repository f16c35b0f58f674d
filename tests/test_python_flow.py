"""The ways out of a block."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_prep.python.context import PythonFile
from flake8_prep.python.flow import Exit, exits

N, R, T, B, C = Exit.NEXT, Exit.RAISE, Exit.RETURN, Exit.BREAK, Exit.CONTINUE


def ways_out(body: str, before: str = "") -> Exit:
    """Return the exits of `body`, which may return, break and continue: it is put in a loop of a function."""
    loop = "for item in items:\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    source = f"{before}\nasync def work(self, items, x, parser, ctx):\n{textwrap.indent(loop, '    ')}\n"
    module = ast.parse(source)
    file = PythonFile(module, source.splitlines(keepends=True))
    function = module.body[-1]
    assert isinstance(function, ast.AsyncFunctionDef)
    block = function.body[0]
    assert isinstance(block, ast.For)
    return exits(block.body, file)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pass", N),
        ("x = 1", N),
        ("raise x", R),
        ("return", T),
        ("break", B),
        ("continue", C),
        ("raise x\nreturn", R),
        ("def inner():\n    raise x", N),
        ("class Inner:\n    raise x", N),
        ("if x:\n    raise x", N | R),
        ("if x:\n    raise x\nelse:\n    return", R | T),
        ("if x:\n    raise x\nelif item:\n    return\nelse:\n    break", R | T | B),
        ("if x:\n  raise\nelif y:\n  return\nelse:\n  if z:\n    continue\n  break", R | T | B | C),
        ("if x:\n    raise x\nreturn", R | T),
        ("for y in x:\n    break", N),
        ("for y in x:\n    raise y", N | R),
        ("for y in x:\n    continue\nelse:\n    raise x", R),
        ("for y in x:\n    if y:\n        break\nelse:\n    raise x", N | R),
        ("async for y in x:\n    return y", N | T),
        ("while x:\n    return", N | T),
        ("while True:\n    pass", Exit(0)),
        ("while True:\n    return", T),
        ("while 1:\n    if x:\n        break", N),
        ("while 0:\n    raise x", N | R),
        ("with x:\n    raise x", R),
        ("with x:\n    pass", N),
        ("async with x() as y, x.z():\n    return", T),
        ("with contextlib.suppress(KeyError):\n    raise x", N | R),
        ("with suppress(KeyError):\n    return", T),
        ("with self.assertRaises(KeyError):\n    raise x", N | R),
        ("try:\n    pass\nexcept KeyError:\n    raise", N | R),
        ("try:\n    return x()\nexcept KeyError:\n    raise", R | T),
        ("try:\n    x()\nexcept KeyError:\n    raise\nelse:\n    return", R | T),
        ("try:\n    raise x\nexcept KeyError:\n    pass", N | R),
        ("try:\n    return\nfinally:\n    x()", T),
        ("try:\n    return\nfinally:\n    if x:\n        raise x", R | T),
        ("try:\n    return\nfinally:\n    break", B),
        ("try:\n    x()\nexcept* KeyError:\n    raise x", N | R),
        ("match x:\n    case 1:\n        raise x", N | R),
        ("match x:\n    case 1:\n        raise x\n    case _:\n        return", R | T),
        ("match x:\n    case 1:\n        raise x\n    case y if y:\n        return", N | R | T),
        ("match x:\n    case [1] as y:\n        return", N | T),
        ("assert x", N),
        ("assert False, 'never here'", R),
        ("assert True", N),
    ],
)
def test_statements(body: str, expected: Exit) -> None:
    assert ways_out(body) == expected


def test_long_chain_of_elif() -> None:
    chain = "".join(f"{'el' if number else ''}if x == {number}:\n    return\n" for number in range(500))
    assert ways_out(chain) == N | T
    assert ways_out(f"{chain}else:\n    raise x") == T | R


IMPORTS = """\
import os
import sys as system
from sys import exit as leave
from typing import Never, NoReturn
import typing
import pytest


def stop(status) -> NoReturn:
    raise SystemExit(status)


async def give_up() -> "Never":
    raise SystemExit


def perhaps(x) -> None:
    pass


def reports(x):
    print(x)


def unknown(x):
    pass


class Local:
    pass
"""


@pytest.mark.parametrize(
    "call",
    [
        "system.exit(1)",
        "leave()",
        "os._exit(1)",
        "exit()",
        "quit(2)",
        "pytest.fail('no')",
        "self.fail('no')",
        "self.skipTest('no')",
        "parser.error('bad')",
        "self.arg_parser.error('bad')",
        "ctx.exit(1)",
        "self.module.fail_json(msg='no')",
        "stop(3)",
        "await give_up()",
    ],
)
def test_calls_that_never_return(call: str) -> None:
    assert ways_out(call, IMPORTS) == R


@pytest.mark.parametrize(
    "call",
    [
        "sys.exit(1)",
        "os.getpid()",
        "self.exit()",
        "self.stop()",
        "x.fail()",
        "x[0]()",
        "perhaps(1)",
        "reports(1)",
        "unknown(1)",
        "Local()",
    ],
)
def test_calls_that_may_return(call: str) -> None:
    assert ways_out(call, IMPORTS) == N


def test_methods_that_never_return() -> None:
    source = textwrap.dedent("""\
        class Command:
            name = "run"

            def abandon(self, why) -> typing.NoReturn:
                raise SystemExit(why)

            def run(self):
                self.abandon("x")

            def other(self):
                self.run()
    """)
    module = ast.parse(source)
    file = PythonFile(module, source.splitlines(keepends=True))
    run, other = file.nodes(ast.FunctionDef)[1:]
    assert exits(run.body, file) == R
    assert exits(other.body, file) == N
