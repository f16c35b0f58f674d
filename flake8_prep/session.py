"""Checks the files of one run with the rules that its options select.

What only one language needs is imported at the first file of that language: editors have flake8 check one
file at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from flake8_prep import index
from flake8_prep.failure import described, not_checked
from flake8_prep.finding import Finding
from flake8_prep.house.entry_points import HouseRules, rule_entry_points

if TYPE_CHECKING:
    import ast

    from flake8_prep.options import Settings
    from flake8_prep.python.engine import Engine
    from flake8_prep.selection import Selection
    from flake8_prep.typescript.rule import TypeScriptRule


class Session:
    """The rules and settings of one run of flake8."""

    def __init__(self, selection: Selection, settings: Settings) -> None:
        self.selection = selection
        self._settings = settings

    @functools.cached_property
    def checks_python(self) -> bool:
        """Whether a rule for Python can be selected; none of our own is imported to find out."""
        ours = (listing.code for listing in index.PYTHON)
        codes = chain(ours, (rule.code for rule in self._house.python))
        return any(map(self.selection.admits, codes))

    @functools.cached_property
    def checks_typescript(self) -> bool:
        """Whether a rule for TypeScript can be selected; none of our own is imported to find out."""
        codes = chain(index.TYPESCRIPT_CODES, (rule.code for rule in self._house.typescript))
        return any(map(self.selection.admits, codes))

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each rule, or package of rules, that the whole run has to do without."""
        return self._house.problems

    @functools.cached_property
    def _house(self) -> HouseRules:
        if not rule_entry_points():
            return HouseRules()
        from flake8_prep.house.rules import house_rules

        return house_rules()

    @functools.cached_property
    def _python_engine(self) -> Engine:
        from flake8_prep.python.engine import Engine

        return Engine([*self.selection.of(index.PYTHON), *self.selection.of(self._house.python)])

    @functools.cached_property
    def _typescript_rules(self) -> list[type[TypeScriptRule]]:
        from flake8_prep import catalog

        return self.selection.of((*catalog.typescript_rules(), *self._house.typescript))

    def check_python(self, module: ast.Module, lines: Sequence[str], path: str) -> list[Finding]:
        """Return what the selected rules find in a parsed Python file, in the order of the source."""
        if not self.checks_python:
            return []
        try:
            from flake8_prep.python.context import PythonFile

            return self._python_engine.check(PythonFile(module, lines, path, self._settings))
        except Exception as error:
            return [_own_failure(error)]

    def check_typescript(self, lines: Sequence[str], path: str) -> list[Finding]:
        """Return what the selected rules find in a TypeScript file, in the order of the source."""
        if not self.checks_typescript:
            return []
        try:
            from flake8_prep import catalog
            from flake8_prep.typescript import engine
            from flake8_prep.typescript.source import Source

            rules, problems = self._typescript_rules, catalog.typescript_catalog().problems
            text = "".join(lines)
            if not rules or engine.is_other_format(text):
                return [*problems]
            reason = engine.not_checked(text)
            if reason is not None:
                return [not_checked(reason), *problems]
            return [*problems, *engine.check(Source(path, text, self._settings), rules)]
        except Exception as error:
            return [_own_failure(error)]


def _own_failure(error: Exception) -> Finding:
    """Return what stands for an error outside of the rules: flake8 would end its run, or blame the file."""
    return not_checked(f"flake8-prep itself failed, which is a bug: {described(error)}")
