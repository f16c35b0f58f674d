"""Which packages bring rules: those with entry points of the group ``flake8_prep.rules``.

The name of such an entry point is the beginning of its rules' codes, as with flake8's own plugins. So codes
can be selected and ignored before the rules are imported, and where they cannot be.
"""

from __future__ import annotations

import functools
from importlib import metadata
from typing import TYPE_CHECKING, Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.selection import PREFIX

if TYPE_CHECKING:
    from flake8_prep.python.rule import PythonRule
    from flake8_prep.typescript.rule import TypeScriptRule

GROUP: Final = "flake8_prep.rules"

# One or two letters are those of flake8 itself and of many plugins.
_NAME: Final = lazy_pattern(r"([A-Z]{3,})[0-9]{0,3}")


class RuleEntryPoint(NamedTuple):
    """An entry point that brings rules.

    Attributes:
        entry_point: its name is the beginning of the codes; it leads to a rule, a module or a package.
        package: the name and the version of what is installed.
    """

    entry_point: metadata.EntryPoint
    package: str

    @property
    def letters(self) -> str:
        """The letters that the codes begin with; empty where the name is none that they may begin with."""
        match = _NAME.fullmatch(self.entry_point.name)
        return match[1] if match and match[1] != PREFIX[:3] and not match[1].startswith(PREFIX) else ""


class HouseRules(NamedTuple):
    """What the packages bring.

    Attributes:
        python: the rules for Python, by code.
        typescript: the rules for TypeScript, by code.
        problems: one line for each entry point, module or rule that cannot be used, which says why.
    """

    python: tuple[type[PythonRule], ...] = ()
    typescript: tuple[type[TypeScriptRule], ...] = ()
    problems: tuple[str, ...] = ()


@functools.cache
def rule_entry_points() -> tuple[RuleEntryPoint, ...]:
    """Return the entry points of the packages that are installed, by the names of the packages."""
    found: dict[str, metadata.Distribution] = {}
    for distribution in metadata.distributions():
        # To parse this file of every package takes several times as long.
        if GROUP in (distribution.read_text("entry_points.txt") or ""):
            # The first one is imported, where a package is on the path twice.
            found.setdefault(distribution.metadata["Name"], distribution)
    return tuple(
        RuleEntryPoint(entry_point, f"{name} {found[name].version}")
        for name in sorted(found)
        for entry_point in found[name].entry_points.select(group=GROUP)
    )


@functools.cache
def prefixes() -> tuple[str, ...]:
    """Return the letters that codes of house rules begin with, as in ``ACME``."""
    return tuple(sorted({each.letters for each in rule_entry_points() if each.letters}))
