"""What the documentation shows is true: settings parse, commands run, links lead somewhere."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from tests.conftest import Flake8
from tests.pages import DOCS, ROOT, Block, blocks, flake8_commands, is_ours, pages

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[\w-]+))?\)")
_FILE = re.compile(r"^<!-- file (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def parse(block: Block) -> None:
    """Parse a block as what it says it is."""
    if block.language == "json":
        json.loads(block.text)
    elif block.language == "toml":
        tomllib.loads(block.text)
    elif block.language == "yaml":
        yaml.safe_load(block.text)
    else:
        configparser.ConfigParser(interpolation=None).read_string(block.text)


@pytest.mark.parametrize("block", blocks("ini", "json", "toml", "yaml"), ids=str)
def test_settings_parse(block: Block) -> None:
    parse(block)


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_compiles(block: Block) -> None:
    compile(block.text, str(block), "exec")


@pytest.mark.parametrize("block", [each for each in blocks("ini") if "[flake8]" in each.text], ids=str)
def test_configuration_is_accepted(block: Block, tmp_path: Path, flake8: Flake8) -> None:
    (tmp_path / "setup.cfg").write_text(block.text)
    (tmp_path / "prep-baseline.json").write_text('{"version": 1, "files": {}}')
    names = re.findall(r"^([a-z-]+) *=", block.text, re.MULTILINE)
    known = flake8("--help").output
    assert [name for name in names if f"--{name}" not in known and name != "per-file-ignores"] == []


@pytest.mark.parametrize("arguments", [each for each in flake8_commands() if is_ours(each)])
def test_commands_in_settings(arguments: str, tmp_path: Path, flake8: Flake8) -> None:
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    run = flake8(*shlex.split(arguments))
    assert (run.status, run.errors) == (0 if "--exit-zero" in arguments else 1, "")


def steps(block: Block) -> list[tuple[str, str]]:
    """Return the commands of a block, each with what it prints; lines that go on have a `>`."""
    found = re.findall(r"^\$ ((?:.*\\\n> )*.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
    return [(command.replace("\n> ", "\n"), output) for command, output in found]


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command, or several, with the flake8 that runs in the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


RUN = {
    page: list(group)
    for page, group in groupby((each for each in blocks("console") if each.run), lambda each: each.page)
}


@pytest.mark.parametrize("page", RUN)
def test_console(page: str, tmp_path: Path) -> None:
    """Run the blocks of a page that say so, one after the other, beside the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for match in _FILE.finditer((ROOT / page).read_text(encoding="utf-8")):
        (tmp_path / match["name"]).write_text(match["text"])
    for block in RUN[page]:
        statuses = []
        for command, expected in steps(block):
            process = shell(command, tmp_path)
            pattern = re.escape(expected).replace(re.escape("..."), r"[\s\S]*")
            printed = process.stdout + process.stderr
            assert not expected or re.fullmatch(pattern, printed), f"{block}: {printed}"
            statuses.append(str(process.returncode))
        assert " ".join(statuses) == block.run, block


@pytest.mark.skipif(sys.platform != "linux", reason="the recipe uses GNU's tools")
def test_shards(tmp_path: Path, flake8: Flake8) -> None:
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    (recipe,) = blocks("bash")
    page = [block for block in blocks("console") if block.page == recipe.page]
    merge, _ = (command for block in page for command, _ in steps(block))
    script = [
        "set -e",
        "git init -q && git add .",
        "export SHARD SHARDS=3",
        f"for SHARD in 1 2 3; do\n{recipe.text}done",
        "test -s shard-1.sarif && test -s shard-3.sarif",
        merge,
    ]
    shell("\n".join(script), tmp_path).check_returncode()
    (run,) = json.loads((tmp_path / "merged.sarif").read_text())["runs"]
    found = flake8("--isolated", "--select=PREP", ".").lines
    assert len(run["results"]) == len(found) > 0


def test_formats_of_ours_are_there() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    names = re.findall(r"^(\S+) =", config["options.entry_points"]["flake8.report"], re.MULTILINE)
    shown = {name for path in pages() for name in re.findall(r"--format=(prep-\w+)", path.read_text())}
    assert shown <= set(names)


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page."""
    titles = (
        match["title"] for match in _HEADING.finditer(_FENCED.sub("", path.read_text(encoding="utf-8")))
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_links(path: Path) -> None:
    for match in _LINK.finditer(_FENCED.sub("", path.read_text(encoding="utf-8"))):
        target = path.parent / unquote(match["path"]) if match["path"] else path
        assert target.exists(), match[0]
        assert not match["anchor"] or match["anchor"] in anchors(target), match[0]


def test_every_page_can_be_reached_from_the_first_one() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    linked = {match["path"] for match in _LINK.finditer(index)}
    # Written by the benchmark, where it has run.
    written = {path.name for path in DOCS.glob("*.md")} - {"index.md", "performance.md"}
    assert written <= linked
