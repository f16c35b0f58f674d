"""Decides which rules run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from flake8_prep.rule import Severity

if TYPE_CHECKING:
    from flake8_prep.python.listing import Listing
    from flake8_prep.rule import Rule

AnyRule = TypeVar("AnyRule", bound="type[Rule] | Listing")

# What every code of ours begins with; those of house rules begin with other letters.
PREFIX = "PREP"


class Selection(NamedTuple):
    """What users have said about which rules shall run.

    Attributes:
        admits: whether flake8 would report a code, by its select and ignore options.
        named: the codes and beginnings of codes that turn on the rules that are off by default.
        minimum: the severity that a rule must have at least.
    """

    admits: Callable[[str], bool]
    named: tuple[str, ...] = ()
    minimum: Severity = Severity.LOW

    def runs(self, rule: type[Rule] | Listing) -> bool:
        """Say whether `rule` shall run."""
        if rule.severity < self.minimum or not self.admits(rule.code):
            return False
        # The letters alone name no rule in particular.
        return not rule.off_by_default or any(
            code[-1:].isdecimal() and rule.code.startswith(code) for code in self.named
        )

    def of(self, rules: Iterable[AnyRule]) -> list[AnyRule]:
        """Return those of `rules` that shall run."""
        return [rule for rule in rules if self.runs(rule)]
