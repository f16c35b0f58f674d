"""Whether a file can have a comment such as ``# flake8: noqa``, which suppresses all that is found in it."""

from __future__ import annotations

from collections.abc import Sequence


def mentions_flake8(lines: Sequence[str]) -> bool:
    """Say whether one of `lines` has the name of flake8, in upper or lower case.

    It takes a small part of the time of a pattern that is tried on each line.
    """
    return "flake8" in "".join(lines).lower()
