"""The report in Markdown, for people: what was found, why it matters, and what to do first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from flake8_prep.report.explanation import explanation_in_text
from flake8_prep.report.facts import OTHER, Facts, facts_of
from flake8_prep.report.markdown_text import Anchors, code_span, escaped, fenced, table
from flake8_prep.report.report import Report
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Severity
from flake8_prep.scheme import Section

# So many places of a rule are shown with their source; of those that follow the lines are listed.
_SHOWN = 20

_WORST_FILES = 10

# So many paths are named as the scope; pre-commit passes thousands.
_SCOPE = 10

_ACTIONS = {
    Severity.CRITICAL: "Immediate action (critical)",
    Severity.HIGH: "High priority",
    Severity.MEDIUM: "Medium priority",
    Severity.LOW: "Low priority",
}


def render(report: Report) -> str:
    """Return `report` in Markdown, with its final line end."""
    document = _Document()
    document.heading(1, "Bug Hunt Report")
    levels = " | ".join(severity.label.capitalize() for severity in report.by_severity)
    document.add(f"**Scope:** {_scope(report.scope)}  \n**Severity levels:** {levels}")
    document.heading(2, "Summary")
    if report.violations:
        document.add(_summary(report))
        document.heading(3, "Figures")
        document.add(*_figures(report))
        document.heading(2, "Contents")
        document.contents_here()
        links = _add_chapters(document, report)
        _add_recommendations(document, report, links)
    else:
        document.add("flake8 found nothing to report.")
    return document.text()


class _Document:
    """Blocks of Markdown, with anchors for the headings among them, and a table of contents."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._anchors = Anchors()
        self._contents: list[str] = []
        self._contents_at = 0

    def add(self, *blocks: str) -> None:
        """Add blocks, which are Markdown."""
        self._blocks += blocks

    def heading(self, level: int, text: str) -> str:
        """Add a heading of the `level`, from 1, and return a link to it."""
        self._blocks.append(f"{'#' * level} {escaped(text)}")
        return f"[{escaped(text)}](#{self._anchors.add(text)})"

    def contents_here(self) -> None:
        """Let the table of contents stand here, whose entries come later."""
        self._contents_at = len(self._blocks)

    def entry(self, level: int, text: str) -> None:
        """Add an entry of the `level`, from 0, to the table of contents; `text` is Markdown."""
        self._contents.append(f"{'  ' * level}- {text}")

    def text(self) -> str:
        """Return the whole, with its final line end."""
        before, behind = self._blocks[: self._contents_at], self._blocks[self._contents_at :]
        contents = ["\n".join(self._contents)] if self._contents else []
        return "\n\n".join([*before, *contents, *behind]) + "\n"


def _scope(paths: Sequence[str]) -> str:
    named = ", ".join(code_span(path) for path in paths[:_SCOPE])
    more = len(paths) - _SCOPE
    return f"{named} and {_counted(more, 'more path')}" if more > 0 else named or "not known"


def _summary(report: Report) -> str:
    files = len({violation.path for violation in report.violations})
    severities = [f"{count} {severity.label}" for severity, count in report.by_severity.items() if count]
    section, count = max(report.by_section.items(), key=lambda item: item[1])
    [(path, most)] = report.worst_files(1)
    return (
        f"flake8 found {_counted(len(report.violations), 'problem')} "
        f"of {_counted(len(report.by_code), 'kind')} in {_counted(files, 'file')}: {_listed(severities)}. "
        f"The section with the most is {section.title} ({count}), "
        f"and the file with the most is {code_span(path)} ({most})."
    )


def _figures(report: Report) -> Iterable[str]:
    yield f"- **Total:** {len(report.violations)}\n" + "\n".join(
        f"- **{severity.label.capitalize()}:** {count}" for severity, count in report.by_severity.items()
    )
    sections = {escaped(_chapter(section)): count for section, count in report.by_section.items()}
    yield _counts("Section", sections)
    yield _counts("Language", report.by_language)
    yield _counts("Worst files", {code_span(path): count for path, count in report.worst_files(_WORST_FILES)})


def _counts(head: str, counts: dict[str, int]) -> str:
    return table((head, "Findings"), ((name, str(count)) for name, count in counts.items()))


def _add_chapters(document: _Document, report: Report) -> dict[str, str]:
    """Add a chapter for each section, and return the links to the rules, by code."""
    links = {}
    section = severity = None
    for code, violations in report.by_code.items():
        facts = facts_of(code)
        if facts.section != section:
            section, severity = facts.section, None
            document.add("---")
            chapter = document.heading(2, _chapter(section))
            document.entry(0, f"{chapter}: {report.by_section[section]}")
        if facts.severity != severity:
            severity = facts.severity
            document.heading(3, f"{severity.label.capitalize()} severity")
        links[code] = document.heading(4, _title(facts))
        document.entry(1, f"{links[code]}: {len(violations)}")
        document.add(*_rule(facts, violations))
    return links


def _rule(facts: Facts, violations: Sequence[Violation]) -> Iterable[str]:
    documentation = facts.documentation
    if documentation:
        yield f"**{documentation.summary}.**"
        severity = facts.severity.label.capitalize()
        yield f"**Severity:** {severity}  \n**Finding of the bug hunt:** {facts.finding}"
        yield documentation.why
    else:
        yield explanation_in_text(facts)
    # Many rules say the same of each place.
    messages = {violation.message for violation in violations}
    if len(messages) == 1:
        yield f"**Problem:** {escaped(*messages)}"
    yield f"**Found:** {_effort(violations)}"
    places = Counter(_place(violation, len(messages) > 1) for violation in violations[:_SHOWN])
    yield "\n".join(place + (f" ({count} times)" if count > 1 else "") for place, count in places.items())
    more = violations[_SHOWN:]
    if more:
        yield f"<details>\n<summary>{_effort(more, 'more place')}</summary>"
        yield "\n".join(_lines_by_file(more))
        yield "</details>"
    if documentation and facts.language:
        yield "**Instead of:**"
        yield fenced(documentation.example, facts.language.value)
        yield "**Better:**"
        yield fenced(documentation.use_instead, facts.language.value)


def _place(violation: Violation, with_message: bool) -> str:
    place = f"- {code_span(f'{violation.path}:{violation.line}' if violation.line else violation.path)}"
    if with_message:
        place += f": {escaped(violation.message)}"
    if not violation.source.strip():
        return place
    separator = "  \n  " if with_message else ": "
    return f"{place}{separator}{code_span(violation.source)}"


def _lines_by_file(violations: Iterable[Violation]) -> Iterable[str]:
    lines: dict[str, list[str]] = {}
    for violation in violations:
        lines.setdefault(violation.path, []).append(str(violation.line or "the whole file"))
    for path, numbers in lines.items():
        yield f"- {code_span(path)}: {', '.join(dict.fromkeys(numbers))}"


def _add_recommendations(document: _Document, report: Report, links: Mapping[str, str]) -> None:
    document.add("---")
    document.entry(0, document.heading(2, "Recommendations"))
    document.add("The worst first, and among equals what takes the least effort.")
    number = 0
    for severity, action in _ACTIONS.items():
        codes = [code for code in report.by_code if facts_of(code).severity == severity]
        if codes:
            document.heading(3, action)
            items = []
            for code in sorted(codes, key=lambda code: len(report.by_code[code])):
                number += 1
                item = f"{number}. {links[code]}: {_effort(report.by_code[code])}"
                summary = facts_of(code).summary
                items.append(f"{item}  \n    {summary}." if summary else item)
            document.add("\n".join(items))


def _chapter(section: Section) -> str:
    return section.title if section == OTHER else f"{section.number}. {section.title}"


def _title(facts: Facts) -> str:
    return facts.code if facts.name == facts.code else f"{facts.code} {facts.name}"


def _effort(violations: Sequence[Violation], noun: str = "place") -> str:
    files = Counter(violation.path for violation in violations)
    return f"{_counted(len(violations), noun)} in {_counted(len(files), 'file')}"


def _listed(items: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
