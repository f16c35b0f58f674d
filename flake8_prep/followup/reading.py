"""Reads a bug-hunt report in Markdown: its findings, and the places that it names for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from flake8_prep.printable import printable
from flake8_prep.refusal import Refusal
from flake8_prep.rule import Severity

_HEADING = re.compile(r" {0,3}(#{1,6})\s++(.*)")
# A line in bold letters stands for a heading, below all others, if a number is in it.
_BOLD = re.compile(r"\*\*([^*]++)\*\*:?\s*")
_BOLD_LEVEL = 7
_NUMBER = r"\d{1,4}\.\d{1,4}"
_NUMBERED = re.compile(
    rf"(?:(?:bug|finding|issue|problem)\b)?[^\w.(]{{0,4}}({_NUMBER})(?:[\].:)`]+\s*|\s+|$)(?!\d)(.*)",
    re.I,
)
_CODED = re.compile(
    r"([A-Z]{1,12}[0-9]{3})"
    # As in a report that `--format=prep-report` has made, or as people would write it.
    r"(?:\s+([a-z][a-z0-9-]*)\s*|\s*|(?:[\]:]|\s-\s)\s*(.*))"
)
# Anchors, and the end of a heading that is closed.
_UNSEEN = re.compile(r"</?a\b[^<>]*>|\s#+\s*$")
# What is around a title, but no part of it.
_AROUND = "*[]-–— \t"
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")

# The name of a field at the start of a line, as in `**Files Affected:**`.
_FIELD = re.compile(r"[\W_]{0,6}([A-Za-z][A-Za-z -]{0,40})[*_]{0,2}\s?[:|]")
_PLACES_FIELD = re.compile(
    r"(?:files?|locations?|occurrences?|paths?|places?|where)(?: .*)?|.* (?:files?|locations?|places?)",
    re.I,
)
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
# More places than are named.
_AND_MORE = re.compile(
    r"\b(?:all|many|more|multiple|numerous|others?|several|throughout|various|everywhere|etc)\b", re.I
)

_SEVERITIES = "|".join(severity.name for severity in Severity)
_SEVERITY = re.compile(rf"\b({_SEVERITIES})\b", re.I)
# As in `[HIGH] Title`, `Title (high severity)` or `Title - High`.
_SEVERITY_OF_TITLE = re.compile(
    rf"(?:[(\[]|\s[-–—]\s)({_SEVERITIES})(?: severity)?(?:[)\]]|\s*$)", re.I
)
_CODE = re.compile(r"\b[A-Z]{1,12}[0-9]{3}\b")

# Before code that shows how it should be, there is no code that should be gone.
_REMEDY = re.compile(
    r"\b(?:best|better|correct|fix|instead|recommend\w*|remedy|solution|suggest\w*|usage)\b", re.I
)
_COMMENT = re.compile(r"\s*(?:#|//|--)(.*)")
_TRAILING_COMMENT = re.compile(r"\s(?:#|//).*")
# Shorter lines of code, such as `pass` and `} else {`, say nothing about where they come from.
_TELLING = 10

_LINK_TO_LINES = re.compile(r"\[[^\[\]]*+\]\(([^()\s:#]++#L[-\dL]++)\)")
_LINK_TARGET = re.compile(r"\]\(\s*+[^()\s]*+\s*+\)")
_SPAN = re.compile(r"(?<!`)`++([^`]++)`")
_ESCAPE = re.compile(r"\\([^A-Za-z0-9\s])")
_WORD = re.compile(r"[^\s`\"'<>|*]++")
_SOURCES = (".cts", ".mts", ".py", ".pyi", ".ts", ".tsx")

# Line numbers, also as on the web: `L3-L5`.
_LINES = r"L?\d{1,7}(?:-L?\d{1,7})?"
_SEVERAL = rf"(?>{_LINES}(?:(?:,| and| &|, and) ?{_LINES})*)"
# `a.py`: 3, 5 and `a.py`, line 3 and `a.py` (L3-L5)
_BEHIND_SPAN = re.compile(
    rf"`([^`]++)(`)(?:,? \(?lines? |,? \(?(?=L\d)|: (?={_SEVERAL}(?!\s*\w)))({_SEVERAL})", re.I
)
# a.py (line 3), and neighbours in a table
_BEHIND_WORD = re.compile(
    rf"(\.(?:[cm]?tsx?|pyi?))(`?)(?:,? \(?lines? | ?\| ?(?=[-, L\d]++\|))({_SEVERAL})", re.I
)
_NEXT_PLACE = re.compile(r",(?=[^\dL,])")
_PLACE = re.compile(
    r"(?P<path>(?:[A-Za-z]:)?(?:[^:#]+\.[A-Za-z]\w{0,4}|(?:[^:#]*[/\\])?(?:Dockerfile|Makefile|\.env)))"
    rf"(?:[:#](?P<lines>{_LINES}(?:,{_LINES})*)(?::\d+)?|::[\w.:]+)?"
)
_LONGEST = 500
# As in `Line 187`, or `lines 386 and 468`, where the file has been named before.
_LOOSE_LINES = re.compile(rf"\blines?[ \t]({_SEVERAL})", re.I)


class Place(NamedTuple):
    """A place that a report names.

    Attributes:
        path: the path of a file as the report has it, with slashes.
        first: the first line, from 1; 0, if the report names only the file.
        last: the last line; 0, if the report names only the file.
    """

    path: str
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        if not self.first:
            return self.path
        return f"{self.path}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")


@dataclass
class Reported:
    """A finding of a report.

    Attributes:
        number: as in ``1.5``, or the code of the rule that has found it.
        title: the heading.
        severity: as the report has it; None, if it says nothing.
        places: where it is, in the order of the report, each once.
        has_more: whether it is in more places than the report names.
        codes: the codes of rules that its heading names.
        quoted: lines of source that the report shows as what is wrong, without indentation and comments.
    """

    number: str
    title: str
    severity: Severity | None = None
    places: list[Place] = field(default_factory=list)
    has_more: bool = False
    codes: frozenset[str] = frozenset()
    quoted: set[str] = field(default_factory=set)


def read_report(path: str) -> list[Reported]:
    """Return the findings in the report at `path`, in their order.

    Raises:
        Refusal: it cannot be read, or has no findings.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refusal(f"the report {path} cannot be read ({error.strerror})") from error
    except UnicodeError as error:
        raise Refusal(f"the report {path} is not text in UTF-8; save it as such") from error
    findings = parse(text)
    if not findings:
        raise Refusal(
            f"the report {path} has no findings: headings in Markdown with a number, as in '#### 1.1 Title'"
        )
    return findings


def parse(text: str) -> list[Reported]:
    """Return the findings in the report that `text` is, in their order."""
    reader = _Reader()
    lines = text.split("\n")
    for line in lines:
        reader.take(line)
    reader.end()
    return reader.findings or [finding for line in lines for finding in _in_row(line)]


def bare(line: str) -> str:
    """Return a line of source as reports quote it: with single spaces, and without a comment at its end."""
    return " ".join(_TRAILING_COMMENT.sub("", line.strip()).split())


class _Reader:
    """Takes a report line by line."""

    def __init__(self) -> None:
        self.findings: list[Reported] = []
        self._current: Reported | None = None
        self._level = 0
        # Of the heading of a chapter, for the findings below it that name none.
        self._severity: Severity | None = None
        self._fence = ""
        self._shows_remedy = False
        # Whether the line is part of a list of places.
        self._lists_places = False
        self._loose_lines: list[tuple[int, int]] = []

    def take(self, line: str) -> None:
        """Read the next line."""
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence) and not line.strip(" \t`~"):
                self._fence = ""
            else:
                self._take_code(line)
        elif fence:
            self._fence = fence[1]
        elif heading := _HEADING.match(line):
            self._take_heading(len(heading[1]), heading[2])
        elif (bold := _BOLD.fullmatch(line)) and _NUMBERED.match(bold[1]):
            self._take_heading(_BOLD_LEVEL, bold[1])
        elif self._current is not None:
            self._take_text(self._current, line)

    def end(self) -> None:
        """Finish the finding that was being read."""
        finding = self._current
        self._current = None
        if finding is None:
            return
        files = {place.path for place in finding.places}
        if len(files) == 1 and not any(place.first for place in finding.places):
            path = files.pop()
            finding.places += [Place(path, *lines) for lines in self._loose_lines]
        finding.places = list(dict.fromkeys(finding.places))
        finding.has_more = finding.has_more or not finding.places

    def _take_heading(self, level: int, heading: str) -> None:
        whole = _ESCAPE.sub(r"\1", _UNSEEN.sub("", heading))
        text = _SEVERITY_OF_TITLE.sub("", whole).strip(_AROUND)
        numbered = _NUMBERED.match(text) or _CODED.fullmatch(text)
        if numbered:
            self.end()
            title = printable(next(filter(None, numbered.groups()[1:]), "").strip(_AROUND))[:_LONGEST]
            severity = _severity_in(whole, _SEVERITY_OF_TITLE) or self._severity
            self._current = Reported(numbered[1], title, severity, codes=frozenset(_CODE.findall(text)))
            self.findings.append(self._current)
            self._level, self._loose_lines = level, []
            self._shows_remedy = self._lists_places = False
        elif self._current is not None and level > self._level:
            self._shows_remedy = bool(_REMEDY.search(heading))
        else:
            self.end()
            self._severity = _severity_in(heading)

    def _take_text(self, finding: Reported, line: str) -> None:
        named = _FIELD.match(line)
        if named:
            self._shows_remedy = bool(_REMEDY.search(named[1]))
            if "severity" in named[1].casefold():
                finding.severity = _severity_in(line) or finding.severity
        if not _ITEM.match(line):
            # An empty line may be between a field and its list, or between two items.
            self._lists_places = bool(named and _PLACES_FIELD.fullmatch(named[1])) or (
                self._lists_places and not line.strip()
            )
        places = list(_places_in(line, named_by_field=self._lists_places))
        finding.places += places
        if places and _ITEM.match(line):
            self._lists_places = True
            # Behind a place there may be its line of source.
            finding.quoted.update(bare(span) for span in _SPAN.findall(line) if len(span) >= _TELLING)
        elif not places and self._lists_places and _AND_MORE.search(line):
            finding.has_more = True
        for match in _LOOSE_LINES.finditer(line):
            self._loose_lines += _ranges(match[1])

    def _take_code(self, line: str) -> None:
        if self._current is None:
            return
        comment = _COMMENT.match(line)
        if comment:
            places = _places_in(comment[1], named_by_field=False)
            self._current.places += [place for place in places if place.first]
        elif not self._shows_remedy and _TELLING <= len(bare(line)) <= _LONGEST:
            self._current.quoted.add(bare(line))


def _in_row(line: str) -> Iterator[Reported]:
    """Yield the finding that a row of a table is, if a number is in the first cell."""
    before, *cells = (cell.strip(_AROUND) for cell in line.split("|"))
    texts = [cell for cell in cells[1:] if cell and not _SEVERITY.fullmatch(cell)]
    if not before and texts and re.fullmatch(_NUMBER, cells[0]):
        title, *others = texts
        severity = next((_severity_in(cell) for cell in cells[1:] if _SEVERITY.fullmatch(cell)), None)
        places = list(dict.fromkeys(_places_in(" | ".join([*others, ""]), named_by_field=True)))
        codes = frozenset(_CODE.findall(title))
        yield Reported(cells[0], printable(title)[:_LONGEST], severity, places, not places, codes)


def _severity_in(text: str, pattern: re.Pattern[str] = _SEVERITY) -> Severity | None:
    match = pattern.search(text)
    return Severity[match[1].upper()] if match else None


def _places_in(line: str, *, named_by_field: bool) -> Iterator[Place]:
    """Yield the places in a line; those without line numbers only where a field says that places follow."""
    line = _LINK_TO_LINES.sub(r" \1 ", line.replace("–", "-"))
    line = _LINK_TARGET.sub("] ", line)
    line = _BEHIND_SPAN.sub(_joined, line)
    line = _BEHIND_WORD.sub(_joined, line)
    for span in _SPAN.findall(line):
        for part in _NEXT_PLACE.split(span.replace(" - ", "-").replace(", ", ",")):
            yield from _places_from(part, may_be_file=named_by_field)
    for word in _WORD.findall(_ESCAPE.sub(r"\1", _SPAN.sub(" ", line))):
        yield from _places_from(
            word.strip("()[].,;:"), may_be_file=named_by_field and ("/" in word or word.endswith(_SOURCES))
        )


def _joined(match: re.Match[str]) -> str:
    """Return a file and the lines behind it as one place."""
    file, end, lines = match.groups()
    return f"{'`' if match[0].startswith('`') else ''}{file}:{','.join(re.findall(_LINES, lines))}{end}"


def _places_from(text: str, *, may_be_file: bool) -> Iterator[Place]:
    match = _PLACE.fullmatch(text.strip()) if len(text) <= _LONGEST and "://" not in text else None
    if match and match["lines"]:
        for lines in _ranges(match["lines"]):
            yield Place(match["path"].replace("\\", "/"), *lines)
    elif match and may_be_file:
        yield Place(match["path"].replace("\\", "/"))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for numbers in re.findall(_LINES, text):
        first, _, last = numbers.upper().replace("L", "").partition("-")
        yield min(int(first), int(last or first)), max(int(first), int(last or first))
