"""Which brackets of TypeScript belong together, told from its masked code."""

from __future__ import annotations

import itertools
from typing import Final

from flake8_prep.patterns import lazy_pattern

_BRACKET = lazy_pattern(r"([()\[\]{}])")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def find_pairs(code: str) -> dict[int, int]:
    """Return the offset of each closing bracket by that of its opening one, in the order of the latter.

    Those without a partner are left out.

    Args:
        code: the text with comments and the contents of literals blanked.
    """
    # Text and brackets take turns; an offset is the length of all that comes before.
    pieces = _BRACKET.split(code)
    offsets = itertools.islice(itertools.accumulate(map(len, pieces)), 0, None, 2)
    brackets = list(zip(offsets, pieces[1::2], strict=False))
    pairs: dict[int, int] = {}
    opened: list[tuple[int, str]] = []
    for offset, bracket in brackets:
        if bracket in _CLOSING:
            opened.append((offset, _CLOSING[bracket]))
            pairs[offset] = offset  # keeps the place in the order
        elif opened and opened[-1][1] == bracket:
            pairs[opened.pop()[0]] = offset
        else:
            return _find_among_unpaired(brackets)
    return _find_among_unpaired(brackets) if opened else pairs


def _find_among_unpaired(brackets: list[tuple[int, str]]) -> dict[int, int]:
    """Return the same for code in which some have no partner; it takes longer."""
    pairs: dict[int, int] = {}
    opened: list[tuple[int, str]] = []
    open_of_kind = dict.fromkeys(_CLOSING.values(), 0)
    for offset, bracket in brackets:
        if bracket in _CLOSING:
            opened.append((offset, _CLOSING[bracket]))
            open_of_kind[_CLOSING[bracket]] += 1
        elif open_of_kind[bracket]:
            # Those that were opened since and never closed have no partner.
            kind = ""
            while kind != bracket:
                start, kind = opened.pop()
                open_of_kind[kind] -= 1
            pairs[start] = offset
    return dict(sorted(pairs.items()))
