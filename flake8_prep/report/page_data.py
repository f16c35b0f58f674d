"""What the script of the page makes the list of findings from."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Set

from flake8_prep.report.facts import Facts, facts_of
from flake8_prep.report.highlighting import Highlighter, Run
from flake8_prep.report.report import Report, language_of
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Severity

# To colour all takes longer than the rest of the page. The worst ones are coloured, the others plain.
_MOST_COLOURED = 5_000


def page_data(report: Report, highlighter: Highlighter) -> dict[str, object]:
    """Return rules, files and findings, for JSON; findings point to the others, and the worst come first."""
    worst_first = sorted(report.violations, key=lambda violation: -_severity(violation))
    coloured = {(violation.path, violation.line) for violation in worst_first[:_MOST_COLOURED]}
    return {
        "rules": [_rule_data(facts_of(code)) for code in report.by_code],
        "files": [
            _file_data(path, list(violations), coloured, highlighter)
            for path, violations in itertools.groupby(report.violations, _path)
        ],
        "findings": _finding_data(worst_first, report),
    }


def _rule_data(facts: Facts) -> dict[str, str]:
    return {
        "code": facts.code,
        "name": facts.name,
        "severity": facts.severity.label,
        "section": facts.section.package,
    }


def _file_data(
    path: str, violations: Sequence[Violation], coloured: Set[tuple[str, int]], highlighter: Highlighter
) -> dict[str, object]:
    """Return a file with the lines of its excerpts; each has its text, and the lengths of its runs."""
    texts: dict[int, str] = {}
    in_colour: set[int] = set()
    for violation in violations:
        excerpt = violation.excerpt
        texts.update(enumerate(excerpt.lines, excerpt.first))
        if (path, violation.line) in coloured:
            in_colour.update(range(excerpt.first, excerpt.first + len(excerpt.lines)))
    runs = dict.fromkeys(texts, "")
    for block in _blocks(in_colour):
        coloured_lines = highlighter.lines([texts[number] for number in block], path)
        runs.update(zip(block, map(_lengths, coloured_lines), strict=True))
    lines = {number: (texts[number], runs[number]) for number in sorted(texts)}
    return {"path": path, "language": language_of(path), "lines": lines}


def _blocks(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Yield the `numbers` in groups of neighbours: excerpts that touch are read as one."""
    for _, block in itertools.groupby(enumerate(sorted(numbers)), lambda item: item[1] - item[0]):
        yield [number for _, number in block]


def _lengths(line: Iterable[Run]) -> str:
    """Return the runs of a line without their text, as in ``k3_1f4``."""
    return "".join(f"{run.kind or '_'}{len(run.text)}" for run in line)


def _finding_data(violations: Iterable[Violation], report: Report) -> list[tuple[int, int, int, int, str]]:
    """Return file, rule, line, column from 1, and message of each of the `violations`."""
    rules = {code: number for number, code in enumerate(report.by_code)}
    files = {path: number for number, path in enumerate(dict.fromkeys(map(_path, report.violations)))}
    return [
        (
            files[violation.path],
            rules[violation.code],
            violation.line,
            violation.column + 1,
            violation.message,
        )
        for violation in violations
    ]


def _severity(violation: Violation) -> Severity:
    return facts_of(violation.code).severity


def _path(violation: Violation) -> str:
    return violation.path
