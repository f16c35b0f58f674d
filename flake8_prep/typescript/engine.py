"""Runs the rules for TypeScript over a file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from flake8_prep.failure import rule_failure
from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_LINGUIST = lazy_pattern(r"\ufeff?\s*<(?:\?xml\b|!DOCTYPE\s+TS\b)")
_PACKET = 188
# All of C0 that no one types: not the tab, the line ends, the vertical tab, the form feed and the escape.
_CONTROL = lazy_pattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def check(source: Source, rules: Iterable[type[TypeScriptRule]]) -> list[Finding]:
    """Return what the rules find in a file, in the order of the source.

    A rule that raises is left out from there on, and reported as PREP000.
    """
    findings: list[Finding] = []
    for rule in rules:
        try:
            for finding in rule().check(source) if _may_find(rule, source) else ():
                if not isinstance(finding, Finding):  # a house rule can yield anything
                    raise TypeError(f"{finding!r} is not a finding")
                findings.append(finding)
        except Exception as error:  # a rule's bug must not end flake8's whole run
            findings.append(rule_failure(rule, error))
    return sorted(findings)


def _may_find(rule: type[TypeScriptRule], source: Source) -> bool:
    has = partial(source.has, in_comments=rule.view == "comments")
    return all(map(has, rule.needs)) and any(map(has, rule.triggers))


def not_checked(text: str) -> str | None:
    """Return why this text cannot be checked; None where it can.

    A NUL in a string may separate the parts of a key; a file that is binary or in UTF-16 has many.
    """
    if "\0" in text and len(_CONTROL.findall(text)) > max(1, len(text) / 100):
        return "it is binary or in UTF-16 by its NUL characters; save it in UTF-8, or exclude it"
    return None


def is_other_format(text: str) -> bool:
    """Tell whether the file is none of TypeScript's, though its name ends in `.ts`.

    Such are the translations of Qt Linguist, which are XML, and MPEG transport streams, which flake8 reads
    as Latin-1: packets of one size that begin with the letter G.
    """
    if _LINGUIST.match(text):
        return True
    packets = text[: 5 * _PACKET : _PACKET]
    return len(packets) > 1 and set(packets) == {"G"}
