"""The functions and classes of a source file, and the lines that they have."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from flake8_prep.report.report import language_of
from flake8_prep.typescript.source import Source


class Scope(NamedTuple):
    """A function or a class.

    Attributes:
        first: its first line, from 1, with its decorators.
        last: its last line.
        name: its name; empty, if it has none.
    """

    first: int
    last: int
    name: str


def scopes_in(path: str, lines: Sequence[str]) -> list[Scope]:
    """Return the functions and classes in the `lines` of the file at `path`; none, if it does not parse."""
    text = "".join(lines)
    return list(_in_typescript(path, text) if language_of(path) == "TypeScript" else _in_python(text))


def scope_around(scopes: Iterable[Scope], first: int, last: int) -> Scope | None:
    """Return the innermost of `scopes` that has the lines from `first` to `last` in it.

    One with a name is taken before one without: a callback moves with the function around it.
    """
    around = [scope for scope in scopes if scope.first <= first and last <= scope.last]
    return max(around, key=lambda scope: (bool(scope.name), scope.first, -scope.last), default=None)


def _in_python(text: str) -> Iterator[Scope]:
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
            yield Scope(first, node.end_lineno or first, node.name)


def _in_typescript(path: str, text: str) -> Iterator[Scope]:
    source = Source(path, text)
    for function in source.functions:
        first, _ = source.line_column(function.start)
        last, _ = source.line_column(function.body_end)
        yield Scope(first, last, function.name or "")
