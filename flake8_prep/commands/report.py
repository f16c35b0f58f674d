"""``flake8-prep report``: one report from those of several runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from flake8_prep.commands import Commands, deliver

if TYPE_CHECKING:
    from flake8_prep.report.report import Report


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "report",
        help="make one report from those of several runs",
        description="Merges reports that flake8 wrote with --format=prep-sarif, such as those of parts of a "
        "tree. What is in several of them is told once. The exit status is 2 if one of them cannot be read.",
    )
    parser.add_argument("paths", metavar="SARIF", nargs="+", help="a report in SARIF")
    parser.add_argument(
        "--format", choices=("html", "markdown", "sarif"), default="markdown", help="default: %(default)s"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from flake8_prep.report.report import Report
    from flake8_prep.report.sarif_reader import read_sarif

    render = _renderer(arguments.format)
    reports = [read_sarif(path) for path in arguments.paths]
    document = render(
        Report.of(
            (violation for report in reports for violation in report.violations),
            (path for report in reports for path in report.scope),
        )
    )
    deliver(document, arguments.output)
    return 0


def _renderer(name: str) -> Callable[[Report], str]:
    if name == "html":
        from flake8_prep.report.extra import page_renderer

        return page_renderer()
    from flake8_prep.report import markdown, sarif

    return sarif.render if name == "sarif" else markdown.render
