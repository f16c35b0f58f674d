"""Notes of work to do that nobody keeps track of."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.tickets import TRIGGER, TRIGGERS, first_mark, names_ticket
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


class TodoWithoutTicket(TypeScriptRule):
    """Comments with TODO, FIXME, XXX or HACK that name no ticket.

    Why is this bad:
        What is written in a comment only is on nobody's list: it is not planned, and nobody knows whether it
        is still true or who to ask. With the ticket in the comment, whoever reads the code finds the
        discussion, and whoever closes the ticket finds the code.

    Example:
        // TODO: write it to the database
        cache.set(wishlist.id, wishlist);

    Use instead:
        // TODO(PREP-123): write it to the database
        cache.set(wishlist.id, wishlist);

    Known limits:
        The ticket is a key (`PREP-123`), a number (`#123`) or a link, in the same line of the comment or in
        those that continue it; `prep-ticket-pattern` sets another form. The words count at the beginning of a
        comment's line, or in upper case before a colon or parenthesis: "a todo list" is prose. Files whose
        first comment says that a program has written them are left alone.
    """

    code = "PREP052"
    name = "todo-without-ticket"
    severity = Severity.LOW
    finding = "10.2"
    message = "{mark} without a ticket"
    triggers = TRIGGERS
    pattern = TRIGGER
    view = "comments"

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_generated:
            return
        behind = 0
        for match in self.pattern.finditer(source.comments):
            if match.start() < behind:  # in the line that was looked at last
                continue
            start = source.comments.rfind("\n", 0, match.start()) + 1
            line = next(_lines(start, source))
            behind = start + len(line)
            mark = first_mark(line)
            if mark is not None and not names_ticket(_lines(start, source), source.settings.ticket_pattern):
                yield self.at(start + mark.column, source, mark=mark.word)


def _lines(start: int, source: Source) -> Iterator[str]:
    """Yield the comment in the line that begins at `start`, and the lines of comments below it."""
    at = start
    while True:
        newline = source.comments.find("\n", at)
        end = newline if newline >= 0 else len(source.comments)
        line = source.comments[at:end]
        if at > start and line.strip() != source.text[at:end].strip():
            return
        yield line
        if newline < 0:
            return
        at = newline + 1
