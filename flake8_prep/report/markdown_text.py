"""Puts text from anywhere into Markdown, so that it is shown as it is."""

from __future__ import annotations

import re

_BACKTICKS = re.compile(r"`+")


def fenced(source: str, language: str = "") -> str:
    """Return `source` as a block of code; `language` is what highlighters call it."""
    fence = "`" * max(3, _longest_run(source) + 1)
    return f"{fence}{language}\n{source}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
