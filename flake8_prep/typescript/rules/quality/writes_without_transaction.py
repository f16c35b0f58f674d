"""Writes that belong together and are not in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.rule import Severity
from flake8_prep.typescript.databases import TRIGGERS
from flake8_prep.typescript.iterations import iterations
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.writes import Write, both_run, only_queries, outer_functions, writes

# What says that there is a transaction, or that one is handed over.
_TRANSACTION = re.compile(
    r"(?i:transaction)|(?<![\w$])(?:tx|trx|txn|trans|client|conn|connection|manager|queryRunner"
    r"|session)(?![\w$])\s*[,:?)=]"
    r"|\.\s*(?:batch|atomic|transacting)\s*\(|\bgetRepository\(\s*ctx\b"
)
_GIVEN = re.compile(r"tx|trx|txn|\w*[tT]ransaction\w*|manager|queryRunner")
_BEGIN = re.compile(r"['\"`]\s*(?:BEGIN|START TRANSACTION|SAVEPOINT)\b", re.IGNORECASE)
# Each element by itself: its failure is dealt with in the loop.
_TRY = re.compile(r"(?<![\w$.])try\s*\{|\)\s*\.\s*catch\s*\(")


class WritesWithoutTransaction(TypeScriptRule):
    """Several writes to a database that are not in one transaction.

    Why is this bad:
        Between two writes the program can be stopped, the connection can break, and the second write can be
        refused. Then the first stays: the booking is cancelled and nobody gets the money back, or half of the
        owners are paid, and the next run pays them again. In a transaction all of it happens, or nothing.

    Example:
        async function cancel(id: string, reason: string): Promise<void> {
          await pool.query('UPDATE bookings SET cancelled = true WHERE id = $1', [id]);
          await pool.query('INSERT INTO refunds (booking_id, reason) VALUES ($1, $2)', [id, reason]);
        }

    Use instead:
        async function cancel(id: string, reason: string): Promise<void> {
          await withTransaction(pool, async (client) => {
            await client.query('UPDATE bookings SET cancelled = true WHERE id = $1', [id]);
            await client.query('INSERT INTO refunds (booking_id, reason) VALUES ($1, $2)', [id, reason]);
          });
        }

    Known limits:
        Databases are recognised by their names (`db`, `pool`, `prisma`, `knex`, `userRepository`) and types.
        Silent where the function, or one around it, begins a transaction or is given one, by its names
        (`tx`, `trx`, `client`), for writes of which only one runs or between which something else is waited
        for, for loops that deal with the failure of
        each element, and in tests, migrations and scripts. Ignore the rule where the writes have nothing to
        do with each other.
    """

    code = "PREP265"
    name = "writes-without-transaction"
    severity = Severity.HIGH
    finding = "2.5"
    message = "'{write}' is not in one transaction with {other}"
    triggers = TRIGGERS
    pattern = _TRANSACTION

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file or prepares_database(source.path) or is_program(source.path):
            return
        found = sorted(writes(source), key=lambda write: (write.function.start, write.call.start))
        for _, group in groupby(found, key=lambda write: write.function):
            together = [write for write in group if not _is_limited(write)]
            if not together or self._has_transaction(together[0], source):
                continue
            pair = _pair(together, source)
            if pair is not None:
                line = source.line_column(pair[0].call.start)[0]
                first, second = pair[0].call, pair[1].call
                other = f"'{first.name}' on line {line}"
                yield self.at(second.start, source, write=second.name, other=other)
                continue
            for write in together:
                if _is_repeated(write, source):
                    other = "itself for the other elements of the loop"
                    yield self.at(write.call.start, source, write=write.call.name, other=other)
                    break

    def _has_transaction(self, write: Write, source: Source) -> bool:
        """Tell whether the function, or one around it, begins a transaction or is given one."""
        for function in outer_functions(write.function, source):
            start = source.code.rfind("\n", 0, max(0, function.start - 200)) + 1
            head = source.text[start : function.start]
            if "@Transaction" in head or self.pattern.search(source.code, function.start, function.body_end):
                return True
            if _BEGIN.search(source.text, function.body_start, function.body_end):
                return True
        return False


def _is_limited(write: Write) -> bool:
    """Tell whether the write goes through a transaction that the caller has begun."""
    return any(_GIVEN.fullmatch(name) for name in write.call.names)


def _pair(found: list[Write], source: Source) -> tuple[Write, Write] | None:
    """Return the first two writes that can both run."""
    for second in range(1, min(len(found), 20)):
        for first in range(second):
            if found[first].call.method == found[second].call.method == "upsert":
                continue  # both can be done again
            if both_run(found[first].call, found[second].call, source):
                return found[first], found[second]
    return None


def _is_repeated(write: Write, source: Source) -> bool:
    if write.call.method == "upsert":
        return False
    loop = next(iterations(write.call.start, source), None)
    if loop is None or loop.kind != "loop" or _TRY.search(source.code, *loop.body):
        return False
    return only_queries(*loop.body, source)
