"""The files of TypeScript that the comparisons with other tools look at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

SUFFIXES = {".ts", ".tsx", ".mts", ".cts"}


def typescript_files(roots: Iterable[Path]) -> list[Path]:
    """Return the files in `roots` and below, declarations too, each root's in order."""
    return [
        path
        for root in roots
        for path in ([root] if root.is_file() else sorted(root.rglob("*")))
        if path.suffix in SUFFIXES and path.is_file()
    ]


def read(path: Path) -> str:
    """Return the text of a file with newlines as line ends and no byte order mark."""
    text = path.read_bytes().decode("utf-8", errors="replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")
