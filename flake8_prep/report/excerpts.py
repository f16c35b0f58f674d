"""Reads the lines around a place in a source file."""

from __future__ import annotations

import functools
import os
import tokenize
from collections.abc import Sequence

from flake8_prep.report.violation import NO_EXCERPT, Excerpt

# Enough to see what a line belongs to, in a page that holds thousands of them.
_NEIGHBOURS = 2

# Characters of a line that are kept: nobody reads a minified file.
_LONGEST = 240


def excerpt_from(lines: Sequence[str], line: int) -> Excerpt:
    """Return what stands around the `line`, from 1, in the `lines` of a file; of line 0, nothing does."""
    first = max(1, line - _NEIGHBOURS)
    around = lines[first - 1 : line + _NEIGHBOURS] if line else ()
    return Excerpt(first, tuple(map(clipped, around))) if around else NO_EXCERPT


def clipped(line: str) -> str:
    """Return a `line` without its end, and cut, if it is very long."""
    line = line.rstrip("\r\n")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


# Violations come file by file.
@functools.lru_cache(maxsize=1)
def lines_of(path: str) -> tuple[str, ...]:
    """Return the lines of the file at `path`, read as flake8 reads it; none, if it cannot be read."""
    if not os.path.isfile(path):  # to read a named pipe may never end
        return ()
    try:
        with tokenize.open(path) as file:
            return tuple(file)
    except (SyntaxError, UnicodeError):
        with open(path, encoding="latin-1") as file:
            return tuple(file)
    except OSError:
        return ()
