"""What is reported where something could not be checked: PREP000."""

from __future__ import annotations

from flake8_prep.finding import Finding
from flake8_prep.rule import Rule

CODE = "PREP000"


def rule_failure(rule: type[Rule], error: Exception) -> Finding:
    """Return the finding that says that `rule` raised `error` on a file; the other rules were checked."""
    text = " ".join(str(error).split())[:200]
    return Finding(1, 0, CODE, f"rule {rule.code} failed on this file: {type(error).__name__}: {text}")


def not_checked(reason: str, line: int = 1, column: int = 0) -> Finding:
    """Return the finding that says why a file was not checked at all."""
    return Finding(line, column, CODE, f"not checked: {reason}")
