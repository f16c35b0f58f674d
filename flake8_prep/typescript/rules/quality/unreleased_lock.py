"""Locks that stay taken where something fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.locks import TRIGGERS, acquisitions
from flake8_prep.typescript.releases import leak_of
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


class UnreleasedLock(TypeScriptRule):
    """A lock that stays taken where something fails.

    Why is this bad:
        Whoever wants the lock next waits for ever, or until it expires if it is one of Redis: a room whose
        booking has failed cannot be booked again by anybody. A rollback does not help, as the lock is no part
        of the transaction.

        Release the lock in the `finally` of a `try` that begins right after it was taken, or in the `catch`
        where it is to outlive a success.

    Example:
        async function book(room: Room) {
          const lock = await redlock.acquire([room.id], 5000);
          await store.insert(room);
          await lock.release();
        }

    Use instead:
        async function book(room: Room) {
          const lock = await redlock.acquire([room.id], 5000);
          try {
            await store.insert(room);
          } finally {
            await lock.release();
          }
        }

    Known limits:
        Locks are known by the names of what takes them, as `acquireLock`, `createRoomLock`, `mutex.acquire`,
        and `set` with `NX` for a key or variable that is called a lock. The rule is silent where any `catch`,
        `finally` or callback of the function releases one, and where the lock is returned, stored or passed
        on. A lock that nothing releases is reported only where the function has a `try`, and not where
        whoever does not get it goes without, as in jobs that take turns. It does not look at tests.
    """

    code = "PREP254"
    name = "unreleased-lock"
    severity = Severity.HIGH
    finding = "2.4"
    message = "{lock} is {how}"
    triggers = TRIGGERS
    needs = ("await",)
    pattern = re.compile("[Ll]ock|acquire|NX|nx")

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each lock that is taken and may stay so."""
        if source.is_test_file:
            return
        for taken in source.once(acquisitions):
            leak = leak_of(taken, source)
            if leak is None:
                continue
            how = "taken here, and nothing gives it back"
            if leak.release is not None:
                line, _ = source.line_column(leak.release)
                how = f"released only where nothing fails (line {line})"
            yield self.at(taken.start, source, lock=taken.name, how=how)
