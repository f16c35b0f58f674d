"""What several test modules use."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from flake8.main.cli import main
from hypothesis import settings

settings.register_profile("fuzz", max_examples=3_000, deadline=None)


class Run(NamedTuple):
    """How a run of flake8 ended."""

    status: int
    output: str
    errors: str

    @property
    def lines(self) -> list[str]:
        """The lines of the output, with the messages cut off behind the code."""
        return [" ".join(line.split()[:2]) for line in self.output.splitlines()]


Flake8 = Callable[..., Run]


@pytest.fixture
def flake8(tmp_path: Path) -> Flake8:
    """Return a function that runs flake8 in a process of its own, in the test's folder."""

    def run(*arguments: str, stdin: str | bytes = "", launcher: str | None = None) -> Run:
        start = ["-m", "flake8"] if launcher is None else ["-c", launcher]
        process = subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=tmp_path,
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            check=False,
            # What hangs shall end; what is slow on a busy machine shall not.
            timeout=900,
        )
        return Run(process.returncode, process.stdout.decode(), process.stderr.decode())

    return run


@pytest.fixture
def flake8_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flake8:
    """Return a function that runs flake8 in this process, in the test's folder; it takes half the time."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Run:
        # flake8 writes to the buffer of stdout.
        output, errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = main(["-j1", *arguments])
        output.seek(0)
        return Run(status, output.read(), errors.getvalue())

    return run
