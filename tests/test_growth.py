"""Time grows with the size of a file, and no faster, whatever stands in it."""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import math
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import flake8_prep
from flake8_prep import catalog
from flake8_prep.patterns import is_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.typescript import engine as typescript_engine
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from tests.backtracking import hostile_texts

# Twice the size may take this much longer; what takes less time than the second figure is not looked at.
_RATIO = 2.5
_NOTICEABLE = 0.05
# So often is measured again what seems to grow faster: other processes can only make it seem slower.
_ROUNDS = 10
# Deep enough for Python 3.11 to parse a sum of 5,000 terms; later versions have a limit of their own.
_DEPTH = 50_000

Work = dict[str, Callable[[], object]]


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` keeps this process busy, whatever else the machine does."""
    gc.disable()
    start = time.process_time()
    try:
        work()
        return time.process_time() - start
    finally:
        gc.enable()


class PythonSource:
    """A Python file of some size."""

    def __init__(self, source: str) -> None:
        self._module = _parsed(source)
        self._lines = source.splitlines(keepends=True)

    def work(self) -> Work:
        """Return what is done with the file, by the codes of rules; what they share, the first one does."""
        module, lines = self._module, self._lines
        file = PythonFile(module, lines, "app/module.py")
        work: Work = {"index": lambda: PythonFile(module, lines, "app/module.py")}
        for rule in catalog.python_rules():
            work[rule.code] = partial(_run_python, Engine([rule]), file)
        return work


class TypeScriptSource:
    """A TypeScript file of some size."""

    def __init__(self, source: str) -> None:
        self._path = "src/module.tsx" if "</" in source else "src/module.ts"
        self._text = source

    def work(self) -> Work:
        """Return what is done with the file, by the codes of rules; what they share, the first one does."""
        file = Source(self._path, self._text)
        work: Work = {"code": lambda: file.code}
        for rule in catalog.typescript_rules():
            work[rule.code] = partial(_run_typescript, rule, file)
        return work


def _parsed(source: str) -> ast.Module:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEPTH)
    try:
        return ast.parse(source)
    finally:
        sys.setrecursionlimit(limit)


def _run_python(engine: Engine, file: PythonFile) -> None:
    _raises_nothing(engine.check(file))


def _run_typescript(rule: type[TypeScriptRule], file: Source) -> None:
    _raises_nothing(typescript_engine.check(file, [rule]))


def _raises_nothing(findings: Iterable[Any]) -> None:
    assert [each.message for each in findings if each.code == "PREP000"] == []


def too_slow(small: Callable[[], Work], large: Callable[[], Work]) -> list[str]:
    """Return what takes more than 2.5 times as long for a file of twice the size."""
    at_large = {name: seconds(each) for name, each in large().items()}
    if max(at_large.values()) <= _NOTICEABLE:
        return []
    at_small = {name: seconds(each) for name, each in small().items()}
    return [
        name
        for name, taken in at_large.items()
        if not _is_linear(at_small[name], taken) and not _is_linear_after_all(name, small, large)
    ]


def _is_linear(small: float, large: float) -> bool:
    return large <= max(_NOTICEABLE, _RATIO * small)


def _is_linear_after_all(name: str, small: Callable[[], Work], large: Callable[[], Work]) -> bool:
    """Say whether the best times of several rounds, each of which begins anew, are those of linear work."""
    best_small = best_large = math.inf
    for _ in range(_ROUNDS):
        best_small = min(best_small, seconds(small()[name]))
        best_large = min(best_large, seconds(large()[name]))
        if _is_linear(best_small, best_large):
            return True
    return False


def _lines(line: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Return what makes a source of this line, repeated, with the number of each in the place of `#`."""
    return lambda size: before + "".join(line.replace("#", str(index)) for index in range(size)) + after


def _elifs(size: int) -> str:
    flat = "    time.sleep(1)\n    os.getenv('A_KEY', '')\n" * size
    branches = "".join(f"    elif x == {index}:\n        y = g() or 0\n" for index in range(size))
    return f"import os\nasync def f(x):\n    if x:\n        pass\n{branches}{flat}"


# The sizes are half of those in the name where one is given: the test doubles them.
PYTHON = {
    "sum of 5,000 terms": (lambda size: "x = " + " + ".join(["os.getenv('A', '')"] * size) + "\n", 2_500),
    "5,000 elif branches": (_elifs, 2_500),
    "10,000 functions that call each other": (
        _lines("def f#():\n    return f#0() or g#()\nasync def g#():\n    f#()\n", "import time\n"),
        2_500,
    ),
    "20,000 functions in a chain": (
        lambda size: "import time\n"
        + "".join(f"def f{index}():\n    f{index + 1}()\n" for index in range(size))
        + f"def f{size}():\n    time.sleep(1)\nasync def main():\n    f0()\n",
        10_000,
    ),
    "20,000 statements with SQL": (
        _lines("    cur.execute('SELECT a FROM t WHERE b = ' + x)\n", "def f(cur, x):\n"),
        10_000,
    ),
    "200,000 lines of constants": (_lines("NAME_# = #\n"), 100_000),
    "a string of 1 MB": (lambda size: "x = 'SELECT " + "a, " * size + "b FROM t'\n", 170_000),
    "a name of 200,000 characters": (
        lambda size: "x_" + "_" * size + "a = f_" + "_" * size + "a()\n",
        100_000,
    ),
}
MORE_PYTHON = {
    "declared global": (_lines("def f#():\n    global g\n    g = #\n"), 3_000),
    "declared nonlocal": (
        _lines("    def f#():\n        nonlocal g\n        g = #\n", "def f():\n    g = 1\n"),
        3_000,
    ),
    "imported often": (
        lambda size: "import os\n" * size + "def f():\n" + "    os.getenv('A_KEY', '')\n" * size,
        3_000,
    ),
    "conditional expressions": (lambda size: "x = " + "a if b else " * size + "c\n", 1_200),
    "a chain of calls": (lambda size: "x = a" + ".b(1)" * size + "\n", 900),
    "a chain of attributes": (lambda size: "x = a" + ".b" * size + "()\n", 900),
    "undefined names": (_lines("    print(undefined_#)\n", "def f():\n"), 3_000),
    "SQL in one name": (
        _lines("    q += ' AND x = ' + t\n    c.execute(q)\n", "def f(c, t):\n    q = 'SELECT a FROM t'\n"),
        2_000,
    ),
    "SQL through names": (
        _lines("    q#0 = q# + ' '\n    c.execute(q#)\n", "def f(c, t):\n    q = 'SELECT a FROM ' + t\n"),
        2_000,
    ),
    "a long f-string": (
        lambda size: "def f(c, a):\n    c.execute(f'SELECT a FROM t WHERE " + "x={a} AND " * size + "1')\n",
        5_000,
    ),
    "format": (
        lambda size: "c.execute('SELECT " + "{}, " * size + "1'.format(" + "a, " * size + "))\n",
        3_000,
    ),
    "handlers": (
        _lines("    try:\n        g()\n    except ValueError as e:\n        log.error('x')\n", "def f():\n"),
        2_000,
    ),
    "handlers of one try": (
        _lines("    except E#:\n        pass\n", "def f():\n    try:\n        g()\n"),
        2_000,
    ),
    "statements of one try": (
        _lines("        g(u)\n", "def f():\n    try:\n", "    except NameError:\n        pass\n"),
        3_000,
    ),
    "one long loop": (
        _lines(
            "        db.execute('SELECT a FROM t WHERE x = %s', x)\n        time.sleep(1)\n",
            "import time\nasync def f(db, xs):\n    for x in xs:\n",
        ),
        1_000,
    ),
    "loops": (
        _lines(
            "    while True:\n        try:\n            db.fetch()\n        except Exception:\n"
            "            time.sleep(1)\n",
            "import time\nasync def f(db):\n",
        ),
        1_500,
    ),
    "one long webhook": (
        _lines(
            "    row = await db.fetch_one('x')\n    if not row:\n        return {'status': 'ok'}\n",
            "@app.post('/webhook')\nasync def f(request):\n",
        ),
        700,
    ),
    "webhooks": (
        _lines(
            "@app.post('/webhook/#')\nasync def f#(request):\n    row = await db.fetch_one('x')\n"
            "    if not row:\n        return {'status': 'ok'}\n"
        ),
        1_500,
    ),
    "locks": (
        _lines(
            "    lock.acquire()\n    g()\n    lock.release()\n",
            "import threading\nlock = threading.Lock()\ndef f():\n",
        ),
        700,
    ),
    "tasks": (_lines("    t = asyncio.create_task(g(#))\n", "import asyncio\nasync def f():\n"), 2_000),
    "clients": (
        _lines(
            "    c = httpx.AsyncClient()\n    await c.get('x')\n    p = await asyncpg.create_pool()\n",
            "import asyncpg, httpx\nasync def f():\n",
        ),
        1_000,
    ),
    "methods": (
        _lines(
            "    async def f#(self, a):\n        self.x = self.g#(a)\n    def g#(self, a):\n"
            "        time.sleep(1)\n",
            "import time\nclass A:\n",
        ),
        1_500,
    ),
    "comments": (lambda size: "".join(f"x = {i}  # TODO: fix this\n" for i in range(size)), 5_000),
    "models": (
        _lines(
            "    a# = Column(Integer, ForeignKey('m.id'))\n",
            "from sqlalchemy import Column, ForeignKey, Integer\nclass M(Base):\n",
        ),
        2_000,
    ),
    "settings": (
        _lines("A# = os.environ.get('A#_PASSWORD', 'x')\nB# = int(os.environ['X'])\n", "import os\n"),
        2_000,
    ),
}

TYPESCRIPT = {
    "1 MB on one line": (
        _lines(
            "const a# = process.env.A_KEY || 'b'; await db.query(`SELECT ${y}`); " + "f(a, { b: [c] }); " * 10
        ),
        2_000,
    ),
    "unclosed comment": (_lines("a any == ", "/* "), 50_000),
    "unclosed string": (_lines("a any == ", "'"), 50_000),
    "unclosed template": (_lines("a any == ", "`"), 50_000),
    "unclosed substitution": (_lines("a as any == ", "`${"), 20_000),
    "unclosed regular expression": (_lines("a any == ", "x = /"), 50_000),
    "unclosed JSX": (_lines("a any == ", "</x><div>"), 50_000),
    "unclosed tag": (_lines("a='b' ", "</x><div "), 50_000),
    "tags": (_lines("<div>a</div>"), 10_000),
    "`${` nested 2,000 deep": (lambda size: "`${" * size + "x" + "}`" * size, 1_000),
    **{f"100,000 {each}": (_lines(each), 50_000) for each in "({<[/)}>`'\"\\:?=.,;!@$|\n "},
    "slashes of JSX": (_lines("/ < ", "</x>"), 30_000),
    "50,000 as any": (_lines("x as any; "), 25_000),
    "50,000 .then(": (_lines(".then(", "a"), 25_000),
    "50,000 .then() in a chain": (_lines(".then(x => y)", "a"), 25_000),
    "a string of 1 MB": (_lines("SELECT a ", "x = '", "'"), 60_000),
    "a name of 200,000 characters": (_lines("a", "const x = "), 100_000),
}
MORE_TYPESCRIPT = {
    "functions": (
        _lines(
            "async function f#() {\n const a = await db.query('SELECT 1');\n try { g() } catch (e) {}\n}\n"
        ),
        1_500,
    ),
    "one function": (
        _lines(
            " const a = await db.query('SELECT 1');\n try { g() } catch (e) {}\n",
            "async function f() {\n",
            "}",
        ),
        1_500,
    ),
    "one loop": (
        _lines(
            " await db.query('SELECT a FROM t WHERE x = ' + x);\n",
            "async function f() { for (const x of xs) {\n",
            "}}",
        ),
        1_500,
    ),
    "loops": (
        _lines(
            "for (const x of xs) { await db.query('SELECT a FROM t WHERE x = ' + x) }\n",
            "async function f() {\n",
            "}",
        ),
        1_500,
    ),
    "nested loops": (
        lambda size: "async function f() {"
        + "for (const x of xs) {" * size
        + "await db.query('SELECT 1')"
        + "}" * size
        + "}",
        1_000,
    ),
    "nested functions": (lambda size: "function f() {" * size + "}" * size, 3_000),
    "nested arrows": (lambda size: "(a) => {" * size + "}" * size, 5_000),
    "nested calls": (lambda size: "f(" * size + "1" + ")" * size, 5_000),
    "SQL in one name": (
        _lines(
            "q += ' AND x = ' + x;\n", "async function f() { let q = 'SELECT a FROM t';\n", "db.query(q) }"
        ),
        1_500,
    ),
    "SQL through names": (
        _lines("const q#0 = q# + ' ';\ndb.query(q#);\n", "const q = 'SELECT a FROM t' + x;\n"),
        1_000,
    ),
    "a long sum": (_lines("'SELECT a FROM t' + x + ", "db.query(", "1)"), 3_000),
    "defaults": (_lines("process.env.A_KEY || ", "x = ", "''"), 5_000),
    "destructured": (_lines("const { A# = '' } = process.env;\n"), 3_000),
    "catches": (_lines("try { a() } catch (e) {}\n"), 5_000),
    "type parameters": (_lines("A# = any, ", "type X<", "> = any"), 10_000),
    "records": (_lines("Record<string, any>, ", "x: ["), 5_000),
    "comparisons": (_lines("a == null "), 20_000),
    "numbers": (_lines("Number(x ?? 0) + "), 5_000),
    "comments": (_lines("// TODO fix\n"), 5_000),
    "durations": (_lines("setTimeout(f, 60 * 1000 * 5);\n"), 3_000),
    "a long product": (_lines("60 * ", "x = ", "1000"), 20_000),
    "pools": (
        _lines(
            "const p# = new Pool({ max: 1 }); await p#.query('SELECT 1');\n", "async function f() {\n", "}"
        ),
        1_000,
    ),
    "webhooks": (
        _lines(
            "router.post('/webhook/#', async (req, res) => { const r = await db.find(x); if (!r) { return "
            "res.json({}) } });\n"
        ),
        1_000,
    ),
    "one webhook": (
        _lines(
            "const r# = await db.find(x); if (!r#) { return res.json({}) }\n",
            "router.post('/webhook', async (req, res) => {\n",
            "});",
        ),
        1_000,
    ),
    "a chain of queries": (_lines(".where('a', 1)", "const r = await knex('t')"), 3_000),
    "parallel queries": (_lines("Promise.all(xs.map(async x => await db.query('x')));\n"), 1_500),
    "keywords": (_lines("async function await return new if ("), 3_000),
}


@pytest.mark.parametrize(("make", "size"), PYTHON.values(), ids=PYTHON)
def test_python(make: Callable[[int], str], size: int) -> None:
    try:
        small, large = PythonSource(make(size)), PythonSource(make(2 * size))
    except RecursionError:
        pytest.skip("this version of Python does not parse it")
    assert too_slow(small.work, large.work) == []


@pytest.mark.fuzz
@pytest.mark.parametrize(("make", "size"), MORE_PYTHON.values(), ids=MORE_PYTHON)
def test_more_python(make: Callable[[int], str], size: int) -> None:
    test_python(make, size)


@pytest.mark.parametrize(("make", "size"), TYPESCRIPT.values(), ids=TYPESCRIPT)
def test_typescript(make: Callable[[int], str], size: int) -> None:
    assert too_slow(TypeScriptSource(make(size)).work, TypeScriptSource(make(2 * size)).work) == []


@pytest.mark.fuzz
@pytest.mark.parametrize(("make", "size"), MORE_TYPESCRIPT.values(), ids=MORE_TYPESCRIPT)
def test_more_typescript(make: Callable[[int], str], size: int) -> None:
    test_typescript(make, size)


def test_what_grows_faster_is_noticed() -> None:
    def count(steps: int) -> None:
        for _ in range(steps):
            pass

    def of_size(size: int) -> Work:
        return {"linear": partial(count, 1_000 * size), "quadratic": partial(count, size * size)}

    assert too_slow(lambda: of_size(1_000), lambda: of_size(2_000)) == ["quadratic"]


# Patterns

# A text of so many characters may take so many seconds. The short ones come first: on them time that grows
# exponentially, or with a high power, is noticed before it is felt.
_LIMITS = {20: 0.02, 100: 0.02, 1_000: 0.02, 8_000: 0.1}
_SHORT = 200
_ANCHORED = {"match", "fullmatch"}
_METHODS = {*_ANCHORED, "search", "finditer", "findall", "sub", "split"}
# Run on what is written here, not on what is checked.
_OF_OUR_OWN = {"documentation", "python.tree", "rule"}


class Place(NamedTuple):
    """Where a pattern is: the module, without the package's name, and the name there or in a class."""

    module: str
    name: str


def _patterns() -> dict[re.Pattern[str], set[Place]]:
    """Return the patterns of all modules and their classes, with all places that each of them has."""
    found: dict[re.Pattern[str], set[Place]] = {}
    for module_info in pkgutil.walk_packages(flake8_prep.__path__, "flake8_prep."):
        module = module_info.name.removeprefix("flake8_prep.")
        if module in {"__main__", *_OF_OUR_OWN}:
            continue
        namespace = vars(importlib.import_module(module_info.name))
        classes = [each for each in namespace.values() if isinstance(each, type)]
        classes = [each for each in classes if each.__module__ == module_info.name]
        for key, value in [*namespace.items(), *(item for each in classes for item in vars(each).items())]:
            for each in _members(value):
                found.setdefault(re.compile(each.pattern, each.flags), set()).add(Place(module, key))
    return found


def _members(value: object) -> Iterator[Any]:
    values = (
        value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else (value,)
    )
    for each in values:
        if is_pattern(each):
            yield each
        elif isinstance(each, tuple):
            yield from (part for part in each if is_pattern(part))


def _uses() -> dict[Place, set[str]]:
    """Return for each module, and each name that a pattern may have there, the methods that are called on it.

    "short" stands for a search in a slice, up to an offset, or in a path; "" for other uses of the name.
    The empty name of a module stands for all.
    """
    uses: dict[Place, set[str]] = {}
    folder = Path(flake8_prep.__path__[0])
    for path in sorted(folder.rglob("*.py")):
        module = ".".join(path.relative_to(folder).with_suffix("").parts)
        seen: set[ast.AST] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            use = ""
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_short(node):
                node, use = node.func, "short"
            if isinstance(node, ast.Attribute) and node.attr in _METHODS:
                if node in seen:
                    continue
                seen.add(node)
                use = use or node.attr
                node = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            if isinstance(node, (ast.Name, ast.Attribute)) and node not in seen:
                seen.add(node)
                name = node.id if isinstance(node, ast.Name) else node.attr
                if use or isinstance(node.ctx, ast.Load):
                    uses.setdefault(Place(module, name), set()).add(use)
                    uses.setdefault(Place("", name), set()).add(use)
    return uses


def _is_short(call: ast.Call) -> bool:
    return len(call.args) == 3 or any(
        isinstance(each, ast.Subscript) or "path" in ast.unparse(each) for each in call.args
    )


PATTERNS = _patterns()
USES = _uses()


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        pytest.param(pattern, places, id=".".join(min(places)))
        for pattern, places in sorted(PATTERNS.items(), key=lambda item: min(item[1]))
    ],
)
def test_pattern(pattern: re.Pattern[str], places: set[Place]) -> None:
    uses = {use for place in places for use in USES.get(place) or USES.get(Place("", place.name)) or {""}}
    if len(places) > 1:
        # That one of its names is given to another is no use of its own.
        uses.discard("")

    def drive(text: str) -> None:
        if not uses <= _ANCHORED:
            for _ in pattern.finditer(text):
                pass
        pattern.match(text)
        pattern.fullmatch(text)

    for length, limit in _LIMITS.items():
        if length > _SHORT and uses <= {*_ANCHORED, "short"} and "short" in uses:
            break
        for text in hostile_texts(pattern, length):
            with interrupted_after(1):
                for _ in range(3):
                    if seconds(partial(drive, text)) <= limit:
                        break
                else:
                    pytest.fail(f"{length} characters, {text[:60]!r} ... {text[-20:]!r}: {pattern.pattern}")


@contextlib.contextmanager
def interrupted_after(limit: float) -> Iterator[None]:
    """Raise TimeoutError in what takes more than `limit` seconds of the processor, also inside `re`."""

    def interrupt(*_: object) -> None:
        raise TimeoutError

    if hasattr(signal, "setitimer"):
        before = signal.signal(signal.SIGVTALRM, interrupt)
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
