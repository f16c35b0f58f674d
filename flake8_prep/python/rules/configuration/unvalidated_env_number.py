"""Numbers and flags that are made of settings as they come."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.env_numbers import unvalidated_conversion
from flake8_prep.python.environment import TRIGGERS
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

_TRUE = 'is true for any text, also for "false"'
_VALUE_ERROR = "answers a typo with a ValueError that does not name the variable"


class UnvalidatedEnvNumber(PythonRule):
    """Environment variables that go into `int()`, `float()` or `bool()` without a check.

    Why is this bad:
        Variables are text that people type. `int()` and `float()` answer a typo with a ValueError that names
        neither the variable nor the file it was set in, and only when that line runs; `bool()` is True for
        any text at all, so that `DEBUG=false` turns debugging on. Let a library of settings convert and check
        them all at the start, or convert them in one function that names the variable when it fails.

    Example:
        import os

        WORKERS = int(os.getenv("REPORT_WORKERS", "4"))
        DRY_RUN = bool(os.environ.get("REPORT_DRY_RUN"))

    Use instead:
        from pydantic_settings import BaseSettings


        class Settings(BaseSettings):
            report_workers: int = 4
            report_dry_run: bool = False

    Known limits:
        Silent in tests, inside `try` with a handler of ValueError, behind a test such as `isdigit()`, for
        environs and django-environ, which name the variable in their error, and for variables that the system
        sets. `bool()` of a secret, an address or a path only asks whether it is set. Ignore the rule where
        nobody but a program sets the variable.
    """

    code = "PREP901"
    name = "unvalidated-env-number"
    severity = Severity.HIGH
    finding = "9.1"
    message = "{function}() of {variable} {consequence}"
    callees = frozenset({"int", "float", "bool"})
    triggers = TRIGGERS

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        found = unvalidated_conversion(node, file)
        if found is not None:
            consequence = _TRUE if found.is_flag else _VALUE_ERROR
            variable = found.lookup.variable or "an environment variable"
            yield self.at(node, function=last_name(node.func), variable=variable, consequence=consequence)
