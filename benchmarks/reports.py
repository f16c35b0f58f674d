"""Reports with many findings: what it takes to write them, and to merge them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.timing import best_of, timed
from flake8_prep import catalog
from flake8_prep.baseline.known import Baseline
from flake8_prep.report import markdown, page, sarif
from flake8_prep.report.excerpts import excerpt_from
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.report import Report
from flake8_prep.report.sarif_reader import read_sarif
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Language

FINDINGS: Final = 20_000
FILES: Final = 1_000
SARIF: Final = "`prep-sarif`"

_SOURCES: Final = Path(__file__).resolve().parent.parent / "examples"
_SUFFIXES: Final = {Language.PYTHON: ".py", Language.TYPESCRIPT: ".ts"}


def report_with_many_findings() -> Report:
    """Return a report of all rules, with the source around each finding."""
    known = catalog.known_rules()
    rules = {language: [rule for rule in known if rule.language is language] for language in Language}
    texts = {
        language: [path.read_text(encoding="utf-8") for path in sorted(_SOURCES.rglob(f"*{suffix}"))]
        for language, suffix in _SUFFIXES.items()
    }
    violations = []
    for number in range(FINDINGS):
        round_number, file = divmod(number, FILES)
        language = list(Language)[file % len(Language)]
        lines = texts[language][file % len(texts[language])].splitlines()
        line = round_number % len(lines) + 1
        rule = rules[language][(round_number + file) % len(rules[language])]
        violations.append(
            Violation(
                path=f"package_{file // 50}/module_{file}{_SUFFIXES[language]}",
                line=line,
                column=round_number,
                code=rule.code,
                message=f"something is wrong with value {number}",
                excerpt=excerpt_from(lines, line),
                text=text_of_line(lines, line),
            )
        )
    return Report.of(violations, ["."])


def times_of_reports() -> dict[str, float]:
    """Return the seconds that it takes to make each kind of document, by what users call it."""
    report = report_with_many_findings()
    with tempfile.TemporaryDirectory() as folder:
        shards = [Path(folder, f"{number}.sarif") for number in range(2)]
        for number, shard in enumerate(shards):
            half = Report(report.violations[number::2], report.scope)
            shard.write_text(sarif.render(half), encoding="utf-8")
        return best_of(
            {
                "`prep-report` (Markdown)": timed(lambda: markdown.render(_fresh(report))),
                "`prep-html`": timed(lambda: page.render(_fresh(report))),
                SARIF: timed(lambda: sarif.render(_fresh(report))),
                "`prep-baseline`": timed(lambda: Baseline.of(report.violations).document(folder)),
                "`flake8-prep report` of two halves": timed(lambda: _merged(shards)),
            }
        )


def _fresh(report: Report) -> Report:
    """Return a report that has not counted anything yet."""
    return Report(report.violations, report.scope)


def _merged(shards: list[Path]) -> str:
    reports = [read_sarif(str(shard)) for shard in shards]
    merged = Report.of((each for report in reports for each in report.violations), ["."])
    return sarif.render(merged)
