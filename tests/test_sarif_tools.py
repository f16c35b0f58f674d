"""Another program that reads our reports in SARIF; run by ``tox -e compat``, which installs it."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_prep.report.sarif_reader import read_sarif
from tests.conftest import Flake8

pytestmark = pytest.mark.compat

EXAMPLES = Path(__file__).parent.parent / "examples"


def sarif(*arguments: str) -> str:
    """Run the command of sarif-tools, and return what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "sarif", *arguments], capture_output=True, check=True, encoding="utf-8"
    ).stdout


@pytest.fixture(autouse=True)
def report(flake8_here: Flake8) -> str:
    """The report on the examples."""
    flake8_here("--isolated", "--format=prep-sarif", "--output-file=report.sarif", str(EXAMPLES))
    return "report.sarif"


def test_every_finding_is_read(report: str) -> None:
    sarif("csv", "--output", "report.csv", report)
    with open("report.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Tool"] for row in rows} == {"flake8-prep"}
    # It leaves the code out of the messages.
    read = sorted((row["Code"], int(row["Line"]), row["Location"].rpartition("/")[2]) for row in rows)
    violations = read_sarif(report).violations
    assert read == sorted((each.code, each.line, each.path.rpartition("/")[2]) for each in violations)
    assert {row["Severity"] for row in rows if row["Code"] == "PREP101"} == {"error"}
    assert {row["Severity"] for row in rows if row["Code"] == "PREP001"} == {"note"}


def test_comparison(report: str, flake8_here: Flake8) -> None:
    ignored = ["--ignore=PREP101", "--output-file=fewer.sarif"]
    flake8_here("--isolated", "--format=prep-sarif", *ignored, str(EXAMPLES))
    assert "all levels: +0 +0\n" in sarif("diff", report, report)
    assert "error level: +0 -1\n" in sarif("diff", report, "fewer.sarif")
