"""Numbers and flags that are made of environment variables without a check."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python import environment
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS
from flake8_prep.secrets import is_secret_name

_VALUE_ERRORS = frozenset({"builtins.ValueError", "builtins.Exception", "builtins.BaseException"})
_DIGIT_TESTS = frozenset({"isdecimal", "isdigit", "isnumeric", "fullmatch", "match"})
# `bool(os.getenv("PROXY_URL"))` asks whether the variable is set; with such a name nobody sets it to "false".
_NOT_A_FLAG = lazy_pattern(
    r"""(?:^|_)(?:ADDR|ADDRESS|ARN|AUDIENCE|BUCKET|CERT|DIR|DOMAIN|EMAIL|ENDPOINT|FILE|FROM|HOME|HOST|ID|JSON|KEY
    |LEVEL|MODEL|NAME|PATH|PORT|PROFILE|PROJECT|REGION|RUNTIME|SERVER|TENANT|URI|URL|USER|VERSION|XML)S?$""",
    re.IGNORECASE | re.VERBOSE,
)


class Conversion(NamedTuple):
    """A call of `int`, `float` or `bool` that takes a variable of the environment as it comes.

    Attributes:
        is_flag: whether it is `bool`, which takes any text for true; the others refuse what is no number.
        lookup: what is read.
        value: the expression that is converted: the lookup, or a choice that begins with it.
    """

    is_flag: bool
    lookup: environment.Lookup
    value: ast.expr


def unvalidated_conversion(call: ast.Call, file: PythonFile) -> Conversion | None:
    """Return what `call` converts without a check; None where it does nothing of the kind, and in tests."""
    if not call.args or file.is_test:
        return None
    value = call.args[0]
    # A name that is asked for its truth is a question whether it is set.
    if isinstance(value, ast.Name) and last_name(call.func) != "bool":
        value = file.value_of(value) or value
    found = _lookup_in(value, file)
    if found is None or found.converts or found.is_of_system:
        return None
    function = file.qualified_name(call.func)
    if function == "builtins.bool":
        # Who strips a text asks whether anything is left of it.
        is_flag = found.node is value and _is_flag(found.variable, file)
        return Conversion(True, found, value) if is_flag else None
    if function in {"builtins.int", "builtins.float"} and not _is_checked(call, file):
        return Conversion(False, found, value)
    return None


def converted_parts(file: PythonFile) -> frozenset[ast.AST]:
    """Return all nodes of the values that `file` converts without a check."""
    conversions = (unvalidated_conversion(call, file) for call in file.nodes(ast.Call))
    return frozenset(part for found in conversions if found for part in ast.walk(found.value))


def _lookup_in(value: ast.expr, file: PythonFile) -> environment.Lookup | None:
    """Return the lookup that `value` is: stripped, or with another value where it is empty."""
    while True:
        if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
            value = value.values[0]
        elif isinstance(value, ast.NamedExpr):
            value = value.value
        elif isinstance(value, ast.IfExp) and not _tests_digits(value.test):
            value = value.body
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
        if isinstance(above, ast.Try) and child in above.body:
            if _has_value_error([handler.type for handler in above.handlers], file):
                return True
        elif isinstance(above, ast.With) and any(_suppresses_value_error(item, file) for item in above.items):
            return True
        if isinstance(above, (ast.If, ast.IfExp)) and child is not above.test and _tests_digits(above.test):
            return True
        child = above
    return False


def _suppresses_value_error(item: ast.withitem, file: PythonFile) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call) or file.qualified_name(call.func) != "contextlib.suppress":
        return False
    return _has_value_error(call.args, file)


def _has_value_error(clauses: Sequence[ast.expr | None], file: PythonFile) -> bool:
    for clause in clauses:
        caught = clause.elts if isinstance(clause, ast.Tuple) else [clause]
        if any(each is None or file.qualified_name(each) in _VALUE_ERRORS for each in caught):
            return True
    return False


def _tests_digits(test: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and last_name(part.func) in _DIGIT_TESTS for part in ast.walk(test))
