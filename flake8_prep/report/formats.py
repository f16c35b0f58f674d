"""What flake8 loads for ``--format``.

It loads all formats in every run, also where another one is asked for. So what a format needs is imported
when it is made.
"""

from __future__ import annotations

import argparse

from flake8.formatting.base import BaseFormatter


def baseline(options: argparse.Namespace) -> BaseFormatter:
    """Return the formatter ``prep-baseline``."""
    from flake8_prep.report.baseline import BaselineFormatter

    return BaselineFormatter(options)


def html(options: argparse.Namespace) -> BaseFormatter:
    """Return the formatter ``prep-html``."""
    from flake8_prep.report.html import HtmlFormatter

    return HtmlFormatter(options)


def markdown(options: argparse.Namespace) -> BaseFormatter:
    """Return the formatter ``prep-report``."""
    from flake8_prep.report.formatters import MarkdownFormatter

    return MarkdownFormatter(options)


def sarif(options: argparse.Namespace) -> BaseFormatter:
    """Return the formatter ``prep-sarif``."""
    from flake8_prep.report.formatters import SarifFormatter

    return SarifFormatter(options)
