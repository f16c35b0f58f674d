"""What flake8 reports gets into documents whole, and documents into files."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from flake8.main.cli import main

from flake8_prep.report import markdown
from flake8_prep.report.document import write_document
from flake8_prep.report.paths import path_of, portable, uri_of
from flake8_prep.report.report import Report
from flake8_prep.report.sarif_reader import read_sarif
from flake8_prep.report.violation import NO_EXCERPT, Excerpt, Violation
from tests.conftest import Flake8

SARIF = "--format=prep-sarif"
OUTPUT = "--output-file=report.sarif"
INIT = "class Box:\n    def __init__(self):\n        pass\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one finding in Python and one in TypeScript, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/box.py").write_text(INIT)
    (tmp_path / "src/a.ts").write_text("let value: any;\n")
    return tmp_path


def places(report: Report) -> list[tuple[str, int, int, str]]:
    return [violation[:4] for violation in report.violations]


ALL = [("src/a.ts", 1, 11, "PREP251"), ("src/box.py", 2, 4, "PREP401")]


class TestViolations:
    """From what flake8 hands over to what a report holds."""

    def test_all_that_is_known(self, tree: Path, flake8_here: Flake8) -> None:
        assert flake8_here("--isolated", SARIF, OUTPUT, ".") == (1, "", "")
        report = read_sarif("report.sarif")
        assert report.scope == (".",)
        assert report.violations == (
            Violation(
                "src/a.ts",
                1,
                11,
                "PREP251",
                report.violations[0].message,
                Excerpt(1, ("let value: any;",)),
                "let value: any;",
            ),
            Violation(
                "src/box.py",
                2,
                4,
                "PREP401",
                report.violations[1].message,
                Excerpt(1, ("class Box:", "    def __init__(self):", "        pass")),
                "def __init__(self):",
            ),
        )
        assert report.violations[1].source == "    def __init__(self):"

    @pytest.mark.parametrize("arguments", [[], ["."], ["./"], ["{here}"]])
    def test_working_directory(self, tree: Path, flake8_here: Flake8, arguments: list[str]) -> None:
        flake8_here("--isolated", SARIF, OUTPUT, *(argument.format(here=tree) for argument in arguments))
        report = read_sarif("report.sarif")
        assert places(report) == ALL
        assert report.scope == (".",)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["src"],
            ["./src"],
            ["src/../src/box.py", "src/a.ts"],
            ["{here}/src"],
            ["src", "./src/a.ts", "{here}/src/box.py"],
        ],
    )
    def test_paths_are_from_here(self, tree: Path, flake8_here: Flake8, arguments: list[str]) -> None:
        flake8_here("--isolated", SARIF, OUTPUT, *(argument.format(here=tree) for argument in arguments))
        report = read_sarif("report.sarif")
        assert places(report) == ALL
        assert all(path.startswith("src") for path in report.scope)

    def test_paths_beside_the_working_directory(
        self, tree: Path, flake8_here: Flake8, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tree / "work").mkdir()
        monkeypatch.chdir(tree / "work")
        flake8_here("--isolated", SARIF, OUTPUT, "../src")
        assert places(read_sarif("report.sarif")) == [(f"../{path}", *rest) for path, *rest in ALL]
        flake8_here("--isolated", SARIF, OUTPUT, f"{tree}/src")
        outside = tree.as_posix()
        assert places(read_sarif("report.sarif")) == [(f"{outside}/{path}", *rest) for path, *rest in ALL]

    def test_codes_of_other_plugins(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "src/box.py").write_text(f"import os\n\n\n{INIT}VALUE = {'1' * 80}\n")
        flake8_here("--isolated", SARIF, OUTPUT, "src/box.py")
        codes = [violation.code for violation in read_sarif("report.sarif").violations]
        assert codes == ["F401", "PREP401", "E305", "E501"]

    def test_standard_input(self, tree: Path, flake8: Flake8) -> None:
        (tree / "src/a.ts").write_text("// What is saved differs.\n")
        run = flake8("--isolated", SARIF, "--stdin-display-name=src/a.ts", "-", stdin="\n\nlet é: any;\n")
        (tree / "report.sarif").write_text(run.output, encoding="utf-8")
        [violation] = read_sarif(str(tree / "report.sarif")).violations
        assert violation.source == "let é: any;"
        assert violation.path == "src/a.ts"

    def test_source_in_another_encoding(self, tree: Path, flake8_here: Flake8) -> None:
        sources = {
            "declared.py": b"# coding: latin-1\n" + INIT.encode(),
            "broken.py": INIT.encode(),
        }
        for name, source in sources.items():
            (tree / name).write_bytes(source.replace(b"self):", b"self):  # \xe9"))
        flake8_here("--isolated", SARIF, OUTPUT, "--select=PREP401,E9", *sources)
        assert [each.source for each in read_sarif("report.sarif").violations] == [
            *(["    def __init__(self):  # é"] * 2),
        ]

    def test_long_line(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "src/a.ts").write_text(f"let first: any; {'let other: string; ' * 1000}let last: any;\n")
        flake8_here("--isolated", SARIF, OUTPUT, "src/a.ts")
        first, last = read_sarif("report.sarif").violations
        assert len(first.source) == 241
        assert first.source.endswith("…")
        assert last.column > len(last.source)
        assert first.text == last.text
        assert first.text.startswith("let first: any; let other")
        assert len(first.text) < 120

    def test_file_as_a_whole(self, tree: Path, flake8_here: Flake8) -> None:
        flake8_here("--isolated", SARIF, OUTPUT, "--select=PREP", "src/missing.py")
        [violation] = read_sarif("report.sarif").violations
        assert (violation.line, violation.column, violation.code) == (0, 0, "PREP000")
        assert violation.excerpt == NO_EXCERPT
        assert violation.text == ""

    def test_behind_the_last_line(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "src/box.py").write_text("value = [\n")
        flake8_here("--isolated", SARIF, OUTPUT, "--select=E9,E1", "src/box.py")
        [violation] = read_sarif("report.sarif").violations
        assert violation.code == "E902" or violation.line >= 1
        assert violation.excerpt.lines == ("value = [",)


class TestDocument:
    """The file that is written."""

    def test_replaced(self, tree: Path, flake8_here: Flake8) -> None:
        for _ in range(2):
            flake8_here("--isolated", SARIF, OUTPUT, "src")
            first = (tree / "report.sarif").read_bytes()
        flake8_here("--isolated", SARIF, OUTPUT, "src")
        assert (tree / "report.sarif").read_bytes() == first
        assert sorted(os.listdir(tree)) == ["report.sarif", "src"]

    def test_standard_output(self, tree: Path, flake8_here: Flake8) -> None:
        run = flake8_here("--isolated", SARIF, "src")
        assert run.status == 1
        flake8_here("--isolated", SARIF, OUTPUT, "src")
        assert run.output == (tree / "report.sarif").read_text(encoding="utf-8")
        assert flake8_here("--isolated", SARIF, OUTPUT, "--tee", "--exit-zero", "src") == (0, run.output, "")

    def test_asides_do_not_get_in(self, tree: Path, flake8_here: Flake8) -> None:
        run = flake8_here("--isolated", "--format=prep-report", "--statistics", "--count", "src")
        assert run.output.startswith("# ")
        assert run.output.endswith("\n")
        message = read_message(tree, flake8_here)
        assert run.errors.splitlines()[0] == f"1     {message}"

    def test_old_one_stays_if_the_new_one_fails(
        self, tree: Path, flake8_here: Flake8, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(report: Report) -> str:
            raise ValueError(report)

        monkeypatch.setattr(markdown, "render", fail)
        (tree / "report.md").write_text("old")
        with pytest.raises(ValueError, match="PREP251"):
            flake8_here("--isolated", "--format=prep-report", "--output-file=report.md", "src")
        assert (tree / "report.md").read_text() == "old"

    @pytest.mark.parametrize("path", ["src", "src/a.ts/report.sarif"])
    def test_cannot_be_written(self, tree: Path, flake8_here: Flake8, path: str) -> None:
        run = flake8_here("--isolated", SARIF, f"--output-file={path}", "src")
        assert run.status == 1
        assert f"{path} cannot be written (" in run.output
        assert "--output-file names another file" in run.output

    @pytest.mark.skipif(os.name != "posix", reason="needs /dev/stdout")
    def test_device(self, tree: Path, flake8: Flake8) -> None:
        run = flake8("--isolated", SARIF, "--output-file=/dev/stdout", "src")
        assert run == (1, flake8("--isolated", SARIF, "src").output, "")

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
    @pytest.mark.usefixtures("tree")
    def test_standard_output_on_a_full_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with open("/dev/full", "w", encoding="utf-8") as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)
            with pytest.raises(SystemExit, match=r"cannot be written \(No space left .*; --output-file"):
                main(["--isolated", SARIF, "-j1", "src"])
            stdout.write("what is still written goes nowhere")

    @pytest.mark.usefixtures("tree")
    def test_standard_output_that_nobody_reads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "w", encoding="utf-8") as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)
            assert main(["--isolated", SARIF, "-j1", "src"]) == 1
            assert main(["--isolated", SARIF, "-j1", "--exit-zero", "src"]) == 0

    def test_new_folder(self, tmp_path: Path) -> None:
        write_document(tmp_path / "out/of/report.md", "é\udcff\n")
        assert (tmp_path / "out/of/report.md").read_bytes() == b"\xc3\xa9\\udcff\n"

    @pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
    def test_permissions_are_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "report.md"
        path.write_text("old")
        path.chmod(0o640)
        write_document(path, "new")
        assert path.read_text() == "new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_old_one_stays_if_it_cannot_be_replaced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(path: Path, target: Path) -> None:
            raise OSError(28, "No space left on device")

        path = tmp_path / "report.md"
        path.write_text("old")
        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="No space left"):
            write_document(path, "new")
        assert os.listdir(tmp_path) == ["report.md"]
        assert path.read_text() == "old"


def read_message(tree: Path, flake8_here: Flake8) -> str:
    """Return the code and message of the finding in TypeScript."""
    return flake8_here("--isolated", "src/a.ts").output.split(": ", 1)[1].strip()


class TestPaths:
    """Paths and their URIs."""

    @pytest.mark.parametrize(
        ("path", "uri"),
        [
            ("src/a.py", "src/a.py"),
            ("../a b/é#1?.py", "../a%20b/%C3%A9%231%3F.py"),
            ("a:b%.py", "a%3Ab%25.py"),
            ("bytes\udcff.py", "bytes%FF.py"),
            ("/elsewhere/a:b.py", "file:///elsewhere/a:b.py"),
            ("C:/elsewhere/a.py", "file:///C:/elsewhere/a.py"),
        ],
    )
    def test_there_and_back(self, path: str, uri: str) -> None:
        assert uri_of(path) == uri
        assert path_of(uri) == path

    def test_uri_below_the_working_directory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert path_of((tmp_path / "src/a.py").as_uri()) == "src/a.py"

    @pytest.mark.parametrize("uri", ["https://example.com/a.py", "", "#fragment", "C:\\a.py"])
    def test_no_uri_of_a_file(self, uri: str) -> None:
        with pytest.raises(ValueError, match="is not the URI of a file"):
            path_of(uri)

    def test_normal_form(self) -> None:
        assert portable("./src//../a.py") == "a.py"
        assert portable("/elsewhere/../a.py") == "/a.py"
