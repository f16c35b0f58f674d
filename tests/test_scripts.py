"""The scripts for those who work on the rules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flake8_prep import catalog
from flake8_prep.options import OPTIONS
from flake8_prep.python.listing import Listing
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Language
from flake8_prep.scheme import codes_for
from scripts import generate_docs, new_rule
from tests.samples import SAMPLES

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def sample_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "all_rules", lambda: SAMPLES)


def files_below(root: Path) -> dict[str, bytes]:
    """Return the contents of all files, by their paths from `root`."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


# new_rule.py


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with a copy of all that a rule and its tests need."""
    for folder in ("flake8_prep", "scripts", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return tmp_path


def run_python(tree: Path, *arguments: str) -> str:
    """Run Python on the packages in `tree`, and return what it says."""
    # The copy that these processes run is not what coverage is measured of.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    environment |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return process.stdout


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_new_rule_is_two_files_whose_tests_fail_until_they_are_filled_in(tree: Path) -> None:
    before = files_below(tree)
    created = [
        run_python(tree, "scripts/new_rule.py", language, "1.9", "brand-new-pattern", "high").split()
        for language in ("python", "typescript")
    ]
    after = files_below(tree)
    assert {path: after[path] for path in before} == before
    assert sorted(after.keys() - before.keys()) == sorted(path for paths in created for path in paths)
    (python_source, python_fixture), (typescript_source, typescript_fixture) = created
    assert python_source == "flake8_prep/python/rules/security/brand_new_pattern.py"
    assert python_fixture == "tests/fixtures/python/PREP109.py"
    assert typescript_source == "flake8_prep/typescript/rules/security/brand_new_pattern.py"
    assert typescript_fixture == "tests/fixtures/typescript/PREP159.ts"

    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "PREP109 or PREP159")
    modules = ("tests/test_fixtures.py", "tests/test_rules_meta.py")
    unfinished = run_python(tree, *tests, *modules)
    for test in ("test_fixture[PREP109.py]", "test_fixture[PREP159.ts]", "[PREP109]", "[PREP159]"):
        assert test in unfinished
    assert "error" not in unfinished.splitlines()[-1]

    rewrite(tree / python_source, "return ()", "return [self.at(node)] if node.args else []")
    rewrite(tree / typescript_source, 'r"(?!)"', r'r"\breported\((?!\{)"')
    finished = run_python(tree, *tests, *modules)
    assert "failed" not in finished
    assert "passed" in finished


@pytest.mark.usefixtures("sample_rules")
def test_new_rule_makes_the_package_of_a_section(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new_rule.main(["python", "10.1", "some-pattern", "low"], tmp_path) == 0
    package = tmp_path / "flake8_prep/python/rules/practice"
    text = (package / "__init__.py").read_text("utf-8")
    assert text == '"""Rules of the section `practice` of the report."""\n'
    assert "tests/fixtures/python/PREP001.py\n" in capsys.readouterr().out


@pytest.mark.usefixtures("sample_rules")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["cobol", "1.1", "some-pattern", "low"], "invalid choice"),
        (["python", "1.1", "some-pattern", "harmless"], "invalid choice"),
        (["python", "12.1", "some-pattern", "low"], "is no finding"),
        (["python", "1.1,3.2", "some-pattern", "low"], "finding is '1.1,3.2'; it must match"),
        (["python", "1.1", "no-pattern", "low"], "name is 'no-pattern'; it must match"),
        (["python", "1.1", "Some", "low"], "name is 'Some'; it must match"),
        (["python", "1.1", "sample-pattern", "low"], "there is a rule sample-pattern for python"),
    ],
)
def test_new_rule_refuses(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        new_rule.main(arguments, tmp_path)
    assert stop.value.code == 2
    assert reason in capsys.readouterr().err
    assert files_below(tmp_path) == {}


def test_new_rule_takes_the_next_free_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = list(codes_for(Language.PYTHON, "1.1"))
    taken = [SimpleNamespace(code=code, name="other", language=Language.PYTHON) for code in codes]
    monkeypatch.setattr(catalog, "all_rules", lambda: taken[:2])
    new_rule.main(["python", "1.1", "some-pattern", "low"], tmp_path)
    assert "PREP121.py" in capsys.readouterr().out
    monkeypatch.setattr(catalog, "all_rules", lambda: taken)
    with pytest.raises(SystemExit):
        new_rule.main(["python", "1.1", "other-pattern", "low"], tmp_path)
    assert "all codes for python and the finding 1.1 are taken" in capsys.readouterr().err


# generate_docs.py

README = (
    "# Title\n\n<!-- demo: begin -->\n<!-- demo: end -->\n\n"
    "<!-- rules: begin -->\nold\n<!-- rules: end -->\n\nMore.\n"
)
VERDICTS = (
    "code\tpackage\tfile\tline\tverdict\treason\n"
    "PREP191\tone\ta.py\t1\tright\tit is so\n"
    "PREP191\ttwo\ta.py\t2\twrong\tit is not\n"
    "PREP191\ttwo\tb.py\t3\tright\tit is so\n"
)
PEERS = (
    "ours\ttheirs\tboth\tonly ours\tonly theirs\twhy\n"
    "PREP191 PREP291\tS1\t1\t2\t3\tTheirs asks for types, ours does not\n"
)
OUTPUT = (
    "examples/booking/app.py:1:1: PREP291 one\n"
    "examples/booking/crawler.py:1:1: PREP191 off\n"
    "examples/booking/crawler.py:2:1: PREP291 two\n"
)


@pytest.fixture
def documented(sample_rules: None, tmp_path: Path) -> Path:
    """Return a folder whose documentation is that of the sample rules."""
    (tmp_path / "README.md").write_text(README, "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/expected_examples.txt").write_text(OUTPUT, "utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/verdicts.tsv").write_text(VERDICTS, "utf-8")
    (tmp_path / "docs/peers.tsv").write_text(PEERS, "utf-8")
    assert generate_docs.main([], tmp_path) == 0
    return tmp_path


def test_generated_documentation_is_current(documented: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files_below(documented)
    assert set(before) == {
        "README.md",
        "docs/options.md",
        "docs/peers.tsv",
        "docs/precision.md",
        "docs/rules/PREP000.md",
        "docs/rules/PREP191.md",
        "docs/rules/PREP291.md",
        "docs/rules/index.md",
        "docs/verdicts.tsv",
        "flake8_prep/index.py",
        "tests/expected_examples.txt",
    }
    assert generate_docs.main(["--check"], documented) == 0
    assert generate_docs.main([], documented) == 0
    assert files_below(documented) == before
    assert capsys.readouterr().out == ""


def test_check_names_what_is_not_current_and_writes_nothing(
    documented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = documented / "docs/rules"
    (rules / "PREP191.md").unlink()
    (rules / "PREP777.md").write_text("of a rule that is gone", "utf-8")
    (documented / "docs/options.md").write_text("edited", "utf-8")
    rewrite(documented / "README.md", "sample-pattern", "simple-pattern")
    before = files_below(documented)
    assert generate_docs.main(["--check"], documented) == 1
    assert files_below(documented) == before
    assert capsys.readouterr().out == (
        "README.md is not current\n"
        "docs/options.md is not current\n"
        "docs/rules/PREP191.md is not current\n"
        "docs/rules/PREP777.md is not current\n"
    )
    assert generate_docs.main([], documented) == 0
    assert generate_docs.main(["--check"], documented) == 0
    assert not (rules / "PREP777.md").exists()


def test_readme_keeps_what_is_around_the_blocks(documented: Path) -> None:
    assert (documented / "README.md").read_text("utf-8") == (
        "# Title\n\n<!-- demo: begin -->\n"
        "```text\nexamples/booking/crawler.py:2:1: PREP291 two\n```\n\nand 1 more.\n"
        "<!-- demo: end -->\n\n<!-- rules: begin -->\n"
        "| Code | Name | Language | Severity | Default | What it finds |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| [PREP191](docs/rules/PREP191.md) | sample-pattern | Python | critical | off"
        " | What the sample \\| finds |\n"
        "| [PREP291](docs/rules/PREP291.md) | sample-pattern | TypeScript | low | on"
        " | What the sample finds in TypeScript |\n"
        "<!-- rules: end -->\n\nMore.\n"
    )


def test_precision_is_counted_from_the_verdicts(documented: Path) -> None:
    page = (documented / "docs/precision.md").read_text("utf-8")
    assert "| [PREP191](rules/PREP191.md) | sample-pattern | Python | off | 3 | 2 | 2 | 1 |\n" in page
    assert "\nNot judged in this way: PREP291.\n" in page
    (documented / "docs/verdicts.tsv").write_text(f"{VERDICTS}PREP291\tone\ta.ts\t1\tright\tso\n", "utf-8")
    assert generate_docs.main([], documented) == 0
    assert "Not judged" not in (documented / "docs/precision.md").read_text("utf-8")


def test_comparisons_are_in_the_page_about_precision(documented: Path) -> None:
    page = (documented / "docs/precision.md").read_text("utf-8")
    row = "| PREP191, PREP291 | S1 | 1 | 2 | 3 | Theirs asks for types, ours does not |\n"
    assert page.endswith(f"| --- |\n{row}")


@pytest.mark.parametrize("name", ["demo", "rules"])
def test_readme_without_a_place_for_a_block(
    documented: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    rewrite(documented / "README.md", f"<!-- {name}: end -->", "")
    before = files_below(documented)
    assert generate_docs.main([], documented) == 1
    assert capsys.readouterr().err.startswith(f"README.md: the lines '<!-- {name}: begin -->' and ")
    assert files_below(documented) == before


def test_page_of_a_rule(documented: Path) -> None:
    page = (documented / "docs/rules/PREP191.md").read_text("utf-8")
    assert "\n# PREP191 sample-pattern\n\nWhat the sample | finds.\n\n" in page
    assert "| Python | critical | off | 1.1, 3.2 |\n" in page
    assert "\n## Example\n\n```python\nif sample:\n    reported()\n```\n\n## Use instead\n" in page
    assert "\n## Options\n\n- [`prep-secret-names`](../options.md#prep-secret-names): Words that " in page
    assert "\n## Turn it on\n" in page
    assert page.endswith("\n## Ignore it\n\nEnd the line with `# noqa: PREP191`.\n")


def test_page_of_a_rule_that_is_on_and_has_no_options(documented: Path) -> None:
    page = (documented / "docs/rules/PREP291.md").read_text("utf-8")
    assert "\n```typescript\nreported();\n```\n" in page
    assert "`// noqa: PREP291`" in page
    assert "## Options" not in page
    assert "## Turn it on" not in page


def test_index_of_the_package_says_what_the_rules_do(documented: Path) -> None:
    namespace: dict[str, Any] = {}
    exec((documented / "flake8_prep/index.py").read_text("utf-8"), namespace)
    (listing,) = namespace["PYTHON"]
    rule = SAMPLES[0]
    assert issubclass(rule, PythonRule)
    assert vars(listing) == {**vars(Listing.of(rule)), "_rule": None}
    assert namespace["TYPESCRIPT_CODES"] == (SAMPLES[1].code,)


def test_index_has_the_sections_and_the_code_that_is_no_rule(documented: Path) -> None:
    index = (documented / "docs/rules/index.md").read_text("utf-8")
    security, quality = index.index("\n## 1. Security\n"), index.index("\n## 2. Code quality\n")
    assert security < index.index("[PREP191](PREP191.md)") < quality < index.index("[PREP291](PREP291.md)")
    assert "\n[PREP000](PREP000.md) is not a rule. It reports: " in index


def test_options_are_all_documented(documented: Path) -> None:
    text = (documented / "docs/options.md").read_text("utf-8")
    for option in OPTIONS:
        assert f"\n## {option.flag.removeprefix('--')}\n\n{option.help}\n\n" in text
    assert "- Value: one of `low`, `medium`, `high`, `critical`\n- Default: `low`\n" in text
