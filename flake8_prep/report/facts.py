"""What is known about a code: for ours, all that the rule says; for those of other plugins, a default."""

from __future__ import annotations

import functools
from typing import NamedTuple

from flake8_prep import catalog, failure
from flake8_prep.documentation import Documentation, documentation_of
from flake8_prep.rule import Language, Severity
from flake8_prep.scheme import Section, section_of

# Where the codes stand that no rule of ours has; it comes after the sections of the bug-hunt report.
OTHER = Section(99, "other", "Other findings of flake8")

# Nobody says how bad the findings of other plugins are.
DEFAULT_SEVERITY = Severity.MEDIUM


class Facts(NamedTuple):
    """What reports say about a code.

    Attributes:
        code: as in ``PREP101``.
        name: the name of the rule, in kebab-case; the code itself, if it is not one of our rules.
        summary: one line without a final dot; empty, if it is not known.
        severity: how much harm the pattern does.
        section: where it stands in a report.
        language: the language that the rule is for; None, if it is not one of our rules.
        finding: the findings of the bug-hunt report, as in ``1.5, 3.2``; empty, if there are none.
        documentation: what the rule says about itself; None, if it is not one of our rules.
        off_by_default: whether the rule runs only where a user names it.
    """

    code: str
    name: str
    summary: str
    severity: Severity
    section: Section
    language: Language | None = None
    finding: str = ""
    documentation: Documentation | None = None
    off_by_default: bool = False


def facts_of(code: str) -> Facts:
    """Return what is known about `code`; there is something to be said about any code."""
    known = _known().get(code)
    return Facts(code, code, "", DEFAULT_SEVERITY, OTHER) if known is None else known


@functools.cache
def _known() -> dict[str, Facts]:
    # A file that could not be checked may hide anything.
    not_checked = Facts(failure.CODE, "not-checked", failure.SUMMARY, Severity.HIGH, OTHER)
    facts = {failure.CODE: not_checked}
    for rule in catalog.known_rules():
        documentation = documentation_of(rule)
        facts[rule.code] = Facts(
            code=rule.code,
            name=rule.name,
            summary=documentation.summary,
            severity=rule.severity,
            section=section_of(rule.finding),
            language=rule.language,
            finding=rule.finding,
            documentation=documentation,
            off_by_default=rule.off_by_default,
        )
    return facts
