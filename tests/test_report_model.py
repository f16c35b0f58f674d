"""The report that all formats are made from."""

from __future__ import annotations

import itertools
import tokenize
from pathlib import Path

import pytest

from flake8_prep import failure
from flake8_prep.report.excerpts import excerpt_from, lines_of
from flake8_prep.report.facts import DEFAULT_SEVERITY, OTHER, facts_of
from flake8_prep.report.report import Report, language_of
from flake8_prep.report.violation import NO_EXCERPT, Excerpt, Violation
from flake8_prep.rule import Language, Severity
from flake8_prep.scheme import SECTIONS


def violation(code: str, path: str = "a.py", line: int = 1) -> Violation:
    return Violation(path, line, 0, code, "message")


def test_order_and_repetition_do_not_matter() -> None:
    bare = violation("E501", "a.py", 10)
    whole = bare._replace(excerpt=Excerpt(9, ("x", "y")))
    earlier, first = violation("E501", "a.py", 9), violation("X1", "B")
    for order in itertools.permutations([bare, whole, earlier, first]):
        report = Report.of([*order, *order], ["b", "a", "b"])
        assert report.violations == (first, earlier, whole)
        assert report.scope == ("b", "a")


def test_figures() -> None:
    codes = ["PREP251", "E501", "PREP001", "PREP107", "PREP101", "E501"]
    paths = ["a.ts", "b.txt", "c.py", "c.py", "b.pyi", "b.txt"]
    report = Report.of(map(violation, codes, paths, range(6)), [])
    assert list(report.by_code) == ["PREP101", "PREP107", "PREP251", "PREP001", "E501"]
    assert [each.line for each in report.by_code["E501"]] == [1, 5]
    assert report.by_severity == {
        Severity.CRITICAL: 1,
        Severity.HIGH: 1,
        Severity.MEDIUM: 3,
        Severity.LOW: 1,
    }
    assert list(report.by_severity) == sorted(Severity, reverse=True)
    assert report.by_section == {SECTIONS[0]: 2, SECTIONS[1]: 1, SECTIONS[9]: 1, OTHER: 2}
    assert list(report.by_section) == [SECTIONS[0], SECTIONS[1], SECTIONS[9], OTHER]
    assert report.by_language == {"Python": 3, "other": 2, "TypeScript": 1}
    assert report.worst_files(3) == [("b.txt", 2), ("c.py", 2), ("a.ts", 1)]


def test_nothing_found() -> None:
    report = Report.of([], ["src"])
    assert report.by_code == {}
    assert set(report.by_severity.values()) == {0}
    assert report.by_section == {}
    assert report.worst_files(10) == []


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a.py", "Python"),
        ("src/a.pyi", "Python"),
        ("a.d.mts", "TypeScript"),
        ("ts", "other"),
        ("a.js", "other"),
    ],
)
def test_language(path: str, language: str) -> None:
    assert language_of(path) == language


def test_facts() -> None:
    facts = facts_of("PREP117")
    assert (facts.name, facts.severity, facts.language) == ("env-default", Severity.LOW, Language.PYTHON)
    assert facts.section == SECTIONS[0]
    assert facts.off_by_default
    assert facts_of("E501") == ("E501", "E501", "", DEFAULT_SEVERITY, OTHER, None, "", None, False)
    assert facts_of(failure.CODE).severity == Severity.HIGH


def test_excerpts() -> None:
    lines = ["1\n", "2\r\n", "x" * 300, "4"]
    assert excerpt_from(lines, 1) == Excerpt(1, ("1", "2", "x" * 240 + "…"))
    assert excerpt_from(lines, 4) == Excerpt(2, ("2", "x" * 240 + "…", "4"))
    assert excerpt_from(lines, 6) == Excerpt(4, ("4",))
    assert excerpt_from(lines, 6).line(6) == ""
    assert excerpt_from(lines, 4).line(1) == ""
    assert excerpt_from(lines, 7) == excerpt_from(lines, 0) == excerpt_from([], 1) == NO_EXCERPT


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(path)

    lines_of.cache_clear()
    assert lines_of(str(tmp_path)) == ()
    (tmp_path / "a.py").write_text("secret")
    monkeypatch.setattr(tokenize, "open", refuse)
    assert lines_of(str(tmp_path / "a.py")) == ()
