"""What our formatters share: they gather all that flake8 reports, and write one document at the end."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from flake8 import exceptions, utils
from flake8.formatting.base import BaseFormatter
from flake8.violation import Violation as Flake8Violation

from flake8_prep.report.document import drop_stdout, encoded, write_document
from flake8_prep.report.excerpts import excerpt_from, lines_of
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.paths import portable
from flake8_prep.report.report import Report
from flake8_prep.report.violation import Violation


class DocumentFormatter(BaseFormatter, ABC):
    """A formatter of flake8 that makes a whole document, not lines.

    flake8's own formatters append to ``--output-file``; this one replaces it, and only when the document is
    complete, so that a run that fails leaves the old one as it was.
    """

    @abstractmethod
    def render(self, report: Report) -> str:
        """Return the document, with its final line end."""

    def start(self) -> None:
        """Get ready for the violations, as flake8 does before the first one."""
        self._violations: list[Violation] = []
        # What flake8 writes beside the violations must not get into the document.
        self._asides: list[str] = []
        # Files may have changed since the last run in this process.
        lines_of.cache_clear()
        stdin = utils.is_using_stdin(self.options.filenames)
        self._piped = self.options.stdin_display_name if stdin else None

    def handle(self, error: Flake8Violation) -> None:
        """Take a violation, as flake8 does for each one that nothing suppresses."""
        lines = self._stdin if error.filename == self._piped else lines_of(error.filename)
        self._violations.append(
            Violation(
                path=portable(error.filename),
                line=error.line_number,
                # A file as a whole has no columns.
                column=max(0, error.column_number - 1) if error.line_number else 0,
                code=error.code,
                message=error.text,
                excerpt=excerpt_from(lines, error.line_number),
                text=text_of_line(lines, error.line_number),
            )
        )

    def stop(self) -> None:
        """Write the document, as flake8 does after the last violation.

        Raises:
            flake8.exceptions.ExecutionError: the document cannot be written to its file.
            SystemExit: it cannot be written to standard output.
        """
        # Without paths flake8 checks the working directory.
        scope = map(portable, self.options.filenames or ["."])
        document = self.render(Report.of(self._violations, scope))
        if self.filename:
            try:
                write_document(Path(self.filename), document)
            except OSError as error:
                raise exceptions.ExecutionError(
                    f"{self.filename} cannot be written ({error.strerror}); --output-file names another file"
                ) from error
        if not self.filename or self.options.tee:
            self._print(document)
        for text in self._asides:
            print(text, file=sys.stderr)

    @staticmethod
    def _print(document: str) -> None:
        try:
            sys.stdout.buffer.write(encoded(document))
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads it any more, as with `| head`
            drop_stdout()
        except OSError as error:
            drop_stdout()
            # flake8 would print an error of its own to standard output.
            raise SystemExit(
                f"the report cannot be written ({error.strerror}); --output-file names a file for it"
            ) from error

    @cached_property
    def _stdin(self) -> list[str]:
        return utils.stdin_get_lines()

    def _write(self, output: str) -> None:
        """Take what flake8 prints beside the violations: ``--statistics`` and ``--benchmark``."""
        self._asides.append(output)
