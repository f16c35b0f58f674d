"""PREP133 unbounded-retry."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.loops import steps
from flake8_prep.python.retries import has_deadline, retrying_handler
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

# How many `try` statements of one loop are looked at; it keeps the time linear.
_MAX_ATTEMPTS: Final = 16


class UnboundedRetry(PythonRule):
    """Loops that try again after an error for as long as it takes.

    Why is this bad:
        An error that does not go away, such as a revoked key or a host that is gone, makes the loop run for
        ever: the caller never gets an answer, nobody is told, and the service on the other side is hit by
        every client at once.

    Example:
        import time

        def connect(dial):
            while True:
                try:
                    return dial()
                except OSError:
                    time.sleep(1)

    Use instead:
        import time

        def connect(dial):
            for attempt in range(5):
                try:
                    return dial()
                except OSError:
                    if attempt == 4:
                        raise
                    time.sleep(1)

    Known limits:
        Only loops that success ends are retries: one that works for ever may outlive every error. Loops that
        wait for input (`queue.get`, `recv`, `accept`, `input`, `async for`) are left alone, and so are those
        that leave by any condition besides the error itself, or change what they try.
    """

    code = "PREP133"
    name = "unbounded-retry"
    severity = Severity.HIGH
    finding = "1.3"
    message = "'while True' tries again after {error} (line {line}) without a limit"

    def visit_While(self, node: ast.While, file: PythonFile) -> Iterator[Finding]:
        """Report an endless loop whose only way out is success."""
        if not isinstance(node.test, ast.Constant) or not node.test.value or has_deadline(node, file):
            return
        inside = file.once(steps, node)
        attempts = [
            step.statement
            for step in inside
            if isinstance(step.statement, ast.Try) and not step.inner and step.handler is None
        ]
        for attempt in attempts[:_MAX_ATTEMPTS]:
            handler = retrying_handler(attempt, inside, file)
            if handler is not None:
                error = ast.unparse(handler.type) if handler.type is not None else "any error"
                yield self.at(node, error=error, line=handler.lineno)
                return
