"""Finds the files that a report names in a tree that may be rooted elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath

# Folders that hold no sources of the tree's own.
_OTHERS = {".git", ".hg", ".nox", ".tox", ".venv", "__pycache__", "node_modules", "venv"}


class Tree:
    """The files of a tree.

    A path of a report and one of the tree mean the same file if one of them is the end of the other: the tree
    may be a part of the one that the report is about, or have it as a part.
    """

    def __init__(self, checked: Iterable[str], roots: Sequence[str]) -> None:
        """Take the absolute paths of the files that flake8 checks, and those that it is told to check."""
        self._checked = frozenset(checked)
        self._roots = roots
        self._by_name = _by_name(self._checked)
        self._all_by_name: dict[str, list[str]] | None = None

    def is_checked(self, path: str) -> bool:
        """Say whether flake8 checks the file at the absolute `path`."""
        return path in self._checked

    def find(self, path: str) -> list[str]:
        """Return the absolute paths of the files that `path`, as a report has it, can mean."""
        for folder in (os.curdir, *self._roots):
            exact = os.path.abspath(os.path.join(folder, path))
            if exact in self._checked or os.path.isfile(exact):
                return [exact]
        parts = _parts(path)
        return self._matching(parts, self._by_name) or self._matching(parts, self._with_unchecked())

    def _matching(self, parts: tuple[str, ...], by_name: dict[str, list[str]]) -> list[str]:
        files = by_name.get(parts[-1], []) if parts else []
        longer = [file for file in files if _parts(file)[-len(parts) :] == parts]
        return longer or [file for file in files if self._is_end_of(file, parts)]

    def _is_end_of(self, file: str, parts: tuple[str, ...]) -> bool:
        return any(
            file.startswith(root + os.sep) and parts[-len(below) :] == below
            for root in self._roots
            for below in [_parts(file.removeprefix(root))]
        )

    def _with_unchecked(self) -> dict[str, list[str]]:
        """Return all files by their names; flake8 is told to leave some out, and others it cannot read."""
        if self._all_by_name is None:
            files: set[str] = set()
            for root in self._roots:
                for folder, folders, names in os.walk(root):
                    folders[:] = [name for name in folders if name not in _OTHERS]
                    files.update(os.path.join(folder, name) for name in names)
            self._all_by_name = _by_name(files)
        return self._all_by_name


def _by_name(files: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted(files):
        found.setdefault(os.path.basename(file), []).append(file)
    return found


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in PurePath(path).parts if part not in (os.sep, os.curdir, os.pardir))
