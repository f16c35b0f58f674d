"""No file ends the run, and no rule fails: whatever the file is, however it is written."""

from __future__ import annotations

import ast
import io
import os
import random
import sys
import sysconfig
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flake8 import utils
from flake8.main.cli import main
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_prep import catalog, project
from flake8_prep.options import Settings
from flake8_prep.report import excerpts
from flake8_prep.selection import Selection
from flake8_prep.session import Session
from tests.conftest import Flake8
from tests.fixture_cases import FIXTURES
from tests.test_flake8 import FAILING_RULE, LAUNCHER

_SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@pytest.fixture(scope="module")
def session() -> Session:
    """Return a session with all rules."""
    return Session(
        Selection(lambda code: True, named=tuple(rule.code for rule in catalog.all_rules())), Settings()
    )


def _parsed(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        # About the source, such as an invalid escape sequence.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _failures_in_python(session: Session, source: str) -> list[str]:
    module = _parsed(source)
    if module is None:
        return []
    found = session.check_python(module, source.splitlines(keepends=True), "app/module.py")
    return [each.message for each in found if each.code == "PREP000"]


def _failures_in_typescript(session: Session, text: str, path: str) -> list[str]:
    found = session.check_typescript(text.splitlines(keepends=True), path)
    return [each.message for each in found if each.code == "PREP000" and "not checked" not in each.message]


# Python


def _statements(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and (node.end_lineno or 0) - node.lineno < 12:
            yield ast.unparse(node)


_STATEMENTS = sorted({each for path in FIXTURES.glob("python/*.py") for each in _statements(path)})
_HEADERS = [
    "def f(request, a=b, *args, c, **kwargs):",
    "async def f(self, db) -> int:",
    "class C(Base):",
    "for x in y:",
    "async for x in y:",
    "while True:",
    "with open(a) as b:",
    "async with lock:",
    "try:",
    "except Exception as error:",
    "except* ValueError:",
    "else:",
    "finally:",
    "if not x:",
    "match x:",
    "case {'a': b, **rest}:",
    "@app.post('/webhook')",
]


@st.composite
def spliced_modules(draw: st.DrawFn) -> str:
    """Draw a module that is put together from statements of the fixtures, with headers around them."""
    lines: list[str] = []
    depth = 0
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.booleans()):
            header = draw(st.sampled_from(_HEADERS))
            lines.append(" " * depth + header)
            depth += header.endswith(":")
        else:
            statement = draw(st.sampled_from(_STATEMENTS))
            lines += [" " * depth + line for line in statement.split("\n")]
            depth = draw(st.integers(0, depth))
    return "\n".join([*lines, " " * depth + "pass", ""])


class _Swap(ast.NodeTransformer):
    """Puts expressions of a module in the places of others."""

    def __init__(self, chance: random.Random, pool: list[ast.expr]) -> None:
        self._chance = chance
        self._pool = pool

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Replace one expression in eight."""
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), (ast.Load, type(None))):
            if self._chance.random() < 0.125:
                return self._chance.choice(self._pool)
        return super().generic_visit(node)


@given(spliced_modules())
@_SETTINGS
def test_spliced_modules(session: Session, source: str) -> None:
    assert _failures_in_python(session, source) == []


@given(st.sampled_from(sorted(FIXTURES.glob("python/*.py"))), st.integers(0, 2**32))
@_SETTINGS
def test_swapped_expressions(session: Session, path: Path, seed: int) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    expressions = (node for node in ast.walk(module) if isinstance(node, ast.expr))
    pool = [node for node in expressions if not hasattr(node, "ctx")]
    swapped = _Swap(random.Random(seed), pool).visit(module)
    try:
        source = ast.unparse(swapped)
    except (ValueError, RecursionError):
        return  # what cannot be written down, such as a nested format specification
    assert _failures_in_python(session, source) == []


def test_generated_modules(session: Session) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hypothesmith: Any = pytest.importorskip("hypothesmith", reason="hypothesmith is not installed")

    @given(hypothesmith.from_node())
    @_SETTINGS
    def test(source: str) -> None:
        assert _failures_in_python(session, source) == []

    test()


_DEEP: dict[str, Callable[[int], str]] = {
    "sum": lambda size: "x = " + "a + " * size + "b",
    "sum of texts": lambda size: "c.execute(" + "'SELECT a FROM t' + b + " * size + "c)",
    "remainders": lambda size: "c.execute('SELECT %s'" + " % a" * size + ")",
    "powers": lambda size: "x = " + "a ** " * size + "b",
    "negations": lambda size: "x = " + "not " * size + "b",
    "signs": lambda size: "time.sleep(" + "-" * size + "1)",
    "conditional expressions": lambda size: "x = " + "a if b else " * size + "c",
    "attributes": lambda size: "x = a" + ".b" * size + "()",
    "calls": lambda size: "x = a" + ".execute('SELECT 1')" * size,
    "calls of calls": lambda size: "x = a" + "()" * size,
    "subscripts": lambda size: "x = a" + "['b']" * size,
    "lambdas": lambda size: "x = " + "lambda a: " * size + "b",
    "awaits": lambda size: "async def f():\n    x = " + "await " * min(size, 1) + "a" + ".b()" * size,
    "elif": lambda size: "if a:\n    b()\n" + "elif c:\n    raise ValueError(d)\n" * size,
    "or": lambda size: "x = " + "a.get(b) or " * size + "0",
    "or in or": lambda size: "x = " + "(a or " * min(size, 60) + "b" + ")" * min(size, 60),
    "brackets": lambda size: "x = " + "[" * min(size, 90) + "]" * min(size, 90),
    "types": lambda size: "x: " + "dict[str, " * min(size, 90) + "int" + "]" * min(size, 90) + " = {}",
    "quoted types": lambda size: "def f(x: '" + "a | " * size + "b') -> 'list[" + "a." * size + "b]': ...",
    "union types": lambda size: "def f(x: " + "a | " * size + "b): ...",
    "blocks": lambda size: "".join(" " * depth + "if a:\n" for depth in range(90)) + " " * 90 + "b()",
    "functions": lambda size: "".join(" " * depth + "def f(a):\n" for depth in range(90)) + " " * 90 + "b()",
    "tries": lambda size: "".join(" " * depth + "try:\n" for depth in range(18))
    + " " * 18
    + "b()\n"
    + "".join(" " * depth + "except Exception:\n" + " " * depth + " pass\n" for depth in reversed(range(18))),
    "comprehensions": lambda size: "x = " + "[a for a in " * min(size, 90) + "b" + "]" * min(size, 90),
    "targets": lambda size: "a = " * size + "b",
    "nested targets": lambda size: "(" * min(size, 90) + "a," + ")," * (min(size, 90) - 1) + ") = b",
    "text": lambda size: "c.execute(" + "'SELECT a ' f'{b} ' " * size + ")",
    "comparisons": lambda size: "x = " + "a < " * size + "b",
    "handlers": lambda size: "try:\n    a()\n" + "except B:\n    c = 1\n" * size,
    "decorators": lambda size: "@a.b\n" * size + "def f(): ...",
    "names": lambda size: "".join(f"a{index} = a{index + 1}\n" for index in range(size)) + "c.execute(a0)",
    "names of text": lambda size: "a0 = 'SELECT a FROM t WHERE x =' + x\n"
    + "".join(f"a{index + 1} = a{index} + ' '\n" for index in range(size))
    + f"c.execute(a{size})",
    "cyclic names": lambda size: "def f():\n    a = b\n    b = a\n    c.execute(a + b)",
    "cyclic classes": lambda size: "class A(B): pass\nclass B(A):\n    def f(self):\n        self.g()",
    "cyclic functions": lambda size: "async def f():\n    g()\ndef g():\n    h()\ndef h():\n    g()\n    f()",
}


@pytest.mark.parametrize("size", [500, 900, 2_400, 5_000])
@pytest.mark.parametrize("shape", _DEEP)
def test_deep_modules(session: Session, shape: str, size: int) -> None:
    """What Python parses is checked; what it cannot is not the rules' business."""
    assert _failures_in_python(session, _DEEP[shape](size) + "\n") == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
def test_syntax_of_python_3_12(session: Session) -> None:
    source = (
        "type Row[T: (int, str), *Ts, **P] = dict[str, T] | Missing\n"
        "type Bare = list[Bare]\n"
        "@cached(lambda: T)\n"
        "def first[T: Base](rows: list[T], default: T = fallback()) -> T:\n"
        "    def inner[U](a: U) -> tuple[T, U]: return a, T\n"
        "    return rows[0] or default\n"
        "async def second[**P](c, *args: P.args, **kwargs: P.kwargs) -> None:\n"
        "    c.execute(f\"SELECT {', '.join(f'{x!r:>{y}}' for x in kwargs[\"a\"])} FROM t\")\n"
        "class Box[T, *Ts](Base[T]):\n"
        "    value: T\n"
        "    def __init__(self, value: T): self.value = value\n"
        "    def get[T](self) -> T: return self.value\n"
    )
    assert _failures_in_python(session, source) == []


@pytest.mark.skipif(sys.version_info < (3, 13), reason="the syntax is new in Python 3.13")
def test_syntax_of_python_3_13(session: Session) -> None:
    source = (
        "type Row[T = int, *Ts = *tuple[int, ...], **P = [int]] = dict[str, T]\n"
        "class Box[T = Undefined]: ...\n"
        "def f[T = list[T]](a: T) -> T: ...\n"
    )
    assert _failures_in_python(session, source) == []


@pytest.mark.skipif(sys.version_info < (3, 14), reason="the syntax is new in Python 3.14")
def test_syntax_of_python_3_14(session: Session) -> None:
    source = (
        "def f(c, name):\n"
        "    c.execute(t'SELECT a FROM t WHERE name = {name!r:>{width}}')\n"
        "    try:\n        g()\n    except ValueError, KeyError:\n        pass\n"
    )
    assert _failures_in_python(session, source) == []


# TypeScript

_PATHS = st.sampled_from(["src/module.ts", "src/page.tsx", "src/a.test.ts", "types.d.mts"])
_TYPESCRIPT = [
    line.lstrip() + "\n"
    for path in sorted(FIXTURES.glob("typescript/*"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.strip()
]
_TOKENS = [
    *"(){}[]<>`'\"/\\;,.:=?!&|+-*$@#\n \0",
    "${",
    "/*",
    "*/",
    "//",
    "=>",
    "</",
    "/>",
    "await ",
    "any",
    "é",
    "\u2028",
]


@given(st.text(), _PATHS)
@_SETTINGS
def test_any_text_as_typescript(session: Session, text: str, path: str) -> None:
    assert _failures_in_typescript(session, text, path) == []


@given(st.binary(max_size=2_000), _PATHS)
@_SETTINGS
def test_any_bytes_as_typescript(session: Session, content: bytes, path: str) -> None:
    assert _failures_in_typescript(session, content.decode("latin-1"), path) == []


@given(st.lists(st.sampled_from(_TYPESCRIPT) | st.sampled_from(_TOKENS), max_size=40), _PATHS)
@_SETTINGS
def test_shuffled_typescript(session: Session, lines: list[str], path: str) -> None:
    assert _failures_in_typescript(session, "".join(lines), path) == []


@given(
    st.sampled_from(_TYPESCRIPT), st.integers(0, 200), st.sampled_from(_TOKENS), st.integers(1, 300), _PATHS
)
@_SETTINGS
def test_broken_typescript(session: Session, line: str, at: int, token: str, times: int, path: str) -> None:
    assert _failures_in_typescript(session, line[:at] + token + line[at:] * times, path) == []


# Files, in a real process

_FINDING = "import os\nA = os.getenv('API_KEY', '')\n"
_TYPESCRIPT_FINDING = "let a: any;\n"
_LINE = "2:5: PREP107"
_CASES: dict[str, tuple[bytes, str | None]] = {
    "bom.py": (b"\xef\xbb\xbf" + _FINDING.encode(), _LINE),
    "cookie.py": ("# coding: latin-1\nÉ = 1\n".encode("latin-1") + _FINDING.encode(), "4:5: PREP107"),
    "cr.py": (_FINDING.replace("\n", "\r").encode(), _LINE),
    "crlf.py": (_FINDING.replace("\n", "\r\n").encode(), _LINE),
    "empty.py": (b"", None),
    "form_feed.py": (_FINDING.replace("\n", "\n\f").encode(), "2:6: PREP107"),
    "latin.py": ("É = 1\n".encode("latin-1") + _FINDING.encode(), "3:5: PREP107"),
    "no_newline.py": (_FINDING.rstrip().encode(), _LINE),
    "nul.py": (_FINDING.encode() + b"\0", "PREP000"),
    "only_newlines.py": (b"\n\n\n", None),
    "separators.py": ("'''\u2028\x0b\x0c\x1c\x85'''\n".encode() + _FINDING.encode(), "3:5: PREP107"),
    "surrogate.py": (_FINDING.replace("API", "\\ud800\\nAPI").encode(), _LINE),
    "tabs.py": (b"import os\nif 1:\n\tA = os.getenv('API_KEY', '')\n", "3:6: PREP107"),
    "unknown_cookie.py": (b"# coding: klingon\n" + _FINDING.encode(), "3:5: PREP107"),
    "utf16.py": (_FINDING.encode("utf-16"), "PREP000"),
    "wide.py": ("import os\né𝒳 = 1; A = os.getenv('API_KEY', '')\n".encode(), "2:13: PREP107"),
    "wrong_cookie.py": ("# coding: ascii\n# É\n".encode() + _FINDING.encode(), "4:5: PREP107"),
    "bom.ts": (b"\xef\xbb\xbf" + _TYPESCRIPT_FINDING.encode(), "1:8: PREP251"),
    "cr.ts": (b"let b;\rlet a: any;\r", "2:8: PREP251"),
    "crlf.ts": (b"let b;\r\nlet a: any;\r\n", "2:8: PREP251"),
    "empty.ts": (b"", None),
    "form_feed.ts": (b"\f\nlet a: any;\f\n", "2:8: PREP251"),
    "latin.ts": ("// É\nlet a: any;\n".encode("latin-1"), "2:8: PREP251"),
    "no_newline.ts": (b"let a: any", "1:8: PREP251"),
    "nul.ts": (b"const key = 'a\0b';\nlet a: any;\n", "2:8: PREP251"),
    "separators.ts": ("let b = '\u2028\x0b\x0c\x1c\x85';\nlet a: any;\n".encode(), "2:8: PREP251"),
    "utf16.ts": (_TYPESCRIPT_FINDING.encode("utf-16"), "PREP000"),
    "wide.ts": ("let é𝒳 = 1, a: any;\n".encode(), "1:16: PREP251"),
}


# flake8 tries fewer encodings with standard input than with files, and ended its run with the error.
_NOT_THROUGH_STDIN = {"latin.py", "latin.ts", "utf16.py", "utf16.ts"}


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_encodings(tmp_path: Path, flake8: Flake8, jobs: str) -> None:
    for name, (content, _) in _CASES.items():
        (tmp_path / name).write_bytes(content)
    run = flake8("--isolated", "--select=PREP", jobs, ".")
    assert run.errors == ""
    found = {line.split(":")[0].removeprefix("./"): line.split(":", 1)[1] for line in run.lines}
    wrong = {
        name: found.get(name)
        for name, (_, expected) in _CASES.items()
        if expected is None
        and name in found
        or expected is not None
        and not found.get(name, "").endswith(expected)
    }
    assert wrong == {}
    # The same without the fast path, but for what flake8 then says itself.
    slow = flake8("--isolated", "--select=PREP,ZZZ", jobs, ".")
    assert slow == run


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links and modes")
def test_files_that_cannot_be_read(tmp_path: Path, flake8: Flake8) -> None:
    (tmp_path / "ok.py").write_text(_FINDING)
    (tmp_path / "ok.ts").write_text(_TYPESCRIPT_FINDING)
    expected = ["./ok.py:2:5: PREP107", "./ok.ts:1:8: PREP251"]
    for suffix in ("py", "ts"):
        # A file that vanishes between the search and the check looks like a link to nowhere.
        (tmp_path / f"vanished.{suffix}").symlink_to("nowhere")
        (tmp_path / f"loop.{suffix}").symlink_to(f"loop.{suffix}")
        os.mkfifo(tmp_path / f"pipe.{suffix}")
        folder = tmp_path / f"folder.{suffix}"
        folder.mkdir()
        (folder / "ok.ts").write_text(_TYPESCRIPT_FINDING)
        expected += [
            f"./folder.{suffix}/ok.ts:1:8: PREP251",
            f"./loop.{suffix}:{suffix == 'ts':d}:1: PREP000",
            f"./pipe.{suffix}:{suffix == 'ts':d}:1: PREP000",
            f"./vanished.{suffix}:{suffix == 'ts':d}:1: PREP000",
        ]
        secret = tmp_path / f"secret.{suffix}"
        secret.write_text(_FINDING)
        secret.chmod(0)
        if not os.access(secret, os.R_OK):
            expected.append(f"./secret.{suffix}:{suffix == 'ts':d}:1: PREP000")
        elif suffix == "py":
            expected.append("./secret.py:2:5: PREP107")
    (tmp_path / "again").symlink_to(".")
    for jobs in ("-j1", "-j2"):
        run = flake8("--isolated", "--select=PREP", jobs, ".")
        assert (run.status, run.errors) == (1, "")
        assert run.lines == sorted(expected)
    # Where flake8 says it itself, it is said once.
    run = flake8("--isolated", "--select=E,PREP", ".")
    assert (run.status, run.errors) == (1, "")
    assert run.lines == sorted(each.replace(".py:0:1: PREP000", ".py:0:1: E902") for each in expected)
    assert project.text_of(tmp_path / "pipe.ts") == ""
    assert excerpts.lines_of(str(tmp_path / "pipe.ts")) == ()


def _read_through_stdin(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    read: Any = utils.stdin_get_value
    read.cache_clear()
    main(["--isolated", "--select=PREP", "--stdin-display-name", name, "-"])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("name", _CASES)
def test_standard_input(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, expected = _CASES[name]
    if name in _NOT_THROUGH_STDIN:
        expected = "PREP000 not checked: UnicodeDecodeError"
    lines = _read_through_stdin(name, content, monkeypatch, capsys)
    if expected is None:
        assert lines == []
    else:
        assert lines[0].startswith(f"{name}:")
        assert expected in lines[0]


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_megabyte_on_one_line(tmp_path: Path, flake8: Flake8, jobs: str) -> None:
    numbers = "[" + "123_456_789, " * 80_000 + "]; "
    python, typescript = f"import os; X = {numbers}", f"let x = {numbers}"
    (tmp_path / "a.py").write_text(python + "A = os.getenv('API_KEY', '')\n")
    (tmp_path / "a.ts").write_text(typescript + _TYPESCRIPT_FINDING)
    run = flake8("--isolated", "--select=PREP", jobs, ".")
    assert (run.status, run.errors) == (1, "")
    assert run.lines == [
        f"./a.py:1:{len(python) + 5}: PREP107",
        f"./a.ts:1:{len(typescript) + 8}: PREP251",
    ]


def test_sum_of_5000_terms(tmp_path: Path, flake8: Flake8) -> None:
    (tmp_path / "sum.py").write_text("x = " + " + ".join(["os.getenv('API_KEY', '')"] * 5_000) + "\n")
    (tmp_path / "elif.py").write_text("if a:\n    pass\n" + "elif b:\n    pass\n" * 5_000)
    (tmp_path / "ok.py").write_text(_FINDING)
    run = flake8("--isolated", "--select=PREP", ".")
    assert run.errors == ""
    assert run.lines[-1] == "./sum.py:1:1: PREP000" or len(run.lines) > 5_000
    assert "./ok.py:2:5: PREP107" in run.lines


# Rules that raise

_RAISING = LAUNCHER.format(
    preparation="from flake8_prep import catalog\n"
    "def fail(self, *_):\n"
    "    raise {error}\n"
    "for rule in (*catalog.python_rules(), *catalog.typescript_rules()):\n"
    "    if rule.code in ('PREP401', 'PREP251'):\n"
    "        rule.visit_FunctionDef = rule.check = fail\n"
)


@pytest.mark.parametrize(
    "error",
    [
        "SyntaxError('a', ('b.py', 3, 4, 'c'))",
        "RecursionError",
        "MemoryError",
        "StopIteration",
        "OSError('x')",
    ],
)
@pytest.mark.parametrize("select", ["--select=PREP", "--select=PREP,E9"])
def test_rule_that_raises_what_flake8_expects_of_the_file(
    tmp_path: Path, flake8: Flake8, error: str, select: str
) -> None:
    (tmp_path / "a.py").write_text("class A:\n    def __init__(self):\n        pass\n" + _FINDING)
    (tmp_path / "b.ts").write_text(_TYPESCRIPT_FINDING)
    run = flake8("--isolated", "-j1", select, ".", launcher=_RAISING.replace("{error}", error))
    assert run.errors == ""
    assert run.lines == ["./a.py:1:1: PREP000", "./a.py:5:5: PREP107", "./b.ts:1:1: PREP000"]


@pytest.mark.fuzz
def test_200_runs_with_a_rule_that_raises(tmp_path: Path, flake8: Flake8) -> None:
    for index in range(4):
        (tmp_path / f"a{index}.py").write_text("class A:\n    def __init__(self):\n        pass\n")
        (tmp_path / f"a{index}.ts").write_text(_TYPESCRIPT_FINDING)
    expected = [f"./a{index}.{suffix}:1:1: PREP000" for index in range(4) for suffix in ("py", "ts")]
    for number in range(200):
        run = flake8("--isolated", "-j2", "--select=PREP", ".", launcher=FAILING_RULE)
        assert (number, run.lines, run.errors) == (number, sorted(expected), "")


# Other people's code


def _python_files(kind: str) -> list[Path]:
    folder = (
        Path(sysconfig.get_path("stdlib")) / "test"
        if kind == "tests"
        else Path(sysconfig.get_path("purelib"))
    )
    return sorted(folder.rglob("*.py"))


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", ["tests", "packages"])
def test_code_of_others(session: Session, kind: str) -> None:
    """The test suite of the interpreter, and whatever is installed beside us."""
    failures = {}
    for path in _python_files(kind):
        found = _failures_in_python(session, path.read_text(encoding="utf-8", errors="replace"))
        if found:
            failures[str(path)] = found
    assert failures == {}
