"""PREP101."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.catchers import BROAD, description
from flake8_prep.python.context import PythonFile
from flake8_prep.python.handlers import Fate, fate
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class SilentException(PythonRule):
    """A handler that catches every exception and does nothing about it.

    Why is this bad:
        `except Exception: pass` does not only hide the failure that its author had in mind. A typo in a name,
        a wrong argument or a server that refuses the connection vanish in the same way, and nobody can find
        out that, when or why something went wrong. Where an audit trail or a payment is written, what is
        missing turns up months later.

        A handler that consists of `continue`, `break`, or of `return` with nothing or a literal says no more
        than `pass` does, and neither does `contextlib.suppress(Exception)`.

        Catch the exceptions that can be met with, and log the others with their traceback, also where the
        request must go on.

    Example:
        def record(event):
            try:
                audit_trail.write(event)
            except Exception:
                pass

    Use instead:
        import logging

        logger = logging.getLogger(__name__)

        def record(event):
            try:
                audit_trail.write(event)
            except Exception:
                logger.exception("event %s is missing from the audit trail", event.id)

    Known limits:
        Handlers in `__del__` are left alone, and those around nothing but calls of a logger, as are those
        whose `else` always raises: there the exception is what the code wants to see. So are those that go on
        to a `raise` as the last statement of their block. A handler that catches named exceptions, such as
        `except KeyError: pass`, is never reported.
    """

    code = "PREP101"
    name = "silent-exception"
    severity = Severity.CRITICAL
    finding = "1.1"
    message = "{clause} hides every error: it is neither raised, logged nor reported"
    callees = frozenset({"suppress"})
    triggers = BROAD

    def visit_ExceptHandler(self, node: ast.ExceptHandler, file: PythonFile) -> Iterator[Finding]:
        if file.once(fate, node) is Fate.SILENCED:
            yield self.at(node, clause=description(node))

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        if file.once(fate, node) is Fate.SILENCED:
            yield self.at(node, clause=description(node))
