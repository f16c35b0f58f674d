"""What strings are put together from, where the fixtures of the rules do not reach."""

from __future__ import annotations

import ast
import time

import pytest

from flake8_prep.python.context import PythonFile
from flake8_prep.python.queries import injections
from flake8_prep.python.strings import Strings
from flake8_prep.sql import OPENING, PLACEHOLDER


def file_of(source: str) -> PythonFile:
    """Return the file that `source` makes."""
    return PythonFile(ast.parse(source), source.splitlines(keepends=True))


def assembled(source: str) -> tuple[str, str]:
    """Return the text, with `@` for a value, and the first open value of the last expression in `source`."""
    file = file_of(source)
    last = file.tree.module.body[-1]
    assert isinstance(last, ast.Expr)
    text, value = Strings(file).assemble(last.value)
    return text.replace(PLACEHOLDER, "@"), ast.unparse(value) if value is not None else ""


@pytest.mark.parametrize(
    ("source", "text", "value"),
    [
        ("'a' + b'c' + 'd'", "a@d", ""),
        ("'%5.2f %s %%' % (x, y)", "@ @ %", "y"),
        ("'%s %s' % x", "@ @", "x"),
        ("'{a} {{}} {0!r}'.format(x, a=1)", "@ {} @", "x"),
        ("'%s' % '{}'.format(x)", "@", "x"),
        ("f'{x:{width}}'", "@", "x"),
        ("f'{x:>10}'", "@", "x"),
        ("f'{x:.2f}'", "@", ""),
        ("f'{x!r}'", "@", "x"),
        ("'-'.join(['a', 'b'])", "a-b", ""),
        ("'-'.join()", "", ""),
        ("'-'.join('ab' for each in x)", "ab", ""),
        ("'-'.join({'k': v for k, v in x})", "k@", "v"),
        ("'a' * x + 'b'", "@b", ""),
        ("['a'] * x", "a ", ""),
        ("'a' if x else 'b'", "ab", ""),
        ("(y := 'a') or 'b'", "ab", ""),
        ("{**x, 'k': 'v'}['k']", "@", "{**x, 'k': 'v'}['k']"),
        ("x[0][1:][2]", "@", "x[0][1:][2]"),
        ("x()()", "@", "x()()"),
        ("(yield)", "@", "(yield)"),
        ("f(x)[0].hex.upper()", "@", "f(x)[0].hex"),
        ("map()", "@", "map()"),
        ("a: str\na", "", ""),
        ("a: int = x\na", "@", ""),
        ("a = 'x'\na -= 1\na", "x", ""),
        ("a, b = 'x', y\na", "@", ""),
        ("a, (b, c) = 'x', f()\nc", "@", "c"),
        ("[a] = y\na", "@", "a"),
        ("for a in [y]: pass\na", "@", "a"),
        ("for a in ['x'] * 3: pass\na", "@", ""),
        ("for a in {'k': y}: pass\na", "@", ""),
        ("for a in {'k': y}.values(): pass\na", "@", "a"),
        ("for k, v in {'k': y}.items(): pass\nk", "@", ""),
        ("for k, v in {'k': y}.items(): pass\nv", "@", "v"),
        ("for k in d.keys(): pass\nk", "@", "k"),
        ("d: dict = {'k': y}\nfor k in d: pass\nk", "@", ""),
        ("d = {'k': y}\nd['l'] += y\nfor k in d: pass\nk", "@", ""),
        ("d, e = {'k': y}, 1\nfor k in d: pass\nk", "@", "k"),
        ("for i, (a, b) in enumerate([('x', y)]): pass\na", "@", ""),
        ("for i, (a, b) in enumerate([('x', y)]): pass\ni", "@", ""),
        ("for a, b in zip('x', y): pass\na", "@", ""),
        ("for a, b, c in zip('x', y): pass\nc", "@", "c"),
        ("class A:\n    x = 'a'\nA.x", "a", ""),
        ("class A:\n    x: int\nA.x", "", ""),
        ("class A:\n    x: str\nA.x", "@", "A.x"),
        ("class A:\n    x = 'a'\nA.x = y\nA.x", "a@", "A.x"),
        ("import a.B\na.B", "@", ""),
        ("from a import *\nb", "@", "b"),
        ("def f(): return 'a' + f()\nf()", "a", ""),
        ("def f(): pass\nf()", "@", "f()"),
        ("if x:\n    def f(): return 'a'\nelse:\n    def f(): return 'b'\nf()", "@", "f()"),
        ("f = g\nf('a')", "@", "f('a')"),
        ("q = a.quote\nq(x)", "@", ""),
        ("a: Sequence[X[int]] = y\na", "@", "a"),
        ("a: Annotated[int, ''] | Literal['x'] | None = y\na", "@", ""),
        ("try: pass\nexcept E as a: pass\na", "@", "a"),
    ],
)
def test_assemble(source: str, text: str, value: str) -> None:
    assert assembled(source) == (text, value)


def test_names_are_followed_to_some_depth() -> None:
    chain = "\n".join(f"a{number} = a{number + 1}" for number in range(100))
    assert assembled(f"{chain}\na0") == ("@", "")
    assert assembled(f"a3 = x\n{chain.splitlines()[2]}\na2") == ("@", "a2")


def test_long_texts_are_shortened() -> None:
    text, _ = assembled(f"a = '(' + {'x' * 5000!r}\na + ')'")
    assert text.startswith("(x") and text.endswith("x))")


def test_long_displays_are_not_looked_into() -> None:
    names = ", ".join(f"n{number}" for number in range(100))
    assert assembled(f"{names} = [{names.replace('n', 'x')}]\nn1") == ("@", "n1")
    many = ", ".join(["'x'"] * 100)
    assert assembled(f"for a in [{many}]: pass\na") == ("@", "")
    copies = "\n".join(f"n{number + 1} = n{number}" for number in range(100))
    assert assembled(f"n0 = ['x']\n{copies}\nfor a in n100: pass\na") == ("@", "")
    pairs = ", ".join(f"'{number}': y" for number in range(100))
    assert assembled(f"for a in {{{pairs}}}: pass\na") == ("@", "a")
    stores = "\n".join(f"d['{number}'] = y" for number in range(100))
    assert assembled(f"d = {{}}\n{stores}\nfor a in d: pass\na") == ("@", "a")


BLOCKS = {
    "chain": "run('SELECT a FROM t WHERE ' + {})".format(" + ".join(["x", "' AND '"] * 400)),
    "openings": "run({})".format(" + ".join(["'SELECT a FROM t WHERE '", "x"] * 400)),
    "additions": "q = 'SELECT a FROM t'\n" + "q += f' WHERE {x}'\n" * 4000 + "run(q)",
    "statements": "run(f'SELECT a FROM t WHERE b = {x}')\n" * 4000,
    "names": "\n".join(f"q{n} = f'SELECT a FROM t WHERE b = {{x}}'\nrun(q{n})" for n in range(4000)),
    "same name": "q = f'SELECT a FROM t WHERE b = {x}'\nrun(q)\n" * 4000,
    "scripts": "q = ''\n" + "q += f'SELECT a FROM {x};'\n" * 4000 + "run(q)",
    "aliases": "q0 = f'SELECT a FROM {x}'\n" + "\n".join(f"q{n + 1} = q{n}" for n in range(4000)),
    "list": "q = ['SELECT a']\n" + "q.append(f'FROM {x}')\n" * 4000 + "run(' '.join(q))",
}


@pytest.mark.parametrize("source", BLOCKS.values(), ids=BLOCKS.keys())
def test_large_files_take_linear_time(source: str) -> None:
    file = file_of(source)
    started = time.process_time()
    openings = [each for each in file.nodes(ast.Constant) if OPENING.match(str(each.value))]
    assert list(injections(openings, file))
    assert time.process_time() - started < 5
