"""Where a rule belongs: the sections of the bug-hunt report, and the codes that a finding allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_prep.rule import Language

_TENS = {Language.PYTHON: range(5), Language.TYPESCRIPT: range(5, 10)}


class Section(NamedTuple):
    """A section of the report.

    Attributes:
        number: as in the report, from 1.
        package: the name of the package that holds its rules.
        title: as users read it.
    """

    number: int
    package: str
    title: str


SECTIONS = (
    Section(1, "security", "Security"),
    Section(2, "quality", "Code quality"),
    Section(3, "errors", "Error handling"),
    Section(4, "types", "Types"),
    Section(5, "performance", "Performance"),
    Section(6, "resources", "Resources"),
    Section(7, "testing", "Testing"),
    Section(8, "api", "API"),
    Section(9, "configuration", "Configuration"),
    Section(10, "practice", "Best practice"),
)


def section_of(finding: str) -> Section:
    """Return the section of `finding`, as in ``1.7``; of several, as in ``1.5, 3.2``, the first one counts.

    Raises:
        ValueError: the report has no such section.
    """
    return _section_and_item(finding)[0]


def codes_for(language: Language, finding: str) -> Iterator[str]:
    """Yield the codes that a rule may have, in the order in which they are given out.

    The first digit is the section (10 is written 0), the second one the language and a counter, the third one
    the finding: 1.7 in TypeScript allows ``PREP157``, ``PREP167``, ... ``PREP197``.

    Raises:
        ValueError: the report has no such section, or the finding's number has no digit of its own.
    """
    section, item = _section_and_item(finding)
    if not 1 <= item <= 9:
        raise ValueError(f"the code of a rule has one digit for the finding, so {finding!r} has no code")
    for tens in _TENS[language]:
        yield f"PREP{section.number % 10}{tens}{item}"


def _section_and_item(finding: str) -> tuple[Section, int]:
    section, _, item = finding.partition(",")[0].partition(".")
    for candidate in SECTIONS:
        if section == str(candidate.number) and item.isdecimal():
            return candidate, int(item)
    raise ValueError(f"{finding!r} is no finding of the report's sections 1 to {len(SECTIONS)}")
