"""Blocks, and the conditions that they stand behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

_IF = lazy_pattern(r"(?<![\w$.])if\s*(\()")
_SPACE = lazy_pattern(r"\s*+")


class Guard(NamedTuple):
    """An `if` statement.

    Attributes:
        start: offset of the word `if`.
        condition: the range of the condition, without its parentheses.
        block: the range of the block without its braces, or of the one statement.
    """

    start: int
    condition: tuple[int, int]
    block: tuple[int, int]


def guards(source: Source) -> Iterator[Guard]:
    """Yield the `if` statements of a file."""
    for match in _IF.finditer(source.code):
        close = source.closing(match.start(1))
        if close is None:
            continue
        space = _SPACE.match(source.code, close + 1)
        start = space.end() if space else close + 1
        end = source.closing(start) if source.code.startswith("{", start) else None
        block = (start, source.expression_end(start)) if end is None else (start + 1, end)
        yield Guard(match.start(), (match.end(), close), block)


def condition_of(block: int, source: Source) -> int | None:
    """Return the offset of the parenthesis whose condition the brace at `block` follows; None without one."""
    end = source.token_end(block)
    return source.opening(end - 1) if source.code[end - 1 : end] == ")" else None
