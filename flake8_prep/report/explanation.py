"""What a rule says about itself, for people who read a finding in another program."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from flake8_prep import failure
from flake8_prep.report.facts import Facts
from flake8_prep.report.markdown_text import fenced


def explanation_in_text(facts: Facts) -> str:
    """Return what is wrong with what `facts` are about and what is better, as plain text."""
    return _explanation(facts, "{}:", lambda source: textwrap.indent(source, "    "))


def explanation_in_markdown(facts: Facts) -> str:
    """Return what is wrong with what `facts` are about and what is better, in Markdown."""
    language = facts.language.value if facts.language else ""
    return _explanation(facts, "**{}**", lambda source: fenced(source, language))


def _explanation(facts: Facts, title: str, code: Callable[[str], str]) -> str:
    if facts.documentation is None:
        if facts.code == failure.CODE:
            return failure.EXPLANATION.strip()
        return f"{facts.code} comes from another plugin of flake8, whose documentation explains it."
    return "\n\n".join(
        (
            facts.documentation.why,
            title.format("Example"),
            code(facts.documentation.example),
            title.format("Use instead"),
            code(facts.documentation.use_instead),
            title.format("Known limits"),
            facts.documentation.known_limits,
        )
    )
