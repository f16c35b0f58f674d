"""The formatter ``prep-baseline``: all that is found today, for later runs to hide."""

from __future__ import annotations

import os

from flake8_prep.baseline.known import Baseline
from flake8_prep.report.formatter import DocumentFormatter
from flake8_prep.report.report import Report


class BaselineFormatter(DocumentFormatter):
    """Writes the baseline, with paths from the folder that it is in; else from the working directory."""

    def render(self, report: Report) -> str:
        """Return the baseline of the run, as JSON."""
        folder = os.path.dirname(self.filename or "")
        return Baseline.of(report.violations).document(os.path.abspath(folder))
