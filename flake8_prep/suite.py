"""The tests of the project that is checked, in either language: which names and paths are in them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.project import files_below, text_of

_SUFFIXES: Final = (".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_NAME: Final = lazy_pattern(r"[^\W\d]\w*")
# How tests say that something has to fail, or make it fail.
_FAILURE: Final = lazy_pattern(
    r"\braises\b|assertRaises|side_effect|\brejects\b|\btoThrow|\bthrows\b|mockReject|[Rr]ejectedWith"
)


class Suite:
    """The files of tests below a folder; they are read when first asked about, once."""

    def __init__(self, patterns: Sequence[str], root: Path | None = None) -> None:
        """Take the patterns of the names of files and folders of tests.

        Args:
            patterns: as of a shell. One without a slash is about a name at any depth, one with a slash
                about a path from `root`; everything in a folder that matches is a test.
            root: the folder in which tests are looked for; the working directory where none is given.
        """
        stripped = [pattern.removeprefix("./").rstrip("/") for pattern in patterns]
        self._name = _compiled(pattern for pattern in stripped if "/" not in pattern)
        # In these patterns a star stands for slashes, too.
        self._path = _compiled(end for each in stripped if "/" in each for end in (each, f"{each}/*"))
        self._root = root or Path()

    def mentions(self, text: str) -> bool:
        """Say whether `text` is in a test, as a part of anything."""
        return any(text in each for each in self._texts)

    def has_failing_case_of(self, name: str) -> bool:
        """Say whether the name is in a file of tests that also looks at what happens on a failure."""
        return name in self._names_beside_failures

    @cached_property
    def _texts(self) -> list[str]:
        return [
            text_of(self._root / path) for path in files_below(self._root, _SUFFIXES) if self._is_test(path)
        ]

    @cached_property
    def _names_beside_failures(self) -> frozenset[str]:
        return frozenset(
            name for text in self._texts if _FAILURE.search(text) for name in _NAME.findall(text)
        )

    def _is_test(self, path: Path) -> bool:
        return any(map(self._name.match, path.parts)) or self._path.match(path.as_posix()) is not None


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what matches where one of `patterns` does; without any that is nowhere."""
    return re.compile("|".join(map(fnmatch.translate, patterns)) or r"(?!)")
