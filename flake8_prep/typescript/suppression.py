"""Comments in TypeScript that make flake8 ignore findings, in the form that they have in Python."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_prep.file_comments import mentions_flake8
from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern

_FILE = lazy_pattern(r"\s*(?://|/\*)\s*flake8[:=]\s*noqa", re.IGNORECASE)
_LINE = lazy_pattern(
    r"(?://|/\*)\s*noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE
)


def suppresses_all(lines: Sequence[str]) -> bool:
    """Say whether one of `lines`, those of a file, is a comment that suppresses all that is found in it."""
    return mentions_flake8(lines) and any(_FILE.match(line) for line in lines)


def is_suppressed(finding: Finding, lines: Sequence[str]) -> bool:
    """Say whether a comment on its line suppresses `finding`; flake8 itself sees ``# noqa``."""
    match = _LINE.search(lines[finding.line - 1]) if finding.line <= len(lines) else None
    if match is None:
        return False
    codes = match["codes"]
    return codes is None or finding.code.startswith(tuple(re.split(r"[,\s]+", codes.upper())))
