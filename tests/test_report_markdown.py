"""The report in Markdown: what it says, and that nothing in it is taken for Markdown that is not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flake8_prep import failure
from flake8_prep.report.excerpts import excerpt_from
from flake8_prep.report.markdown import render
from flake8_prep.report.markdown_text import Anchors, code_span, escaped, fenced, table
from flake8_prep.report.report import Report
from flake8_prep.report.violation import Violation
from tests.conftest import Flake8

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})

HOSTILE = [
    "<script>alert(1)</script>",
    "</details><img src=x onerror=alert(1)>",
    "`` ` ``` code",
    "```",
    "~~~ fence",
    "| --- | a |",
    "[link](http://example.com) ![image][1] <http://example.com>",
    "*bold* _italic_ __init__ snake_case ~~gone~~ $x$",
    "&lt;b&gt; &amp; \\",
    "# heading",
    "1. item - [ ] task",
    "-->",
    "ends in a backtick `",
    "`",
]


class Page(HTMLParser):
    """The text of a page, its tags, and the code in it."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.headings: list[str] = []
        self._in_heading = False
        self.feed(MARKDOWN.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href" and value]
        self._in_heading = re.fullmatch("h[1-6]", tag) is not None
        if self._in_heading:
            self.headings.append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_heading:
            self.headings[-1] += data.strip("\n")


def violation(
    code: str = "PREP101",
    path: str = "src/a.py",
    line: int = 1,
    message: str = "something",
    source: str = "pass",
) -> Violation:
    lines = [""] * (line - 1) + [source]
    return Violation(path, line, 0, code, message, excerpt_from(lines, line))


def rendered(*violations: Violation, scope: Iterable[str] = (".",)) -> str:
    return render(Report.of(violations, scope))


class TestText:
    """Text from anywhere in Markdown."""

    @pytest.mark.parametrize("text", HOSTILE)
    def test_shown_as_it_is(self, text: str) -> None:
        for markdown in (f"- a: {escaped(text)}", f"- {code_span(text)}", f"# {escaped(text)}"):
            page = Page(markdown)
            assert text in page.text
            assert page.tags <= {"ul", "li", "code", "h1"}

    @settings(deadline=None)
    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"])))
    def test_any_text_is_shown_as_it_is(self, text: str) -> None:
        assert Page(f"x{escaped(text)}x").text == f"x{text}x\n"
        words = " ".join(text.split())
        if words:
            assert Page(code_span(text)).text == f"{words}\n"

    def test_what_cannot_be_seen_becomes_visible(self) -> None:
        assert escaped("a\nb\x1b\u202e") == r"a\\nb\\x1b\\u202e"
        assert code_span("\u2066if\tx:\x00") == r"`\u2066if x:\x00`"

    def test_legible(self) -> None:
        assert escaped("snake_case of __init__ (line 3), 'x'") == r"snake_case of \_\_init\_\_ (line 3), 'x'"

    def test_code(self) -> None:
        assert code_span("a") == "`a`"
        assert code_span("`a`` b") == "``` `a`` b ```"
        assert fenced("a\n````\nb", "python") == "`````python\na\n````\nb\n`````"

    def test_table(self) -> None:
        assert table(("A", "B"), [("`x|y`", "1")]) == "| A | B |\n| --- | --: |\n| `x\\|y` | 1 |"

    def test_anchors(self) -> None:
        anchors = Anchors()
        headings = ["2. Code quality", "High", "API & more_x", "High", "E501"]
        expected = ["2-code-quality", "high", "api--more_x", "high-1", "e501"]
        assert list(map(anchors.add, headings)) == expected


class TestReport:
    """The whole report."""

    def test_nothing_found(self) -> None:
        assert rendered(scope=["src", "web"]) == (
            "# Bug Hunt Report\n\n"
            "**Scope:** `src`, `web`  \n"
            "**Severity levels:** Critical | High | Medium | Low\n\n"
            "## Summary\n\n"
            "flake8 found nothing to report.\n"
        )

    def test_summary_and_figures(self) -> None:
        text = rendered(
            violation("PREP101", "a.py", 1),
            violation("PREP101", "a.py", 2),
            violation("PREP251", "b.ts"),
            violation("E501", "Makefile"),
        )
        assert (
            "flake8 found 4 problems of 3 kinds in 3 files: 2 critical and 2 medium. "
            "The section with the most is Security (2), and the file with the most is `a.py` (2).\n\n"
            "### Figures\n\n"
            "- **Total:** 4\n- **Critical:** 2\n- **High:** 0\n- **Medium:** 2\n- **Low:** 0\n\n"
            "| Section | Findings |\n| --- | --: |\n"
            "| 1. Security | 2 |\n| 2. Code quality | 1 |\n| Other findings of flake8 | 1 |\n\n"
            "| Language | Findings |\n| --- | --: |\n| Python | 2 |\n| other | 1 |\n| TypeScript | 1 |\n\n"
            "| Worst files | Findings |\n| --- | --: |\n| `a.py` | 2 |\n| `Makefile` | 1 |\n| `b.ts` | 1 |\n"
        ) in text

    def test_one_finding(self) -> None:
        text = rendered(violation())
        assert "flake8 found 1 problem of 1 kind in 1 file: 1 critical. " in text
        assert "**Found:** 1 place in 1 file\n" in text

    def test_rule(self) -> None:
        text = rendered(
            violation(line=2, source="    except `x`:  "), violation(line=3, source="\t"), violation(line=0)
        )
        chapter = text[text.index("---\n\n## 1. Security") : text.index("**Instead of:**")]
        assert chapter.startswith(
            "---\n\n## 1. Security\n\n### Critical severity\n\n#### PREP101 silent-exception\n\n"
            "**A handler that catches every exception and does nothing about it.**\n\n"
            "**Severity:** Critical  \n**Finding of the bug hunt:** 1.1\n\n`except Exception: pass` does"
        )
        assert chapter.endswith(
            "**Problem:** something\n\n**Found:** 3 places in 1 file\n\n"
            "- `src/a.py`\n- `src/a.py:2`: ``except `x`:``\n- `src/a.py:3`\n\n"
        )
        assert re.search(r"\n\*\*Better:\*\*\n\n```python\n[^`]+\n```\n\n---\n", text)

    def test_messages_that_differ(self) -> None:
        text = rendered(violation(message="a"), violation(line=2, message="*b*"))
        assert "\n- `src/a.py:1`: a  \n  `pass`\n- `src/a.py:2`: \\*b\\*  \n  `pass`\n" in text
        assert "**Problem:**" not in text

    def test_order_of_chapters(self) -> None:
        codes = ["PREP251", "E501", "PREP101", failure.CODE, "PREP107", "PREP001"]
        text = rendered(*map(violation, codes))
        headings = [heading for heading in Page(text).headings if "severity" not in heading]
        assert headings == [
            "Bug Hunt Report",
            "Summary",
            "Figures",
            "Contents",
            "1. Security",
            "PREP101 silent-exception",
            "PREP107 env-fallback",
            "2. Code quality",
            "PREP251 explicit-any",
            "10. Best practice",
            "PREP001 magic-duration",
            "Other findings of flake8",
            "PREP000 not-checked",
            "E501",
            "Recommendations",
            "Immediate action (critical)",
            "High priority",
            "Medium priority",
            "Low priority",
        ]
        assert "E501 comes from another plugin of flake8" in text
        assert failure.EXPLANATION.strip() in text

    def test_contents_lead_somewhere(self) -> None:
        page = Page(rendered(*map(violation, ["PREP251", "E501", "PREP101", "PREP107", "PREP152"])))
        anchors = Anchors()
        assert {link.removeprefix("#") for link in page.links} <= set(map(anchors.add, page.headings))
        assert page.links[:3] == ["#1-security", "#prep101-silent-exception", "#prep152-sql-injection"]

    def test_recommendations(self) -> None:
        text = rendered(
            *(violation("PREP107", line=line) for line in range(1, 4)),
            *(violation("PREP901", line=line) for line in range(1, 3)),
            violation("PREP901", "b.py"),
            violation("PREP311"),
            violation("E501"),
            violation("PREP101"),
        )
        assert re.sub(r"\(#.*?\)|  \n    .*", "", text[text.index("## Recommendations") :]) == (
            "## Recommendations\n\nThe worst first, and among equals what takes the least effort.\n\n"
            "### Immediate action (critical)\n\n1. [PREP101 silent-exception]: 1 place in 1 file\n\n"
            "### High priority\n\n2. [PREP311 swallowed-base-exception]: 1 place in 1 file\n"
            "3. [PREP107 env-fallback]: 3 places in 1 file\n"
            "4. [PREP901 unvalidated-env-number]: 3 places in 2 files\n\n"
            "### Medium priority\n\n5. [E501]: 1 place in 1 file\n"
        )

    @pytest.mark.parametrize("number", [20, 21, 23])
    def test_long_list(self, number: int) -> None:
        places = [violation("PREP101", "a.py", line, source="found") for line in range(1, number)]
        text = rendered(*places, violation("PREP101", "b.py", source="found"))
        assert text.count("`found`") == 20
        more = {
            20: "",
            21: "1 more place in 1 file</summary>\n\n- `b.py`: 1\n\n</details>",
            23: "3 more places in 2 files</summary>\n\n- `a.py`: 21, 22\n- `b.py`: 1\n\n</details>",
        }
        folded = f"\n\n<details>\n<summary>{more[number]}\n\n" if number > 20 else ""
        assert folded in text
        assert ("<details>" in text) == (number > 20)

    def test_several_on_a_line(self) -> None:
        place = violation("PREP101", "a.py", 3, source="found")
        places = [place._replace(column=column) for column in (1, 2)]
        text = rendered(*places, violation("PREP101", "a.py", 4, source="found"))
        assert "**Found:** 3 places in 1 file\n\n- `a.py:3`: `found` (2 times)\n- `a.py:4`: `found`\n" in text
        others = [violation("PREP101", f"{number}.py") for number in range(20)]
        assert "2 more places in 1 file</summary>\n\n- `a.py`: 3\n\n" in rendered(*others, *places)

    def test_long_list_of_files_as_a_whole(self) -> None:
        text = rendered(*(violation("PREP000", f"{number}.py", 0) for number in range(10, 31)))
        assert "\n- `29.py`\n\n<details>" in text
        assert "\n- `30.py`: the whole file\n\n</details>" in text

    def test_long_scope(self) -> None:
        text = rendered(scope=[f"{number}.py" for number in range(12)])
        assert "**Scope:** `0.py`, `1.py`, " in text
        assert ", `9.py` and 2 more paths  \n" in text
        assert "`9.py` and 1 more path  \n" in rendered(scope=[f"{number}.py" for number in range(11)])
        assert "more" not in rendered(scope=["a.py"] * 12)
        assert "**Scope:** not known" in rendered(scope=[])

    def test_hostile_text_everywhere(self) -> None:
        benign = Page(rendered(*(violation("X1", line=number) for number in range(30)))).tags
        for text in HOSTILE:
            report = Report.of(
                [violation("X1", f"{text}.py", number, text, text) for number in range(30)], [text]
            )
            page = Page(render(report))
            assert page.tags == benign
            assert page.headings == ["Bug Hunt Report", "Summary", "Figures", "Contents"] + [
                "Other findings of flake8",
                "Medium severity",
                "X1",
                "Recommendations",
                "Medium priority",
            ]
            assert page.text.count(f"{text}.py") == 23


def test_through_flake8(tmp_path: Path, flake8_here: Flake8) -> None:
    (tmp_path / "box.py").write_text("import os\n\n\nclass Box:\n    def __init__(self):\n        pass\n")
    run = flake8_here("--isolated", "--format=prep-report", "--output-file=report.md", ".")
    assert (run.status, run.output) == (1, "")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "#### F401\n" in text
    assert "**Problem:** 'os' imported but unused\n\n**Found:** 1 place in 1 file\n\n" in text
    assert "- `box.py:1`: `import os`\n" in text
    assert "**Problem:** \\_\\_init\\_\\_ of Box has no return annotation\n" in text
    assert flake8_here("--isolated", "--format=prep-report", "--select=E9", ".").status == 0
