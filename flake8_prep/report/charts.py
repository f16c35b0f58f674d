"""The charts of the page: how many violations of each severity there are, in rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flake8_prep.report.facts import facts_of
from flake8_prep.report.report import Report
from flake8_prep.rule import Severity

_WORST_FILES = 8

# The shortest part of a bar, in hundredths of the longest bar.
_SHORTEST = 1.5

# What a row is about, the fragment that shows it, and how many violations of each severity it has.
_Row = tuple[str, str, Mapping[Severity, int]]


@dataclass(frozen=True)
class Segment:
    """The part of a bar that stands for one severity; its unit is a hundredth of the longest bar."""

    severity: Severity
    count: int
    start: float
    length: float


@dataclass(frozen=True)
class Bar:
    """A row of a chart.

    Attributes:
        label: what it is about.
        link: the fragment of the URL that has the page show what is counted.
        count: how many violations there are.
        segments: one for each severity that has some, the worst first.
        width: how much room the longest bar of the chart takes.
    """

    label: str
    link: str
    count: int
    segments: list[Segment]
    width: float

    @property
    def text(self) -> str:
        """What the bar shows, in words."""
        return ", ".join(f"{segment.count:,} {segment.severity.label}" for segment in self.segments)


def total(report: Report) -> Bar:
    """Return the bar that stands for all violations."""
    severities = (facts_of(violation.code).severity for violation in report.violations)
    return _bars([("", "", Counter(severities))])[0]


def sections(report: Report) -> list[Bar]:
    """Return a bar for each section that has violations."""
    counts = {section: Counter[Severity]() for section in report.by_section}
    for code, violations in report.by_code.items():
        facts = facts_of(code)
        counts[facts.section][facts.severity] += len(violations)
    return _bars(
        [(section.title, fragment({"section": section.package}), counts[section]) for section in counts]
    )


def worst_files(report: Report) -> list[Bar]:
    """Return a bar for each of the files with the most violations."""
    counts = {path: Counter[Severity]() for path, _ in report.worst_files(_WORST_FILES)}
    for violation in report.violations:
        if violation.path in counts:
            counts[violation.path][facts_of(violation.code).severity] += 1
    return _bars([(path, fragment({"file": path}), counts[path]) for path in counts])


def fragment(filters: Mapping[str, str]) -> str:
    """Return the fragment of the URL that has the page show what passes the `filters`."""
    return "#" + urlencode(filters, quote_via=quote, safe="/")


def _bars(rows: Sequence[_Row]) -> list[Bar]:
    longest = max((sum(counts.values()) for _, _, counts in rows), default=0)
    segments = [list(_segments(counts, longest)) for _, _, counts in rows]
    width = max((bar[-1].start + bar[-1].length for bar in segments if bar), default=100)
    return [
        Bar(label, link, sum(counts.values()), bar, round(width, 2))
        for (label, link, counts), bar in zip(rows, segments, strict=True)
    ]


def _segments(counts: Mapping[Severity, int], longest: int) -> Iterator[Segment]:
    start = 0.0
    for severity in sorted(counts, reverse=True):
        # One critical finding must be seen beside thousands of others.
        length = max(_SHORTEST, 100 * counts[severity] / longest)
        yield Segment(severity, counts[severity], round(start, 2), round(length, 2))
        start += length
