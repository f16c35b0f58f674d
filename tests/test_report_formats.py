"""What flake8 loads for ``--format``."""

from __future__ import annotations

import argparse
import configparser
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from flake8.formatting.base import BaseFormatter

ROOT = Path(__file__).resolve().parent.parent
GROUP = "flake8.report"


def _entry_points() -> list[EntryPoint]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options.entry_points"][GROUP].strip().splitlines()
    pairs = [line.replace(" ", "").split("=") for line in lines]
    return [EntryPoint(name=name, value=value, group=GROUP) for name, value in pairs]


@pytest.mark.parametrize("entry_point", _entry_points(), ids=lambda each: each.name)
def test_each_makes_a_formatter(entry_point: EntryPoint) -> None:
    options = argparse.Namespace(output_file=None, color="never", tee=False, show_source=False)
    formatter = entry_point.load()(options)
    assert isinstance(formatter, BaseFormatter)
    assert formatter.options is options


def test_nothing_is_imported_for_formats_that_nobody_asks_for() -> None:
    """flake8 loads all of them in every run."""
    script = (
        "import sys, flake8_prep.report.formats\n"
        "print(*(name for name in sys.modules if name.startswith('flake8_prep.')))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["flake8_prep.report", "flake8_prep.report.formats"]
