"""Notes that something is left to do, and the tickets that they should name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern

# Plain substrings: a file with marks has at least one of the words in some case, and one of the triggers.
WORDS: Final = ("todo", "fixme", "xxx", "hack")
TRIGGERS: Final = tuple(form for word in WORDS for form in (word, word.title(), word.upper()))
TRIGGER: Final = lazy_pattern("|".join(TRIGGERS))
# At the beginning of a comment's line such a word is a mark if it is in upper case, or before a colon.
# Further on it is one if both are true; else it is prose about such words. The repetition is bounded, so that
# a line of signs is read once.
_MARK = lazy_pattern(
    r"""
    (?:^\s*+|(?<=\s)(?=[#/]))[\s#/*!:<>=~\-\[]{0,40}+
    @?(?P<first> (?<=@)(?i:todo)\b | (?i:TODO|FIXME|XXX|HACK)(?=(?:\([^()]*\))?:)
                | (?:TODO|FIXME|XXX|HACK)(?![\w\-'"`.=]) )
    | (?<=[\s(;,.])(?P<later> (?:TODO|FIXME|XXX|HACK)(?=\([^()]*\)|:(?:\s|$)) )
    """,
    re.VERBOSE,
)


class Mark(NamedTuple):
    """A note that something is left to do.

    Attributes:
        word: the word that marks it, as it is written.
        column: where the word stands in its line, from 0 in characters.
    """

    word: str
    column: int


def first_mark(comment: str) -> Mark | None:
    """Return the first note in one line of a comment that something is left to do; None where there is none.

    Args:
        comment: the line, with the characters that make it a comment; white space may stand before them.
    """
    match = _MARK.search(comment)
    if match is None:
        return None
    group = "first" if match["first"] else "later"
    return Mark(match[group], match.start(group))


def names_ticket(lines: Iterable[str], pattern: str) -> bool:
    """Say whether a note that something is left to do names its ticket.

    Args:
        lines: the line with the mark, and those that follow it in the same comment; the note ends before a
        line that is
            blank or has a mark of its own.
        pattern: the regular expression that finds a ticket.

    Raises:
        re.error: the pattern is none.
    """
    ticket = re.compile(pattern)
    for index, line in enumerate(lines):
        if index and (first_mark(line) or not line.strip("#/* \t\r\n")):
            return False
        if ticket.search(line):
            return True
    return False
