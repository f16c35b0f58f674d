"""PREP104."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.catchers import clauses
from flake8_prep.python.context import PythonFile
from flake8_prep.python.loggers import log_call
from flake8_prep.python.missing_data import missing_in
from flake8_prep.python.names import last_name
from flake8_prep.python.responses import is_success
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import Function
from flake8_prep.python.webhooks import webhook_handlers
from flake8_prep.rule import Severity

# In the names of functions that hand on what could not be used, so that it is not lost.
_HANDS_ON: Final = lazy_pattern(
    r"alert|apply_async|capture|create|dead_?letter|defer|delay|dlq|enqueue|incident|insert|notif|publish"
    r"|queue|report|retry|save|schedule|send|store"
)


class AcknowledgedMissingData(PythonRule):
    """A webhook handler that answers success although what it needs is missing.

    Why is this bad:
        The sender takes an answer between 200 and 299 for a promise: the event was dealt with, and will not
        be sent again. Where the id of the order is missing in a payment's data, or there is no such order,
        the payment has been made and nobody ever learns that nothing was done about it.

        Answer with a status of 400 or above, so that the sender shows the failure and tries again, or put the
        event where somebody will look at it.

    Example:
        from fastapi import APIRouter

        router = APIRouter()

        @router.post("/webhooks/payments")
        async def payment_webhook(payload: dict):
            order_id = payload["metadata"].get("order_id")
            if not order_id:
                return {"received": True}
            await mark_as_paid(order_id)
            return {"received": True}

    Use instead:
        from fastapi import APIRouter, HTTPException

        router = APIRouter()

        @router.post("/webhooks/payments")
        async def payment_webhook(payload: dict):
            order_id = payload["metadata"].get("order_id")
            if not order_id:
                raise HTTPException(422, "the payment belongs to no order")
            await mark_as_paid(order_id)
            return {"received": True}

    Known limits:
        A function is a handler of webhooks if its route or its name has `webhook` in it. Guards on what kind
        of event it is are left alone, since an event that is not ours is rightly acknowledged, as are guards
        that hand the event on to somebody. Ignore the rule where the missing data says the same: the event is
        not ours.
    """

    code = "PREP104"
    name = "acknowledged-missing-data"
    severity = Severity.CRITICAL
    finding = "1.4"
    message = "{missing} is missing, but the sender is told that the event was received (line {line})"
    triggers = ("hook",)

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if file.is_test:
            return
        for function in webhook_handlers(file):
            for guard, missing, block in _guards(function, file):
                answer = _acknowledgement(block, function, file)
                if answer is not None:
                    yield self.at(guard, missing=missing, line=answer.lineno)


def _guards(
    function: Function, file: PythonFile
) -> Iterator[tuple[ast.stmt | ast.ExceptHandler | ast.pattern, str, Sequence[ast.stmt]]]:
    """Yield where `function` finds data missing, what is missing, and what it does then."""
    for node in file.own_nodes(function):
        for place, test, block in _tests(node):
            subject = missing_in(test, file)
            if subject is not None:
                named = subject.target if isinstance(subject, ast.NamedExpr) else subject
                yield place, ast.unparse(named), block
        if isinstance(node, ast.ExceptHandler) and _is_about_keys(node, file):
            yield node, "a key", node.body


def _tests(node: ast.AST) -> Iterator[tuple[ast.stmt | ast.pattern, ast.expr, Sequence[ast.stmt]]]:
    """Yield the tests that `node` makes: where, which, and what is done where it is true."""
    if isinstance(node, ast.If):
        yield node, node.test, node.body
        if node.orelse:
            yield node, ast.UnaryOp(ast.Not(), node.test), node.orelse
    elif isinstance(node, ast.Match):
        for case in node.cases:
            if isinstance(case.pattern, ast.MatchSingleton) and case.pattern.value is None:
                is_none = ast.Compare(node.subject, [ast.Is()], [ast.Constant(None)])
                yield case.pattern, is_none, case.body


def _is_about_keys(handler: ast.ExceptHandler, file: PythonFile) -> bool:
    names = [
        file.qualified_name(each)
        for clause in clauses(handler)
        for each in (clause.elts if isinstance(clause, ast.Tuple) else [clause])
        if each is not None
    ]
    return "builtins.KeyError" in names


def _acknowledgement(block: Sequence[ast.stmt], function: Function, file: PythonFile) -> ast.Return | None:
    """Return the answer of success that ends `block`; None where it is another, or the event is handed on."""
    answer = block[-1]
    if not isinstance(answer, ast.Return) or not is_success(answer.value, function, file):
        return None
    for node in file.own_nodes(*block[:-1]):
        if isinstance(node, ast.Raise):
            return None
        # FastAPI passes in the response that the answer becomes part of.
        if isinstance(node, ast.Assign) and last_name(node.targets[0]) == "status_code":
            return None
        if (
            isinstance(node, ast.Call)
            and _HANDS_ON.search(last_name(node.func))
            and log_call(node, file) is None
        ):
            return None
    return answer
