"""The command ``flake8-prep report``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import flake8_prep.report
from flake8_prep.cli import main
from flake8_prep.report.sarif_reader import read_sarif
from tests.conftest import Flake8

INIT = "class Box:\n    def __init__(self):\n        pass\n"
FORMATS = {"markdown": "prep-report", "sarif": "prep-sarif"}


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, flake8_here: Flake8) -> Path:
    """A folder with findings in both languages and of flake8 itself, as the working directory."""
    sources = {
        "backend/box.py": f"import os\n\n\n{INIT}",
        "backend/deep/er/é b.py": f"{INIT}VALUE = '{'<script>' * 12}'\n",
        "backend/broken.py": "def f(:\n",
        "frontend/a.ts": "let a: any;\nlet b: any;\n",
        "frontend/b.tsx": "const c = <p>Don't {d as any}</p>;\n",
        "frontend/clean.ts": "let a: string;\n",
    }
    for name, source in sources.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return tmp_path


@pytest.fixture
def shards(flake8_here: Flake8) -> list[str]:
    """The reports of runs on parts of the tree, of which two overlap."""
    parts = {"1": ["backend"], "2": ["frontend"], "3": ["./frontend/a.ts", "backend/deep"]}
    for name, paths in parts.items():
        flake8_here("--isolated", "--format=prep-sarif", f"--output-file={name}.sarif", *paths)
    return [f"{name}.sarif" for name in parts]


class TestMerging:
    """One report from those of parts of a tree."""

    @pytest.mark.parametrize("name", FORMATS)
    def test_as_of_one_run(self, tree: Path, shards: list[str], flake8_here: Flake8, name: str) -> None:
        paths = ["backend", "frontend", "frontend/a.ts", "backend/deep"]
        flake8_here("--isolated", f"--format={FORMATS[name]}", "--output-file=whole", *paths)
        assert main(["report", *shards, "--format", name, "-o", "merged"]) == 0
        assert (tree / "merged").read_bytes() == (tree / "whole").read_bytes()
        assert b"PREP401" in (tree / "merged").read_bytes()
        assert b"E999" in (tree / "merged").read_bytes()

    def test_each_finding_once(self, shards: list[str]) -> None:
        assert main(["report", *shards, *shards, "--format=sarif", "-o", "merged.sarif"]) == 0
        places = [violation[:4] for violation in read_sarif("merged.sarif").violations]
        assert len(places) == len(set(places))
        # What was merged can be merged.
        assert main(["report", "merged.sarif", "1.sarif", "--format=sarif", "-o", "again.sarif"]) == 0
        assert Path("again.sarif").read_bytes() == Path("merged.sarif").read_bytes()

    def test_one_report_in_another_format(self, flake8_here: Flake8, shards: list[str]) -> None:
        assert main(["report", shards[0], "--output", "backend.md"]) == 0
        flake8_here("--isolated", "--format=prep-report", "--output-file=direct.md", "backend")
        assert Path("backend.md").read_bytes() == Path("direct.md").read_bytes()

    def test_standard_output(self, shards: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        process = subprocess.run(
            [sys.executable, "-m", "flake8_prep", "report", *shards], stdout=subprocess.PIPE, check=True
        )
        assert main(["report", *shards, "-o", "merged.md"]) == 0
        assert process.stdout == Path("merged.md").read_bytes()
        assert capfdbinary.readouterr() == (b"", b"")

    def test_html(self, shards: list[str]) -> None:
        pytest.importorskip("jinja2")
        assert main(["report", *shards, "--format=html", "-o", "merged.html"]) == 0
        assert "<script>" * 12 not in Path("merged.html").read_text(encoding="utf-8")


class TestRefusals:
    """What cannot be merged ends the command with one message, and what was written before stays."""

    @pytest.fixture(autouse=True)
    def output(self, tree: Path) -> None:
        """Write a report that must not be touched."""
        (tree / "merged.md").write_text("old")

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (None, "bad.sarif cannot be read (No such file or directory)"),
            ("1 problem", "bad.sarif is not JSON"),
            ("{}", "bad.sarif is not SARIF 2.1.0"),
            ('{"version": "2.1.0", "runs": [{}]}', "bad.sarif is not a complete report"),
        ],
    )
    def test_bad_report(
        self, shards: list[str], content: str | None, problem: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if content is not None:
            Path("bad.sarif").write_text(content)
        assert main(["report", shards[0], "bad.sarif", shards[1], "-o", "merged.md"]) == 2
        output, errors = capsys.readouterr()
        assert output == ""
        assert errors.startswith(f"flake8-prep: {problem}")
        assert errors.count("\n") == 1
        assert Path("merged.md").read_text() == "old"

    def test_output_that_cannot_be_written(
        self, shards: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", *shards, "-o", "merged.md/file"]) == 2
        _, errors = capsys.readouterr()
        assert errors.startswith("flake8-prep: merged.md/file cannot be written (")
        assert errors.endswith("); -o names another file\n")

    def test_extra_that_is_missing(
        self, shards: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delitem(sys.modules, "flake8_prep.report.page", raising=False)
        monkeypatch.delattr(flake8_prep.report, "page", raising=False)
        # Python takes it for a module that cannot be found.
        monkeypatch.setitem(sys.modules, "jinja2", None)
        assert main(["report", *shards, "--format=html", "-o", "merged.md"]) == 2
        assert capsys.readouterr().err == (
            "flake8-prep: the HTML report needs jinja2, which is not installed: "
            'pip install "flake8-prep[report]"\n'
        )
        assert Path("merged.md").read_text() == "old"

    @pytest.mark.parametrize("arguments", [[], ["1.sarif", "--format=pdf"]])
    def test_bad_usage(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stop:
            main(["report", *arguments])
        assert stop.value.code == 2
        assert capsys.readouterr().err.startswith("usage: flake8-prep report ")


def test_flake8_is_not_imported(shards: list[str]) -> None:
    code = (
        "import sys\nfrom flake8_prep.cli import main\n"
        f"main(['report', *{shards!r}, '-o', {os.devnull!r}])\n"
        "print('flake8' in sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert process.stdout.split() == [b"False"]
