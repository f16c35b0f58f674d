"""The `try` statements of TypeScript."""

from __future__ import annotations

import re
from typing import NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

_TRY = lazy_pattern(r"(?<![\w$.])try\s*+(\{)")
_CATCH = lazy_pattern(r"\s*+catch\s*+(?:\([^()]*\)\s*+)?(\{)")
_FINALLY = lazy_pattern(r"\s*+finally\s*+(\{)")

Range = tuple[int, int]


class Try(NamedTuple):
    """A `try` statement.

    Attributes:
        start: offset of the word `try`.
        end: offset behind the statement.
        block: the range of what is tried.
        handler: the range of the block of its `catch`; None where it has none.
        final: the range of the block of its `finally`; None where it has none.
    """

    start: int
    end: int
    block: Range
    handler: Range | None
    final: Range | None


def tries(source: Source) -> list[Try]:
    """Return the `try` statements of a file, in their order; ask through ``source.once``."""
    found = []
    for match in _TRY.finditer(source.code):
        block = _block(match, source)
        if block is None:
            continue
        handler = _block(_CATCH.match(source.code, block[1]), source)
        final = _block(_FINALLY.match(source.code, (handler or block)[1]), source)
        end = (final or handler or block)[1]
        found.append(Try(match.start(), end, block, handler, final))
    return found


def _block(match: re.Match[str] | None, source: Source) -> Range | None:
    """Return the range of the block, with its braces, whose brace is the group of the match."""
    close = source.closing(match.start(1)) if match else None
    return None if match is None or close is None else (match.start(1), close + 1)
