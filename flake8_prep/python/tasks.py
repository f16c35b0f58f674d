"""Tasks and futures: what is awaited where, and what has been told to end before."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name

_ENDS: Final = re.compile(r"cancel|^set_exception$", re.IGNORECASE)


def awaited(nodes: Iterable[ast.AST]) -> list[str]:
    """Return what `nodes` wait for: dotted names, ``self.task``, and an empty string for anything else."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Await):
            found.append(dotted_name(node.value))
        elif isinstance(node, (ast.AsyncFor, ast.AsyncWith)):
            found.append("")
    return found


def endings_before(node: ast.ExceptHandler | ast.Call, file: PythonFile) -> list[ast.Call]:
    """Return the calls above `node`, in its function, that cancel something or set a future's exception."""
    function = file.enclosing_function(node) or file.tree.module
    return [call for call in file.once(_endings, function) if call.lineno < node.lineno]


def cancelled_attributes(file: PythonFile) -> frozenset[str]:
    """Return the dotted names, ``self.task``, that are cancelled anywhere in `file`; ask through ``once``."""
    methods = (call.func for call in file.nodes(ast.Call) if isinstance(call.func, ast.Attribute))
    names = (dotted_name(method.value) for method in methods if method.attr == "cancel")
    return frozenset(name for name in names if "." in name)


def _endings(file: PythonFile, function: ast.AST) -> list[ast.Call]:
    calls = (node for node in file.own_nodes(function) if isinstance(node, ast.Call))
    return [call for call in calls if _ENDS.search(last_name(call.func))]
