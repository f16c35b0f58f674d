"""Gets at what needs the extra ``report``, which may not be installed."""

from __future__ import annotations

from collections.abc import Callable

from flake8_prep.refusal import Refusal
from flake8_prep.report.report import Report


def page_renderer() -> Callable[[Report], str]:
    """Return what makes the HTML page of a report.

    Raises:
        Refusal: the extra is not installed.
    """
    try:
        from flake8_prep.report import page
    except ModuleNotFoundError as error:
        raise Refusal(
            f'the HTML report needs {error.name}, which is not installed: pip install "flake8-prep[report]"'
        ) from error
    return page.render
