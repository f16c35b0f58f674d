"""``--format=prep-html``: the report as one page that needs nothing but a browser."""

from __future__ import annotations

from flake8 import exceptions

from flake8_prep.report.formatter import DocumentFormatter
from flake8_prep.report.report import Report


class HtmlFormatter(DocumentFormatter):
    """The report as a page with figures, charts, filters, excerpts of the source, and the rules explained."""

    def after_init(self) -> None:
        """Refuse to start without what the page is made with, before flake8 has done all its work.

        Raises:
            flake8.exceptions.ExecutionError: the extra ``report`` is not installed.
        """
        _check_extra()

    def render(self, report: Report) -> str:
        """Return the page."""
        return render(report)


def render(report: Report) -> str:
    """Return the page that shows `report`; the same report makes the same page.

    Raises:
        flake8.exceptions.ExecutionError: the extra ``report`` is not installed.
    """
    _check_extra()
    from flake8_prep.report import page

    return page.render(report)


def _check_extra() -> None:
    try:
        # flake8 loads all formatters in every run, and most runs need neither of the two.
        import jinja2  # noqa: F401
        import pygments  # noqa: F401
    except ModuleNotFoundError as error:
        raise exceptions.ExecutionError(
            f'the HTML report needs {error.name}, which is not installed: pip install "flake8-prep[report]"'
        ) from error
