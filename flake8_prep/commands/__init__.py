"""The commands of ``flake8-prep``: a module for each, whose function ``add_to`` adds it to the parser.

The parser of a command has the default ``run``: a function that takes the parsed arguments and returns
the exit status. It raises a :class:`flake8_prep.refusal.Refusal` where it has no result.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TypeAlias

from flake8_prep.refusal import Refusal
from flake8_prep.report.document import encoded, write_document

# What add_subparsers() returns; the class can be subscripted by type checkers only.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def deliver(document: str, path: str | None) -> None:
    """Write `document` to the file at `path`, or to standard output if that is None.

    Raises:
        Refusal: the file cannot be written.
    """
    if path is None:
        sys.stdout.buffer.write(encoded(document))
        return
    try:
        write_document(Path(path), document)
    except OSError as error:
        raise Refusal(f"{path} cannot be written ({error.strerror}); -o names another file") from error
