"""Checks the files of one run with the rules that its options select."""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence

from flake8_prep import catalog
from flake8_prep.failure import not_checked
from flake8_prep.finding import Finding
from flake8_prep.options import Settings
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.selection import Selection
from flake8_prep.typescript import engine as typescript_engine
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


class Session:
    """The rules and settings of one run of flake8."""

    def __init__(self, selection: Selection, settings: Settings) -> None:
        self.selection = selection
        self._settings = settings

    @functools.cached_property
    def _python_engine(self) -> Engine:
        return Engine(self.selection.of(catalog.python_rules()))

    @functools.cached_property
    def _typescript_rules(self) -> list[type[TypeScriptRule]]:
        return self.selection.of(catalog.typescript_rules())

    @functools.cached_property
    def checks_typescript(self) -> bool:
        """Whether any rule for TypeScript is selected."""
        return bool(self._typescript_rules)

    def check_python(self, module: ast.Module, lines: Sequence[str], path: str) -> list[Finding]:
        """Return what the selected rules find in a parsed Python file, in the order of the source."""
        return self._python_engine.check(PythonFile(module, lines, path, self._settings))

    def check_typescript(self, lines: Sequence[str], path: str) -> list[Finding]:
        """Return what the selected rules find in a TypeScript file, in the order of the source."""
        if not self._typescript_rules:
            return []
        text = "".join(lines)
        if typescript_engine.is_other_format(text):
            return []
        reason = typescript_engine.not_checked(text)
        if reason is not None:
            return [not_checked(reason)]
        return typescript_engine.check(Source(path, text, self._settings), self._typescript_rules)
