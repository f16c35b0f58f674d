"""Makes text from sources fit for a terminal."""

from __future__ import annotations

import re

from flake8_prep.patterns import lazy_pattern

_UNPRINTABLE = lazy_pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` as one line that any terminal can be sent.

    What stands in a source may hold line ends, escape sequences, or halves of characters that no encoding
    has; they are shown as in a Python string.
    """
    return text if text.isprintable() else _UNPRINTABLE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
