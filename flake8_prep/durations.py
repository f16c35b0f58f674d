"""Recognises durations: as products of numbers, and in text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from flake8_prep.patterns import lazy_pattern

# What is wrong with a duration, as the end of a sentence that begins with it.
UNNAMED: Final = "is a duration that no UPPER_CASE name stands for"
SPELLED_OUT: Final = "is written into the message of an error, apart from the code that checks it"

# The days of a week, a month and a year, which are durations only together with what they are counted in.
_DAYS: Final = frozenset({7, 30, 365})
_FACTORS: Final = _DAYS | {24, 60, 1000, 3600, 86400}
_NO_TIME: Final = frozenset({512, 1024})

_CONSTANT = lazy_pattern(r"_*[A-Z][A-Z0-9_]*")
_SPELLED_OUT = lazy_pattern(
    r"(?<![\w.:/'\"`-])(?!0 )\d+(?:\.\d+)? "
    r"(?:milliseconds?|secs?|seconds?|mins?|minutes?|hours?|days?|weeks?|months?|years?)\b"
)
_MENTIONED = lazy_pattern(r"\d (?:milli|sec|min|hour|day|week|month|year)")
_QUOTED = lazy_pattern(r"(?<!\w)(['\"`])[^'\"`\n]*\1")
_EXAMPLE = lazy_pattern(r"\be\.g\.|\babout\b|\b(?:example|like|such as)\b", re.IGNORECASE)


def is_duration(numbers: Sequence[float]) -> bool:
    """Say whether the product of these numbers looks like a duration, such as 30 * 24 * 60 * 60.

    It takes two of the factors by which units of time are converted. ``1000 * 1000`` is a million of
    anything, and ``30 * 30`` is an area.
    """
    factors = [number for number in numbers if number in _FACTORS]
    if len(factors) < 2 or not _NO_TIME.isdisjoint(numbers):
        return False
    different = set(factors)
    return not different <= _DAYS and (len(different) > 1 or different == {60})


def is_constant_name(name: str) -> bool:
    """Say whether `name` is written as those of constants are: in upper case."""
    return _CONSTANT.fullmatch(name) is not None


def mentions_duration(text: str) -> bool:
    """Say whether a closer look at `text` can find a duration that is spelled out; it is fast."""
    return _MENTIONED.search(text) is not None


def spelled_out_duration(text: str) -> str | None:
    """Return the first duration in the text of an error, or None: ``30 days`` of "cannot exceed 30 days".

    Those in quotation marks, and in a text that gives examples, are not limits.
    """
    match = _SPELLED_OUT.search(_QUOTED.sub("", text))
    return match[0] if match and not _EXAMPLE.search(text) else None
