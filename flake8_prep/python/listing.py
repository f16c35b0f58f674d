"""What is known of a rule for Python before it is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_prep.python.rule import PythonRule

_PACKAGE = "flake8_prep.python.rules"


class Listing:
    """A rule, and what a file must have for it to look at: without that the rule is not even imported.

    To import all rules takes several times as long as to check a small file, as editors have flake8 do on
    each save.

    Attributes:
        code: the code of the rule.
        severity: its severity, a number as those of :class:`flake8_prep.rule.Severity`.
        off_by_default: whether the rule runs only where a user names it.
        visits: the names of the types of nodes that it looks at, sorted.
        callees: see :class:`flake8_prep.python.rule.PythonRule`, as `triggers`.
    """

    __slots__ = ("_place", "_rule", "callees", "code", "off_by_default", "severity", "triggers", "visits")

    def __init__(
        self,
        place: str,
        code: str,
        severity: int,
        visits: tuple[str, ...],
        *,
        off_by_default: bool = False,
        callees: frozenset[str] | None = None,
        triggers: tuple[str, ...] = (),
    ) -> None:
        """Take what the index says; `place` is as in ``security.print_call:PrintCall``."""
        self._place = place
        self._rule: type[PythonRule] | None = None
        self.code = code
        self.severity = severity
        self.visits = visits
        self.off_by_default = off_by_default
        self.callees = callees
        self.triggers = triggers

    @classmethod
    def of(cls, rule: type[PythonRule]) -> Listing:
        """Return the listing of a rule that is imported."""
        visits = tuple(name.removeprefix("visit_") for name in dir(rule) if name.startswith("visit_"))
        listing = cls(
            f"{rule.__module__.removeprefix(f'{_PACKAGE}.')}:{rule.__qualname__}",
            rule.code,
            rule.severity,
            visits,
            off_by_default=rule.off_by_default,
            callees=rule.callees,
            triggers=rule.triggers,
        )
        listing._rule = rule
        return listing

    def load(self) -> type[PythonRule]:
        """Return the rule; it is imported when this is called for the first time."""
        if self._rule is None:
            module, _, name = self._place.partition(":")
            rule: type[PythonRule] = getattr(import_module(f"{_PACKAGE}.{module}"), name)
            self._rule = rule
        return self._rule
