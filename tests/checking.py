"""Runs rules over source code, without flake8."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Rule
from flake8_prep.typescript import engine as typescript_engine
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


def check(rules: Sequence[type[Rule]], source: str, path: str) -> list[Finding]:
    """Return what those of `rules` that are for the language of `path` find, and PREP000.

    Raises:
        SyntaxError: the source is not valid Python.
    """
    if path.endswith(".py"):
        python = [rule for rule in rules if issubclass(rule, PythonRule)]
        return Engine(python).check(PythonFile(ast.parse(source), source.splitlines(keepends=True), path))
    typescript = [rule for rule in rules if issubclass(rule, TypeScriptRule)]
    return typescript_engine.check(Source(path, source), typescript)
