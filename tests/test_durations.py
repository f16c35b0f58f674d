"""What is a duration."""

from __future__ import annotations

import pytest

from flake8_prep.durations import is_constant_name, is_duration, spelled_out_duration


@pytest.mark.parametrize(
    "numbers", [[60, 60], [30, 24, 60, 60], [5, 60, 1000], [24.0, 3600], [7, 86400], [30, 1000], [365, 24]]
)
def test_durations(numbers: list[float]) -> None:
    assert is_duration(numbers)


@pytest.mark.parametrize(
    "numbers", [[], [60], [5, 60], [1000, 1000], [30, 30], [24, 24, 24], [7, 30, 365], [60, 1000, 1024]]
)
def test_other_products(numbers: list[float]) -> None:
    assert not is_duration(numbers)


def test_names_of_constants() -> None:
    assert all(map(is_constant_name, ["MAX_AGE", "_TTL", "T", "DAYS_30"]))
    assert not any(map(is_constant_name, ["", "_", "Max", "maxAge", "MAX-AGE"]))


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("A booking cannot exceed 30 days", "30 days"),
        ("5 minutes at least", "5 minutes"),
        ("no answer within 1.5 secs", "1.5 secs"),
        ("30 daylight", None),
        ("the time is 10:30 hours", None),
        ("use '30 days'", None),
        ("ask for 'requests of the last 30 days'", None),
        ("it can't exceed 30 days or you'll pay", "30 days"),
        ("too large (about 270 years)", None),
        ("0 seconds", None),
        ("a 24-hour clock", None),
        ("give a time, e.g. 30 days", None),
        ("no limit", None),
    ],
)
def test_durations_in_text(text: str, duration: str | None) -> None:
    assert spelled_out_duration(text) == duration
