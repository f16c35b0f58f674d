"""Modules of rules that cannot be imported: each is named once, and all other rules go on."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import flake8_prep
from flake8_prep import catalog
from flake8_prep.cli import main
from flake8_prep.finding import Finding
from flake8_prep.options import Settings
from flake8_prep.python import context
from flake8_prep.python import rules as python_rules
from flake8_prep.selection import Selection
from flake8_prep.session import Session
from flake8_prep.typescript import rules as typescript_rules
from flake8_prep.typescript import source
from tests.conftest import Flake8

_PACKAGE = Path(flake8_prep.__file__).parent
_PYTHON = """\
import os  # no app of flask

KEY = os.getenv('API_KEY', '')
while True:
    try:
        print(KEY)
    except Exception:
        pass
x = []
class Box:
    def __init__(self):
        self.client = None
"""
_IN_TYPESCRIPT = [("1:12", "PREP251"), ("2:17", "PREP252")]
_TYPESCRIPT = "let value: any = a == b;\ntry { value() } catch (e) {}\n"


@pytest.fixture
def session() -> Session:
    """Return a session of its own, which has looked for no rules yet."""
    return Session(Selection(lambda code: True), Settings())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package in the folder that flake8 runs in, which it therefore imports."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(_PACKAGE, tmp_path / "flake8_prep", ignore=ignored))


def _break_rules(copy: Path) -> None:
    rules = copy / "python" / "rules"
    for path, old, new in (
        (rules / "security" / "silent_exception.py", "class ", "def f(:\nclass "),
        (rules / "types" / "untyped_empty_container.py", "severity = Severity.LOW", "severity = 1"),
        (rules / "security" / "print_call.py", "\nclass ", "\nimport nothing_of_that_name\nclass "),
        (copy / "typescript" / "rules" / "types" / "loose_equality.py", "\nclass ", "\n1 / 0\nclass "),
    ):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (copy / "python" / "rules" / "api" / "__init__.py").write_text("raise RuntimeError('two\\nlines')\n")


_PROBLEMS = {
    "python.rules.api.missing_rate_limit: RuntimeError: two lines",
    "python.rules.api.missing_request_id: RuntimeError: two lines",
    "python.rules.security.print_call: ModuleNotFoundError: No module named 'nothing_of_that_name'",
    "python.rules.security.silent_exception: SyntaxError: invalid syntax (silent_exception.py, line ",
    "python.rules.types.untyped_empty_container: TypeError: UntypedEmptyContainer.severity must be a member"
    " of Severity",
    "typescript.rules.types.loose_equality: ZeroDivisionError: division by zero",
}


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
@pytest.mark.parametrize("select", ["--select=PREP", "--select=PREP,E9", "--ignore=E3,E7,PREP1,PREP3"])
def test_rules_that_cannot_be_imported(
    tmp_path: Path, copy: Path, flake8: Flake8, jobs: str, select: str
) -> None:
    _break_rules(copy)
    for name in ("a.py", "b.py", "c.ts", "d.ts"):
        (tmp_path / name).write_text(_PYTHON if name.endswith("py") else _TYPESCRIPT)
    run = flake8("--isolated", "--exclude=flake8_prep", "--prep-enable=PREP106,PREP8", jobs, select, ".")
    assert (run.status, run.errors) == (1, "")
    lines = run.output.splitlines()
    problems = [line for line in lines if "PREP000" in line]
    beginning = "./a.py:1:1: PREP000 rules not loaded: flake8_prep."
    assert all(line.startswith(beginning) for line in problems)
    problems = [line.removeprefix(beginning) for line in problems]
    # A rule for Python that is not selected is not imported.
    expected = {each for each in _PROBLEMS if "ignore" not in select or "python.rules.security" not in each}
    assert len(problems) == len(expected)
    assert all(any(line.startswith(each) for line in problems) for each in expected)
    ours = [("a.py:11:5", "PREP401"), ("b.py:11:5", "PREP401")]
    ours += [(f"{name}.ts:{place}", code) for name in "cd" for place, code in _IN_TYPESCRIPT]
    if "ignore" not in select:
        ours += [("a.py:3:7", "PREP107"), ("b.py:3:7", "PREP107")]
    found = [line for line in run.lines if "PREP000" not in line]
    assert sorted(found) == sorted(f"./{place}: {code}" for place, code in ours)


@pytest.fixture
def section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is the only one in which rules are looked for."""
    loaded = set(sys.modules)
    for package in (python_rules, typescript_rules):
        monkeypatch.setattr(package, "__path__", [str(tmp_path)])
    catalog.python_catalog.cache_clear()
    catalog.typescript_catalog.cache_clear()
    yield tmp_path
    catalog.python_catalog.cache_clear()
    catalog.typescript_catalog.cache_clear()
    for name in set(sys.modules) - loaded:
        del sys.modules[name]


def test_nothing_is_left_where_all_is_broken(
    section: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    (section / "package").mkdir()
    (section / "package" / "__init__.py").write_text("import nothing_of_that_name\n")
    (section / "module.py").write_text("x = (\n")
    names = ("module: SyntaxError: '(' was never closed", "package: ModuleNotFoundError: No module named ")
    for find in (catalog.python_catalog, catalog.typescript_catalog):
        rules, problems = find()
        assert rules == ()
        assert len(problems) == len(names)
        assert all(each.code == "PREP000" for each in problems)
        assert all(f".rules.{name}" in each.message for each, name in zip(problems, names, strict=True))
    assert main(["rules"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith("flake8-prep: rules not loaded: flake8_prep.") for line in lines] == [True] * 4
    assert len(session.check_typescript([], "a.ts")) == len(names)


def test_what_is_broken_is_said_once(section: Path, flake8_here: Flake8) -> None:
    (section / "module.py").write_text("x = (\n")
    for name in ("a.ts", "b.ts"):
        (section / name).write_text("let a = 1;\n")
    run = flake8_here("--isolated", "--select=PREP", "a.ts", "b.ts")
    assert (run.status, run.errors) == (1, "")
    assert len(run.lines) == 1
    beginning = "a.ts:1:1: PREP000 rules not loaded: flake8_prep.typescript.rules.module"
    assert run.output.startswith(beginning), run.output


@pytest.mark.parametrize("kind", [SyntaxError, ImportError, RecursionError, MemoryError])
def test_error_outside_of_the_rules(
    monkeypatch: pytest.MonkeyPatch, session: Session, kind: type[Exception]
) -> None:
    """flake8 would end its run with it, or put a SyntaxError on the file that it checks."""

    def fail(*_: object) -> None:
        raise kind("a reason")

    monkeypatch.setattr(context, "PythonFile", fail)
    monkeypatch.setattr(source, "Source", fail)
    message = f"not checked: flake8-prep itself failed, which is a bug: {kind.__name__}: a reason"
    expected = [Finding(1, 0, "PREP000", message)]
    assert session.check_python(ast.parse("x = 1"), ["x = 1"], "a.py") == expected
    assert session.check_typescript(["let a: any;"], "a.ts") == expected
