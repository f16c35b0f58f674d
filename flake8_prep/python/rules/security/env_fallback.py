"""Settings whose absence nobody notices."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.environment import TRIGGERS
from flake8_prep.python.fallbacks import (
    Fallback,
    fallbacks,
    is_noticed,
    is_said_to_be_optional,
    is_shown,
)
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity
from flake8_prep.variable_names import may_be_empty


class EnvFallback(PythonRule):
    """Environment variables that fall back to an empty string, and secrets that fall back to any literal.

    Why is this bad:
        With an empty string in place of a setting that somebody forgot, the program starts as if all were
        well and fails later, far away: at the first request that needs the key, or with a signature that is
        checked against nothing. A secret in the source code is worse, because everything seems to work while
        anybody who can read the code knows the secret. Read what is required with `os.environ["NAME"]`, or
        check all settings once at the start, so that the program does not start without them.

    Example:
        import os

        SIGNING_SECRET = os.getenv("INVOICE_SIGNING_SECRET", "")
        SESSION_TOKEN = os.environ.get("SESSION_TOKEN") or "only-for-development"

    Use instead:
        import os

        SIGNING_SECRET = os.environ["INVOICE_SIGNING_SECRET"]
        SESSION_TOKEN = os.environ["SESSION_TOKEN"]

    Known limits:
        Silent in tests, and where the same function, or for a name of the module any function in the file,
        asks whether there is a value (`if not key: raise ...`) or compares it with constants
        (`os.getenv("DEBUG", "") == "1"`), and where it is parsed at once as a list (`parse_hosts(..)`).
        Silent, too, where an empty value fails at once (`int(os.getenv("SIZE", ""))`), is only printed or
        logged, or where a comment right above says that the setting is optional. Variables that the system
        sets, such as `PATH`, prefixes and suffixes, and texts for people may be empty. What is a
        secret is told from the last words of its name; `prep-secret-names` adds some. Ignore the rule where
        an empty value is as good as any other.
    """

    code = "PREP107"
    name = "env-fallback"
    severity = Severity.HIGH
    finding = "1.7"
    message = "{variable} falls back to {fallback}, so a missing setting goes unnoticed"
    triggers = TRIGGERS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if file.is_test:
            return
        for fallback in fallbacks(file):
            read = fallback.lookup
            if is_shown(fallback, file):
                continue
            if fallback.is_empty:
                if not _is_meant(fallback, file):
                    yield self.at(read.node, variable=read.variable, fallback="an empty string")
            elif fallback.stands_for_secret(file.settings.secret_names):
                yield self.at(read.node, variable=read.variable, fallback="a value in the source code")


def _is_meant(fallback: Fallback, file: PythonFile) -> bool:
    """Say whether the code knows that the value may be empty."""
    may_be = may_be_empty(fallback.lookup.variable or "") or is_said_to_be_optional(fallback, file)
    return may_be or is_noticed(fallback, file)
