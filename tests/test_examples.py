r"""The examples have every problem that there is a rule for, and what flake8 says of them stays as it is.

After a change of a rule or an example, write the expected output anew in the root of the repository::

    python -m flake8 --isolated --select PREP --prep-enable PREP1,PREP7,PREP8,PREP9 examples \
        > tests/expected_examples.txt
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_prep.catalog import all_rules

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
OFF = {rule.code for rule in all_rules() if rule.off_by_default}
EXPECTED = Path(__file__).with_name("expected_examples.txt")


def flake8(*options: str) -> str:
    """Run flake8 on the examples, in the root of the repository, and return what it prints."""
    run = subprocess.run(
        [sys.executable, "-m", "flake8", *options, EXAMPLES.name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert run.returncode == 1
    assert not run.stderr
    return run.stdout


def test_output_is_as_expected() -> None:
    enabled = ",".join(sorted(OFF))
    assert flake8("--isolated", "--select", "PREP", "--prep-enable", enabled) == EXPECTED.read_text("utf-8")


def test_output_of_the_command_in_the_readme() -> None:
    expected = [line for line in EXPECTED.read_text("utf-8").splitlines() if line.split()[1] not in OFF]
    assert flake8("--select", "PREP").splitlines() == expected


def test_every_rule_is_reported() -> None:
    reported = {line.split()[1] for line in EXPECTED.read_text(encoding="utf-8").splitlines()}
    assert {rule.code for rule in all_rules()} == reported


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: path.stem)
def test_python_is_valid(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), str(path))
