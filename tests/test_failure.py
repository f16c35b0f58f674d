"""What is reported where something could not be checked."""

from __future__ import annotations

from flake8_prep import failure
from flake8_prep.finding import Finding
from tests.samples import SAMPLES


def test_file_that_was_not_checked() -> None:
    assert failure.not_checked("a reason") == Finding(1, 0, "PREP000", "not checked: a reason")
    assert failure.not_checked("a reason", 3, 4)[:2] == (3, 4)


def test_rule_that_failed() -> None:
    error = ValueError("two\n  lines and " + "more " * 100)
    line, column, code, message = failure.rule_failure(SAMPLES[0], error)
    assert (line, column, code) == (1, 0, "PREP000")
    assert message.startswith("rule PREP191 failed on this file: ValueError: two lines and more more ")
    assert len(message) < 300


def test_explanation_is_about_these_messages() -> None:
    messages = failure.not_checked("...").message, failure.rule_failure(SAMPLES[0], ValueError()).message
    for message in messages:
        beginning = message.partition(":")[0].replace("PREP191", "PREP1xx")
        assert f"`{beginning}: ...`" in failure.EXPLANATION
