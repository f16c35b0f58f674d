"""Which comments say that something is left to do, and which of them name a ticket."""

from __future__ import annotations

import re
import time

import pytest

from flake8_prep.options import DEFAULT_TICKET_PATTERN
from flake8_prep.tickets import TRIGGERS, first_mark, names_ticket


@pytest.mark.parametrize(
    ("comment", "mark"),
    [
        ("# TODO: x", ("TODO", 2)),
        ("//FIXME x", ("FIXME", 2)),
        ("   * @todo x", ("todo", 6)),
        ("* Todo: x", ("Todo", 2)),
        ("# [TODO] x", ("TODO", 3)),
        ("/* XXX */", ("XXX", 3)),
        ("code = 1  # HACK(anna): x", ("HACK", 12)),
        ("# slow, TODO: x", ("TODO", 8)),
        ("# slow (FIXME(anna)) x", ("FIXME", 8)),
        ("TODO", ("TODO", 0)),
    ],
)
def test_marks(comment: str, mark: tuple[str, int]) -> None:
    assert first_mark(comment) == mark
    assert any(trigger in comment for trigger in TRIGGERS)


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "# a todo list",
        "# Todo lists",
        "# hack around it",
        "# add a TODO",
        "# TODO_LIST",
        "# TODO.md",
        "# TODOs",
        "# XXX-1234",
        "# 'TODO': x",
        '# write "TODO: x"',
        "# todo(x)",
    ],
)
def test_prose(comment: str) -> None:
    assert first_mark(comment) is None


@pytest.mark.parametrize(
    "text", ["PREP-123", "see #12", "(ACME2-1)", "https://example.org/1", "TODO(anna, PREP-1): x"]
)
def test_tickets(text: str) -> None:
    assert re.search(DEFAULT_TICKET_PATTERN, text)


@pytest.mark.parametrize("text", ["UTF-8", "SHA-256", "ISO-8601", "prep-123", "# 12", "A-1", "http://"])
def test_no_tickets(text: str) -> None:
    assert not re.search(DEFAULT_TICKET_PATTERN, text)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["# TODO: x", "# y PREP-1"], True),
        (["# TODO: x", "# y", "# z #1"], True),
        (["# TODO: x"], False),
        (["# TODO: x", "#", "# PREP-1"], False),
        (["# TODO: x", "# TODO: y PREP-1"], False),
        ([" * TODO: x", " */", "// PREP-1"], False),
        ([], False),
    ],
)
def test_ticket_of_a_note(lines: list[str], named: bool) -> None:
    assert names_ticket(lines, DEFAULT_TICKET_PATTERN) is named


def test_pattern_of_users() -> None:
    assert names_ticket(["# TODO: x (ticket 12)"], r"ticket \d+")
    assert not names_ticket(["# TODO: x PREP-12"], r"ticket \d+")
    with pytest.raises(re.error):
        names_ticket(["# TODO"], "(")


def test_time_grows_with_the_line() -> None:
    start = time.perf_counter()
    for text in ("// " * 50_000, "#" * 150_000, "TODO " * 30_000, "(TODO(" * 20_000, " " * 150_000):
        first_mark(f"x{text}")
    assert time.perf_counter() - start < 2
