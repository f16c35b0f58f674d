"""The command ``flake8-prep``: everything about the plugin that needs no run of flake8."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence

from flake8_prep import __version__, catalog, failure
from flake8_prep.documentation import documentation_of, suppression_of
from flake8_prep.house.rules import house_rules
from flake8_prep.rule import Rule

_WIDTH = 80
_COLUMNS = ("code", "name", "language", "severity", "default", "finding", "summary")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv`, by default that of the process.

    Returns:
        the exit status: 0, 1 where nobody reads the output any more, or 2 where the arguments make no sense.

    Raises:
        SystemExit: argparse has printed the help, the version, or what is wrong with the arguments.
    """
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes stdout once more at its exit, and would print a traceback of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    """Return the parser; each command sets `run`: it takes the arguments and returns the exit status."""
    parser = argparse.ArgumentParser(prog="flake8-prep", description="Tells what the rules find.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)

    explain = commands.add_parser("explain", help="explain a rule")
    explain.add_argument("rule", metavar="CODE", help="the code of a rule, as in PREP101, or its name")
    explain.set_defaults(run=_explain)

    rules = commands.add_parser("rules", help="list the rules")
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    rules.set_defaults(run=_list_rules)
    return parser


def _explain(arguments: argparse.Namespace) -> int:
    rules = _known_rules()
    code, name = arguments.rule.upper(), arguments.rule.lower()
    if code == failure.CODE:
        explanations = [f"{failure.CODE}\n\n{failure.SUMMARY}\n\n{_wrap(failure.EXPLANATION)}"]
    else:
        explanations = [_explanation(rule) for rule in rules if code == rule.code or name == rule.name]
    if not explanations:
        known = {failure.CODE, *(rule.code for rule in rules), *(rule.name for rule in rules)}
        near = [match for each in (code, name) for match in difflib.get_close_matches(each, sorted(known))]
        hint = f"did you mean {', '.join(near)}?" if near else "'flake8-prep rules' lists them all"
        print(f"flake8-prep: no rule has the code or name {arguments.rule!r}; {hint}", file=sys.stderr)
        return 2
    print(f"\n\n{'=' * _WIDTH}\n\n".join(explanations))
    return 0


def _explanation(rule: type[Rule]) -> str:
    documentation = documentation_of(rule)
    facts = _fields(rule)
    if rule.off_by_default:
        facts["default"] += f" (prep-enable = {rule.code} turns it on)"
    keys = ("language", "severity", "default", "finding")
    table = "\n".join(f"{key.capitalize():<10}{facts[key]}" for key in keys)
    sections = {
        "Why is this bad": _wrap(documentation.why),
        "Example": documentation.example,
        "Use instead": documentation.use_instead,
        "Known limits": _wrap(documentation.known_limits),
        "To ignore it on a line": suppression_of(rule),
    }
    bodies = "\n\n".join(f"{title}:\n\n{textwrap.indent(body, '    ')}" for title, body in sections.items())
    return f"{rule.code} {rule.name}\n\n{_wrap(documentation.summary)}\n\n{table}\n\n{bodies}"


def _list_rules(arguments: argparse.Namespace) -> int:
    rows = [_fields(rule) for rule in _known_rules()]
    print(json.dumps(rows, indent=2) if arguments.format == "json" else _table(rows))
    return 0


def _known_rules() -> list[type[Rule]]:
    for problem in house_rules().problems:
        print(f"flake8-prep: {problem}", file=sys.stderr)
    return catalog.known_rules()


def _fields(rule: type[Rule]) -> dict[str, str]:
    return {
        "code": rule.code,
        "name": rule.name,
        "language": rule.language.value,
        "severity": rule.severity.label,
        "default": "off" if rule.off_by_default else "on",
        "finding": rule.finding,
        "summary": documentation_of(rule).summary,
    }


def _table(rows: Iterable[dict[str, str]]) -> str:
    cells = [_COLUMNS, *(tuple(row[column] for column in _COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _wrap(markdown: str) -> str:
    """Return prose in lines that fit into a terminal when they are indented by four; items of lists hang."""
    return "\n\n".join(
        "\n".join(
            textwrap.fill(
                " ".join(item.split()),
                _WIDTH - 4,
                subsequent_indent="  " if item.startswith("- ") else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for item in re.split(r"\n(?=- )", paragraph)
        )
        for paragraph in re.split(r"\n\s*\n", markdown.strip())
    )
