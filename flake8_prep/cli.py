"""The command ``flake8-prep``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from flake8_prep import __version__
from flake8_prep.commands import baseline, explain, follow_up, report, rules
from flake8_prep.refusal import Refusal
from flake8_prep.report.document import drop_stdout

_COMMANDS = (baseline, explain, follow_up, report, rules)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv`, by default that of the process.

    Returns:
        the exit status: that of the command, 1 where nobody reads the output any more, or 2 where there is no
        result, or it cannot be written.

    Raises:
        SystemExit: argparse has printed the help, the version, or what is wrong with the arguments.
    """
    arguments = _parsed(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:  # as Python has it where the process was started with it closed
        print("flake8-prep: the output: it is closed", file=sys.stderr)
        return 2
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except Refusal as refusal:
        print(f"flake8-prep: {refusal}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        drop_stdout()
        return 1
    except OSError as error:
        drop_stdout()
        print(f"flake8-prep: {error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
        return 2
    return status


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    """Parse arguments; argparse takes paths in one row only, so those behind an option join them here."""
    parser = _parser()
    arguments, others = parser.parse_known_args(argv)
    before = argv[: argv.index("--")] if "--" in argv else argv
    unknown = [each for each in others if each.startswith("-") and each in before]
    if unknown or (others and "paths" not in arguments):
        parser.error(f"unrecognized arguments: {' '.join(unknown or others)}")
    if "--" in others:
        others.remove("--")
    if others:
        arguments.paths = [*arguments.paths, *others]
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flake8-prep", description="Tells what the rules find.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
