"""Numbers and flags that are made of settings as they come."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python import environment
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS
from flake8_prep.rule import Severity
from flake8_prep.secrets import is_secret_name

_VALUE_ERRORS = frozenset({"builtins.ValueError", "builtins.Exception", "builtins.BaseException"})
_DIGIT_TESTS = frozenset({"isdecimal", "isdigit", "isnumeric", "fullmatch", "match"})
# `bool(os.getenv("PROXY_URL"))` asks whether the variable is set; with such a name nobody sets it to "false".
_NOT_A_FLAG = re.compile(
    r"""(?:^|_)(?:ADDR|ADDRESS|ARN|AUDIENCE|BUCKET|CERT|DIR|DOMAIN|EMAIL|ENDPOINT|FILE|FROM|HOME|HOST|ID|JSON|KEY
    |LEVEL|MODEL|NAME|PATH|PORT|PROFILE|PROJECT|REGION|SERVER|TENANT|URI|URL|USER|VERSION|XML)S?$""",
    re.IGNORECASE | re.VERBOSE,
)


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

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        if not isinstance(node.func, ast.Name) or not node.args or file.is_test:
            return
        value = node.args[0]
        # A name that is asked for its truth is a question whether it is set.
        if isinstance(value, ast.Name) and node.func.id != "bool":
            value = file.value_of(value) or value
        found = _lookup_in(value, file)
        if found is None or found.converts or found.is_of_system:
            return
        function = file.qualified_name(node.func)
        if function == "builtins.bool" and _is_flag(found.variable, file):
            consequence = 'is true for any text, also for "false"'
        elif function in {"builtins.int", "builtins.float"} and not _is_checked(node, file):
            consequence = "answers a typo with a ValueError that does not name the variable"
        else:
            return
        variable = found.variable or "an environment variable"
        yield self.at(node, function=last_name(node.func), variable=variable, consequence=consequence)


def _lookup_in(value: ast.expr, file: PythonFile) -> environment.Lookup | None:
    """Return the lookup that `value` is: stripped, or with another value where it is empty."""
    while True:
        if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
            value = value.values[0]
        elif isinstance(value, ast.NamedExpr):
            value = value.value
        elif isinstance(value, ast.Call) and last_name(value.func) == "strip":
            value = value.func.value if isinstance(value.func, ast.Attribute) else value.func
        else:
            return environment.lookup(value, file)


def _is_flag(variable: str | None, file: PythonFile) -> bool:
    if variable is None or _NOT_A_FLAG.search(variable):
        return False
    return not is_secret_name(variable, file.settings.secret_names)


def _is_checked(node: ast.Call, file: PythonFile) -> bool:
    child: ast.AST = node
    for above in file.ancestors(node):
        if isinstance(above, (*FUNCTIONS, ast.Lambda)):
            return False
        if isinstance(above, ast.Try) and child in above.body and _catches_value_error(above, file):
            return True
        if isinstance(above, (ast.If, ast.IfExp)) and child is not above.test and _tests_digits(above.test):
            return True
        child = above
    return False


def _catches_value_error(attempt: ast.Try, file: PythonFile) -> bool:
    for handler in attempt.handlers:
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(each is None or file.qualified_name(each) in _VALUE_ERRORS for each in caught):
            return True
    return False


def _tests_digits(test: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and last_name(part.func) in _DIGIT_TESTS for part in ast.walk(test))
