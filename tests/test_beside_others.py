"""The plugin beside others in one process of flake8; run by ``tox -e compat``, which installs them."""

from __future__ import annotations

import shutil
import warnings
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import Flake8, Run
from tests.fixture_cases import FIXTURES
from tests.test_flake8 import LAUNCHER

pytestmark = pytest.mark.compat

OTHERS = (
    "flake8-annotations",
    "flake8-async",
    "flake8-bandit",
    "flake8-bugbear",
    "flake8-docstrings",
    "flake8-noqa",
    "flake8-pyi",
    "flake8-simplify",
    "pep8-naming",
    "wemake-python-styleguide",
)
# flake8 as it is where this plugin is not installed.
WITHOUT_US = LAUNCHER.format(
    preparation="from importlib import metadata\n"
    "found = metadata.distributions\n"
    "metadata.distributions = lambda: [each for each in found() if each.name != 'flake8-prep']\n"
)
FINDING = "import os\n\nKEY = os.getenv('API_KEY', '')"
TYPESCRIPT = "let value: any;\n"


def test_others_are_installed() -> None:
    assert [name for name in OTHERS if not list(metadata.distributions(name=name))] == []


def _compiles(path: Path) -> bool:
    """Say whether Python itself takes the file: where it does not, pydocstyle ends the run of flake8."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(path.read_bytes(), path, "exec")
        except SyntaxError:
            return False
    return True


def _codes(run: Run) -> set[str]:
    return {line.split()[1] for line in run.output.splitlines() if line.startswith("./")}


def _of_others(run: Run) -> list[str]:
    # Without the messages: in some of those of flake8-async the order of a set decides.
    return [line for line in run.lines if " PREP" not in line]


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_findings_on_python(tmp_path: Path, flake8: Flake8, jobs: str) -> None:
    for path in FIXTURES.glob("python/*.py"):
        if _compiles(path):
            shutil.copy(path, tmp_path)
    (tmp_path / "stub.pyi").write_text("import os\n\ndef f(x: int = 0) -> None: ...\n\nx = lambda: 1\n")
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "unused.py").write_text("X = 1  # noqa: E501\n")
    arguments = ("--isolated", "--select=A,B,C,D,E,F,I,N,P,R,S,W,Y", "--format=default", jobs, ".")
    with_us, without_us = flake8(*arguments), flake8(*arguments, launcher=WITHOUT_US)
    assert with_us.errors == without_us.errors == ""
    assert _of_others(with_us) == _of_others(without_us)
    assert not any(code.startswith("PREP") for code in _codes(without_us))
    codes = _codes(with_us)
    for prefix in ("ANN", "ASYNC", "B0", "D1", "E", "F", "N8", "NQA", "PREP", "S1", "SIM", "WPS", "Y0"):
        assert any(code.startswith(prefix) for code in codes), prefix


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_findings_on_typescript(tmp_path: Path, flake8: Flake8, jobs: str) -> None:
    for path in FIXTURES.glob("typescript/*"):
        shutil.copy(path, tmp_path)
    (tmp_path / "broken.ts").write_text(
        "let a: any; // noqa: XYZ1 noqa:PREP251 # noqa : E1\nconst b = {{{ ' `\n"
    )
    run = flake8("--isolated", "--extend-select=A,D,N,P,S,W,Y", "--format=default", jobs, ".")
    assert run.errors == ""
    assert {code[:4] for code in _codes(run)} == {"PREP"}
    only_ours = flake8("--isolated", "--select=PREP", "--format=default", jobs, ".")
    assert only_ours.output == run.output


def test_noqa_of_ours(tmp_path: Path, flake8: Flake8) -> None:
    (tmp_path / "used.py").write_text(f"{FINDING}  # noqa: PREP107\n")
    (tmp_path / "unused.py").write_text("X = 1  # noqa: PREP107\n")
    (tmp_path / "a.ts").write_text(
        "let value: any; // noqa: PREP251\nlet b; // noqa: PREP251\nlet c; // noqa\n"
    )
    (tmp_path / "b.ts").write_text("let value: any; # noqa: PREP251\n")
    for select in ("--select=NQA,PREP", "--select=PREP,NQA102"):
        assert flake8("--isolated", "--format=default", select, ".").lines == ["./unused.py:1:8: NQA102"]


@pytest.mark.parametrize(
    "line", ["ignore = PREP107,E1", "extend-ignore = PREP107", "per-file-ignores = *.py: PREP107"]
)
def test_config_files(tmp_path: Path, flake8: Flake8, line: str) -> None:
    (tmp_path / "a.py").write_text(f"{FINDING}\n")
    (tmp_path / "a.ts").write_text(TYPESCRIPT)
    (tmp_path / "setup.cfg").write_text(f"[flake8]\nselect = PREP,NQA\nformat = default\n{line}\n")
    run = flake8(".")
    assert (run.lines, run.errors) == (["./a.ts:1:12: PREP251"], "")


def test_help(flake8: Flake8) -> None:
    run = flake8("--help")
    assert (run.status, run.errors) == (0, "")
    assert "--prep-enable" in run.output
