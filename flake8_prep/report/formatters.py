"""The formatters of flake8 that this package adds; the documents are made in modules of their own."""

from __future__ import annotations

from flake8_prep.report import markdown, sarif
from flake8_prep.report.formatter import DocumentFormatter
from flake8_prep.report.report import Report


class MarkdownFormatter(DocumentFormatter):
    """``--format=prep-report``."""

    def render(self, report: Report) -> str:
        """Return `report` in Markdown."""
        return markdown.render(report)


class SarifFormatter(DocumentFormatter):
    """``--format=prep-sarif``."""

    def render(self, report: Report) -> str:
        """Return `report` in SARIF."""
        return sarif.render(report)
