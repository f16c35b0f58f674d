"""``flake8-prep rules``: the list of the rules."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from flake8_prep import catalog
from flake8_prep.commands import Commands
from flake8_prep.documentation import documentation_of
from flake8_prep.house.rules import house_rules
from flake8_prep.rule import Rule

_COLUMNS = ("code", "name", "language", "severity", "default", "finding", "summary")


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("rules", help="list the rules")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=_list_rules)


def known_rules() -> list[type[Rule]]:
    """Return all rules, by code, and those of the house; those that cannot be used are named on stderr."""
    ours = (*catalog.python_catalog().problems, *catalog.typescript_catalog().problems)
    for problem in (*(each.message for each in ours), *house_rules().problems):
        print(f"flake8-prep: {problem}", file=sys.stderr)
    return catalog.known_rules()


def fields_of(rule: type[Rule]) -> dict[str, str]:
    """Return what the list says about a rule, by the names of the columns."""
    return {
        "code": rule.code,
        "name": rule.name,
        "language": rule.language.value,
        "severity": rule.severity.label,
        "default": "off" if rule.off_by_default else "on",
        "finding": rule.finding,
        "summary": documentation_of(rule).summary,
    }


def _list_rules(arguments: argparse.Namespace) -> int:
    rows = [fields_of(rule) for rule in known_rules()]
    print(json.dumps(rows, indent=2) if arguments.format == "json" else _table(rows))
    return 0


def _table(rows: Iterable[dict[str, str]]) -> str:
    cells = [_COLUMNS, *(tuple(row[column] for column in _COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
