"""Sums of money that are taken as zero where they are missing."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.money import names_money
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.classes import class_of_self, method_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS
from flake8_prep.rule import Severity

_CONVERSIONS = frozenset({"Decimal", "abs", "float", "flt", "int", "round", "str"})
# An aggregate of no rows is null, and zero is right. Variables of the environment are for another rule.
_FOREIGN = frozenset({"aggregate", "environ", "sum"})
_SUM = lazy_pattern(r"\b(?:avg|max|min|sum)\s*\(", re.IGNORECASE)
# Bounded, so that the time stays linear.
_MOST_NAMES = 6
_MOST_VALUES = 20
_LONGEST = 60


class NullAsZero(PythonRule):
    """Sums of money that fall back to zero with `or 0`.

    Why is this bad:
        A price, a fee or a payout that is missing is not free of charge: something failed before, and now
        nobody will know. The sum goes on into totals, invoices and payouts, where it is wrong without looking
        so. Refuse the record, or report it and leave it out.

    Example:
        def payout(bookings):
            return sum(booking.amount_cents or 0 for booking in bookings)

    Use instead:
        def payout(bookings):
            for booking in bookings:
                if booking.amount_cents is None:
                    raise InvalidBooking(booking.id)
            return sum(booking.amount_cents for booking in bookings)

    Known limits:
        What is money is told from the words of the name, such as `amount`, `price` and `fee`; a `total` needs
        company that says so (`invoice.total`). Silent in tests, and where zero is the right answer:
        aggregates of no rows (`.aggregate(..)`, `.scalar()`), below conditions that ask about the value,
        comparisons with zero and the keys of a sort. Elements with a computed key are left alone. Ignore the
        rule where the column may be empty and that means nothing is owed.
    """

    code = "PREP205"
    name = "null-as-zero"
    severity = Severity.HIGH
    finding = "2.5"
    message = "{operand} counts as 0 where it is missing"

    def visit_BoolOp(self, node: ast.BoolOp, file: PythonFile) -> Iterator[Finding]:
        if not isinstance(node.op, ast.Or) or not _is_zero(node.values[-1], file) or file.is_test:
            return
        operand = node.values[-2]
        name, owner = _name_of(operand, file)
        if name is None or not names_money(name, _company(operand, node, file)) or _is_foreign(owner, file):
            return
        if _is_compared_with_zero(node, file) or _orders(node, file) or _accumulates(operand, node, file):
            return
        text = ast.unparse(operand)
        if _is_asked_for(text, node, file):
            return
        yield self.at(operand, operand=text if len(text) <= _LONGEST else name)


def _is_zero(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` is 0, 0.0 or Decimal(0), also in quotes."""
    if isinstance(node, ast.Call) and file.own_name(node.func) == "Decimal" and not node.keywords:
        if not node.args:
            return True
        node = node.args[0]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return not node.value.strip("0.")
    return isinstance(node, ast.Constant) and node.value is not False and node.value == 0


def _name_of(node: ast.expr, file: PythonFile) -> tuple[str | None, ast.expr]:
    """Return the name or key that says what the value of `node` is, and what it is taken from.

    Of ``row["amount"]``, ``row.get("amount")``, ``row.amount``, ``getattr(row, "amount")`` and
    ``float(row.amount)`` that is `amount`, of `row`.
    """
    while isinstance(node, ast.Call) and file.own_name(node.func) in _CONVERSIONS and node.args:
        node = node.args[0]
    owner = node
    key: ast.expr | None = None
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "pop"}:
            key, owner = (node.args[0] if node.args else None), node.func.value
        elif isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) > 1:
            owner, key = node.args[:2]
        else:
            return last_name(node.func) or None, node
    elif isinstance(node, ast.Subscript):
        key, owner = node.slice, node.value
    else:
        return last_name(node) or None, getattr(node, "value", node)
    value = key.value if isinstance(key, ast.Constant) else None
    return (value if isinstance(value, str) else None), owner


def _company(operand: ast.expr, choice: ast.BoolOp, file: PythonFile) -> Iterator[str]:
    """Yield the names around `operand`: in it, and those of what its statement gives a value to."""
    yield ast.unparse(operand)
    statement = file.statement(choice)
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        yield ast.unparse(statement.target)
    elif isinstance(statement, ast.Assign):
        yield ast.unparse(statement.targets[0])


def _is_foreign(owner: ast.expr, file: PythonFile) -> bool:
    owners = [owner]
    for _ in range(_MOST_NAMES):
        parts = [part for each in owners for part in ast.walk(each)]
        if any(file.own_name(part).lower() in _FOREIGN or _sums_up(part) for part in parts):
            return True
        values = (value for part in parts for value in _values(part, file))
        owners = [*itertools.islice(values, _MOST_VALUES)]
    return False


def _values(node: ast.AST, file: PythonFile) -> Iterator[ast.expr]:
    """Yield what a name is bound to, what a loop goes through that binds it, or what the function returns.

    Of attributes only the methods of ``self`` are known.
    """
    bindings: list[ast.AST] = []
    match node:
        case ast.Name():
            bindings = file.bindings(node)[:_MOST_VALUES]
        case ast.Attribute(value=ast.Name() as owner, attr=name):
            class_ = class_of_self(owner, file)
            method = method_of(class_, name, file) if class_ else None
            bindings = [method] if method else []
    for binding in bindings:
        if isinstance(binding, FUNCTIONS):
            returns = (part for part in file.own_nodes(binding) if isinstance(part, ast.Return))
            yield from (part.value for part in returns if part.value is not None)
            continue
        above = file.parent(binding)
        while isinstance(above, ast.Tuple):
            above = file.parent(above)
        if isinstance(above, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield above.iter
        elif isinstance(above, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and above.value is not None:
            yield above.value


def _sums_up(node: ast.AST) -> bool:
    """Say whether `node` is a text of SQL with an aggregate."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and _SUM.search(text) is not None


def _is_compared_with_zero(choice: ast.BoolOp, file: PythonFile) -> bool:
    comparison = file.parent(choice)
    return isinstance(comparison, ast.Compare) and any(
        _is_zero(side, file) for side in (comparison.left, *comparison.comparators) if side is not choice
    )


def _orders(choice: ast.BoolOp, file: PythonFile) -> bool:
    """Say whether the value is one to sort by: in ``key=lambda ..``."""
    keyword = file.parent(file.enclosing_function(choice) or choice)
    return isinstance(keyword, ast.keyword) and keyword.arg == "key"


def _is_asked_for(text: str, choice: ast.BoolOp, file: PythonFile) -> bool:
    """Say whether a condition around the choice looks at the operand, so that its absence is known of."""
    asked = re.compile(rf"(?<![\w.]){re.escape(text)}(?!\w)")
    child: ast.AST = choice
    for above in file.ancestors(choice):
        if isinstance(above, (*FUNCTIONS, ast.Lambda)):
            return False
        if isinstance(above, (ast.If, ast.IfExp)) and child is not above.test:
            if asked.search(ast.unparse(above.test)):
                return True
        child = above
    return False


def _accumulates(operand: ast.expr, choice: ast.BoolOp, file: PythonFile) -> bool:
    """Say whether the operand is what the sum goes to: ``total = (total or 0) + x``."""
    addition = file.parent(choice)
    if not isinstance(addition, ast.BinOp) or not isinstance(addition.op, (ast.Add, ast.Sub)):
        return False
    assignment = file.parent(addition)
    return isinstance(assignment, ast.Assign) and ast.unparse(assignment.targets[0]) == ast.unparse(operand)
