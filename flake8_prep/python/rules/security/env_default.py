"""Settings whose default is hidden where they are read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.env_numbers import converted_parts
from flake8_prep.python.environment import TRIGGERS
from flake8_prep.python.fallbacks import fallbacks
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class EnvDefault(PythonRule):
    """Environment variables that fall back to a literal.

    Why is this bad:
        A default at the place where a variable is read is easy to overlook: each reader may have another one,
        and a service that was never told its settings runs in production with those of a laptop. Declare the
        settings and their defaults together, in one class or module that checks them at the start.

    Example:
        import os

        REGION = os.getenv("REPORTS_REGION", "eu-central-1")

    Use instead:
        from pydantic_settings import BaseSettings


        class Settings(BaseSettings):
            reports_region: str = "eu-central-1"

    Known limits:
        Off by default, because many teams keep defaults in the code on purpose. Silent in tests. Empty
        strings, and the literals that secrets fall back to, are for `PREP107`, and what goes into `int()`,
        `float()` or `bool()` without a check is for `PREP901`; None is no default.
    """

    code = "PREP117"
    name = "env-default"
    severity = Severity.LOW
    finding = "1.7"
    message = "{variable} falls back to a default that is hidden in the code"
    off_by_default = True
    triggers = TRIGGERS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if file.is_test:
            return
        for fallback in fallbacks(file):
            if fallback.is_empty or fallback.stands_for_secret(file.settings.secret_names):
                continue
            if fallback.lookup.node not in file.once(converted_parts):
                yield self.at(fallback.lookup.node, variable=fallback.lookup.variable)
