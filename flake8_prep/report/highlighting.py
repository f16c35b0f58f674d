"""Tells the parts of source code apart, for the page to colour them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

_LEXERS = {
    ".py": "python",
    ".pyi": "python",
    ".pyw": "python",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}

# The letters are the classes of the style sheet. The first type that holds the token's type counts.
_KINDS = (
    (Comment, "c"),
    (String.Interpol, ""),
    (String, "s"),
    (Number, "m"),
    (Keyword.Constant, "m"),
    (Keyword, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "d"),
    (Name.Builtin, "b"),
    (Name.Exception, "b"),
    (Name.Tag, "k"),
)


class Run(NamedTuple):
    """Some characters of one line that look the same.

    Attributes:
        kind: a letter that stands for keywords, strings and so on; empty, if it is nothing special.
        text: the characters, at least one.
    """

    kind: str
    text: str


class Highlighter:
    """Takes the source of many files; it keeps what it needs for each language."""

    def __init__(self) -> None:
        """Start without any language."""
        self._lexers: dict[str, Lexer] = {}
        self._kinds: dict[_TokenType, str] = {}

    def lines(self, lines: Sequence[str], path: str) -> list[list[Run]]:
        """Return the runs of each of the `lines`, which come from a file with this `path` or suffix.

        A part of a file may begin inside a string or comment, which nothing tells: then the colours are
        wrong, and the text is right.
        """
        name = _LEXERS.get(PurePosixPath(path).suffix)
        if name is None:
            return [[Run("", line)] if line else [] for line in lines]
        if name not in self._lexers:
            self._lexers[name] = get_lexer_by_name(name)
        text = "\n".join(lines) + "\n"
        tokens = self._lexers[name].get_tokens_unprocessed(text)
        return list(_lines((self._kind(token), value) for _, token, value in tokens))

    def _kind(self, token: _TokenType) -> str:
        kind = self._kinds.get(token)
        if kind is None:
            kind = next((letter for parent, letter in _KINDS if token[: len(parent)] == parent), "")
            self._kinds[token] = kind
        return kind


def _lines(tokens: Iterable[tuple[str, str]]) -> Iterator[list[Run]]:
    """Yield the runs of each line of `tokens`, of which the last one ends with a line end."""
    line: list[Run] = []
    for kind, value in tokens:
        *complete, rest = value.split("\n")
        for text in complete:
            _append(line, kind, text)
            yield line
            line = []
        _append(line, kind, rest)


def _append(line: list[Run], kind: str, text: str) -> None:
    if text and line and line[-1].kind == kind:
        line[-1] = Run(kind, line[-1].text + text)
    elif text:
        line.append(Run(kind, text))
