"""What a rule found."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One place where a rule's pattern was found; findings sort in the order of the file.

    Attributes:
        line: line number, from 1.
        column: column in characters, from 0.
        code: the code of the rule, as in ``PREP101``.
        message: one line that names what is wrong here, without a final dot.
    """

    line: int
    column: int
    code: str
    message: str
