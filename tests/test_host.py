"""The plugin's place inside flake8, in this process."""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flake8 import checker, processor
from flake8.api import legacy
from flake8.main.cli import main
from flake8.options import config

from flake8_prep import host

TYPESCRIPT = "let value: any;\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> list[str]:
    """Run flake8 in this process and return the lines of its output."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(output):
        main(["--isolated", "-j1", *arguments])
    output.seek(0)
    return output.read().splitlines()


def test_runs_do_not_leak_into_each_other(folder: Path) -> None:
    (folder / "a.ts").write_text(TYPESCRIPT)
    (folder / "box.py").write_text("class Box:\n    def __init__(self):\n        pass\n")
    both = run(".")
    assert [line.split()[1] for line in both] == ["PREP251", "PREP401"]
    assert run("--prep-typescript=", ".") == both[1:]
    assert run("--select=PREP2", ".") == both[:1]
    assert run("--select=E9", ".") == []
    assert run("--prep-ignore=PREP4", ".") == both[:1]
    assert run("--prep-min-severity=critical", ".") == []
    assert run(".") == both


def test_wrapped_once() -> None:
    run(".")
    wrapped = checker.FileChecker.run_checks
    run(".")
    assert checker.FileChecker.run_checks is wrapped


def test_trees_are_gone_without_the_collector(folder: Path) -> None:
    # On several lines, and with a finding, so that each part of flake8 that we replace is asked.
    (folder / "box.py").write_text("class Box:\n    def __init__(\n        self\n    ):\n        pass\n")
    run("--select=PREP", ".")
    gc.collect()
    before = trees()
    gc.disable()
    try:
        assert run("--select=PREP", ".")
        assert trees() == before
    finally:
        gc.enable()


def trees() -> int:
    return sum(isinstance(each, ast.Module) for each in gc.get_objects())


@pytest.mark.parametrize("was_on", [True, False])
def test_collector_waits_for_the_end_of_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, was_on: bool
) -> None:
    (folder / "box.py").write_text("")
    states = []
    parse = ast.parse

    def parse_and_note(source: str) -> ast.Module:
        states.append(gc.isenabled())
        return parse(source)

    monkeypatch.setattr(ast, "parse", parse_and_note)
    if not was_on:
        gc.disable()
    try:
        run(".")
        assert states == [False]
        assert gc.isenabled() is was_on
    finally:
        gc.enable()


def test_legacy_interface(folder: Path) -> None:
    (folder / "a.ts").write_text(TYPESCRIPT)
    guide = legacy.get_style_guide(select=["PREP251"])
    assert guide.check_files(["."]).total_errors == 1
    guide = legacy.get_style_guide(select=["PREP4"])
    assert guide.check_files(["."]).total_errors == 0


class TestCodesThatFlake8Accepts:
    """The pattern for codes in config files."""

    def test_widened_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module: Any = config
        monkeypatch.setattr(module, "VALID_CODE_PREFIX", re.compile("^[A-Z]{1,3}[0-9]{0,3}$", re.ASCII))
        host.accept_codes()
        pattern = module.VALID_CODE_PREFIX
        host.accept_codes()
        assert module.VALID_CODE_PREFIX is pattern
        accepted = [code for code in ("PREP", "PREP1", "PREP101", "E501", "PRE", "X") if pattern.match(code)]
        assert accepted == ["PREP", "PREP1", "PREP101", "E501", "PRE", "X"]
        assert not any(
            pattern.match(code) for code in ("ABCD1", "PREP1011", "PREPX", "prep101", "APREP1", "")
        )

    def test_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(config, "VALID_CODE_PREFIX")
        host.accept_codes()
        assert not hasattr(config, "VALID_CODE_PREFIX")


def test_subclass_of_another_plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as that of flake8-pyi: it inherits our part, and its own still runs."""
    seen: list[str] = []

    class OtherChecker(checker.FileChecker):
        def run_checks(self) -> Any:
            seen.append(self.display_name)
            return super().run_checks()

    monkeypatch.setattr(checker, "FileChecker", OtherChecker)
    (folder / "a.ts").write_text(TYPESCRIPT)
    assert [line.split()[1] for line in run(".")] == ["PREP251"]
    assert seen == ["./a.ts"]


def test_source_that_the_parser_refuses_in_another_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as null bytes before Python 3.11.4: flake8 alone would end its run."""

    def refuse(self: object) -> None:
        raise ValueError("source code string cannot contain null bytes")

    monkeypatch.setattr(processor.FileProcessor, "build_ast", refuse)
    (folder / "a.py").write_text("x = 1\n")
    expected = ["./a.py:1:1: PREP000 not checked: SyntaxError: source code string cannot contain null bytes"]
    assert run("--select=PREP", ".") == expected
