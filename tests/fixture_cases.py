"""Reads what the fixtures expect, from the comments on their lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FIXTURES = Path(__file__).parent / "fixtures"

# "# PREP107: 8" or "// PREP157: 8, 'API_KEY'"; "@-1" says that it is about the line before the comment's.
_EXPECTATION = re.compile(
    r"""(?:\#|//|/\*)[ ](PREP\d{3})(?:@(-?\d+))?:[ ](\d+)((?:,[ ]*(?:"[^"\n]*"|'[^'\n]*'))*)""", re.VERBOSE
)


class Expectation(NamedTuple):
    """A finding that a fixture asks for: line from 1, column from 0, and texts that its message holds."""

    line: int
    column: int
    code: str
    texts: tuple[str, ...]


def fixture_paths() -> list[Path]:
    """Return all fixture files; the name of each begins with the code of its rule."""
    return sorted(path for path in FIXTURES.glob("*/PREP*") if path.is_file())


def code_of(path: Path) -> str:
    """Return the code of the rule that a fixture is about."""
    return path.name[:7]


def expectations(source: str) -> Iterator[Expectation]:
    """Yield what the comments in `source` expect."""
    for number, line in enumerate(source.split("\n"), start=1):
        for code, offset, column, texts in _EXPECTATION.findall(line):
            values = ast.literal_eval(f"({texts.lstrip(',')},)") if texts else ()
            yield Expectation(number + int(offset or 0), int(column), code, values)
