"""What ``flake8-prep follow-up`` is made of: reading reports, scopes of sources, files of trees."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_prep.followup.comparing import Answer, Judged, State, compare
from flake8_prep.followup.reading import Place, Reported, bare, parse
from flake8_prep.followup.scopes import Scope, scope_around, scopes_in
from flake8_prep.followup.tree import Tree
from flake8_prep.report.facts import facts_of
from flake8_prep.report.report import Report
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Severity


def places(text: str) -> list[str]:
    """Return the places of the only finding in the report that has `text` below its heading."""
    [finding] = parse(f"#### 1.1 Title\n{text}\n")
    return [str(place) for place in finding.places]


class TestHeadings:
    """What begins a finding, and what ends it."""

    @pytest.mark.parametrize(
        ("heading", "number", "title"),
        [
            ("#### 1.1 Title", "1.1", "Title"),
            ("## 10.12. Title: more", "10.12", "Title: more"),
            ("###### 1.1: Title", "1.1", "Title"),
            ("### **1.1 Title**", "1.1", "Title"),
            ("### [1.1] Title", "1.1", "Title"),
            ("### 1.1) `code` \x1b[31m", "1.1", "`code` \\x1b[31m"),
            ("# 1.1", "1.1", ""),
            ("  ### Finding 1.1 - Title", "1.1", "Title"),
            ("### Issue #1.1: Title ###", "1.1", "Title"),
            ("### \N{LARGE RED CIRCLE} 1.1 – About C#", "1.1", "About C#"),
            ("### `1.1` Title", "1.1", "Title"),
            ("### 1\\.1 Title", "1.1", "Title"),
            ("### <a id='one'></a>1.1 Title", "1.1", "Title"),
            ("### 1.1 [HIGH] Title", "1.1", "Title"),
            ("### [HIGH] 1.1: Title", "1.1", "Title"),
            ("### 1.1 Title [CRITICAL]", "1.1", "Title"),
            ("### 1.1 Of (lists[0])", "1.1", "Of (lists[0])"),
            ("**1.1 Title**", "1.1", "Title"),
            ("### PREP101: Title", "PREP101", "Title"),
            ("### [PREP101] Title", "PREP101", "Title"),
            ("### PREP101 - Title", "PREP101", "Title"),
            ("#### PREP101 silent-exception", "PREP101", "silent-exception"),
            ("#### E501", "E501", ""),
        ],
    )
    def test_findings(self, heading: str, number: str, title: str) -> None:
        [finding] = parse(heading)
        assert (finding.number, finding.title) == (number, title)

    @pytest.mark.parametrize(
        "line",
        [
            "## 1. Security",
            "## 1.2.3 Version",
            "####1.1 Title",
            "1.1 Title",
            "## HTTP2",
            "## Title 1.1",
            "## Version 1.1",
            "**Title**",
            "**1.1 Title** and text",
            "    ## 1.1 Code",
            "- 1.1 Title",
            "| Number | Title |",
            "| 1.1 |",
            "1.1 | Title",
            "## E501 Is long",
            "```\n## 1.1 Comment",
            "~~~\n## 1.1\n```\n## 1.1",
        ],
    )
    def test_others(self, line: str) -> None:
        assert parse(line) == []

    def test_codes(self) -> None:
        first, second = parse("## 1.1 Silent (PREP101, E501)\n## PREP251 explicit-any\n")
        assert first.codes == {"PREP101", "E501"}
        assert second.codes == {"PREP251"}

    def test_severities(self) -> None:
        findings = parse(
            "### HIGH Severity Issues\n## 1.1 A\n## 1.2 B\n**Severity:** Low\n## 1.3 C\nSeverity: unknown\n"
            "# Others\n## 1.4 D\n- Severity: medium\n## 1.5 E\n"
        )
        severities = [finding.severity for finding in findings]
        assert severities == [Severity.HIGH, Severity.LOW, Severity.HIGH, Severity.MEDIUM, None]

    @pytest.mark.parametrize(
        "line",
        [
            "**Severity**: High",
            "__Severity:__ `high`",
            "> *Severity:* 🔴 HIGH",
            "**Severity level:** P2 (High)",
            "| Severity | High |",
            "| **Severity** | **High** |",
        ],
    )
    def test_fields_of_severity(self, line: str) -> None:
        [finding] = parse(f"## 1.1 A\n{line}\n")
        assert finding.severity is Severity.HIGH

    def test_severities_in_headings(self) -> None:
        findings = parse(
            "# Critical ones\n## 1.1 [High] A\n## 1.2 B (LOW severity)\n## 1.3 High load\n## [low] 1.4 C\n"
            "## 1.5 D - Medium\n## 1.6 Low — and more\n"
        )
        assert [(finding.severity, finding.title) for finding in findings] == [
            (Severity.HIGH, "A"),
            (Severity.LOW, "B"),
            (Severity.CRITICAL, "High load"),
            (Severity.LOW, "C"),
            (Severity.MEDIUM, "D"),
            (Severity.CRITICAL, "Low — and more"),
        ]

    def test_bold_lines_are_below_all_headings(self) -> None:
        first, second = parse("## 1.1 A\n`a.py:1`\n**1.2 B**\n`b.py:1`\n#### Others\n`c.py:1`\n")
        assert (first.places, second.places) == ([Place("a.py", 1, 1)], [Place("b.py", 1, 1)])

    def test_tables(self) -> None:
        rows = (
            "| # | Title | Severity | Where |\n| --- | --- | --- | --- |\n"
            "| 1.1 | Silent (PREP101) | High | `a.py:3`, b.py |\n"
            "| **1.2** | **LOW** | Loud | many |\n| 1.3 | High |\n"
        )
        first, second = parse(rows)
        places, codes = [Place("a.py", 3, 3), Place("b.py")], frozenset({"PREP101"})
        assert first == Reported("1.1", "Silent (PREP101)", Severity.HIGH, places, False, codes)
        assert second == Reported("1.2", "Loud", Severity.LOW, [], True)
        # Where there are chapters, a table sums them up.
        assert [finding.number for finding in parse(f"{rows}\n## 1.1 Title\n")] == ["1.1"]

    def test_other_headings(self) -> None:
        [finding] = parse(
            "### 1.1 A\n#### Where\n`a.py:1`\n### Summary\n`b.py:1`\n```\nsome code here\n```\n"
        )
        assert finding.places == [Place("a.py", 1, 1)]
        assert finding.quoted == set()


class TestPlaces:
    """The forms that places have."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("**Location:** `a/b.py:1`", ["a/b.py:1"]),
            ("**Location:** `a/b.py:3-5`", ["a/b.py:3-5"]),
            ("**Location:** a/b.py:5–3", ["a/b.py:3-5"]),
            ("- `a.py:48,68,71,87-89`", ["a.py:48", "a.py:68", "a.py:71", "a.py:87-89"]),
            ("- `a.py:48, 68`", ["a.py:48", "a.py:68"]),
            ("- `a.py`: 48, 68", ["a.py:48", "a.py:68"]),
            ("In a.py:12:5, and (b.ts:7).", ["a.py:12", "b.ts:7"]),
            ("`C:\\code\\a.py:3`", ["C:/code/a.py:3"]),
            ("[a.py:3](https://host/a.py#L9)", ["a.py:3"]),
            ("`a.py#L3`", ["a.py:3"]),
            ("- app/(auth)/[id]/page.tsx:3", ["app/(auth)/[id]/page.tsx:3"]),
            ("- audit\\_log.py:3", ["audit_log.py:3"]),
            ("**File:** `Makefile.am`", ["Makefile.am"]),
            ("**Location**: `x/Dockerfile`, `Makefile`, `.env`", ["x/Dockerfile", "Makefile", ".env"]),
            ("`Dockerfile:3`", ["Dockerfile:3"]),
            ("**Location:** `a.py::Thing.method`", ["a.py"]),
            ("**Location:** `a.py:3,b.py:4-5, c.py`", ["a.py:3", "b.py:4-5", "c.py"]),
            ("- `a.py` line 3 and `b.ts`, lines 5 and 7-9", ["a.py:3", "b.ts:5", "b.ts:7-9"]),
            ("- a.py (line 3)\n- b.ts lines 5, 7", ["a.py:3", "b.ts:5", "b.ts:7"]),
            ("**File:** `a.py`, line 3", ["a.py:3"]),
            ("- `a.py` (L3-L5) and `b.ts:L7` and c.ts#L9-11", ["a.py:3-5", "b.ts:7", "c.ts:9-11"]),
            ("[a.py](src/a.py#L3-L5) [b.py:3](src/b.py#L3)", ["src/a.py:3-5", "src/b.py:3"]),
            ("`a.py:3 - 5`", ["a.py:3-5"]),
            ("| File | Lines |\n| `a.py` | 3 |\n| b.ts|7, 9-10|", ["a.py:3", "b.ts:7", "b.ts:9-10"]),
            ("| File | `a.py:3` |", ["a.py:3"]),
            ("**Files affected:**\n\n- a.py\n- `b.cfg`\n\n- c/d.txt\n", ["a.py", "b.cfg", "c/d.txt"]),
            ("**Affected files:** a.py, a.py", ["a.py"]),
            ("Where: src/a.py\n- src/b.py\nNo more: src/c.py", ["src/a.py", "src/b.py"]),
            ("```sql\n-- as in a.ts:3, b.ts\n```", ["a.ts:3"]),
            ("Where: a.py\n1. **Line 3:** x\n2. lines 5-6 and 9", ["a.py", "a.py:3", "a.py:5-6", "a.py:9"]),
        ],
    )
    def test_found(self, text: str, expected: list[str]) -> None:
        assert places(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "In `a.py` there is something.",
            "**Location:** Node.js services",
            "**Location:** https://host/a.py:3",
            "**Problem:** a.py",
            "- a.py",
            "at 10.30:45 or 1.5:3",
            "line 3",
            "- `a.py`: 3 handlers",
            "| Node.js | 18 |",
            "| `a.py` | 3 handlers |",
            "**Location:** `localhost:8080`",
            "```\na.py:3\n```",
            f"`{'a' * 600}.py:3`",
            "`a.py:123456789`",
        ],
    )
    def test_not_found(self, text: str) -> None:
        assert places(text) == []

    @pytest.mark.parametrize(
        ("text", "more"),
        [
            ("", True),
            ("**Location:** Multiple files\n- `a.py:1`", True),
            ("- `a.py:1`\n- many more...", True),
            ("**Location:** 1 file\n- `a.py:1`\n\nMany say so.", False),
            ("**Location:** `a.py:1`", False),
        ],
    )
    def test_more_than_are_named(self, text: str, more: bool) -> None:
        [finding] = parse(f"#### 1.1 Title\n{text}\n")
        assert finding.has_more is more


def test_quoted_source() -> None:
    [finding] = parse(
        "#### 1.1 Title\n"
        "```py\n# a comment of some length\n    time.sleep(pause)  # too long\n    pass\n```\n"
        "**Best-in-class solution:**\n```\nawait asyncio.sleep(1)\n```\n"
        "**Also:**\n````\nfirst_line(1)\n```\nsecond_line(2)\n````\n##### Better\n```\nnot_this_line()\n```\n"
        "- `a.py:1`: `the_line(1)  // why`\n"
    )
    assert finding.quoted == {"time.sleep(pause)", "first_line(1)", "second_line(2)", "the_line(1)"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [("  a = 1 \n", "a = 1"), ("a =  1\t# why", "a = 1"), ("a // b", "a"), ("# a", "# a"), ("'#a'", "'#a'")],
)
def test_bare_line(line: str, expected: str) -> None:
    assert bare(line) == expected


@pytest.mark.parametrize(
    "piece",
    [
        "`a.py`, ", "L1", "|", "<a ", "[x](a", " - ", "*", " #", "a.py | 1", "`", "a", "a.py:1,", "](",
        "](x", "- ", "\\", "#", "1.1", "a/", "lines 1 and ", "~", "b ", ":", "`a` ",
    ],
)
def test_hostile_lines_take_no_time(piece: str) -> None:
    line = piece * (300_000 // len(piece))
    forms = ("**Location:** {}", "- {}", "{}", "```\n{}\n# {}\n```", "# {}", "## 1.2 {}", "1. {}")
    text = "\n".join(["## 1.1 Title", *(form.replace("{}", line) for form in forms)])
    start = time.perf_counter()
    parse(text)
    assert time.perf_counter() - start < 10


PIECES = (
    *("## 1.1 T", "### [HIGH] 1.2", "**1.3 X**", "| 1.4 | t | High | `a.py:3` |", "**Severity:** High"),
    *("Files:", "```", "- `a.py`: 3, 5", "`a.py` (L3-L5)", "[x](a.py#L3)", "lines 3 and 5", "::f"),
    *("Dockerfile:3", "a.ts", "L3", "9-2"),
    *("\\", "`", "|", " ", "-", ",", "(", ")", "#", ":", "\x00", "\ud800", "\N{EN DASH}"),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from(PIECES)).map("".join)).map("\n".join))
def test_anything_can_be_read(text: str) -> None:
    places = [place for finding in parse(text) for place in finding.places]
    assert all(place.path and 0 <= place.first <= place.last for place in places)


class TestScopes:
    """Functions and classes."""

    PYTHON = (
        "import functools\n\n\n@functools.cache\ndef first():\n    return 1\n\n\n"
        "class Second:\n    value = 1\n\n    async def third(self):\n        return lambda: 2\n"
    )
    TYPESCRIPT = (
        "function first() {\n  items.map(() => {\n    call();\n  });\n}\n\ncall(() => {\n  other();\n});\n"
    )

    def test_python(self) -> None:
        assert sorted(scopes_in("a.py", self.PYTHON.splitlines(keepends=True))) == [
            Scope(4, 6, "first"),
            Scope(9, 13, "Second"),
            Scope(12, 13, "third"),
        ]

    def test_typescript(self) -> None:
        scopes = scopes_in("a.ts", self.TYPESCRIPT.splitlines(keepends=True))
        assert scopes == [Scope(1, 5, "first"), Scope(2, 4, ""), Scope(7, 9, "")]
        assert scope_around(scopes, 3, 3) == scopes[0]
        assert scope_around(scopes, 8, 8) == scopes[2]
        assert scope_around(scopes, 4, 8) is None

    @pytest.mark.parametrize("text", ["x = (\n", "x = '\0'\n", "x = " + "-" * 100_000 + "1\n"])
    def test_what_does_not_parse(self, text: str) -> None:
        assert scopes_in("a.py", [text]) == []

    def test_innermost(self) -> None:
        scopes = scopes_in("a.py", self.PYTHON.splitlines(keepends=True))
        assert scope_around(scopes, 13, 13) == Scope(12, 13, "third")
        assert scope_around(scopes, 10, 13) == Scope(9, 13, "Second")
        assert scope_around(scopes, 1, 1) is None


class TestTree:
    """Which file a path of a report is."""

    @pytest.fixture(autouse=True)
    def root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A folder to work in."""
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def find(self, root: Path, path: str, *checked: str) -> list[str]:
        """Return what a path is in a tree with these files."""
        tree = Tree((os.path.join(root, file) for file in checked), [str(root)])
        return [os.path.relpath(file, root) for file in tree.find(path)]

    @pytest.mark.parametrize(
        ("path", "checked", "expected"),
        [
            ("a/b.py", ["a/b.py", "x/a/b.py"], ["a/b.py"]),
            ("./a/../a/b.py", ["a/b.py"], ["a/b.py"]),
            ("a/b.py", ["x/a/b.py", "a/c.py"], ["x/a/b.py"]),
            ("a/b.py", ["x/a/b.py", "y/a/b.py"], ["x/a/b.py", "y/a/b.py"]),
            ("top/a/b.py", ["a/b.py", "b.py"], ["a/b.py", "b.py"]),
            ("a/b.py", ["xa/b.py", "c/b.py"], []),
            ("b.py", ["x/b.py"], ["x/b.py"]),
            ("..", ["a/b.py"], []),
        ],
    )
    def test_checked_files(self, root: Path, path: str, checked: list[str], expected: list[str]) -> None:
        assert self.find(root, path, *checked) == expected

    def test_other_files(self, root: Path) -> None:
        (root / "x/node_modules").mkdir(parents=True)
        for name in ("x/tables.sql", "x/node_modules/other.sql"):
            (root / name).write_text("")
        assert self.find(root, "x/tables.sql") == ["x/tables.sql"]
        assert self.find(root, "srv/x/tables.sql") == ["x/tables.sql"]
        tree = Tree([], [str(root)])
        assert tree.find("tables.sql") == tree.find("top/x/tables.sql") == [str(root / "x/tables.sql")]
        assert tree.find("other.sql") == []
        assert not tree.is_checked(str(root / "x/tables.sql"))


def test_rules_that_were_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Report.of([Violation("b.py", 1, 0, "PREP000", "rules not loaded: some of them")], [])
    place = Place("a.py", 1, 1)
    tree = Tree([str(tmp_path / "a.py")], [str(tmp_path)])
    finding = Reported("1.1", "Title", places=[place])
    [answer] = compare([(finding, [facts_of("PREP101")])], found, tree)
    assert [judged.state for judged in answer.places] == [State.NOT_CHECKED]


def test_rule_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Report.of([Violation("a.py", 1, 0, "PREP000", "rule PREP102 failed on this file: why")], [])
    findings = [Reported(number, "Title", places=[Place("a.py", 1, 1)]) for number in ("1.1", "1.2")]
    rules = [[facts_of("PREP101")], [facts_of("PREP102")]]
    tree = Tree([str(tmp_path / "a.py")], [str(tmp_path)])
    answers = compare(zip(findings, rules, strict=True), found, tree)
    assert [answer.state for answer in answers] == [State.GONE, State.NOT_CHECKED]


@pytest.mark.parametrize("places", [(), (Judged(Place("a.tf", 3, 3), State.NO_FILE),)])
def test_state_of_a_finding_without_rules(places: tuple[Judged, ...]) -> None:
    answer = Answer(Reported("1.1", "Title"), (), places, ())
    assert answer.state is State.UNSEEN
    assert not answer.is_left
