"""Tasks and futures: what is awaited where, and what has been told to end before."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name

_CANCELS: Final = lazy_pattern("cancel", re.IGNORECASE)
_ENDS: Final = lazy_pattern("cancel|^set_exception$", re.IGNORECASE)


def awaited(nodes: Iterable[ast.AST]) -> list[str]:
    """Return what `nodes` wait for: dotted names, ``self.task``, and an empty string for anything else."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Await):
            found.append(dotted_name(node.value))
        elif isinstance(node, (ast.AsyncFor, ast.AsyncWith)):
            found.append("")
    return found


def first_endings(file: PythonFile, function: ast.AST) -> dict[str, int]:
    """Return the lines, from 1, in which `function` first cancels something, or sets a future's exception.

    They are by the dotted name of what is ended, ``self.task``, or an empty string for anything else. Ask
    through ``file.once(first_endings, function)``.
    """
    found: dict[str, int] = {}
    for node in file.own_nodes(function):
        if isinstance(node, ast.Call) and _ENDS.search(last_name(node.func)):
            ended = dotted_name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            found.setdefault(ended, node.lineno)
    return found


def first_cancellation(file: PythonFile, function: ast.AST) -> float:
    """Return the first line, from 1, in which `function` cancels something; infinity where it does not."""
    calls = (node for node in file.own_nodes(function) if isinstance(node, ast.Call))
    return min((call.lineno for call in calls if _CANCELS.search(last_name(call.func))), default=math.inf)


def cancelled_attributes(file: PythonFile) -> frozenset[str]:
    """Return the dotted names, ``self.task``, that are cancelled anywhere in `file`; ask through ``once``."""
    methods = (call.func for call in file.nodes(ast.Call) if isinstance(call.func, ast.Attribute))
    names = (dotted_name(method.value) for method in methods if method.attr == "cancel")
    return frozenset(name for name in names if "." in name)
