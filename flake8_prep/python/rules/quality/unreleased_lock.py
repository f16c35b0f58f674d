"""PREP204."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.locks import acquisitions
from flake8_prep.python.releases import leak_of
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

# How many locks are looked at that one function takes: no person writes more, and each is compared with each.
_MOST: Final = 64


class UnreleasedLock(PythonRule):
    """A lock that stays taken where something fails.

    Why is this bad:
        An exception between `acquire` and `release` leaves the lock taken for ever, or until it expires if
        it is one of Redis. Whoever wants it next waits, and a room whose booking has failed cannot be booked
        again by anybody.

        Take the lock by `with`. Where that is not possible, release it in the `finally` of a `try` that
        begins right after the lock was taken.

    Example:
        def refund(payment):
            payment_lock.acquire()
            payment.send_back()
            payment_lock.release()

    Use instead:
        def refund(payment):
            with payment_lock:
                payment.send_back()

    Known limits:
        An object is a lock, a semaphore or a condition by its type, or by a name that has `lock`, `mutex` or
        `sem` in it; so is what a function like `acquire_room_lock` takes. The rule is silent where the lock
        is released in another function of the file, in an `except` for all errors, or in a callback, and in
        functions that take the lock for their callers: those are called `acquire`, `lock` or `__enter__`, or
        store or return the result. It does not look at tests.
    """

    code = "PREP204"
    name = "unreleased-lock"
    severity = Severity.HIGH
    finding = "2.4"
    message = "{lock} is {how}"
    # Only attributes and functions with this word in their names take locks.
    triggers = ("acquire",)

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if file.is_test:
            return
        for function, taken in file.once(acquisitions).items():
            for each in taken[:_MOST]:
                leak = leak_of(each, function, file)
                if leak is None:
                    continue
                how = "taken here, and nothing gives it back"
                if leak.release is not None:
                    how = f"released only where nothing fails (line {leak.release.lineno})"
                yield self.at(each.call, lock=each.name, how=how)
