"""``--format=prep-html``: the report as one page that needs nothing but a browser."""

from __future__ import annotations

from flake8 import exceptions

from flake8_prep.refusal import Refusal
from flake8_prep.report.extra import page_renderer
from flake8_prep.report.formatter import DocumentFormatter
from flake8_prep.report.report import Report


class HtmlFormatter(DocumentFormatter):
    """The report as a page with figures, charts, filters, excerpts of the source, and the rules explained."""

    def after_init(self) -> None:
        """Refuse to start without what the page is made with, before flake8 has done all its work.

        Raises:
            flake8.exceptions.ExecutionError: the extra ``report`` is not installed.
        """
        try:
            page_renderer()
        except Refusal as refusal:
            raise exceptions.ExecutionError(str(refusal)) from refusal

    def render(self, report: Report) -> str:
        """Return the page."""
        return page_renderer()(report)
