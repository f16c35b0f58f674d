"""What teams do with findings, from the first day on."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from flake8_prep.cli import main
from tests.conftest import Flake8

BASELINE = "prep-baseline.json"
WRITE = (f"--output-file={BASELINE}", "--format=prep-baseline", "--exit-zero")

# What an old service is full of: five findings in each file, one of them by pyflakes.
MODULE = """\
import os

{name}_KEY = os.getenv("{name}_API_KEY", "")


class {name}:
    def __init__(self):
        try:
            key = os.environ["{name}"]
        except Exception:
            pass

    def close(self):
        try:
            self.file.close()
        except Exception:
            pass
"""
PAGE = """\
export function show{name}(a: any, b: any): any {{
  const all: any[] = [a == b];
  return all;
}}
"""


@pytest.fixture
def old_tree(tmp_path: Path) -> Path:
    """A tree with 1,000 findings in 200 files, whose configuration names a baseline that is not there yet."""
    for number in range(100):
        folder = tmp_path / f"service{number % 10}"
        folder.mkdir(exist_ok=True)
        (folder / f"module{number}.py").write_text(MODULE.format(name=f"Part{number}"))
        (folder / f"page{number}.ts").write_text(PAGE.format(name=number))
    (tmp_path / ".flake8").write_text(f"[flake8]\nprep-baseline = {BASELINE}\nselect = F,PREP\n")
    return tmp_path


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Run a command of flake8-prep and return its exit status and the lines of its output."""
    status = main(arguments)
    output, errors = capsys.readouterr()
    assert errors == ""
    return status, output.splitlines()


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    process = subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    return process.stdout


def test_adopting_it_on_an_old_tree(
    old_tree: Path, flake8_here: Flake8, capsys: pytest.CaptureFixture[str]
) -> None:
    # The first day: there is far too much.
    assert len(flake8_here("--prep-baseline=").lines) == 1_000
    # A run that lacks its baseline says so, and passes nothing in silence.
    assert flake8_here().status == 1
    assert flake8_here(*WRITE) == (0, "", "")
    assert flake8_here() == (0, "", "")
    before = (old_tree / BASELINE).read_text()
    assert before.count("\n") < 1_200

    # Somebody edits a file: lines move, and there is one more of the same kind, and nothing else is printed.
    module = old_tree / "service3/module3.py"
    text = module.read_text()
    module.write_text(f'"""Parts."""\n\nimport sys\n{text}\nmail = sys.argv, os.getenv("MAIL_TOKEN", "")\n')
    assert flake8_here().lines == ["./service3/module3.py:22:18: PREP107"]
    assert command(capsys, "baseline", "--check")[0] == 0
    module.write_text(module.read_text().replace('os.getenv("MAIL_TOKEN", "")', "os.environ"))
    assert flake8_here() == (0, "", "")

    # Somebody mends a file, removes one, and moves another.
    page = old_tree / "service4/page4.ts"
    page.write_text(page.read_text().replace("any", "Part").replace("==", "==="))
    (old_tree / "service5/page5.ts").unlink()
    (old_tree / "service6/module6.py").rename(old_tree / "service6/part.py")
    assert flake8_here().lines == [
        "./service6/part.py:3:13: PREP107",
        "./service6/part.py:7:5: PREP401",
        "./service6/part.py:9:13: F841",
        "./service6/part.py:10:9: PREP101",
        "./service6/part.py:16:9: PREP101",
    ]
    (old_tree / "service6/part.py").rename(old_tree / "service6/module6.py")

    # What they need no longer has to go, so that it does not come back.
    status, lines = command(capsys, "baseline", "--check")
    assert status == 1
    assert lines[-1] == (
        f"10 of 1000 findings in {old_tree / BASELINE} no longer occur; "
        "'flake8-prep baseline --prune' removes them"
    )
    assert {line.partition(":")[0] for line in lines[:-1]} == {"service4/page4.ts", "service5/page5.ts"}
    assert command(capsys, "baseline", "--prune", "service5")[1][-1].startswith("5 of 1000 findings removed")
    assert command(capsys, "baseline", "--prune")[1][-1].startswith("5 of 995 findings removed")
    assert command(capsys, "baseline", "--check")[0] == 0
    assert flake8_here() == (0, "", "")
    page.write_text(PAGE.format(name=4))
    assert len(flake8_here().lines) == 5

    # Writing it anew gives the same file, of which nothing but lines for those two files is gone.
    page.unlink()
    pruned = (old_tree / BASELINE).read_text()
    assert flake8_here(*WRITE) == (0, "", "")
    assert (old_tree / BASELINE).read_text() == pruned
    assert set(pruned.splitlines()) < set(before.splitlines())


def test_pruning_on_two_branches(
    old_tree: Path, flake8_here: Flake8, capsys: pytest.CaptureFixture[str]
) -> None:
    assert flake8_here(*WRITE) == (0, "", "")
    git(old_tree, "init", "--initial-branch=main")
    git(old_tree, "add", ".")
    git(old_tree, "commit", "-m", "Old tree")
    for branch, name in (("one", "service1/page1.ts"), ("two", "service2/page2.ts")):
        git(old_tree, "checkout", "-b", branch, "main")
        page = old_tree / name
        page.write_text(page.read_text().replace("any[]", "Part[]").replace("==", "==="))
        assert command(capsys, "baseline", "--prune")[0] == 0
        git(old_tree, "commit", "-a", "-m", f"Mend {name}")
    git(old_tree, "merge", "one")
    assert flake8_here() == (0, "", "")
    assert command(capsys, "baseline", "--check")[0] == 0


class TestGate:
    """What is critical or high fails the run, and the rest is a report: two steps of a pipeline."""

    GATE = ("--select=PREP", "--prep-min-severity=high")
    EVERYTHING = ("--select=PREP", "--exit-zero", "--format=prep-sarif", "--output-file=report.sarif")

    @pytest.fixture(autouse=True)
    def tree(self, tmp_path: Path) -> Path:
        """A tree with a finding of each severity."""
        (tmp_path / "module.py").write_text(MODULE.format(name="Part") + "\n# TODO: more\n")
        return tmp_path

    def report(self) -> list[str]:
        """Return the codes in the report of the second step, in order."""
        [run] = json.loads(Path("report.sarif").read_text())["runs"]
        return sorted(result["ruleId"] for result in run["results"])

    def test_bad_findings_fail(self, flake8_here: Flake8) -> None:
        gate = flake8_here(*self.GATE)
        assert gate.status == 1
        assert [line.split()[1] for line in gate.lines] == ["PREP107", "PREP101", "PREP101"]
        assert flake8_here(*self.EVERYTHING).status == 0
        assert self.report() == ["PREP002", "PREP101", "PREP101", "PREP107", "PREP401"]

    def test_others_pass_and_are_reported(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "module.py").write_text("class Part:\n    def __init__(self):\n        pass  # TODO: more\n")
        assert flake8_here(*self.GATE) == (0, "", "")
        assert flake8_here(*self.EVERYTHING).status == 0
        assert self.report() == ["PREP002", "PREP401"]

    def test_with_a_baseline(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / ".flake8").write_text(f"[flake8]\nprep-baseline = {BASELINE}\n")
        assert flake8_here(*WRITE) == (0, "", "")
        assert flake8_here(*self.GATE) == (0, "", "")
        with (tree / "module.py").open("a") as file:
            file.write("Part_TOKEN = os.getenv('Part_TOKEN', '')  # TODO: remove\n")
        gate = flake8_here(*self.GATE)
        assert (gate.status, gate.lines) == (1, ["./module.py:20:14: PREP107"])
        assert flake8_here(*self.EVERYTHING).status == 0
        assert self.report() == ["PREP002", "PREP107"]
        # All there is, in spite of the baseline.
        assert flake8_here(*self.EVERYTHING, "--prep-baseline=").status == 0
        assert self.report() == ["PREP002", "PREP002", "PREP101", "PREP101", "PREP107", "PREP107", "PREP401"]

    def test_what_was_not_checked_fails(self, tree: Path, flake8_here: Flake8) -> None:
        (tree / "module.py").write_text("x = (\n")
        gate = flake8_here("--select=PREP", "--prep-min-severity=critical")
        assert (gate.status, [line.split()[1] for line in gate.lines]) == (1, ["PREP000"])
