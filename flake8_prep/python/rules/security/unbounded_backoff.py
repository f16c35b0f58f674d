"""PREP113 unbounded-backoff."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.python.backoff import unlimited_growth
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

_SLEEPS: Final = frozenset(
    f"{module}.sleep" for module in ("anyio", "asyncio", "eventlet", "gevent", "time", "trio")
)


class UnboundedBackoff(PythonRule):
    """Delays between attempts that grow without a ceiling.

    Why is this bad:
        A delay that doubles is a minute after six attempts, an hour after twelve and a day after seventeen.
        After a long outage everything works again except the clients that are still asleep, and a delay from
        a very large exponent ends in an OverflowError.

    Example:
        import time

        def fetch_with_retries(fetch, retries):
            for attempt in range(retries):
                try:
                    return fetch()
                except ConnectionError:
                    time.sleep(2 ** attempt)

    Use instead:
        import time

        def fetch_with_retries(fetch, retries):
            for attempt in range(retries):
                try:
                    return fetch()
                except ConnectionError:
                    time.sleep(min(2 ** attempt, 60))

    Known limits:
        A delay is followed through the assignments in its loop, not through functions. Loops of at most eight
        attempts, as a literal or a constant says, are left alone, and so is every delay that is compared with
        something in the loop.
    """

    code = "PREP113"
    name = "unbounded-backoff"
    severity = Severity.MEDIUM
    finding = "1.3"
    message = "the delay grows with each attempt (line {line}) and nothing limits it"
    callees = frozenset({"_sleep", "async_sleep", "sleep", "sleep_fn", "sleep_func", "sleeper"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a sleep whose delay grows from round to round of its loop."""
        delay = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
        if delay is None or isinstance(delay, (ast.Constant, ast.Starred)) or not _is_sleep(node.func, file):
            return
        loop = file.enclosing_loop(node)
        growth = unlimited_growth(delay, loop, file) if loop is not None else None
        if growth is not None:
            yield self.at(node, line=growth.lineno)


def _is_sleep(function: ast.expr, file: PythonFile) -> bool:
    name = file.qualified_name(function)
    if name is not None:
        return name in _SLEEPS
    # An injected sleep: a parameter, or an attribute. A function of this file that is called so may do
    # anything.
    return not isinstance(function, ast.Name) or file.definition_of(function) is None
