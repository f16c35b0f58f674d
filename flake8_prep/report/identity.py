"""What a finding is known by from one run to the next, wherever its lines have moved in the meantime."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence

# Lines up to this length, in characters, are kept as they are: longer than most style guides let lines be.
_LONGEST = 120

# What is kept of longer ones, for people to recognise.
_SHOWN = 80


def text_of_line(lines: Sequence[str], number: int) -> str:
    """Return what the line with this `number`, from 1, is known by; nothing, where there is no such line.

    It is the line's text without indentation. Of a long one only the beginning is kept, with a hash of the
    whole: a minified file has lines of megabytes, which would be written once for each finding on them.
    """
    return _text(lines[number - 1]) if 0 < number <= len(lines) else ""


# Many findings may be on one long line.
@functools.lru_cache(maxsize=1)
def _text(line: str) -> str:
    text = line.strip()
    if len(text) <= _LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[:_SHOWN]}… sha256:{digest}"
