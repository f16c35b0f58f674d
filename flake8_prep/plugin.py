"""What flake8 loads."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Sequence

from flake8.options.manager import OptionManager

from flake8_prep import __version__, host
from flake8_prep.house.entry_points import prefixes
from flake8_prep.options import OPTIONS


class Checker:
    """The checker that flake8 makes for each Python file; for TypeScript see :mod:`flake8_prep.host`."""

    name = "flake8-prep"
    version = __version__

    def __init__(
        self, tree: ast.Module, lines: Sequence[str], filename: str, options: argparse.Namespace
    ) -> None:
        self._tree = tree
        self._lines = lines
        self._filename = filename
        self._options = options

    def run(self) -> Iterator[tuple[int, int, str, type[Checker]]]:
        """Yield for each finding its line (from 1), column (from 0, in characters), text, and this class."""
        session = host.session_of(self._options)
        for line, column, code, message in session.check_python(self._tree, self._lines, self._filename):
            yield line, column, f"{code} {message}", type(self)

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Add our options to flake8, and let it take our codes wherever it takes codes."""
        host.accept_codes()
        manager.extend_default_select(prefixes())
        for option in OPTIONS:
            manager.add_option(
                option.flag,
                default=option.default,
                help=option.help,
                parse_from_config=True,
                comma_separated_list=option.many,
                normalize_paths=option.is_path,
                **({"choices": option.choices} if option.choices else {}),
            )
            if option.is_path:
                host.take_for_path(manager, option.attribute)

    @staticmethod
    def parse_options(manager: OptionManager, options: argparse.Namespace, filenames: Sequence[str]) -> None:
        """Prepare flake8 for the run that `options` describe.

        Raises:
            flake8.exceptions.ExecutionError: the value of an option is none that it can have, or the baseline
                cannot be read.
        """
        host.prepare(options)
