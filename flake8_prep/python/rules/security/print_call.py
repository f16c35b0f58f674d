"""Output that goes past the logger."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program
from flake8_prep.python.context import PythonFile
from flake8_prep.python.entry import runs_as_program
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

# Commands of click and typer are told by their decorators.
_COMMAND_LINES = ("argparse", "docopt", "fire", "optparse")


class PrintCall(PythonRule):
    """Logging with `print`.

    Why is this bad:
        What is printed has no level that can be turned off, no time, no request id, and no structure that can
        be searched. It goes to the standard output, which a server may buffer, mix with its data, or throw
        away. A logger does all that in one place.

    Example:
        def charge(booking):
            print("charging", booking.id)

    Use instead:
        import logging

        logger = logging.getLogger(__name__)


        def charge(booking):
            logger.info("charging %s", booking.id)

    Known limits:
        Silent where printing is what the program is for: below `if __name__ == "__main__"` and in the
        functions that are called there, in commands of click and typer, in `__main__.py`, `cli.py`,
        `scripts/` and `bin/`, in files that begin with `#!`, that import argparse, or whose names cannot be
        imported (`check-names.py`), and in tests. Silent with `file=` too. It is off by default, as many
        programs print on purpose.
    """

    code = "PREP106"
    name = "print-call"
    severity = Severity.LOW
    finding = "1.6"
    message = "print goes past the logger: without a level, time or request id"
    off_by_default = True
    callees = frozenset({"print"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        if file.is_test or file.qualified_name(node.func) != "builtins.print":
            return
        if any(keyword.arg in {"file", None} for keyword in node.keywords):
            return
        if _is_command(file):
            return
        if not runs_as_program(node, file):
            yield self.at(node)


def _is_command(file: PythonFile) -> bool:
    """Say whether the file is for whoever runs it: by its path, its first line, its name or its imports."""
    stem = PurePosixPath(file.path).stem
    return (
        is_program(file.path)
        or file.text.startswith("#!")
        or not stem.isidentifier()
        or file.imports(*_COMMAND_LINES)
    )
