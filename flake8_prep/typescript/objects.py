"""The members of object literals."""

from __future__ import annotations

from typing import NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

_MEMBER = lazy_pattern(r"(?:async\s+)?([\w$]+|'[^'\n]*'|\"[^\"\n]*\")\s*(?:(:)\s*|(\()|\Z)")


class Member(NamedTuple):
    """A member of an object literal.

    Attributes:
        name: its name; None where it is computed, or where other objects are spread.
        start: offset of its value; that of the name where both are one, as in ``{ limit }``.
        end: offset behind its value.
    """

    name: str | None
    start: int
    end: int


def members(brace: int, source: Source) -> list[Member]:
    """Return the members of the object literal whose brace opens at this offset."""
    found = []
    for start, end in source.arguments(brace):
        match = _MEMBER.match(source.code, start, end)
        if match is None:
            found.append(Member(None, start, end))
        else:
            name = source.text[match.start(1) : match.end(1)].strip("'\"")
            found.append(Member(name, match.end() if match[2] else start, end))
    return found
