"""Runs flake8, for the commands that need to know what it finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from flake8 import exceptions
from flake8.discover_files import expand_paths
from flake8.options.parse_args import parse_args

from flake8_prep.refusal import Refusal

# What flake8 prints around the reason why it failed.
_PREAMBLES = ("There was a critical error", "Run flake8 with greater verbosity")


class Flake8:
    """flake8 with certain arguments, and its configuration."""

    def __init__(self, arguments: Sequence[str]) -> None:
        """Let flake8 parse `arguments`, of which none is about the format, the output, or the exit status.

        Raises:
            Refusal: the configuration cannot be used, or a path does not exist.
            SystemExit: flake8 has said what is wrong with the arguments.
        """
        self._arguments = arguments
        try:
            # With this format no baseline is read, which is for others to do.
            self._plugins, self._options = parse_args([*arguments, "--format=prep-baseline"])
        except (exceptions.Flake8Exception, ValueError) as error:
            raise Refusal(f"flake8 cannot start: {error}") from error
        if self._options.quiet:
            raise Refusal("flake8 makes no report with the option quiet, which its configuration sets")
        # flake8 would check what there is of the others, and report the missing one as a finding.
        missing = [path for path in self._options.filenames or () if not os.path.exists(path)]
        if missing:
            raise Refusal(f"there is no {', '.join(missing)}; name files and folders that exist")

    @property
    def paths(self) -> list[str]:
        """The absolute paths that it is told to check."""
        return [os.path.abspath(path) for path in self._options.filenames or ["."]]

    @property
    def baseline(self) -> str:
        """The path that the option ``prep-baseline`` has; empty, if it has none."""
        path: str = self._options.prep_baseline
        return path

    def has_plugin_of(self, code: str) -> bool:
        """Say whether a plugin that is installed reports codes that begin like `code`."""
        return any(code.startswith(plugin.entry_name) for plugin in self._plugins.all_plugins())

    def files(self) -> set[str]:
        """Return the absolute paths of the files that it checks."""
        options = self._options
        files = expand_paths(
            paths=options.filenames,
            stdin_display_name=options.stdin_display_name,
            filename_patterns=options.filename,
            exclude=(*options.exclude, *options.extend_exclude),
        )
        return set(map(os.path.abspath, files))

    def write(self, format_name: str, output: Path) -> None:
        """Let flake8, in a process of its own, write what it finds to the file `output`.

        Args:
            format_name: one of our formats, as in ``prep-sarif``.
            output: a path where no file is.

        Raises:
            Refusal: flake8 failed.
        """
        # -P: a module in the working directory must not stand in for one of flake8's.
        command = [sys.executable, "-P", "-m", "flake8", *self._arguments]
        # Where a plugin fails, flake8 reports as if nothing had been found; only the exit status tells.
        command += [f"--format={format_name}", f"--output-file={output}", "--exit-zero"]
        try:
            process = subprocess.run(
                command, capture_output=True, check=False, encoding="utf-8", errors="backslashreplace"
            )
        except OSError as error:  # as where the paths are too many
            raise Refusal(f"flake8 cannot start: {error.strerror}; name folders, not files") from error
        if process.returncode:
            said = [line for line in process.stdout.splitlines() if not line.startswith(_PREAMBLES)]
            reasons = [*said, *reversed(process.stderr.splitlines()), f"exit status {process.returncode}"]
            raise Refusal(f"flake8 failed: {reasons[0]}")
