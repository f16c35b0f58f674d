"""``flake8-prep explain``: all that is to be said about a rule."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import textwrap

from flake8_prep import failure
from flake8_prep.commands import Commands
from flake8_prep.commands.rules import fields_of, known_rules
from flake8_prep.documentation import documentation_of, suppression_of
from flake8_prep.rule import Rule

_WIDTH = 80


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("explain", help="explain a rule")
    parser.add_argument("rule", metavar="CODE", help="the code of a rule, as in PREP101, or its name")
    parser.set_defaults(run=_explain)


def _explain(arguments: argparse.Namespace) -> int:
    rules = known_rules()
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
    facts = fields_of(rule)
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
