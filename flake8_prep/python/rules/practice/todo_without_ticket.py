"""Notes of work to do that nobody keeps track of."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.comments import comment_on
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity
from flake8_prep.tickets import TRIGGER, WORDS, first_mark, names_ticket


class TodoWithoutTicket(PythonRule):
    """Comments with TODO, FIXME, XXX or HACK that name no ticket.

    Why is this bad:
        What is written in a comment only is on nobody's list: it is not planned, and nobody knows whether it
        is still true or who to ask. With the ticket in the comment, whoever reads the code finds the
        discussion, and whoever closes the ticket finds the code.

    Example:
        def save(wishlist):
            # TODO: write it to the database
            CACHE[wishlist.id] = wishlist

    Use instead:
        def save(wishlist):
            # TODO(PREP-123): write it to the database
            CACHE[wishlist.id] = wishlist

    Known limits:
        The ticket is a key (`PREP-123`), a number (`#123`) or a link, in the same line of the comment or in
        those that continue it; `prep-ticket-pattern` sets another form. The words count at the beginning of a
        comment, or in upper case before a colon or parenthesis: "a todo list" is prose.
    """

    code = "PREP002"
    name = "todo-without-ticket"
    severity = Severity.LOW
    finding = "10.2"
    message = "{mark} without a ticket"
    triggers = WORDS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        for line, text in enumerate(file.lines, start=1):
            start = text.find("#")
            may_have_mark = start >= 0 and TRIGGER.search(text, start) is not None
            comment = comment_on(line, file) if may_have_mark else None
            mark = first_mark(comment.text) if comment is not None else None
            if comment is not None and mark is not None:
                below = map(file.lines.__getitem__, range(comment.lineno, len(file.lines)))
                more = itertools.takewhile(_is_comment, below)
                if not names_ticket(itertools.chain([comment.text], more), file.settings.ticket_pattern):
                    column = comment.col_offset + len(comment.text[: mark.column].encode())
                    yield self.at(comment._replace(col_offset=column), mark=mark.word)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
