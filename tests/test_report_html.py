"""The HTML report: what is in the page, and that nothing in a source can become a part of it."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_prep.report import page_data
from flake8_prep.report.excerpts import excerpt_from
from flake8_prep.report.highlighting import Highlighter
from flake8_prep.report.page import inline, prose, render
from flake8_prep.report.report import Report
from flake8_prep.report.violation import NO_EXCERPT, Violation
from tests.conftest import Flake8

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><b id=x>",
    "<!-- <script>",
    "]]>",
    "{{ 7 * 7 }}{% raw %}{# a #}",
    "</textarea></noscript></pre>",
    "\" onload='alert(1)' `&amp;`",
    "\u2028\u2029\\u003c\\",
)


def violation(
    path: str = "shop/app.py",
    line: int = 2,
    column: int = 4,
    code: str = "PREP101",
    message: str = "an error is hidden",
    lines: tuple[str, ...] = ("try:", "    pay()", "except Exception:", "    pass"),
) -> Violation:
    """Return a violation in a file that has these lines."""
    return Violation(path, line, column, code, message, excerpt_from(lines, line) if lines else NO_EXCERPT)


class Element:
    """What the parser has seen of an element."""

    def __init__(self, tag: str, attributes: dict[str, str], parents: tuple[Element, ...]) -> None:
        """Start without text."""
        self.tag = tag
        self.attributes = attributes
        self.parents = parents
        self.text = ""


class Page(HTMLParser):
    """A page, taken apart by Python's own parser."""

    VOID = {"meta", "link", "input", "col", "wbr"}

    def __init__(self, document: str) -> None:
        """Read the whole document."""
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element of SVG that has no content."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        """Every element ends in the one in which it began."""
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Take some text."""
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements with this tag that have these attributes."""
        return [
            element
            for element in self.elements
            if element.tag == tag and attributes.items() <= element.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only element with this tag that has these attributes."""
        (element,) = self.all(tag, **attributes)
        return element

    @property
    def data(self) -> Any:
        """What the script gets."""
        return json.loads(self.one("script", id="data").text)


def page_of(*violations: Violation, scope: tuple[str, ...] = ("shop",)) -> Page:
    """Return the page that shows the violations."""
    return Page(render(Report.of(violations, scope)))


def words(element: Element) -> str:
    """Return the text of the element with single spaces."""
    return " ".join(element.text.split())


MANY = (
    violation(),
    violation(line=3, code="PREP107", message="KEY falls back to an empty string"),
    violation("shop/b.py", code="PREP401"),
    violation("web/a.ts", 1, 7, "PREP251", "the type any", ("let a: any = `x${1}`;",)),
    violation("web/a.ts", 2, 0, "PREP000", "not checked: it is not text", ()),
    violation("web/c.tsx", 1, 0, "E501", "line too long", ("<A b={1}>Don't</A>",)),
    violation("notes.txt", 1, 0, "X100", "something", ("plain", "", "text")),
)


@pytest.fixture(scope="module")
def page() -> Page:
    """A page with findings of all kinds."""
    return page_of(*MANY)


class TestStructure:
    """What a reader, and a screen reader, find where."""

    def test_landmarks_and_headings(self, page: Page) -> None:
        assert page.one("html").attributes["lang"] == "en"
        for tag in ("header", "nav", "main", "footer"):
            page.one(tag)
        assert page.one("form").attributes["role"] == "search"
        assert words(page.one("h1", id="title")) == "7 findings"
        assert words(page.all("title")[0]) == "flake8 report: 7 findings"
        levels = [int(each.tag[1]) for each in page.elements if each.tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))

    def test_ids_are_unique_and_links_lead_to_them(self, page: Page) -> None:
        ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(ids) == len(set(ids))
        links = [each.attributes["href"] for tag in ("a", "use") for each in page.all(tag)]
        assert {link[1:] for link in links if "=" not in link} <= set(ids)
        assert {link.partition("=")[0] for link in links if "=" in link} == {
            "#severity",
            "#section",
            "#language",
            "#file",
            "#text",
        }

    def test_every_field_has_a_label(self, page: Page) -> None:
        labels = {label.attributes.get("for") for label in page.all("label")}
        for tag in ("input", "select"):
            for field in page.all(tag):
                is_inside = any(parent.tag == "label" for parent in field.parents)
                assert is_inside or field.attributes["id"] in labels

    def test_it_loads_nothing(self, page: Page) -> None:
        for element in page.elements:
            assert "src" not in element.attributes
            assert "style" not in element.attributes
            assert not [name for name in element.attributes if name.startswith("on")]
        assert page.one("link").attributes["href"].startswith("data:image/svg+xml,")

    def test_its_policy_allows_its_own_script_and_style_and_nothing_else(self, page: Page) -> None:
        script, data = page.all("script")
        assert data.attributes["type"] == "application/json"

        def hash_of(element: Element) -> str:
            return "sha256-" + base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()

        meta = page.one("meta", **{"http-equiv": "Content-Security-Policy"})
        assert meta.attributes["content"].split("; ") == [
            "default-src 'none'",
            f"script-src '{hash_of(script)}'",
            f"style-src '{hash_of(page.one('style'))}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]

    def test_summary(self, page: Page) -> None:
        lead = next(each for each in page.all("p") if each.attributes.get("class") == "lead")
        assert words(lead) == (
            "flake8 reports 7 findings in 5 files, by 7 rules: 1 critical, 2 high, 4 medium. "
            "The section with the most is Other findings of flake8 (3). "
            "The file with the most is shop/app.py (2). "
            "Start with PREP101 silent-exception: critical, 1 place."
        )

    def test_charts_say_what_they_show(self, page: Page) -> None:
        bars = [each.attributes["aria-label"] for each in page.all("svg", role="img")]
        total, *_ = bars
        assert total == "1 critical, 2 high, 4 medium"
        assert bars.count("1 critical, 1 high") == 2
        shown = [element for element in page.all("rect") if element.attributes["class"] == "medium"]
        assert shown[0].attributes["width"] == "57.14"

    def test_all_is_there_without_scripts(self, page: Page) -> None:
        text = words(page.one("noscript"))
        assert "shop/app.py 2:5 PREP101 (critical) an error is hidden" in text
        assert "web/c.tsx 1:1 E501 (medium) line too long" in text

    @pytest.mark.parametrize(("count", "folded"), [(9, False), (10, True)])
    def test_rules_are_folded_where_there_are_many(self, count: int, folded: bool) -> None:
        page = page_of(*(violation(code=f"X{number:03}") for number in range(count)))
        assert [words(each) for each in page.all("summary")] == (["4 more rules"] if folded else [])
        assert len(page.all("article")) == count

    def test_one_finding(self) -> None:
        page = page_of(violation())
        assert words(page.one("h1", id="title")) == "1 finding"
        assert "1 finding in 1 file, by 1 rule: 1 critical." in words(page.one("main"))

    def test_no_findings(self) -> None:
        page = page_of()
        assert words(page.one("h1", id="title")) == "No findings"
        assert not page.all("form")
        assert not page.all("article")
        assert len(page.all("script")) == 1

    @pytest.mark.parametrize(
        ("scope", "text"),
        [
            ((), None),
            (("a", "b"), "Checked: a, b"),
            (tuple("abcdefgh"), "Checked: a, b, c, d, e, f and 2 more"),
        ],
    )
    def test_scope(self, scope: tuple[str, ...], text: str | None) -> None:
        page = page_of(violation(), scope=scope)
        assert [words(each) for each in page.all("p", **{"class": "scope"})] == ([text] if text else [])

    def test_only_the_worst_files_have_a_bar(self) -> None:
        page = page_of(violation("b.py"), violation("b.py", 3), *(violation(f"a/{n}.py") for n in range(9)))
        chart = page.one("table", **{"class": "chart files"})
        rows = [words(each) for each in page.all("th", scope="row") if chart in each.parents]
        assert rows == ["b.py", *(f"a/{n}.py" for n in range(7))]

    def test_a_short_bar_is_still_seen(self) -> None:
        few = violation(code="PREP101")
        many = [violation(line=line, code="PREP251") for line in range(1, 1000)]
        rect = page_of(few, *many).all("rect", **{"class": "critical"})[0]
        assert rect.attributes["width"] == "1.5"


class TestRules:
    """The page of each rule."""

    def test_a_rule_of_ours(self) -> None:
        text = words(page_of(*MANY).one("article", id="PREP107"))
        for part in (
            "PREP107 env-fallback",
            "high Security Python Show 1 finding",
            "Why is this bad",
            "Example reported",
            'os.getenv("INVOICE_SIGNING_SECRET", "")',
            "Use instead not reported",
            "Known limits",
            "End the line with # noqa: PREP107",
        ):
            assert part in text

    def test_a_rule_for_typescript(self) -> None:
        article = page_of(*MANY).one("article", id="PREP251")
        assert "TypeScript" in article.text
        assert "End the line with // noqa: PREP251" in words(article)

    def test_what_could_not_be_checked(self) -> None:
        text = words(page_of(*MANY).one("article", id="PREP000"))
        assert "it stands where silence would look like a clean file" in text

    def test_the_code_of_another_plugin(self) -> None:
        article = page_of(*MANY).one("article", id="E501")
        assert "Another plugin of flake8 reports this code" in words(article)
        assert "it counts as medium" in words(article)

    def test_examples_are_coloured(self) -> None:
        page = page_of(*MANY)
        article = page.one("article", id="PREP107")
        inside = [each for each in page.all("span", **{"class": "k"}) if article in each.parents]
        assert "import" in {each.text for each in inside}


class TestData:
    """What the script makes the list from."""

    def test_findings(self) -> None:
        data = page_of(*MANY).data
        first = data["findings"][0]
        assert data["files"][first[0]]["path"] == "shop/app.py"
        assert data["rules"][first[1]] == {
            "code": "PREP101",
            "name": "silent-exception",
            "severity": "critical",
            "section": "security",
        }
        assert first[2:] == [2, 5, "an error is hidden"]
        severities = [data["rules"][finding[1]]["severity"] for finding in data["findings"]]
        assert severities == ["critical", "high", "high", "medium", "medium", "medium", "medium"]

    def test_files(self) -> None:
        files = {file["path"]: file for file in page_of(*MANY).data["files"]}
        assert files["web/c.tsx"]["language"] == "TypeScript"
        assert files["notes.txt"]["language"] == "other"
        assert files["shop/app.py"]["lines"] == {
            "1": ["try:", "k3_1"],
            "2": ["    pay()", "_9"],
            "3": ["except Exception:", "k6_1b9_1"],
            "4": ["    pass", "_4k4"],
        }
        assert files["notes.txt"]["lines"] == {"1": ["plain", "_5"], "2": ["", ""], "3": ["text", "_4"]}

    def test_only_the_worst_are_coloured(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(page_data, "_MOST_COLOURED", 1)
        lines = ("import os", *("" for _ in range(9)), "import sys")
        worst, other = violation(line=1, lines=lines), violation(line=11, code="E501", lines=lines)
        (file,) = page_of(worst, other).data["files"]
        assert file["lines"]["1"] == ["import os", "k6_3"]
        assert file["lines"]["11"] == ["import sys", ""]


class TestEscaping:
    """Nothing in a source, a message or a path becomes a part of the page."""

    def test_hostile_text_stays_text(self) -> None:
        violations = [
            violation(f"a/{text}.py", 2, 0, "E501", text, (text, f'x = "{text}"', text)) for text in HOSTILE
        ]
        page = page_of(*violations, scope=HOSTILE[:5])
        assert len(page.all("script")) == 2
        assert not page.open
        assert not page.all("b")
        data = page.data
        assert {finding[4] for finding in data["findings"]} == set(HOSTILE)
        assert {file["lines"]["1"][0] for file in data["files"]} == set(HOSTILE)
        for text in HOSTILE:
            assert words(page.one("noscript")).count(" ".join(text.split())) >= 2
            assert text in HOSTILE[5:] or text in page.one("p", **{"class": "scope"}).text

    def test_no_end_of_script_in_the_data(self) -> None:
        document = render(Report.of([violation(message="</script><!--", lines=("</script><!--",))], []))
        _, data = document.split('id="data">')
        assert data.count("<") == data.count("</script>\n</body>\n</html>\n") * 3

    @given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
    def test_any_text(self, text: str) -> None:
        page = page_of(violation(message=text, lines=("", text)))
        assert page.data["findings"][0][4] == text
        assert page.data["files"][0]["lines"]["2"][0] == text


class TestHighlighting:
    """The text of the source is kept, whatever it is."""

    @given(st.lists(st.text(st.characters(exclude_characters="\n"))), st.sampled_from((".py", ".ts", ".tsx")))
    def test_text_is_kept(self, lines: list[str], suffix: str) -> None:
        runs = Highlighter().lines(lines, f"a{suffix}")
        assert ["".join(run.text for run in line) for line in runs] == (lines or [""])

    def test_kinds(self) -> None:
        (line,) = Highlighter().lines(["@app.get  # note"], "a.py")
        assert [(run.kind, run.text) for run in line] == [("d", "@app"), ("", ".get  "), ("c", "# note")]


class TestProse:
    """The part of Markdown that docstrings use."""

    @pytest.mark.parametrize(
        ("markdown", "expected"),
        [
            ("One\ntwo `a < b`.", "<p>One\ntwo <code>a &lt; b</code>.</p>"),
            ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
            ("- one\n  more\n- `two`\n", "<ul><li>one\n  more</li><li><code>two</code></li></ul>"),
            ("Some:\n- one", "<p>Some:</p><ul><li>one</li></ul>"),
        ],
    )
    def test_blocks(self, markdown: str, expected: str) -> None:
        assert prose(markdown) == expected

    def test_a_backquote_alone(self) -> None:
        assert inline("`a` and ` <b>") == "<code>a</code> and ` &lt;b&gt;"


class TestDeterminism:
    """The same report makes the same bytes."""

    def test_order_of_violations(self) -> None:
        there, back = Report.of(MANY, ["."]), Report.of(reversed(MANY), ["."])
        assert render(there) == render(back)

    def test_other_process(self) -> None:
        code = (
            "from tests.test_report_html import *; import hashlib;"
            "print(hashlib.sha256(render(Report.of(MANY, ['.'])).encode()).hexdigest())"
        )
        hashes = {
            subprocess.run(
                [sys.executable, "-c", code],
                env={"PYTHONHASHSEED": seed, "PATH": ""},
                cwd=Path(__file__).parents[1],
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(hashes) == 1


def test_paths_that_are_not_text() -> None:
    page = page_of(violation(path="caf\udce9/a\n.ts"))
    assert page.data["files"][0]["path"] == "caf\\udce9/a\\n.ts"
    assert page.all("a", href="#file=caf%5Cudce9/a%5Cn.ts")


class TestExtra:
    """What happens without the extra."""

    @pytest.mark.parametrize("module", ["jinja2", "pygments"])
    def test_flake8_stops_before_it_starts(self, tmp_path: Path, flake8: Flake8, module: str) -> None:
        (tmp_path / "a.py").write_text("import os\n")
        launcher = (
            f"import sys; sys.modules['{module}'] = None\n"
            "from flake8.checker import Manager\n"
            "Manager.run = None\n"
            "from flake8.main.cli import main\n"
            "sys.exit(main(sys.argv[1:]))"
        )
        run = flake8("--isolated", "--format=prep-html", "--output-file=r.html", ".", launcher=launcher)
        assert run.status == 1
        assert f"the HTML report needs {module}" in run.output
        assert 'which is not installed: pip install "flake8-prep[report]"\n' in run.output
        assert "Traceback" not in run.output + run.errors
        assert not (tmp_path / "r.html").exists()

    def test_other_formats_do_not_need_it(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "a.py").write_text("import os\n")
        launcher = (
            "import sys; sys.modules['jinja2'] = sys.modules['pygments'] = None\n"
            "from flake8.main.cli import main\n"
            "sys.exit(main(sys.argv[1:]))"
        )
        run = flake8("--isolated", "--select=F401", ".", launcher=launcher)
        assert run.lines == ["./a.py:1:1: F401"]


def test_in_flake8(tmp_path: Path, flake8: Flake8) -> None:
    """The formatter writes what flake8 finds, with the source, into a file that it replaces."""
    (tmp_path / "a.py").write_text("import os\n\n\ndef send():\n    return 'é' or   undefined\n")
    (tmp_path / "r.html").write_text("old")
    run = flake8("--isolated", "--select=PREP,E2", "--format=prep-html", "--output-file=r.html", "a.py")
    assert (run.status, run.output, run.errors) == (1, "", "")
    page = Page((tmp_path / "r.html").read_text("utf-8"))
    codes = [page.data["rules"][finding[1]]["code"] for finding in page.data["findings"]]
    assert codes == ["PREP105", "E271"]
    assert page.data["files"][0]["lines"]["5"][0] == "    return 'é' or   undefined"
