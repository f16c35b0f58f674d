"""PREP301."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.catchers import BROAD, description, try_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.exceptions import raised_by
from flake8_prep.python.handlers import Fate, fate
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class DiscardedException(PythonRule):
    """A handler that catches every exception, does something else, and throws the exception away.

    Why is this bad:
        Such a handler has one failure in mind, a date that cannot be read, and treats all others alike: the
        attribute that was renamed, the argument that is missing. Each of them becomes a "bad date", and since
        the exception is neither logged nor raised nor used, nothing says what really happened.

        Catch the exceptions that the guarded call is known to raise, as the message names them where they are
        known, and put the exception into what is reported.

    Example:
        from datetime import datetime

        def read_dates(rows, problems):
            for row in rows:
                try:
                    yield datetime.fromisoformat(row)
                except Exception:
                    problems.append(f"{row} is not a date")

    Use instead:
        from datetime import datetime

        def read_dates(rows, problems):
            for row in rows:
                try:
                    yield datetime.fromisoformat(row)
                except (TypeError, ValueError) as error:
                    problems.append(f"{row} is not a date: {error}")

    Known limits:
        Functions with names such as `handle_error` or `capture_exception` are taken to report the exception;
        others can be named in the option `prep-error-reporters`. Where a handler is the boundary of a system
        and answers with an error page or a default on purpose, log the exception there.
    """

    code = "PREP301"
    name = "discarded-exception"
    severity = Severity.MEDIUM
    finding = "3.1"
    message = "{clause} discards the exception: it is neither raised, logged nor used{known}"
    triggers = BROAD

    def visit_ExceptHandler(self, node: ast.ExceptHandler, file: PythonFile) -> Iterator[Finding]:
        if file.once(fate, node) is Fate.DISCARDED:
            raised = raised_by(try_of(node, file).body, file)
            known = f"; what is tried raises {', '.join(raised)}" if raised else ""
            yield self.at(node, clause=description(node), known=known)
