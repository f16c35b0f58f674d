"""What a baseline hides, and the file that it is in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flake8.api import legacy
from flake8.exceptions import ExecutionError

from flake8_prep.baseline import known
from flake8_prep.baseline.known import Baseline
from flake8_prep.refusal import Refusal
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.violation import Violation
from tests.conftest import Flake8, Run
from tests.test_flake8 import FORK, SPAWN

BOX = "class Box:\n    def __init__(self):\n        pass\n"
TYPESCRIPT = "let value: any;\n"

BASELINE = "prep-baseline.json"
WRITE = ["--format=prep-baseline", f"--output-file={BASELINE}", "--exit-zero"]


@pytest.fixture
def tree(tmp_path: Path, flake8_here: Flake8) -> Path:
    """A folder with findings of several plugins, all of them in a baseline that its configuration names."""
    source = tmp_path / "src"
    source.mkdir()
    (source / "box.py").write_text(f"import os\n{BOX}{BOX}")
    (source / "page.ts").write_text(TYPESCRIPT)
    (tmp_path / "setup.cfg").write_text(f"[flake8]\nprep-baseline = {BASELINE}\n")
    assert flake8_here(*WRITE) == (0, "", "")
    return tmp_path


def within(folder: Path, *arguments: str) -> Run:
    """Run flake8 in another folder than that of the test."""
    process = subprocess.run(
        [sys.executable, "-m", "flake8", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return Run(process.returncode, process.stdout, process.stderr)


def prepend(path: Path, text: str) -> None:
    """Move all lines of a file down."""
    path.write_text(text + path.read_text())


class TestFile:
    """The file that the formatter writes."""

    def test_entries(self, tree: Path) -> None:
        assert (tree / BASELINE).read_text() == (
            '{\n "tool": "flake8-prep baseline",\n "version": 1,\n "findings": {\n'
            '  "src/box.py": {\n'
            '   "E302 class Box:": 2,\n'
            '   "F401 import os": 1,\n'
            '   "F811 class Box:": 1,\n'
            '   "PREP125 class Box:": 1,\n'
            '   "PREP401 def __init__(self):": 2\n'
            "  },\n"
            '  "src/page.ts": {\n'
            '   "PREP251 let value: any;": 1\n'
            "  }\n }\n}\n"
        )

    def test_written_anew_with_the_option_set(self, tree: Path, flake8: Flake8) -> None:
        before = (tree / BASELINE).read_text()
        assert flake8(*WRITE, "-j2").status == 0
        assert (tree / BASELINE).read_text() == before
        (tree / BASELINE).unlink()
        assert flake8(*WRITE).status == 0
        assert (tree / BASELINE).read_text() == before

    def test_on_stdout(self, tree: Path, flake8_here: Flake8) -> None:
        assert flake8_here("--format=prep-baseline").output == (tree / BASELINE).read_text()

    def test_in_another_folder(self, tree: Path, flake8_here: Flake8) -> None:
        before = json.loads((tree / BASELINE).read_text())
        assert flake8_here("--format=prep-baseline", "--output-file=ci/known/b.json").status == 1
        findings = json.loads((tree / "ci/known/b.json").read_text())["findings"]
        assert findings == {f"../../{path}": entries for path, entries in before["findings"].items()}
        assert flake8_here("--prep-baseline=ci/known/b.json") == (0, "", "")

    def test_what_could_not_be_checked_is_named_and_not_hidden(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "broken.py").write_text("x = (\n")
        (tree / "binary.ts").write_bytes(b"\0\0\0\0")
        (tree / "gone.py").symlink_to("nowhere.py")
        assert flake8_here(*WRITE).status == 0
        document = json.loads((tree / BASELINE).read_text())
        assert document["not_checked"] == ["binary.ts", "broken.py", "gone.py"]
        assert list(document["findings"]) == ["src/box.py", "src/page.ts"]
        assert [line.split()[1] for line in flake8_here().lines] == ["PREP000", "E999", "E902"]

    def test_odd_names_and_texts(self, tmp_path: Path, flake8_here: Flake8) -> None:
        long = f'let wide: any = "{"é" * 1_000_000}";\n'
        (tmp_path / "ü ‮.ts").write_text(f"let \"ä\": any; // \u2028 \\ 'x'\n{long}{long}")
        if sys.platform == "linux":
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.ts")).write_text(TYPESCRIPT)
        assert flake8_here("--isolated", *WRITE).status == 0
        assert (tmp_path / BASELINE).stat().st_size < 1_000
        assert flake8_here("--isolated", f"--prep-baseline={BASELINE}").output == ""


class TestHiding:
    """What later runs say."""

    def test_nothing_new(self, tree: Path, flake8_here: Flake8) -> None:
        assert flake8_here() == (0, "", "")
        assert flake8_here("--count", "--statistics", "--show-source", ".") == (0, "0\n", "")

    def test_moved_and_indented_lines(self, tree: Path, flake8_here: Flake8) -> None:
        prepend(tree / "src/page.ts", "\n\n")
        (tree / "src/page.ts").write_text("\n{\n" + "  " + TYPESCRIPT + "}\n")
        prepend(tree / "src/box.py", '"""Boxes."""\n\n')
        assert flake8_here() == (0, "", "")

    def test_one_more_of_the_same_kind(self, tree: Path, flake8_here: Flake8) -> None:
        with (tree / "src/page.ts").open("a") as file:
            file.write(TYPESCRIPT * 2)
        assert flake8_here().lines == ["./src/page.ts:2:12: PREP251", "./src/page.ts:3:12: PREP251"]

    def test_edited_line(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "src/page.ts").write_text("let other: any;\n")
        assert flake8_here().lines == ["./src/page.ts:1:12: PREP251"]

    def test_same_line_in_another_file(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "src/more.ts").write_text(TYPESCRIPT)
        assert flake8_here().lines == ["./src/more.ts:1:12: PREP251"]

    def test_several_on_one_line(self, tree: Path, flake8_here: Flake8) -> None:
        line = "let f: (a: any, b: any) => any;\n"
        (tree / "src/page.ts").write_text(line)
        assert flake8_here(*WRITE).status == 0
        assert flake8_here() == (0, "", "")
        (tree / "src/page.ts").write_text(line * 2)
        assert flake8_here().lines == [f"./src/page.ts:2:{column}: PREP251" for column in (12, 20, 28)]

    @pytest.mark.parametrize("first", [True, False])
    def test_suppressed_ones_use_nothing_up(self, tree: Path, flake8_here: Flake8, first: bool) -> None:
        # The comment belongs to the whole string, so it is not in the text of the line that is known.
        suppressed = 'x = lambda: """\n"""  # noqa: E731\n'
        plain = 'x = lambda: """\n"""\n'
        module = tree / "src/box.py"
        module.write_text(plain)
        assert flake8_here(*WRITE).status == 0
        module.write_text(suppressed + plain if first else plain + suppressed)
        assert flake8_here() == (0, "", "")
        assert flake8_here("--disable-noqa").lines == ["./src/box.py:3:1: E731"]

    @pytest.mark.parametrize("launcher", [None, FORK, SPAWN], ids=["default", "fork", "spawn"])
    def test_in_other_processes(self, tree: Path, flake8: Flake8, launcher: str | None) -> None:
        (tree / "src/page.ts").write_text(TYPESCRIPT * 2)
        assert flake8("-j2", ".", launcher=launcher).lines == ["./src/page.ts:2:12: PREP251"]

    @pytest.mark.parametrize(
        "path", ["src/box.py", "./src/box.py", "src/../src", "{tree}/src/box.py", "{tree}"]
    )
    def test_other_ways_to_name_a_file(self, tree: Path, flake8_here: Flake8, path: str) -> None:
        assert flake8_here(path.format(tree=tree)) == (0, "", "")

    def test_from_another_folder(self, tree: Path) -> None:
        prepend(tree / "src/page.ts", TYPESCRIPT)
        assert within(tree / "src").lines == ["./page.ts:2:12: PREP251"]
        assert within(tree.parent, f"--config={tree}/setup.cfg", str(tree)).lines == [
            f"{tree}/src/page.ts:2:12: PREP251"
        ]
        assert within(tree / "src", "--isolated", f"--prep-baseline=../{BASELINE}").lines == [
            "./page.ts:2:12: PREP251"
        ]

    def test_stdin(self, tree: Path, flake8: Flake8) -> None:
        arguments = ("--stdin-display-name", "src/page.ts", "-")
        assert flake8(*arguments, stdin=TYPESCRIPT) == (0, "", "")
        assert flake8(*arguments, stdin=TYPESCRIPT * 2).lines == ["src/page.ts:2:12: PREP251"]
        assert flake8("-", stdin=TYPESCRIPT).status == 1

    def test_written_from_stdin(self, tree: Path, flake8: Flake8) -> None:
        assert flake8(*WRITE, "--stdin-display-name=src/new.ts", "-", stdin=TYPESCRIPT).status == 0
        (tree / "src/new.ts").write_text(TYPESCRIPT)
        assert flake8("src/new.ts") == (0, "", "")

    def test_same_on_the_fast_path(self, tree: Path, flake8_here: Flake8) -> None:
        prepend(tree / "src/box.py", BOX)
        assert flake8_here("--select=PREP") == flake8_here("--select=PREP,ZZZ9")
        assert flake8_here("--select=PREP4").lines == ["./src/box.py:9:5: PREP401"]

    def test_same_file_twice(self, tree: Path, flake8_here: Flake8) -> None:
        assert flake8_here(*WRITE, ".", "src/box.py", "src").status == 0
        assert flake8_here(".", "src/box.py") == (0, "", "")

    def test_turned_off(self, tree: Path, flake8_here: Flake8) -> None:
        assert len(flake8_here("--prep-baseline=").lines) == 8
        (tree / "setup.cfg").write_text("[flake8]\nprep-baseline =\n")
        assert len(flake8_here().lines) == 8

    def test_in_this_process(self, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tree)
        assert legacy.get_style_guide().check_files(["."]).total_errors == 0
        (tree / BASELINE).write_text('{"tool": "flake8-prep baseline", "version": 1, "findings": {}}')
        assert legacy.get_style_guide().check_files(["."]).total_errors == 8
        guide = legacy.get_style_guide(prep_baseline="missing.json")
        with pytest.raises(ExecutionError, match=r"^the baseline missing\.json cannot be read"):
            guide.check_files(["."])


class TestUnusable:
    """A baseline that is none ends the run."""

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            ("", "Expecting value: line 1 column 1 (char 0)"),
            ('{"tool": "flake8-prep baseline",\n<<<<<<< HEAD\n', "line 2 column 1"),
            ("[]", 'it does not say "tool": "flake8-prep baseline"'),
            ('{"version": "1.5.0", "results": {}}', 'it does not say "tool": "flake8-prep baseline"'),
            ('{"tool": "flake8-prep baseline", "version": 2, "findings": {}}', "its version is 2, where 1"),
            ('{"tool": "flake8-prep baseline", "findings": {}}', "its version is None"),
            ('{"tool": "flake8-prep baseline", "version": 1, "version": 1}', "'version' is in it twice"),
            ("[" * 100_000, "while decoding a JSON array"),
            ("\udcff", "can't decode byte 0xff"),
            *(
                (
                    f'{{"tool": "flake8-prep baseline", "version": 1, {entries}}}',
                    "its entries are not those of a baseline",
                )
                for entries in (
                    '"findings": []',
                    '"findings": {"a.py": ["E501 x"]}',
                    '"findings": {"a.py": {"E501 x": "1"}}',
                    '"findings": {"a.py": {"E501 x": true}}',
                    '"findings": {"a.py": {"E501 x": 0}}',
                    '"findings": {}, "not_checked": {}',
                    '"findings": {}, "not_checked": [1]',
                )
            ),
        ],
    )
    def test_content(self, tmp_path: Path, content: str, problem: str) -> None:
        path = tmp_path / BASELINE
        path.write_text(content, encoding="utf-8", errors="surrogateescape")
        with pytest.raises(Refusal) as error:
            known.read(str(path))
        message = str(error.value)
        assert message.startswith(f"{path} is no baseline of flake8-prep: ")
        assert problem in message
        assert message.endswith(f"; 'flake8 --format=prep-baseline --output-file={path}' writes a new one")
        assert "\n" not in message

    @pytest.mark.parametrize("jobs", ["-j1", "-j2"])
    def test_missing(self, tree: Path, flake8: Flake8, jobs: str) -> None:
        (tree / BASELINE).unlink()
        run = flake8(jobs)
        assert run.status == 1
        assert run.errors == ""
        assert run.output.splitlines()[1:] == [
            f"the baseline {tree / BASELINE} cannot be read (No such file or directory); "
            f"'flake8 --format=prep-baseline --output-file={tree / BASELINE}' writes a new one"
        ]


class TestModel:
    """What needs no run of flake8."""

    def test_long_lines_are_told_apart(self) -> None:
        lines = ["x" * 120, "x" * 121, "x" * 121 + "y", "  " + "x" * 120 + "\n"]
        texts = [text_of_line(lines, number) for number in range(1, 5)]
        assert texts[0] == texts[3] == "x" * 120
        assert len({*texts}) == 3
        assert texts[1].startswith("x" * 80 + "… sha256:")
        assert len(texts[1]) == 80 + len("… sha256:") + 16

    @pytest.mark.parametrize("number", [-1, 0, 2])
    def test_lines_that_are_not_there(self, number: int) -> None:
        assert text_of_line(["x = 1\n"], number) == ""

    def test_the_same_twice_is_one(self) -> None:
        baseline = Baseline.of([Violation("a.py", 1, 0, "X1", "m", text="x")])
        results: Any = [("X1", 1, 0, "m", "x\n"), ("X1", 1, 0, "m", "x\n"), ("X1", 1, None, "other", "x\n")]
        assert baseline.unknown("a.py", results, ["x\n"], lambda _: False) == results[2:]

    def test_other_drive(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: str, start: str) -> str:
            raise ValueError(f"path is on mount 'D:', start on mount 'C:' ({path}, {start})")

        monkeypatch.setattr(os.path, "relpath", refuse)
        baseline = Baseline({"/d/a.py": {"X1 x": 1}})
        assert known.parse(baseline.document("/c"), "/c") == baseline

    def test_rules_that_were_not_loaded_are_missed_in_all_files(self) -> None:
        here = os.path.abspath("src/a.py")
        now = Baseline.of([Violation("b.py", 1, 0, "PREP000", "house rules not loaded: no such module")])
        assert now.not_checked == {os.path.abspath(".")}
        assert Baseline({here: {"X1 a": 3}}).gone(now, [os.sep]).findings == {}

    def test_gone(self) -> None:
        here, there = os.path.abspath("src/a.py"), os.path.abspath("src2/a.py")
        baseline = Baseline({here: {"X1 a": 3, "X1 b": 1, "X2 c": 1}, there: {"X1 a": 1}})
        now = Baseline({here: {"X1 a": 1, "X1 b": 2}})
        gone = baseline.gone(now, [os.path.abspath("src")])
        assert gone.findings == {here: {"X1 a": 2, "X2 c": 1}}
        assert gone.total == 3
        left = baseline.without(gone)
        assert left.findings == {here: {"X1 a": 1, "X1 b": 1}, there: {"X1 a": 1}}
        assert baseline.gone(now, [os.sep]).total == 4
        assert baseline.gone(now, [here]).total == 3
        assert baseline.gone(Baseline({}, frozenset({here})), [os.sep]).findings == {there: {"X1 a": 1}}
