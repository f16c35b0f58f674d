"""Functions that take a lock, without a test of what happens if they then fail."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.locks import TRIGGERS, acquisitions, named_function
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

# Functions that take a lock for their callers.
_FOR_CALLERS: Final = lazy_pattern(
    r"(?:acquire|create|lock|obtain|take|try_?(?i:acquire|lock|obtain|take))(?![a-z])|constructor\Z"
)
_CALL = lazy_pattern(r"(?<![\w$#])(#?[\w$]++)\s*+\(")
# How many functions are followed to those that call them.
_MOST: Final = 16


class UntestedLockFailure(TypeScriptRule):
    """Functions that take a lock, without a test of what happens if they then fail.

    Why is this bad:
        A lock that is not given back after an error blocks everybody else, and only after an error: no test
        that books a room successfully can show it. The same goes for a change of the function that moves
        something in front of the `try`.

        Write a test in which what the function calls fails, and which looks at the lock afterwards.

    Example:
        async function holdRehearsalRoom(room: Room, band: Band): Promise<void> {
          const lock = await acquireRoomLock(room);
          try {
            await room.book(band);
          } finally {
            await lock.release();
          }
        }

    Use instead:
        // rooms.test.ts
        it("releases the lock when the booking fails", async () => {
          database.query.mockRejectedValueOnce(new Error("connection lost"));
          await expect(holdRehearsalRoom(room, band)).rejects.toThrow();
          expect(await isLocked(room)).toBe(false);
        });

    Known limits:
        The rule is off by default, as it reads all tests: those that the option `prep-test-paths` names,
        below the working directory. One that has the function's name in it, or that of a function of the same
        file that calls it, in a file in which some test looks at a failure, counts. Functions that take a
        lock for their callers are left alone.
    """

    code = "PREP751"
    name = "untested-lock-failure"
    severity = Severity.HIGH
    finding = "7.1"
    message = "no test shows that the lock of {lock} is given back where '{function}' fails"
    off_by_default = True
    triggers = TRIGGERS
    pattern = re.compile("[Ll]ock")

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file:
            return
        seen: set[int] = set()
        for taken in source.once(acquisitions):
            function = named_function(taken.start, source)
            if function is None or function.name is None or function.start in seen:
                continue
            seen.add(function.start)
            if not _FOR_CALLERS.match(function.name) and not _is_tested(function.name, source):
                yield self.at(function.start, source, lock=taken.name, function=function.name)


def _is_tested(name: str, source: Source) -> bool:
    """Say whether a test of a failure names the function, or one that calls it at some depth."""
    names = [name]
    for current in names:
        if source.settings.suite.has_failing_case_of(current):
            return True
        if len(names) < _MOST:
            names += [each.name for each in _callers(current, source) if each.name and each.name not in names]
    return False


def _callers(name: str, source: Source) -> list[Function]:
    callers = (named_function(offset, source) for offset in source.once(_calls).get(name, ()))
    return [function for function in callers if function is not None]


def _calls(source: Source) -> dict[str, list[int]]:
    """Return the offsets of calls, by the name of what is called."""
    found: dict[str, list[int]] = defaultdict(list)
    for call in _CALL.finditer(source.code):
        found[call[1]].append(call.start())
    return found
