"""PREP701."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.callgraph import callers
from flake8_prep.python.context import PythonFile
from flake8_prep.python.locks import acquisitions, takes_for_callers
from flake8_prep.python.releases import gives_back
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import Function
from flake8_prep.rule import Severity


class UntestedLockFailure(PythonRule):
    """A function that takes a lock, without a test of what happens if it then fails.

    Why is this bad:
        A lock that is not given back after an error blocks everybody else, and only after an error: no test
        that books a room successfully can show it. The same goes for a change of the function that moves
        something in front of the `try`.

        Write a test in which what the function calls fails, and which looks at the lock afterwards.

    Example:
        async def hold_rehearsal_room(room, band):
            await acquire_room_lock(room)
            try:
                await room.book(band)
            finally:
                await release_room_lock(room)

    Use instead:
        # tests/test_rooms.py
        async def test_lock_is_released_on_failure(room, failing_band):
            with pytest.raises(BookingError):
                await hold_rehearsal_room(room, failing_band)
            assert not await is_locked(room)

    Known limits:
        The rule is off by default, as it reads all tests: those that the option `prep-test-paths` names,
        below the working directory. One that has the function's name in it, or that of a function of the same
        module that calls it, in a file in which some test looks at a failure, counts. Functions that take
        locks by `with` are left alone, and so are those that do not give them back themselves.
    """

    code = "PREP701"
    name = "untested-lock-failure"
    severity = Severity.HIGH
    finding = "7.1"
    message = "no test shows that {lock} is given back where '{function}' fails"
    off_by_default = True
    # Only attributes and functions with this word in their names take locks.
    triggers = ("acquire",)

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if file.is_test:
            return
        for function, taken in file.once(acquisitions).items():
            # A lock that is not given back here is one of a transaction, or for a while. And tests do not
            # name the methods that Python calls.
            if (
                takes_for_callers(function)
                or function.name.startswith("__")
                or not gives_back(function, file)
            ):
                continue
            if not _is_tested(function, file):
                yield self.at(function, lock=taken[0].name, function=function.name)


def _is_tested(function: Function, file: PythonFile) -> bool:
    """Say whether a test of a failure names `function`, or one that calls it at any depth."""
    seen = {function}
    waiting = [function]
    while waiting:
        current = waiting.pop()
        if file.settings.suite.has_failing_case_of(current.name):
            return True
        for site in file.once(callers).get(current, ()):
            if site.caller not in seen:
                seen.add(site.caller)
                waiting.append(site.caller)
    return False
