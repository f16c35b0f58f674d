"""The comments of a Python file, found without reading all of its tokens: that costs more than parsing."""

from __future__ import annotations

import ast
import bisect
import tokenize
from typing import Any, NamedTuple

from flake8_prep.python.context import PythonFile


class Comment(NamedTuple):
    """A comment.

    Attributes:
        lineno: its line, from 1.
        col_offset: the column of its `#`, from 0 in bytes of UTF-8.
        text: what is written from the `#` to the end of the line.
    """

    lineno: int
    col_offset: int
    text: str


class _Span(NamedTuple):
    """Where a string stands, one that is in no other: lines from 1, columns from 0 in bytes of UTF-8."""

    line: int
    column: int
    end_line: int
    end_column: int


def comment_on(line: int, file: PythonFile) -> Comment | None:
    """Return the comment on a line, from 1; None where there is none."""
    text = file.lines[line - 1].rstrip("\r\n").encode()
    spans = file.once(_strings)
    column = text.find(b"#")
    while column >= 0:
        index = bisect.bisect_right(spans, (line, column), key=lambda span: span[:2]) - 1
        if index < 0 or spans[index][2:] <= (line, column):
            return Comment(line, column, text[column:].decode())
        span = spans[index]
        if span.end_line > span.line:
            comment = file.once(_comments_between, span).get(line)
            if comment is not None:
                return comment
        column = text.find(b"#", span.end_column) if span.end_line == line else -1
    return None


def _strings(file: PythonFile) -> list[_Span]:
    """Return where the strings of the file stand, in their order."""
    nodes: list[Any] = [node for node in file.nodes(ast.Constant) if isinstance(node.value, (str, bytes))]
    nodes += file.nodes(ast.JoinedStr)
    if hasattr(ast, "TemplateStr"):  # pragma: >=3.14 cover
        nodes += file.nodes(ast.TemplateStr)
    spans: list[_Span] = []
    for span in sorted({(n.lineno, n.col_offset, -n.end_lineno, -n.end_col_offset) for n in nodes}):
        line, column, end_line, end_column = span[0], span[1], -span[2], -span[3]
        if not spans or spans[-1][2:] <= (line, column):
            spans.append(_Span(line, column, end_line, end_column))
    return spans


def _comments_between(file: PythonFile, span: _Span) -> dict[int, Comment]:
    """Return by line the comments inside a string: between its parts, or in its replacement fields."""
    lines = [line.encode() for line in file.lines[span.line - 1 : span.end_line]]
    lines[-1] = lines[-1][: span.end_column] + b"\n)"
    lines[0] = b"(" + lines[0][span.column :]
    found = {}
    try:
        for token in tokenize.generate_tokens(iter([*(line.decode() for line in lines), ""]).__next__):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                before = len(token.line[:column].encode()) + (span.column - 1 if row == 1 else 0)
                found[span.line + row - 1] = Comment(span.line + row - 1, before, token.string)
    except (SyntaxError, tokenize.TokenError):
        pass  # the tokenizer of the library refuses some of what the parser takes
    return found
