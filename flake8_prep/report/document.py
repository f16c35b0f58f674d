"""Writes documents, such as reports, to files."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def encoded(document: str) -> bytes:
    """Return `document` in UTF-8; halves of characters, as in paths that are not text, become escapes."""
    return document.encode("utf-8", "backslashreplace")


def drop_stdout() -> None:
    """Let what is still written to standard output go nowhere.

    The interpreter flushes it once more at its exit, and would say for itself that this is not possible.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_document(path: Path, document: str) -> None:
    """Write `document` to the file at `path`, which is replaced as a whole, or not at all.

    Raises:
        OSError: it cannot be written.
    """
    data = encoded(document)
    # A pipe or /dev/stdout cannot be replaced, only written to.
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
