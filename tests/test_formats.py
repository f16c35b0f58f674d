"""Formats that other packages write, with our codes and TypeScript; run by ``tox -e compat``."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import Flake8
from tests.pages import flake8_commands, is_ours

pytestmark = pytest.mark.compat

PLACES = {("a.ts", 1, "PREP251"), ("key.py", 3, "PREP107")}


@pytest.fixture(autouse=True)
def tree(tmp_path: Path) -> None:
    """Write a file in each language, with one finding each."""
    (tmp_path / "key.py").write_text("import os\n\nKEY = os.getenv('API_KEY', '')\n")
    (tmp_path / "a.ts").write_text("let value: any;\n")


def output(flake8: Flake8, name: str) -> str:
    """Return what flake8 writes in the format with this name."""
    run = flake8("--isolated", "--select=PREP", f"--format={name}", ".")
    assert (run.status, run.errors) == (1, "")
    return run.output


def test_github(flake8: Flake8) -> None:
    lines = output(flake8, "github").splitlines()
    assert [line.partition("::")[2].partition("::")[0] for line in lines] == [
        "error file=a.ts,line=1,col=12,title=PREP251",
        "error file=key.py,line=3,col=7,title=PREP107",
    ]


def test_gitlab(flake8: Flake8) -> None:
    found: list[dict[str, Any]] = json.loads(output(flake8, "gl-codeclimate"))
    places = {
        (
            each["location"]["path"],
            each["location"]["lines"]["begin"],
            each["description"].rpartition("[")[2].rstrip("]"),
        )
        for each in found
    }
    assert places == PLACES
    assert len({each["fingerprint"] for each in found}) == 2


@pytest.mark.parametrize("name", ["json", "json-pretty"])
def test_json(flake8: Flake8, name: str) -> None:
    files: dict[str, list[dict[str, Any]]] = json.loads(output(flake8, name))
    assert {
        (path.removeprefix("./"), each["line_number"], each["code"])
        for path, found in files.items()
        for each in found
    } == PLACES


def test_checkstyle(flake8: Flake8) -> None:
    root = ElementTree.fromstring(output(flake8, "checkstyle"))
    assert {
        (
            file.get("name", "").removeprefix("./"),
            int(each.get("line", "")),
            each.get("message", "").split()[0],
        )
        for file in root.iter("file")
        for each in file.iter("error")
    } == PLACES


def test_junit(flake8: Flake8) -> None:
    root = ElementTree.fromstring(output(flake8, "junit-xml"))
    assert {
        (
            case.get("file", "").removeprefix("./"),
            int(case.get("line", "")),
            case.get("name", "").partition(",")[0],
        )
        for case in root.iter("testcase")
    } == PLACES
    assert len(list(root.iter("failure"))) == 2


@pytest.mark.parametrize("arguments", [each for each in flake8_commands() if not is_ours(each)])
def test_commands_in_settings(arguments: str, tmp_path: Path, flake8: Flake8) -> None:
    run = flake8(*shlex.split(arguments))
    assert (run.status, run.errors) == (0, "")
    assert len(json.loads((tmp_path / "gl-code-quality.json").read_text())) == 2
