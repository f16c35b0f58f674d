"""The tests of the project that is checked, in either language: which names and paths are in them."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

DEFAULT_TEST_PATHS: Final = (
    "tests,test,__tests__,test_*,*_test.py,*.test.ts,*.test.tsx,*.spec.ts,*.spec.tsx"
)

_SUFFIXES: Final = (".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
# What is installed or generated, and what tests read: none of it tests anything.
_NO_TESTS: Final = frozenset(
    "__pycache__ __snapshots__ build dist fixtures node_modules site-packages venv".split()
)
# Longer files were not written by hand. In bytes.
_LONGEST: Final = 1_000_000
_NAME: Final = re.compile(r"[^\W\d]\w*")
# How tests say that something has to fail, or make it fail.
_FAILURE: Final = re.compile(
    r"\braises\b|assertRaises|side_effect|\brejects\b|\btoThrow|\bthrows\b|mockReject|[Rr]ejectedWith"
)


class Suite:
    """The files of tests below a folder; they are read when first asked about, once."""

    def __init__(self, patterns: Sequence[str], root: Path | None = None) -> None:
        """Take the patterns of the names of files and folders of tests.

        Args:
            patterns: as of a shell. One without a slash is about a name at any depth, one with a slash about a
                path from `root`; everything in a folder that matches is a test.
            root: the folder in which tests are looked for; the working directory where none is given.
        """
        stripped = [pattern.removeprefix("./").rstrip("/") for pattern in patterns]
        self._names = [pattern for pattern in stripped if "/" not in pattern]
        self._paths = [pattern for pattern in stripped if "/" in pattern]
        self._root = root or Path()

    def mentions(self, text: str) -> bool:
        """Say whether `text` is in a test, as a part of anything."""
        return any(text in each for each in self._texts)

    def has_failing_case_of(self, name: str) -> bool:
        """Say whether the name is in a file of tests that also looks at what happens on a failure."""
        return name in self._names_beside_failures

    @cached_property
    def _texts(self) -> list[str]:
        return list(self._read())

    @cached_property
    def _names_beside_failures(self) -> frozenset[str]:
        return frozenset(
            name for text in self._texts if _FAILURE.search(text) for name in _NAME.findall(text)
        )

    def _read(self) -> Iterator[str]:
        for path in self._files():
            try:
                if os.path.getsize(path) <= _LONGEST:
                    yield Path(path).read_text(encoding="utf-8", errors="ignore")
            except OSError:
                continue

    def _files(self) -> Iterator[str]:
        # A folder that cannot be listed is left out, and links to folders are not followed.
        for folder, folders, files in os.walk(self._root):
            folders[:] = [name for name in folders if name not in _NO_TESTS and not name.startswith(".")]
            path = Path(folder).relative_to(self._root)
            all_are_tests = any(map(self._is_test, (path, *path.parents)))
            for name in files:
                if name.endswith(_SUFFIXES) and (all_are_tests or self._is_test(path / name)):
                    yield os.path.join(folder, name)

    def _is_test(self, path: Path) -> bool:
        return any(fnmatch.fnmatchcase(path.name, pattern) for pattern in self._names) or any(
            fnmatch.fnmatchcase(path.as_posix(), pattern) for pattern in self._paths
        )
