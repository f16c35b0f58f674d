"""``flake8-prep baseline``: keeps a baseline no larger than it has to be."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_prep.commands import Commands, deliver
from flake8_prep.printable import printable
from flake8_prep.refusal import Refusal

if TYPE_CHECKING:
    from flake8_prep.baseline.known import Baseline

_DEFAULT = "prep-baseline.json"


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "baseline",
        help="find what has been mended since a baseline was written",
        description="Compares a baseline with what flake8 finds now. The exit status is 1 if --check finds "
        "something that no longer occurs, and 2 if the baseline or flake8's run is of no use.",
    )
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="list the entries that no longer occur")
    action.add_argument("--prune", action="store_true", help="remove the entries that no longer occur")
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help=f"default: the option prep-baseline of flake8's configuration, or {_DEFAULT}",
    )
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=[],
        help="what flake8 checks; entries of other files are left alone (default: the working directory). "
        "Options of flake8 may follow behind --",
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from flake8_prep.baseline import known
    from flake8_prep.report.running import Flake8

    flake8 = Flake8(arguments.paths)
    path = arguments.baseline or flake8.baseline or _DEFAULT
    baseline = known.read(path)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, _DEFAULT)
        flake8.write("prep-baseline", output)
        gone = baseline.gone(known.read(str(output)), flake8.paths)
    if arguments.prune and gone.findings:
        _write(baseline.without(gone), path)
    lines = [
        printable(f"{name}: {entry}") + (f" ({count} times)" if count > 1 else "")
        for name, entries in gone.by_name(os.curdir).items()
        for entry, count in entries.items()
    ]
    figures = f"{gone.total} of {baseline.total} findings"
    if arguments.prune:
        lines.append(f"{figures} removed from {path}")
    else:
        remedy = "; 'flake8-prep baseline --prune' removes them" if lines else ""
        lines.append(f"{figures} in {path} no longer occur{remedy}")
    deliver("".join(f"{line}\n" for line in lines), None)
    return 1 if gone.findings and arguments.check else 0


def _write(baseline: Baseline, path: str) -> None:
    from flake8_prep.report.document import write_document

    try:
        write_document(Path(path), baseline.document(os.path.dirname(os.path.abspath(path))))
    except OSError as error:
        raise Refusal(f"the baseline {path} cannot be written ({error.strerror})") from error
