"""What is reported where something could not be checked: PREP000."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_prep.finding import Finding

if TYPE_CHECKING:
    from flake8_prep.python.listing import Listing
    from flake8_prep.rule import Rule

CODE = "PREP000"
# How the message about a module of rules that cannot be imported begins.
NOT_LOADED = "rules not loaded: "
SUMMARY = "A file, or one rule on a file, that could not be checked"
EXPLANATION = """\
It is not a rule, and no option turns it on: it stands where silence would look like a clean file.

- `not checked: ...`: the file was not checked at all. It cannot be read or does not parse, and flake8 was not
  asked for E902 and E999, which say the same; or it is a TypeScript file that is not text in UTF-8.
- `rule PREP1xx failed on this file: ...`: the rule has a bug, which is worth reporting together with the code
  that it stumbled on. All other rules were checked.
- `rules not loaded: ...`: a module of rules cannot be imported, as in a broken installation, so no file was
  checked for them. It is about no file in particular, and is reported once, at the first one.
- `house rules not loaded: ...`: rules of another package cannot be used, for the reason that it gives. This
  too is reported once.

Like any other code it can be ignored for one file with `per-file-ignores`.
"""


def rule_failure(rule: type[Rule] | Listing, error: Exception) -> Finding:
    """Return the finding that says that `rule` raised `error` on a file; the other rules were checked."""
    return Finding(1, 0, CODE, f"rule {rule.code} failed on this file: {described(error)}")


def not_loaded(module: str, error: Exception) -> Finding:
    """Return the finding that says that importing a module of rules raised `error`; others were imported."""
    return Finding(1, 0, CODE, f"{NOT_LOADED}{module}: {described(error)}")


def not_checked(reason: str, line: int = 1, column: int = 0) -> Finding:
    """Return the finding that says why a file was not checked at all."""
    return Finding(line, column, CODE, f"not checked: {reason}")


def described(error: BaseException) -> str:
    """Return the type of an error and what it says, as one line that is not too long."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
