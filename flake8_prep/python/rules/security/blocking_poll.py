"""PREP103 blocking-poll."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.calls import passes_zero
from flake8_prep.python.context import PythonFile
from flake8_prep.python.entry import WORKERS, thread_targets
from flake8_prep.python.flow import Exit, exits
from flake8_prep.python.loops import Step, expressions, is_in_body, steps
from flake8_prep.python.names import last_name
from flake8_prep.python.polling import polls
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.rule import Severity


class BlockingPoll(PythonRule):
    """Loops that sleep between two looks at something that is not ready yet.

    Why is this bad:
        The thread does nothing else while it waits. A helper that polls ends up, sooner or later, in a
        request handler or on an event loop, where it stops everybody else; and a fixed pause is too long for
        the fast case, too short for the service that is being asked.

    Example:
        import time

        def wait_until_signed(client, envelope):
            while True:
                status = client.status(envelope)
                if status == "completed":
                    return status
                time.sleep(2)

    Use instead:
        import asyncio

        async def wait_until_signed(client, envelope):
            async with asyncio.timeout(300):
                while await client.status(envelope) != "completed":
                    await asyncio.sleep(2)

    Known limits:
        Only `while` loops count: a `for` over a number of attempts ends by itself. Loops that work off
        something for ever, and leave by a flag or a signal, are no polls. In an `async def` the sleep itself
        is what is wrong, and PREP503 reports it.
    """

    code = "PREP103"
    name = "blocking-poll"
    severity = Severity.HIGH
    finding = "1.3"
    message = "'time.sleep' blocks the thread in a loop that polls (line {line})"

    def visit_While(self, node: ast.While, file: PythonFile) -> Iterator[Finding]:
        """Report the sleeps in a loop that ends by what a call in it returns."""
        if not file.imports("time"):
            return
        inside = file.once(steps, node)
        # A pause after an error is part of a retry.
        sleeps = [
            call
            for step in inside
            if step.handler is None and not step.inner
            for call in _calls(step, file)
            if _sleeps(call, file) and not _is_last(step.statement, file)
        ]
        if sleeps and not _has_own_thread(file.enclosing_function(node), file) and polls(node, inside, file):
            for call in sleeps:
                yield self.at(call, line=node.lineno)


def _calls(step: Step, file: PythonFile) -> Iterator[ast.Call]:
    for expression in expressions(step.statement):
        for node in file.own_nodes(expression):
            if isinstance(node, ast.Call):
                yield node


def _sleeps(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` pauses: ``sleep(0)`` only lets other threads run."""
    return file.qualified_name(call.func) == "time.sleep" and not passes_zero(call)


def _is_last(statement: ast.stmt, file: PythonFile) -> bool:
    """Say whether `statement` is on the way out of the loop, below the condition that ends it."""
    above = file.parent(statement)
    if not isinstance(above, ast.If):
        return False
    ways = file.once(_ways_out, above, is_in_body(statement, above))
    return not ways & (Exit.NEXT | Exit.CONTINUE)


def _ways_out(file: PythonFile, condition: ast.If, of_body: bool) -> Exit:
    return exits(condition.body if of_body else condition.orelse, file)


def _has_own_thread(function: Function | ast.Lambda | None, file: PythonFile) -> bool:
    """Say whether `function` is async, or known to run in a thread or process of its own."""
    if not isinstance(function, FUNCTIONS):
        return False
    class_ = file.parent(function)
    if isinstance(class_, ast.ClassDef) and function.name == "run":
        if any(last_name(base).endswith(WORKERS) for base in class_.bases):
            return True
    return isinstance(function, ast.AsyncFunctionDef) or function.name in file.once(thread_targets)
