"""Which lines of a Python file its tokens keep apart from the lines around them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from flake8_prep.python.tree import children

# By their names, as Python 3.14 brings one that others do not have.
_STRINGS = frozenset({"Constant", "JoinedStr", "TemplateStr"})


def joined_lines(module: ast.Module, lines: Sequence[str]) -> set[int]:
    """Return the numbers, from 1, of the lines that may share a token, or a backslash, with another line.

    These are the lines of strings that are on several, and those before and behind a backslash.
    """
    found: set[int] = set()
    stack: list[ast.AST] = [module]
    while stack:
        node = stack.pop()
        first, last = _span(node)
        # What is on one line has no string that is on several, but for decorators, which are above it.
        if first == last > 0 and not getattr(node, "decorator_list", None):
            continue
        if node.__class__.__name__ in _STRINGS:
            found.update(range(first, last + 1))
        else:
            stack += children(node)
    for number, line in enumerate(lines, start=1):
        if line.endswith(("\\\n", "\\\r\n", "\\\r")):
            found |= {number, number + 1}
    return found


def _span(node: Any) -> tuple[int, int]:
    """Return the first and the last line of a node; 0 for those that have no place of their own."""
    return getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
