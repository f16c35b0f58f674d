"""Puts text from anywhere into Markdown, so that it is shown as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from flake8_prep.printable import printable

_BACKTICKS = re.compile(r"`+")
# What has a meaning inside a line. An underscore within a word has none, and is legible without a backslash.
_MARKUP = re.compile(r"[\\`*\[\]<>&~$|]|(?<![^\W_])_|_(?![^\W_])")
# They make readers see characters in another order than the interpreter does.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def escaped(text: str) -> str:
    """Return `text` as it has to be written inside a line."""
    return _MARKUP.sub(r"\\\g<0>", _visible(text))


def code_span(source: str) -> str:
    """Return `source`, which is not blank, as code inside a line."""
    source = _visible(" ".join(source.split()))
    delimiter = _longer_backticks(source, 1)
    padding = " " if source.startswith("`") or source.endswith("`") else ""
    return f"{delimiter}{padding}{source}{padding}{delimiter}"


def fenced(source: str, language: str = "") -> str:
    """Return `source` as a block of code; `language` is what highlighters call it."""
    fence = _longer_backticks(source, 3)
    return f"{fence}{language}\n{source}\n{fence}"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table, whose last column has numbers; the cells are Markdown."""
    first, *lines = ([cell.replace("|", r"\|") for cell in row] for row in (heads, *rows))
    rule = ["---"] * (len(first) - 1) + ["--:"]
    return "\n".join(f"| {' | '.join(line)} |" for line in (first, rule, *lines))


def _visible(text: str) -> str:
    return _DIRECTIONS.sub(lambda match: f"\\u{ord(match[0]):04x}", printable(text))


def _longer_backticks(text: str, least: int) -> str:
    """Return `least` backticks, or more, if there are as many in a row in `text`."""
    return "`" * max([least, *(len(run) + 1 for run in _BACKTICKS.findall(text))])


class Anchors:
    """The anchors of a document's headings."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def add(self, heading: str) -> str:
        """Return the anchor that GitHub gives to the next `heading`."""
        anchor = _NOT_IN_ANCHORS.sub("", heading.lower()).replace(" ", "-")
        self._seen[anchor] += 1
        return anchor if self._seen[anchor] == 1 else f"{anchor}-{self._seen[anchor] - 1}"
