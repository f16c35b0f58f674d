"""What is known of a rule for Python before it is imported."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_prep.python.rule import PythonRule

_PACKAGE = "flake8_prep.python.rules."


class Listing:
    """A rule, and what a file must have for it to look at: without that the rule is not even imported.

    To import all rules takes several times as long as to check a small file, as editors have flake8 do on
    each save.

    Attributes:
        place: its module below the package of the rules and its class, ``security.print_call:PrintCall``.
        code: its code.
        severity: its severity, a number as those of :class:`flake8_prep.rule.Severity`.
        visits: the names of the types of nodes that it looks at, sorted.
        off_by_default: whether it runs only where a user names it.
        callees: as in :class:`flake8_prep.python.rule.PythonRule`.
        triggers: likewise.
    """

    def __init__(
        self,
        place: str,
        code: str,
        severity: int,
        visits: tuple[str, ...],
        *,
        off_by_default: bool = False,
        callees: Collection[str] | None = None,
        triggers: tuple[str, ...] = (),
    ) -> None:
        self.place = place
        self.code = code
        self.severity = severity
        self.visits = visits
        self.off_by_default = off_by_default
        self.callees = callees
        self.triggers = triggers
        self._rule: type[PythonRule] | None = None

    @classmethod
    def of(cls, rule: type[PythonRule]) -> Listing:
        """Return the listing of a rule that is imported, one of this or of another package."""
        listing = cls(
            f"{rule.__module__.removeprefix(_PACKAGE)}:{rule.__qualname__}",
            rule.code,
            rule.severity,
            tuple(name.removeprefix("visit_") for name in dir(rule) if name.startswith("visit_")),
            off_by_default=rule.off_by_default,
            callees=rule.callees,
            triggers=rule.triggers,
        )
        listing._rule = rule
        return listing

    @property
    def module(self) -> str:
        """The full name of its module."""
        return _PACKAGE + self.place.partition(":")[0]

    def load(self) -> type[PythonRule]:
        """Return the rule; it is imported when this is called for the first time.

        Raises:
            Exception: whatever the import of its module raises.
        """
        if self._rule is None:
            rule: type[PythonRule] = getattr(import_module(self.module), self.place.partition(":")[2])
            self._rule = rule
        return self._rule
