"""The docstring of a rule, taken apart.

Its form is that of Google's style: a summary line, then sections whose bodies are indented::

    '''Exceptions that vanish without a trace.

    Why is this bad:
        Prose, in Markdown.

    Example:
        code that must be reported

    Use instead:
        code that must not be reported

    Known limits:
        Prose, in Markdown.
    '''
"""

from __future__ import annotations

import inspect
import re
import textwrap
from dataclasses import dataclass

from flake8_prep.rule import Language, Rule

_SECTION = re.compile(r"^(Why is this bad|Example|Use instead|Known limits):\n", re.MULTILINE)


@dataclass(frozen=True)
class Documentation:
    """What the docstring of a rule says.

    Attributes:
        summary: one line without a final dot.
        why: what goes wrong, in Markdown.
        example: source code that the rule reports.
        use_instead: source code that the rule leaves alone.
        known_limits: when to ignore the rule, in Markdown.
    """

    summary: str
    why: str
    example: str
    use_instead: str
    known_limits: str


def documentation_of(rule: type[Rule]) -> Documentation:
    """Return what the docstring of `rule` says.

    Raises:
        ValueError: the docstring, or one of its sections, is missing or out of order.
    """
    summary, *rest = _SECTION.split(inspect.cleandoc(rule.__doc__ or "") + "\n")
    if rest[::2] != ["Why is this bad", "Example", "Use instead", "Known limits"]:
        raise ValueError(f"the docstring of {rule.__qualname__} has the sections {rest[::2]}")
    bodies = [textwrap.dedent(body).strip("\n") for body in rest[1::2]]
    return Documentation(summary.strip().removesuffix("."), *bodies)


def suppression_of(rule: type[Rule]) -> str:
    """Return the comment that makes flake8 ignore `rule` on a line."""
    return f"{'#' if rule.language is Language.PYTHON else '//'} noqa: {rule.code}"
