"""The command lines with which editors run flake8, and the patterns by which they read what it prints."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Flake8
from tests.pages import DOCS, blocks

PYTHON = "import os\n\nKEY = os.getenv('API_KEY', '')\n"
TYPESCRIPT = "let value: any;\n"

each_file = pytest.mark.parametrize(
    ("name", "text", "place"),
    [("src/key.py", PYTHON, ("3", "7", "PREP107")), ("src/a.ts", TYPESCRIPT, ("1", "12", "PREP251"))],
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """Write what is saved; `src/legacy.py` has a setting of its own."""
    source = tmp_path / "src"
    source.mkdir()
    (source / "key.py").write_text(PYTHON)
    (source / "a.ts").write_text(TYPESCRIPT)
    (tmp_path / "setup.cfg").write_text("[flake8]\nper-file-ignores =\n    src/legacy.*: PREP\n")
    return tmp_path


def settings_with(key: str) -> dict[str, Any]:
    """Return the settings in docs/editors.md that have `key`."""
    (found,) = (
        settings
        for block in blocks("json")
        if block.page == "docs/editors.md" and key in (settings := json.loads(block.text))
    )
    return dict(found)


def places(pattern: dict[str, Any], output: str) -> set[tuple[str, ...]]:
    """Return the file, the line, the column and the code of each line that a problem matcher sees."""
    matches = (re.search(pattern["regexp"], line) for line in output.splitlines())
    keys = ("file", "line", "column", "code")
    return {tuple(match[pattern[key]] for key in keys) for match in matches if match is not None}


@each_file
def test_vs_code(folder: Path, flake8: Flake8, name: str, text: str, place: tuple[str, str, str]) -> None:
    settings = settings_with("flake8.importStrategy")
    (folder / name).write_text(f"{text}print(1)\n" if name.endswith(".py") else text)
    run = flake8(
        "--format='%(row)d,%(col)d,%(code).1s,%(code)s:%(text)s'",
        *settings["flake8.args"],
        str(folder / name),
    )
    assert run.errors == ""
    pattern = re.compile(
        r"(?P<line>\d+),(?P<column>-?\d+),(?P<type>\w+),(?P<code>\w+\d+):(?P<message>[^\r\n]*)"
    )
    lines = run.output.splitlines()
    assert all(line.startswith("'") and line.endswith("'") for line in lines)
    found = [match for line in lines if (match := pattern.match(line[1:-1]))]
    assert (found[0]["line"], found[0]["column"], found[0]["code"]) == place
    assert [match["code"] for match in found[1:]] == (["PREP106"] if name.endswith(".py") else [])
    # The longest key that the code begins with, then its first letter.
    codes = [found[0]["code"][:length] for length in range(7, 0, -1)]
    severity = next(
        settings["flake8.severity"][code] for code in codes if code in settings["flake8.severity"]
    )
    assert severity == ("Error" if name.endswith(".py") else "Warning")


def test_task_of_vs_code(flake8: Flake8) -> None:
    (task,) = settings_with("tasks")["tasks"]
    python, module, *arguments = task["args"]
    assert (python, module) == ("-m", "flake8")
    pattern = task["problemMatcher"]["pattern"]
    assert places(pattern, flake8(*arguments).output) == {
        ("./src/a.ts", "1", "12", "PREP251"),
        ("./src/key.py", "3", "7", "PREP107"),
    }


@each_file
def test_ale(flake8: Flake8, folder: Path, name: str, text: str, place: tuple[str, str, str]) -> None:
    options = ["--format=default"] if name.endswith(".py") else ["--select=PREP", "--format=default"]
    run = flake8(*options, "--stdin-display-name", str(folder / name), "-", stdin=text)
    match = re.match(r"^[a-zA-Z]?:?[^:]+:(\d+):?(\d+)?: ([a-zA-Z0-9]+) (.*)$", run.output)
    assert match is not None
    assert match.groups()[:3] == place


@each_file
def test_flycheck(flake8: Flake8, name: str, text: str, place: tuple[str, str, str]) -> None:
    run = flake8(
        "--format=default", "--append-config", "setup.cfg", f"--stdin-display-name={name}", "-", stdin=text
    )
    match = re.match(rf"^{name}:(\d+):(?:(\d+):)? ([a-zA-Z]+[0-9]+) .+$", run.output, re.MULTILINE)
    assert match is not None
    assert match.groups() == place


@each_file
def test_pycharm(flake8: Flake8, folder: Path, name: str, text: str, place: tuple[str, str, str]) -> None:
    run = flake8("--select=PREP", str(folder / name))
    match = re.match(rf"^{re.escape(str(folder / name))}:(\d+):(\d+): (\w+) .*$", run.output)
    assert match is not None
    assert match.groups() == place


@pytest.mark.parametrize(("name", "text"), [("src/legacy.py", PYTHON), ("src/legacy.ts", TYPESCRIPT)])
def test_settings_for_a_file_that_is_not_saved(flake8: Flake8, folder: Path, name: str, text: str) -> None:
    for path in (name, str(folder / name)):
        assert flake8("--select=PREP", "--stdin-display-name", path, "-", stdin=text).output == ""


@pytest.mark.parametrize("arguments", [(), (".",), ("--select=PREP", "src/key.py", "src/a.ts")])
def test_problem_matcher_of_github(flake8: Flake8, arguments: tuple[str, ...]) -> None:
    (matcher,) = json.loads((DOCS / "flake8-problem-matcher.json").read_text())["problemMatcher"]
    (pattern,) = matcher["pattern"]
    assert places(pattern, flake8(*arguments).output) == {
        ("src/a.ts", "1", "12", "PREP251"),
        ("src/key.py", "3", "7", "PREP107"),
    }
