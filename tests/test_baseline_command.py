"""The command ``flake8-prep baseline``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from flake8_prep.cli import main
from tests.conftest import Flake8

BASELINE = "prep-baseline.json"
REMEDY = "'flake8-prep baseline --prune' removes them"
TYPESCRIPT = "let value: any;\n"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, flake8_here: Flake8) -> Path:
    """A folder with findings in three files, all of which are in a baseline."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a/one.ts").write_text(TYPESCRIPT * 3)
    (tmp_path / "a/two.ts").write_text(TYPESCRIPT)
    (tmp_path / "b/three.ts").write_text(TYPESCRIPT)
    write()
    return tmp_path


def write(path: str = BASELINE) -> None:
    """Write a baseline without a run of flake8."""
    findings = {name: {"PREP251 let value: any;": 1} for name in ("a/one.ts", "a/two.ts", "b/three.ts")}
    findings["a/one.ts"]["PREP251 let value: any;"] = 3
    content = {"tool": "flake8-prep baseline", "version": 1, "findings": findings}
    Path(path).write_text(json.dumps(content))


def findings(path: str = BASELINE) -> dict[str, int]:
    """Return how many findings of a file a baseline has."""
    document = json.loads(Path(path).read_text())
    return {name: sum(entries.values()) for name, entries in document["findings"].items()}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    """Run the command and return its exit status, and what it prints."""
    status = main(["baseline", *arguments])
    output, errors = capsys.readouterr()
    return status, output.splitlines(), errors


def test_nothing_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path(BASELINE).read_text()
    assert run(capsys, "--check") == (0, [f"0 of 5 findings in {BASELINE} no longer occur"], "")
    assert run(capsys, "--prune") == (0, [f"0 of 5 findings removed from {BASELINE}"], "")
    assert Path(BASELINE).read_text() == before


def test_check_and_prune(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "a/one.ts").write_text(TYPESCRIPT)
    (tree / "a/two.ts").unlink()
    (tree / "b/three.ts").write_text("\n" + TYPESCRIPT * 2)
    gone = ["a/one.ts: PREP251 let value: any; (2 times)", "a/two.ts: PREP251 let value: any;"]
    assert run(capsys, "--check") == (
        1,
        [*gone, f"3 of 5 findings in {BASELINE} no longer occur; {REMEDY}"],
        "",
    )
    assert run(capsys, "--prune") == (0, [*gone, f"3 of 5 findings removed from {BASELINE}"], "")
    assert findings() == {"a/one.ts": 1, "b/three.ts": 1}
    assert run(capsys, "--check")[0] == 0


def test_other_paths_are_left_alone(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a/one.ts", "a/two.ts", "b/three.ts"):
        (tree / name).write_text("")
    assert run(capsys, "--check", "b")[1][0] == "b/three.ts: PREP251 let value: any;"
    assert run(capsys, "--prune", "a/one.ts", "b")[0] == 0
    assert findings() == {"a/two.ts": 1}


def test_files_that_cannot_be_checked_are_left_alone(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "a/one.ts").write_bytes(b"\0" * 100)
    (tree / "a/two.ts").write_text("")
    assert run(capsys, "--prune")[0] == 0
    assert findings() == {"a/one.ts": 3, "b/three.ts": 1}


def test_file_by_option_and_by_configuration(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "ci").mkdir()
    (tree / "known.json").write_text((tree / BASELINE).read_text())
    (tree / ".flake8").write_text("[flake8]\nprep-baseline = known.json\n")
    (tree / BASELINE).unlink()
    (tree / "a/two.ts").write_text("")
    assert run(capsys, "--prune")[1][-1] == f"1 of 5 findings removed from {tree}/known.json"
    assert findings("known.json") == {"a/one.ts": 3, "b/three.ts": 1}
    write("ci/../other.json")
    output = run(capsys, "--prune", "--baseline", "other.json")[1]
    assert output[-1] == "1 of 5 findings removed from other.json"


def test_options_of_flake8(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--check", "a", "--", "--prep-typescript=*.tsx", "--jobs=1") == (
        1,
        [
            "a/one.ts: PREP251 let value: any; (3 times)",
            "a/two.ts: PREP251 let value: any;",
            f"4 of 5 findings in {BASELINE} no longer occur; {REMEDY}",
        ],
        "",
    )
    with pytest.raises(SystemExit) as stop:
        main(["baseline", "--check", "--", "--nonsense"])
    assert stop.value.code == 2
    assert "unrecognized arguments: --nonsense" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["--check", "--prune"])
class TestErrors:
    """One clear message, and a file that stays what it was."""

    def expect(self, capsys: pytest.CaptureFixture[str], action: str, problem: str) -> None:
        """Run the command, which says that there is a problem."""
        status, output, errors = run(capsys, action)
        assert (status, output) == (2, [])
        assert problem in errors
        assert errors.startswith("flake8-prep: ")
        assert errors.count("\n") == 1

    def test_no_baseline(self, capsys: pytest.CaptureFixture[str], action: str) -> None:
        Path(BASELINE).unlink()
        self.expect(capsys, action, f"the baseline {BASELINE} cannot be read (No such file or directory)")

    def test_folder(self, capsys: pytest.CaptureFixture[str], action: str) -> None:
        Path(BASELINE).unlink()
        Path(BASELINE).mkdir()
        self.expect(capsys, action, "(Is a directory); 'flake8 --format=prep-baseline --output-file=FILE'")

    def test_path_that_does_not_exist(self, capsys: pytest.CaptureFixture[str], action: str) -> None:
        assert run(capsys, action, "a", "b/c", "d") == (
            2,
            [],
            "flake8-prep: there is no b/c, d; name files and folders that exist\n",
        )

    def test_more_paths_than_a_command_takes(
        self, capsys: pytest.CaptureFixture[str], action: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **options: object) -> None:
            raise OSError(7, "Argument list too long")

        monkeypatch.setattr(subprocess, "run", refuse)
        self.expect(capsys, action, "flake8 cannot start: Argument list too long; name folders, not files")

    def test_foreign_file(self, capsys: pytest.CaptureFixture[str], action: str) -> None:
        Path(BASELINE).write_text("{}")
        self.expect(capsys, action, "prep-baseline.json is no baseline of flake8-prep")

    @pytest.mark.parametrize(
        ("config", "problem"),
        [
            ("ignore = XXXXX9", "flake8 cannot start: Error code 'XXXXX9'"),
            ("prep-ticket-pattern = [A-Z", "flake8 cannot start: prep-ticket-pattern is '[A-Z'"),
            ("quiet = 1", "flake8 makes no report with the option quiet"),
        ],
    )
    def test_configuration(
        self, capsys: pytest.CaptureFixture[str], action: str, config: str, problem: str
    ) -> None:
        Path(".flake8").write_text(f"[flake8]\n{config}\n")
        self.expect(capsys, action, problem)

    def test_plugin_that_fails(self, capsys: pytest.CaptureFixture[str], action: str) -> None:
        # flake8 then ends as if it had found nothing.
        Path("bomb.py").write_text("def check(logical_line):\n    raise ValueError('boom')\n")
        Path("setup.cfg").write_text(
            "[flake8:local-plugins]\nextension =\n    BOM = bomb:check\npaths = .\n[flake8]\nexclude = *.ts\n"
        )
        before = Path(BASELINE).read_text()
        self.expect(capsys, action, "boom")
        assert Path(BASELINE).read_text() == before

    def test_run_that_breaks(
        self, capsys: pytest.CaptureFixture[str], action: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken/sitecustomize.py").write_text("import flake8\ndel flake8.__version__\n")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
        self.expect(capsys, action, "flake8 failed: ")


def test_file_that_cannot_be_written(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tree / "a/two.ts").write_text("")
    monkeypatch.setattr(Path, "replace", refuse)
    before = Path(BASELINE).read_text()
    assert run(capsys, "--prune") == (
        2,
        [],
        f"flake8-prep: the baseline {BASELINE} cannot be written (Permission denied)\n",
    )
    assert Path(BASELINE).read_text() == before


@pytest.mark.parametrize("arguments", [[], ["--check", "--prune"], ["a"]])
def test_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["baseline", *arguments])
    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("usage: flake8-prep baseline ")
