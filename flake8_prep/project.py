"""The files of the project that is checked, where a rule has to know what is in the others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flake8_prep.patterns import lazy_pattern

# What is installed or generated, and what tests read.
_LEFT_OUT: Final = frozenset(
    "__pycache__ __snapshots__ build dist fixtures node_modules site-packages venv".split()
)
_TESTS: Final = lazy_pattern(
    r"(?:__tests__|tests?|testing|e2e)\Z|(?:test_|conftest).*|.*(?:_test\.py|\.(?:test|spec)\.\w+)\Z"
)
# Longer files were not written by hand. In bytes.
_LONGEST: Final = 1_000_000


def files_below(root: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield the paths of the files below `root`, relative to it, whose names end in one of `suffixes`.

    Folders that are hidden, installed or generated are left out, as are those that cannot be listed. Links to
    folders are not followed.
    """
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith(".")]
        relative = Path(folder).relative_to(root)
        for name in files:
            if name.endswith(suffixes):
                yield relative / name


def text_of(path: Path) -> str:
    """Return what is in a source file; nothing where it cannot be read, or is too long for one."""
    try:
        # To read a named pipe may never end.
        is_source = path.is_file() and path.stat().st_size <= _LONGEST
        return path.read_text(encoding="utf-8", errors="ignore") if is_source else ""
    except OSError:
        return ""


class Project:
    """The sources beside a file that is checked; each question about them is answered once."""

    def __init__(self) -> None:
        self._answers: dict[tuple[Path, re.Pattern[str]], bool] = {}

    def mentions(self, pattern: re.Pattern[str], path: str) -> bool:
        """Say whether `pattern` is in the sources, or their paths, of what the file at `path` belongs to.

        For a Python file that is the outermost package that it is in, for one in TypeScript all that the same
        ``package.json`` is about; where there is none, its folder. Tests are left out. Nothing is found where
        there is no such file.
        """
        file = Path(path)
        if not file.is_file():
            return False
        root = _package_of(file) if file.suffix == ".py" else _npm_package_of(file)
        key = (root, pattern)
        if key not in self._answers:
            suffixes = (
                (".py",)
                if file.suffix == ".py"
                else (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", "package.json")
            )
            self._answers[key] = any(
                pattern.search(each.as_posix()) or pattern.search(text_of(root / each))
                for each in files_below(root, suffixes)
                if not any(_TESTS.match(part) for part in each.parts)
            )
        return self._answers[key]


def _package_of(file: Path) -> Path:
    folder = file.parent
    while (folder / "__init__.py").is_file() and (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _npm_package_of(file: Path) -> Path:
    for folder in file.parents:
        if (folder / "package.json").is_file():
            return folder
    return file.parent
