"""The command ``flake8-prep follow-up``, on a report and a tree in which half of its places are mended."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from flake8_prep.cli import main
from flake8_prep.report.sarif_reader import read_sarif
from tests.conftest import Flake8

EXAMPLES = Path(__file__).parents[1] / "examples"

REPORT = """\
# Review of the parcel service

**Severity Levels:** Critical | High | Medium | Low

## 1. Security

### CRITICAL Issues

#### 1.1 Errors that vanish
**Severity:** Critical
**Location:** Multiple files
**Files Affected:**
- `parcels/tracking.py:9-10`
- `parcels/labels.py:8`
- `parcels/retired.py:40`

**Issue:**
```python
# parcels/tracking.py:9-10
except Exception:
    pass
```

**Better way:**
```python
except CarrierError:
    logger.exception("no answer from the carrier")
```

---

#### 1.3 Waiting in a loop
**Location:** `parcels/carrier.py:4`

**Issue:**
```python
    time.sleep(pause)  # the caller waits as well
```

#### 1.5 Names that nothing defines
**Severity:** High
**Location:** `parcels/weights.py:2,3`

## 2. Quality

#### 2.1 Types that are switched off
**Severity:** Medium
**Location:** Several modules

- `web/src/parcel.ts:1,3,5-7`
- `web/src/mixed.ts:2`
- and many more

#### 2.2 Handlers that do nothing
**Severity:** Medium
**Location:** `web/src/queue.ts:3`

#### 4.1 Constructors without a type
**Severity:** Medium
**Location:** `parcels/models.py`

1. **Line 2:** the parcel
2. Lines 6 and 10: its label

#### 5.2 Tables without an index
**Severity:** Medium
**Location:** `schema/tables.sql:12`

#### 6.1 Pools for each call
**Severity:** Medium
**Location:** `shared.ts:3`

#### 9.2 Nobody asks whether it is well
**Severity:** Medium

#### 10.2 Things left to do
**Severity:** Low

- `parcels/broken.py:1` - what is left
- `vendor/copied.py:1` - not ours

#### 11.7 Meetings that are too long
**Severity:** Low

## 12. What to do first

1. **Look at tracking** (`parcels/tracking.py:1`)
"""

TREE = {
    # The handler has moved down, with its function.
    "parcels/tracking.py": """\
import logging
from parcels import carrier

logger = logging.getLogger(__name__)


def track(parcel):
    url = carrier.url_of(parcel)
    logger.info("asking %s", url)
    answer = carrier.ask(url)
    answer.check()
    answer.log()
    answer.keep()
    answer.close()
    try:
        parcel.events = answer.events
    except Exception:
        pass
""",
    # Mended here, but another function of the file has the very line that the report quotes.
    "parcels/labels.py": """\
import logging

logger = logging.getLogger(__name__)


def print_label(parcel):
    try:
        parcel.print()
    except OSError:
        logger.exception("no label for %s", parcel)


class Printer:
    def stop(self):
        try:
            self.device.stop()
        except Exception:  # noqa: PREP101
            pass
""",
    "parcels/carrier.py": """\
import time


def wait(carrier, parcel):
    while True:
        answer = carrier.ask(parcel)
        if answer["status"] == "done":
            return answer
        time.sleep(1)


def wait_again(carrier, parcel, pause):
    while True:
        answer = carrier.ask(parcel)
        if answer["status"] == "done":
            return answer
        time.sleep(pause)
""",
    # Misspelt in the function that the line is in, but not nearby.
    "parcels/weights.py": """\
def weight(parcels):
    total = 0
    for parcel in parcels:
        total += parcel.box
        total += parcel.paper
        total += parcel.tape
        total += parcel.label
    return totl
""",
    "parcels/models.py": """\
class Parcel:
    def __init__(self):
        self.weight = 0

class Label:
    def __init__(self) -> None:
        self.text = ""
""",
    "parcels/broken.py": "# TODO: write it\nx = (\n",
    "vendor/copied.py": "# TODO: copied\n",
    "web/src/parcel.ts": "let a: any;\n\nlet b: string;\n\n\nlet c: any;\n",
    "web/src/mixed.ts": "let a: string;\nlet b: string;\n",
    "web/src/other.ts": "let a: any;\n",
    "web/src/queue.ts": "queue.start();\n" + "\n" * 9 + "try { queue.stop(); } catch (error) {}\n",
    "schema/tables.sql": "create table parcels (id int);\n",
    "a/shared.ts": "export {};\n",
    "b/shared.ts": "export {};\n",
    "setup.cfg": "[flake8]\nextend-ignore = PREP2\nexclude = vendor\nprep-baseline = missing.json\n",
}


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tree, beside which the report is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "review.md").write_text(REPORT)
    root = tmp_path / "tree"
    for name, text in TREE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.chdir(root)
    return root


def follow_up(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command and return its exit status, and what it prints."""
    status = main(["follow-up", *arguments])
    return status, *capsys.readouterr()


def states(document: dict[str, Any]) -> dict[str, Any]:
    """Return what has become of the findings and of their places."""

    def lines(found: list[dict[str, Any]]) -> list[int]:
        return [each["line"] for each in found]

    return {
        finding["number"]: (
            finding["state"],
            {
                f"{place['path']}:{place['first']}": (place["state"], lines(place["found"]))
                for place in finding["places"]
            },
            [f"{each['path']}:{each['line']}" for each in finding["elsewhere"]],
        )
        for finding in document["findings"]
    }


EXPECTED = {
    "1.1": (
        "moved",
        {
            "parcels/tracking.py:9": ("moved", [17]),
            "parcels/labels.py:8": ("moved", [17]),
            "parcels/retired.py:40": ("file is gone", []),
        },
        [],
    ),
    # The same line of code is in another function; what else is there is no longer the report's.
    "1.3": ("moved", {"parcels/carrier.py:4": ("moved", [17])}, ["parcels/carrier.py:9"]),
    "1.5": (
        "moved",
        {"parcels/weights.py:2": ("moved", [8]), "parcels/weights.py:3": ("moved", [8])},
        [],
    ),
    "2.1": (
        "still there",
        {
            "web/src/parcel.ts:1": ("still there", [1]),
            "web/src/parcel.ts:3": ("gone", []),
            "web/src/parcel.ts:5": ("still there", [6]),
            "web/src/mixed.ts:2": ("gone", []),
        },
        ["web/src/other.ts:1"],
    ),
    "2.2": ("elsewhere in the file", {"web/src/queue.ts:3": ("elsewhere in the file", [11])}, []),
    "4.1": (
        "still there",
        {
            "parcels/models.py:None": ("still there", [2]),
            "parcels/models.py:2": ("still there", [2]),
            "parcels/models.py:6": ("gone", []),
            "parcels/models.py:10": ("gone", []),
        },
        [],
    ),
    "5.2": ("no rule can see it", {"schema/tables.sql:12": ("no rule can see it", [])}, []),
    "6.1": ("ambiguous", {"shared.ts:3": ("ambiguous", [])}, []),
    "9.2": ("gone", {}, []),
    "10.2": (
        "not checked",
        {"parcels/broken.py:1": ("not checked", [2]), "vendor/copied.py:1": ("not checked", [])},
        [],
    ),
    "11.7": ("no rule can see it", {}, []),
}


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, output, errors = follow_up(capsys, "../review.md", "--format=json")
    assert (status, errors) == (1, "")
    document = json.loads(output)
    assert states(document) == EXPECTED
    assert document["report"] == "../review.md"
    assert document["left"] is True
    assert document["states"] == {
        "still there": 2,
        "moved": 3,
        "elsewhere in the file": 1,
        "ambiguous": 1,
        "not checked": 1,
        "no rule can see it": 2,
        "gone": 1,
    }
    findings = {finding["number"]: finding for finding in document["findings"]}
    assert findings["1.1"]["rules"] == ["PREP101", "PREP111"]
    assert findings["1.1"]["title"] == "Errors that vanish"
    # From the heading of the chapter, where the finding has none of its own.
    assert findings["1.3"]["severity"] == "critical"
    assert findings["11.7"]["rules"] == []
    assert findings["6.1"]["places"][0]["note"] == "it can be a/shared.ts, b/shared.ts"
    assert findings["5.2"]["places"][0]["note"] == "no rule of the finding reads such files"
    notes = [place["note"] for place in findings["10.2"]["places"]]
    assert notes[0].startswith("not checked: SyntaxError: ")
    assert notes[1] == "flake8 does not check vendor/copied.py"
    left = [number for number, finding in findings.items() if finding["left"]]
    assert left == ["1.1", "1.3", "1.5", "2.1", "2.2", "4.1", "6.1", "10.2"]
    assert [failure["path"] for failure in document["failures"]] == ["parcels/broken.py"]


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    status, output, errors = follow_up(capsys, "../review.md")
    assert (status, errors) == (1, "")
    blocks = output.split("\n\n")
    assert blocks[0] == (
        "1.1 Errors that vanish (critical): moved\n"
        "  rules: PREP101 silent-exception, PREP111 unlogged-traceback\n"
        "  moved: parcels/tracking.py:9-10 (PREP101 at parcels/tracking.py:17; the same code)\n"
        "  moved: parcels/labels.py:8 (PREP101 at parcels/labels.py:17; the same code)\n"
        "  file is gone: parcels/retired.py:40"
    )
    assert blocks[2].endswith("(PREP105 at parcels/weights.py:8; the same function)")
    assert blocks[3].endswith("\n  elsewhere: web/src/other.ts:1 PREP251")
    assert blocks[10] == "11.7 Meetings that are too long (low): no rule can see it"
    assert blocks[11].startswith("not checked: parcels/broken.py:2 not checked: SyntaxError: ")
    assert blocks[12] == (
        "11 findings: 2 still there, 3 moved, 1 elsewhere in the file, 1 ambiguous, 1 not checked, "
        "2 no rule can see it, 1 gone; 1 not checked\n"
    )


def test_markdown_to_a_file(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert follow_up(capsys, "../review.md", "--format=markdown", "-o", "out/answer.md") == (1, "", "")
    blocks = (tree / "out/answer.md").read_text().split("\n\n")
    assert blocks[0] == "# Follow-up on `../review.md`"
    assert blocks[1].startswith("11 findings: 2 still there, ")
    assert blocks[2:5] == [
        "## 1.1 Errors that vanish",
        "**Severity:** critical  \n**State:** moved",
        "- rules: PREP101 silent-exception, PREP111 unlogged-traceback\n"
        "- moved: `parcels/tracking.py:9-10` (PREP101 at `parcels/tracking.py:17`; the same code)\n"
        "- moved: `parcels/labels.py:8` (PREP101 at `parcels/labels.py:17`; the same code)\n"
        "- file is gone: `parcels/retired.py:40`",
    ]
    assert blocks[-4] == "## 11.7 Meetings that are too long"
    assert blocks[-3] == "**Severity:** low  \n**State:** no rule can see it"
    assert blocks[-2] == "## Not checked"
    assert blocks[-1].startswith("- `parcels/broken.py:2`: not checked: SyntaxError: ")


@pytest.mark.parametrize("place", [".", "..", "parcels", "../other name"])
def test_tree_that_is_rooted_elsewhere(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    report = tree / "short.md"
    top = "" if place == ".." else "/srv/code/"
    report.write_text(f"## 1.1 Errors\n- {top}parcels/tracking.py:17\n- `{top}parcels/labels.py:16`\n")
    if place == "../other name":
        (tree / place).mkdir()
        (tree / "parcels").rename(tree / place / "parcels")
    monkeypatch.chdir(place)
    status, output, _ = follow_up(capsys, str(report), "--format=json")
    assert status == 1
    [finding] = json.loads(output)["findings"]
    assert [judged["state"] for judged in finding["places"]] == ["still there", "still there"]


def test_places_that_are_equally_near(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ("web/src/queue.ts:3", r"C:\srv\web\src\queue.ts:3", "web/src/queue.ts:1")
    (tree / "short.md").write_text("## 2.2 Handlers\n" + "".join(f"- `{place}`\n" for place in places))
    [finding] = json.loads(follow_up(capsys, "short.md", "web", "--format=json")[1])["findings"]
    states = [place["state"] for place in finding["places"]]
    assert states == ["elsewhere in the file", "elsewhere in the file", "gone"]


def test_file_that_was_moved(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "```\nlet a: any;\n```\n"
    (tree / "short.md").write_text(
        f"## 2.1 Types\n- `old/other.ts:5`\n- `old/more.ts:1`\n- `web/src/mixed.ts:1`\n{code}"
    )
    status, output, _ = follow_up(capsys, "short.md", "web", "--format=json")
    assert status == 1
    assert states(json.loads(output))["2.1"] == (
        "moved",
        {
            "old/other.ts:5": ("moved", [1]),
            "old/more.ts:1": ("file is gone", []),
            "web/src/mixed.ts:1": ("gone", []),
        },
        ["web/src/parcel.ts:1", "web/src/parcel.ts:6"],
    )
    # Another line in a file of that name is another problem.
    (tree / "web/src/other.ts").write_text("let d: any;\n")
    assert follow_up(capsys, "short.md", "web")[0] == 0


def test_all_is_mended(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "short.md").write_text("## 2.2 Handlers\n\n**Location:** web/src/mixed.ts:3\n")
    assert follow_up(capsys, "short.md", "web/src/mixed.ts") == (
        0,
        "2.2 Handlers (no severity): gone\n  rules: PREP252 empty-catch\n  gone: web/src/mixed.ts:3\n\n"
        "1 finding: 1 gone\n",
        "",
    )


def test_elsewhere_is_not_what_the_report_is_about(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "many.ts").write_text("let a: any;\n" * 25)
    (tree / "short.md").write_text("## 2.1 Types\n- `web/src/mixed.ts:2`\n")
    status, output, _ = follow_up(capsys, "short.md", "many.ts", "web/src/mixed.ts")
    assert status == 0
    assert output.splitlines()[0] == "2.1 Types (no severity): elsewhere"
    assert output.splitlines()[3].endswith(", many.ts:20 PREP251, and 5 more")
    (tree / "short.md").write_text("## 2.1 Types\n- `web/src/mixed.ts:2`\n- and many more\n")
    assert follow_up(capsys, "short.md", "many.ts", "web/src/mixed.ts")[0] == 1


def test_failure_anywhere_leaves_something_to_look_at(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "short.md").write_text("## 2.2 Handlers\n\n**Location:** web/src/mixed.ts:3\n")
    assert follow_up(capsys, "short.md")[0] == 1


def test_place_of_two_findings(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "short.md").write_text(
        "## 3.1 Discarded\n- `parcels/tracking.py:16-18`\n## 1.1 Silent\n- `parcels/tracking.py:17`\n"
    )
    output = follow_up(capsys, "short.md", "parcels/tracking.py")[1]
    assert "  gone: parcels/tracking.py:16-18 (but still there for 1.1)\n" in output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format=json", "../review.md", "web", "--", "--exclude=mixed.ts"],
        ["../review.md", "--format", "json", "web", "--", "--exclude=mixed.ts"],
        ["../review.md", "web", "--format=json", "--", "--exclude=mixed.ts"],
    ],
)
def test_options_of_flake8(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    status, output, _ = follow_up(capsys, *arguments)
    findings = {finding["number"]: finding for finding in json.loads(output)["findings"]}
    assert [place["state"] for place in findings["2.1"]["places"]][-1] == "not checked"


def test_own_report(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report that --format=prep-report has made, with the findings of another plugin."""
    (tree / "own.md").write_text(
        "# Bug Hunt Report\n\n## 2. Code quality\n\n### Medium severity\n\n#### PREP251 explicit-any\n\n"
        "**Findings:** 2.1\n\n**Found:** 3 places in 2 files\n\n"
        "- `web/src/parcel.ts:40`: `let a: any;`\n\n<details>\n<summary>2 more places in 1 file</summary>\n\n"
        "- `web/src/mixed.ts`: 2, 7\n\n</details>\n\n#### PREP999 nothing\n\n"
        "## Other findings of flake8\n\n#### E305\n\n- `parcels/models.py:5`: `class Label:`\n"
    )
    status, output, _ = follow_up(capsys, "own.md", "web", "parcels/models.py", "--format=json")
    assert status == 1
    assert states(json.loads(output)) == {
        "PREP251": (
            "moved",
            {
                "web/src/parcel.ts:40": ("moved", [1]),
                "web/src/mixed.ts:2": ("gone", []),
                "web/src/mixed.ts:7": ("gone", []),
            },
            ["web/src/other.ts:1", "web/src/parcel.ts:6"],
        ),
        "PREP999": ("no rule can see it", {}, []),
        "E305": ("gone", {"parcels/models.py:5": ("gone", [])}, []),
    }


def test_own_report_whole(tmp_path: Path, flake8_here: Flake8, capsys: pytest.CaptureFixture[str]) -> None:
    """Every place of a report that flake8 has just written is still there, and nothing is elsewhere."""
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    (tmp_path / "examples/long.ts").write_text("let a: any; let b: any;\n" * 30)
    options = ("--isolated", "--select=PREP,E", "--exit-zero", "examples")
    assert flake8_here(*options, "--format=prep-report", "--output-file=own.md") == (0, "", "")
    flake8_here(*options, "--format=prep-sarif", "--output-file=own.sarif")
    found = read_sarif("own.sarif").violations
    status, output, _ = follow_up(capsys, "own.md", "examples", "--format=json", "--", "--isolated")
    assert status == 1
    document = json.loads(output)
    assert document["states"] == {"still there": len({violation.code for violation in found})}
    assert {
        (place["path"], place["first"], finding["number"], place["state"])
        for finding in document["findings"]
        for place in finding["places"]
    } == {(violation.path, violation.line, violation.code, "still there") for violation in found}
    assert [finding["number"] for finding in document["findings"] if finding["elsewhere"]] == []


def test_codes_in_headings(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They decide which rules stand for a finding, if they are codes; numbers may come again."""
    (tree / "short.md").write_text(
        "## 1.1 Answers HTTP404 with SHA256\n## 1.1 Types (PREP251)\n## HTTP404\n## PREP000 not-checked\n"
        "## E501\n## QQQ501\n"
    )
    document = json.loads(follow_up(capsys, "short.md", "web", "--format=json")[1])
    rules = [(finding["number"], finding["rules"]) for finding in document["findings"]]
    assert rules == [
        ("1.1", ["PREP101", "PREP111"]),
        ("1.1", ["PREP251"]),
        ("HTTP404", []),
        ("PREP000", ["PREP000"]),
        ("E501", ["E501"]),
        ("QQQ501", []),
    ]


def test_places_that_are_not_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "short.md").write_text("## 2.1 Types\n**Location:** Multiple files\n")
    assert follow_up(capsys, "short.md", "web/src/other.ts")[:2] == (
        1,
        "2.1 Types (no severity): still there\n  rules: PREP251 explicit-any\n"
        "  found: web/src/other.ts:1 PREP251\n\n1 finding: 1 still there\n",
    )


class TestErrors:
    """One clear message, and exit status 2."""

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"", "has no findings"),
            (b"# Title\n\nNo numbers, 1.1 is not in a heading.\n", "has no findings: headings in Markdown"),
            (b"x" * 2_000_000, "has no findings"),
            (b"\xff\xfe\0", "is not text in UTF-8"),
            (b"\0" * 1000, "has no findings"),
            (b"## 1.1 Title\n`nowhere.py:1`\n", "no file that report.md names is in the working directory; "),
        ],
    )
    def test_report(
        self, tree: Path, capsys: pytest.CaptureFixture[str], content: bytes, problem: str
    ) -> None:
        (tree / "report.md").write_bytes(content)
        status, output, errors = follow_up(capsys, "report.md")
        assert (status, output) == (2, "")
        assert problem in errors
        assert errors.startswith("flake8-prep: ")
        assert errors.count("\n") == 1

    def test_missing_report(self, capsys: pytest.CaptureFixture[str]) -> None:
        message = "flake8-prep: the report none.md cannot be read (No such file or directory)\n"
        assert follow_up(capsys, "none.md") == (2, "", message)

    def test_flake8_fails(self, tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tree / "setup.cfg").write_text("[flake8]\nprep-ticket-pattern = [A-Z\n")
        status, output, errors = follow_up(capsys, "../review.md")
        assert (status, output) == (2, "")
        assert errors.startswith("flake8-prep: flake8 cannot start: prep-ticket-pattern is '[A-Z'")

    def test_output_that_cannot_be_written(self, tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tree / "file").write_text("")
        status, output, errors = follow_up(capsys, "../review.md", "-o", "file/answer.txt")
        assert (status, output) == (2, "")
        assert errors.startswith("flake8-prep: file/answer.txt cannot be written (")
