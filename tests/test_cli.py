"""The command ``flake8-prep``."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import runpy
import subprocess
import sys

import pytest

from flake8_prep import __version__, catalog
from flake8_prep.cli import main
from flake8_prep.commands import report
from tests.samples import SAMPLES

RULE = """\
PREP191 sample-pattern

What the sample | finds

Language  python
Severity  critical
Default   off (prep-enable = PREP191 turns it on)
Finding   1.1, 3.2

Why is this bad:

    The first paragraph of the prose goes on for longer than eighty columns, so
    it has to be wrapped.

    - an item whose text is continued on a second line, see the option
      `prep-secret-names`
    - another item

Example:

    if sample:
        reported()

Use instead:

    accepted()

Known limits:

    None that matter.

To ignore it on a line:

    # noqa: PREP191
"""


@pytest.fixture(autouse=True)
def sample_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "all_rules", lambda: SAMPLES)


@pytest.mark.parametrize("code", ["PREP191", "prep191", "Prep191"])
def test_explain_code_in_any_case(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code]) == 0
    assert capsys.readouterr().out == RULE


def test_explain_name_that_two_rules_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Sample-Pattern"]) == 0
    output = capsys.readouterr().out
    assert output.startswith(RULE)
    assert "\nPREP291 sample-pattern\n" in output
    assert "// noqa: PREP291" in output
    assert max(map(len, output.splitlines())) <= 80


class Terminal(io.StringIO):
    """What passes for a terminal."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """Return what the command prints in a terminal of 60 columns that knows colours."""
    terminal = Terminal()
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    with monkeypatch.context() as patch:
        patch.setenv("TERM", "xterm-256color")
        patch.setenv("COLUMNS", "60")
        patch.setattr(sys, "stdout", terminal)
        assert main(arguments) == 0
    return terminal.getvalue()


def test_explain_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    output = shown(monkeypatch, "explain", "sample-pattern")
    for text in ("\x1b[1mPREP191 sample-pattern\x1b[0m", "\x1b[1;31mcritical", "\x1b[36mlow"):
        assert text in output
    lines = re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines()
    words = " ".join(" ".join(lines).split())
    for text in ("What the sample | finds", "text is continued on a second line", "if sample: reported()"):
        assert text in words
    assert max(map(len, lines)) == 60
    assert "─" * 60 in lines


def test_explain_what_is_no_rule_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1mnot checked: ...\x1b[0m" in shown(monkeypatch, "explain", "PREP000")


def test_explain_in_a_terminal_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in shown(monkeypatch, "explain", "PREP191")


def test_explain_in_a_terminal_without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert shown(monkeypatch, "explain", "PREP191") == RULE


def test_explain_what_is_no_rule_but_reserved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "prep000"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("PREP000\n\nA file, or one rule on a file, that could not be checked\n\n")
    assert "- `not checked: ...`: " in output
    assert max(map(len, output.splitlines())) <= 80


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("PREP192", "did you mean PREP191, PREP291"),
        ("prep19", "did you mean PREP191"),
        ("sample-patern", "did you mean sample-pattern?"),
        ("quux", "'flake8-prep rules' lists them all"),
        ("", "'flake8-prep rules' lists them all"),
    ],
)
def test_explain_unknown(wanted: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", wanted]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith(f"flake8-prep: no rule has the code or name {wanted!r}; {hint}")
    assert errors.count("\n") == 1


def test_rules_as_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == (
        """\
code     name            language    severity  default  finding   summary
PREP191  sample-pattern  python      critical  off      1.1, 3.2  What the sample | finds
PREP291  sample-pattern  typescript  low       on       2.1       What the sample finds in TypeScript
"""
    )


def test_rules_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert rules[0] == {
        "code": "PREP191",
        "name": "sample-pattern",
        "language": "python",
        "severity": "critical",
        "default": "off",
        "finding": "1.1, 3.2",
        "summary": "What the sample | finds",
    }
    assert [rule["code"] for rule in rules] == ["PREP191", "PREP291"]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"flake8-prep {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["explain"],
        ["explain", "PREP101", "PREP102"],
        ["explain", "PREP101", "--", "PREP102"],
        ["rules", "--format", "xml"],
        ["rules", "--", "PREP101"],
        ["report", "a.sarif", "--colour", "html", "b.sarif"],
        ["nothing"],
    ],
)
def test_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("usage: flake8-prep ")


def test_missing_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["follow-up"])
    assert capsys.readouterr().err.endswith("error: the following arguments are required: REPORT\n")


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["a.sarif", "--format", "html", "b.sarif"], ["a.sarif", "b.sarif"]),
        (["--format=html", "a.sarif", "-o", "c.html", "b.sarif"], ["a.sarif", "b.sarif"]),
        (["a.sarif", "--", "-b.sarif"], ["a.sarif", "-b.sarif"]),
        (["a.sarif", "--format=html", "--", "-b.sarif", "--"], ["a.sarif", "-b.sarif", "--"]),
        (["--format=html", "--", "-b.sarif"], ["-b.sarif"]),
    ],
)
def test_options_among_paths(
    arguments: list[str],
    paths: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(parsed: argparse.Namespace) -> int:
        print(parsed.paths)
        return 0

    monkeypatch.setattr(report, "_run", run)
    assert main(["report", *arguments]) == 0
    assert capsys.readouterr().out == f"{paths}\n"


def test_module_runs_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["flake8_prep", "explain", "PREP191"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("flake8_prep", run_name="__main__")
    assert stop.value.code == 0
    assert capsys.readouterr().out == RULE


def test_reader_that_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        assert main(["rules"]) == 1
        stdout.write("what is still written goes nowhere")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["rules"], ["explain", "PREP191"]])
def test_full_disk(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        assert main(arguments) == 2
        stdout.write("what is still written goes nowhere")
    assert capsys.readouterr().err == "flake8-prep: the output: No space left on device\n"


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "PREP191"]])
def test_closed_output(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(arguments) == 2
    assert capsys.readouterr().err == "flake8-prep: the output: it is closed\n"


def test_reader_that_has_gone_leaves_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        process = subprocess.run(
            [sys.executable, "-m", "flake8_prep", "rules"], stdout=writer, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writer)
    assert (process.returncode, process.stderr) == (1, b"")
