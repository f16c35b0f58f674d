"""``flake8-prep explain``: all that is to be said about a rule."""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import re
import sys
import textwrap
from typing import Final, NamedTuple

from flake8_prep import failure
from flake8_prep.commands import Commands
from flake8_prep.commands.rules import fields_of, known_rules
from flake8_prep.documentation import documentation_of, suppression_of
from flake8_prep.rule import Rule

_WIDTH: Final = 80
_PROSE: Final = "markdown"


class Section(NamedTuple):
    """A section of an explanation.

    Attributes:
        title: as users read it; empty for what stands first.
        text: prose or code.
        language: the language of the text, as Markdown names it.
    """

    title: str
    text: str
    language: str


class Explanation(NamedTuple):
    """All that is to be said about a code.

    Attributes:
        title: the code and the name.
        summary: one sentence without a final dot.
        facts: short values by what they are.
        sections: what there is to read.
    """

    title: str
    summary: str
    facts: dict[str, str]
    sections: list[Section]


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("explain", help="explain a rule")
    parser.add_argument("rule", metavar="CODE", help="the code of a rule, as in PREP101, or its name")
    parser.set_defaults(run=_explain)


def _explain(arguments: argparse.Namespace) -> int:
    rules = known_rules()
    code, name = arguments.rule.upper(), arguments.rule.lower()
    if code == failure.CODE:
        section = Section("", failure.EXPLANATION, _PROSE)
        explanations = [Explanation(failure.CODE, failure.SUMMARY, {}, [section])]
    else:
        explanations = [_explanation_of(rule) for rule in rules if code == rule.code or name == rule.name]
    if not explanations:
        known = {failure.CODE, *(rule.code for rule in rules), *(rule.name for rule in rules)}
        near = [match for each in (code, name) for match in difflib.get_close_matches(each, sorted(known))]
        hint = f"did you mean {', '.join(near)}?" if near else "'flake8-prep rules' lists them all"
        print(f"flake8-prep: no rule has the code or name {arguments.rule!r}; {hint}", file=sys.stderr)
        return 2
    if sys.stdout.isatty() and importlib.util.find_spec("rich"):
        from flake8_prep.commands import styled

        styled.show(explanations)
    else:
        print(f"\n\n{'=' * _WIDTH}\n\n".join(map(_plain, explanations)))
    return 0


def _explanation_of(rule: type[Rule]) -> Explanation:
    documentation = documentation_of(rule)
    fields, language = fields_of(rule), rule.language.value
    if rule.off_by_default:
        fields["default"] += f" (prep-enable = {rule.code} turns it on)"
    return Explanation(
        f"{rule.code} {rule.name}",
        documentation.summary,
        {key.capitalize(): fields[key] for key in ("language", "severity", "default", "finding")},
        [
            Section("Why is this bad", documentation.why, _PROSE),
            Section("Example", documentation.example, language),
            Section("Use instead", documentation.use_instead, language),
            Section("Known limits", documentation.known_limits, _PROSE),
            Section("To ignore it on a line", suppression_of(rule), language),
        ],
    )


def _plain(explanation: Explanation) -> str:
    parts = [explanation.title, _wrap(explanation.summary)]
    if explanation.facts:
        parts.append("\n".join(f"{key:<10}{value}" for key, value in explanation.facts.items()))
    for title, text, language in explanation.sections:
        body = _wrap(text) if language == _PROSE else text
        parts.append(f"{title}:\n\n{textwrap.indent(body, '    ')}" if title else body)
    return "\n\n".join(parts)


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
