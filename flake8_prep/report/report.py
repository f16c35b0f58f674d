"""A report: what flake8 reported in a run, or in several, and the figures about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from flake8_prep.report.facts import Facts, facts_of
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Severity
from flake8_prep.scheme import Section

_Key = TypeVar("_Key", bound=Hashable)

_LANGUAGES = {
    "Python": (".py", ".pyi", ".pyw", ".ipynb"),
    "TypeScript": (".ts", ".tsx", ".mts", ".cts"),
}


@dataclass(frozen=True)
class Report:
    """All violations of one or several runs.

    It has no date, so that the same tree makes the same report, byte for byte.

    Attributes:
        violations: by place, each one once.
        scope: the paths that were checked, as the user named them.
    """

    violations: tuple[Violation, ...]
    scope: tuple[str, ...]

    @classmethod
    def of(cls, violations: Iterable[Violation], scope: Iterable[str]) -> Report:
        """Return the report of `violations` in any order, of which some may be there several times."""
        # Of equal ones the last stays, and those without an excerpt come first.
        once = {violation[:5]: violation for violation in sorted(violations)}
        return cls(tuple(once.values()), tuple(dict.fromkeys(scope)))

    @cached_property
    def by_code(self) -> dict[str, list[Violation]]:
        """The violations of each code, as a report tells them: by section, then the worst first."""
        found: dict[str, list[Violation]] = {}
        for violation in self.violations:
            found.setdefault(violation.code, []).append(violation)
        return {facts.code: found[facts.code] for facts in sorted(map(facts_of, found), key=_order)}

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """How many violations there are of each severity, the worst first; also where there are none."""
        counts = self._count(lambda facts: facts.severity)
        return {severity: counts[severity] for severity in sorted(Severity, reverse=True)}

    @cached_property
    def by_section(self) -> dict[Section, int]:
        """How many violations there are in each section that has some, in the order of the sections."""
        return dict(sorted(self._count(lambda facts: facts.section).items()))

    @cached_property
    def by_language(self) -> dict[str, int]:
        """How many violations there are in files of each language, the most first."""
        counts = Counter(language_of(violation.path) for violation in self.violations)
        return dict(counts.most_common())

    def worst_files(self, number: int) -> list[tuple[str, int]]:
        """Return the `number` paths with the most violations, and how many these are, the most first."""
        counts = Counter(violation.path for violation in self.violations)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]

    def _count(self, key: Callable[[Facts], _Key]) -> Counter[_Key]:
        counts: Counter[_Key] = Counter()
        for code, violations in self.by_code.items():
            counts[key(facts_of(code))] += len(violations)
        return counts


def language_of(path: str) -> str:
    """Return the name of the language that the file at `path` is written in, by its name."""
    for language, suffixes in _LANGUAGES.items():
        if path.endswith(suffixes):
            return language
    return "other"


def _order(facts: Facts) -> tuple[Section, int, str]:
    return facts.section, -facts.severity, facts.code
