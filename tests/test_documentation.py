"""The docstring of a rule, taken apart."""

from __future__ import annotations

import pytest

from flake8_prep.documentation import Documentation, documentation_of, suppression_of
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity
from tests.samples import SAMPLES


def test_parts() -> None:
    assert documentation_of(SAMPLES[0]) == Documentation(
        summary="What the sample | finds",
        why=(
            "The first paragraph of the prose goes on for longer than eighty columns, so it has to be"
            " wrapped."
            "\n\n"
            "- an item whose text is continued\n  on a second line, see the option `prep-secret-names`\n"
            "- another item"
        ),
        example="if sample:\n    reported()",
        use_instead="accepted()",
        known_limits="None that matter.",
    )


def test_suppression() -> None:
    assert [suppression_of(rule) for rule in SAMPLES] == ["# noqa: PREP191", "// noqa: PREP291"]


SECTIONS = ("Why is this bad", "Example", "Use instead", "Known limits")


@pytest.mark.parametrize(
    "sections",
    [
        SECTIONS[:3],
        SECTIONS[1:],
        (*SECTIONS[1:], SECTIONS[0]),
        (*SECTIONS, "Example"),
        ("Why bad", *SECTIONS[1:]),
        (),
        None,
    ],
)
def test_sections_missing_or_out_of_order(sections: tuple[str, ...] | None) -> None:
    class SomePattern(PythonRule):
        code = "PREP199"
        name = "some-pattern"
        severity = Severity.LOW
        finding = "1.9"
        message = "wrong"

    if sections is not None:
        SomePattern.__doc__ = "Summary.\n\n" + "".join(f"{title}:\n    body\n\n" for title in sections)
    with pytest.raises(ValueError, match=r"SomePattern has the sections \["):
        documentation_of(SomePattern)
