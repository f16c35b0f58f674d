"""The pages of the documentation that are written by hand, and the code in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

_BLOCK = re.compile(
    r"^(?:<!-- run (?P<run>[^\n]*) -->\n)?```(?P<language>[\w-]+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_STEP = re.compile(r"^ *(?:- |-? *run: |    )(?P<command>flake8 .*)$", re.MULTILINE)


class Block(NamedTuple):
    """A block of code in a page.

    Attributes:
        page: the path from the root, with slashes.
        line: the line of the fence, from 1.
        language: as it stands behind the fence.
        text: what is between the fences.
        run: what a comment before the block says about how to run it; empty, where there is none.
    """

    page: str
    line: int
    language: str
    text: str
    run: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Return the paths of the pages."""
    return [*sorted(DOCS.glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]


def blocks(*languages: str) -> list[Block]:
    """Return the blocks in these languages, in all pages."""
    found = []
    for path in pages():
        text = path.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            if match["language"] in languages:
                line = text.count("\n", 0, match.start()) + 1
                name = path.relative_to(ROOT).as_posix()
                found.append(Block(name, line, match["language"], match["text"], match["run"] or ""))
    return found


def flake8_commands() -> list[str]:
    """Return the arguments, as one text each, of the runs of flake8 in the settings that the pages show."""
    found = (match["command"] for each in blocks("yaml", "ini") for match in _STEP.finditer(each.text))
    return sorted({command.removeprefix("flake8 ") for command in found})


def is_ours(command: str) -> bool:
    """Say whether a run of flake8 needs no format of another package."""
    return "--format=" not in command or "--format=prep-" in command
