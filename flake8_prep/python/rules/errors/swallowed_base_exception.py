"""PREP311."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.catchers import BROAD, Catcher, description
from flake8_prep.python.context import PythonFile
from flake8_prep.python.handlers import Fate, fate
from flake8_prep.python.interrupts import requests
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class SwallowedBaseException(PythonRule):
    """A handler that catches the request to end a program or a task, and does not pass it on.

    Why is this bad:
        `KeyboardInterrupt`, `SystemExit` and `asyncio.CancelledError` are no errors: somebody pressed Ctrl-C,
        called `sys.exit()`, or cancelled the task, in many cases because its time was up. A bare `except:`,
        which is short for `except BaseException:`, catches them as well. If it logs and goes on, the program
        cannot be stopped, and the code that cancelled the task waits for it forever.

        Catch `Exception` instead, or end every path of the handler with `raise`.

    Example:
        def consume(queue):
            while True:
                try:
                    handle(queue.get())
                except:
                    logger.exception("message lost")

    Use instead:
        def consume(queue):
            while True:
                try:
                    handle(queue.get())
                except Exception:
                    logger.exception("message lost")

    Known limits:
        Not reported are handlers that keep or pass on the exception itself, so that another thread or task
        can raise it; `except KeyboardInterrupt` in `main` and at the level of the module, and where it ends a
        `while True` or sets a flag such as `self.stopped`; `except asyncio.CancelledError` in a function that
        has cancelled something before, for the usual way to wait for the end of a cancelled task; and, in
        tests, handlers that name one of the three.
    """

    code = "PREP311"
    name = "swallowed-base-exception"
    severity = Severity.HIGH
    finding = "3.1"
    message = "{clause} swallows {requests}"
    callees = frozenset({"suppress"})
    triggers = BROAD

    def visit_ExceptHandler(self, node: ast.ExceptHandler, file: PythonFile) -> Iterator[Finding]:
        if file.once(fate, node) is Fate.SWALLOWED:
            yield self._swallowed(node, file)

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        if file.once(fate, node) is Fate.SWALLOWED:
            yield self._swallowed(node, file)

    def _swallowed(self, catcher: Catcher, file: PythonFile) -> Finding:
        *others, last = sorted(file.once(requests, catcher))
        names = f"{', '.join(others)} and {last}" if others else last
        return self.at(catcher, clause=description(catcher), requests=names)
