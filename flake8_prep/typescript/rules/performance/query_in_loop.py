"""Queries that are sent once for each element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.sql import statement_in
from flake8_prep.typescript.calls import Call, before, call_at
from flake8_prep.typescript.databases import QUERIES, is_query, statement_of
from flake8_prep.typescript.iterations import Iteration, are_waited_for, iterations, runs_once
from flake8_prep.typescript.programs import is_started_by_hand
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_ROWS = frozenset({"DELETE", "INSERT", "REPLACE", "SELECT", "UPDATE", "WITH"})
_WAITED_FOR = lazy_pattern(r"(?<![\w$.])(?:await|return|yield)\Z|=>\Z")
# A query whose promise is kept with the others: `promises.push(db.query(..))`.
_KEPT = lazy_pattern(r"(?<![\w$.])([\w$]+)\.\s*push\($")
_ALL_END = lazy_pattern(r"\bPromise\s*\.\s*all(?:Settled)?\s*\(\s*\[\Z")
_RETURNED = lazy_pattern(r"(?<![\w$.])return(?:\s+await)?\Z")
# What takes many keys at a time.
_MANY_KEYS = lazy_pattern(r"\bANY\s*\(|\bUNNEST\s*\(|\bIN\s*[($?:]|SAVEPOINT|SKIP LOCKED", re.IGNORECASE)
_MANY_IN_OBJECT = lazy_pattern(r"\b(?:[iI]n|notIn|inArray|where(?:Not)?In|Op\.in)\s*[:(\]]")
# A search that is over when something is found.
_FOUND = lazy_pattern(r"\s*+;?\s*+if\s*+\((?!\s*!)[^(){}]{1,100}\)\s*+\{?\s*+(?:return|break)\b")
_SHOWN = 40


class QueryInLoop(TypeScriptRule):
    """Queries that are sent to a database once for each element of a collection.

    Why is this bad:
        Each query is a round trip over the network. A page that lists ten orders sends ten queries and is
        quick, and the same page with ten thousand sends ten thousand. One statement that takes all keys
        (`WHERE id = ANY($1)`, `{ id: { in: ids } }`, a join) or all rows (`VALUES (..), (..)`, `createMany`)
        costs one round trip however many there are.

    Example:
        async function confirm(bookings: Booking[]): Promise<void> {
          for (const booking of bookings) {
            await pool.query('UPDATE bookings SET confirmed = true WHERE id = $1', [booking.id]);
          }
        }

    Use instead:
        async function confirm(bookings: Booking[]): Promise<void> {
          const ids = bookings.map((booking) => booking.id);
          await pool.query('UPDATE bookings SET confirmed = true WHERE id = ANY($1)', [ids]);
        }

    Known limits:
        Databases are recognised by their names (`db`, `pool`, `prisma`, `knex`, `trx`, `userRepository`,
        `models.Orders`) and types; a query in a function that the loop calls is not seen. Silent in tests,
        migrations, scripts and programs that exit when all is done; in loops over batches, streams and what
        is written out, those that count attempts or wait, and those that take messages or lists of rows from
        a `for await`; and for queries that take many keys. Ignore the rule where there are never more than a
        few elements.
    """

    code = "PREP551"
    name = "query-in-loop"
    severity = Severity.HIGH
    finding = "5.1"
    message = "'{query}' sends a query for each element of '{collection}'"
    triggers = ("await", "return", "yield", "=>")
    pattern = QUERIES

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file or prepares_database(source.path) or is_program(source.path):
            return
        reported = set()
        for match in self.pattern.finditer(source.code):
            call = call_at(match, source)
            if call is None or not _is_waited_for(call, source):
                continue
            # Loops are looked for last: it takes the functions of the file.
            loop = next(iterations(call.start, source), None) if is_query(call, source) else None
            if loop is None or _takes_many(call, source):
                continue
            # Where chains of calls have two that begin or end a query, both are one.
            if call.start not in reported and not _ends_loop(loop, call, source):
                if source.once(is_started_by_hand):
                    return
                reported.add(call.start)
                collection = " ".join(source.text[slice(*loop.iterable)].split())
                if len(collection) > _SHOWN:
                    collection = f"{collection[:_SHOWN]}.."
                yield self.at(call.start, source, query=call.name, collection=collection)


def _ends_loop(loop: Iteration, call: Call, source: Source) -> bool:
    """Tell whether a loop is left with the result of the query, or where that is something."""
    if loop.kind == "callback":
        return False
    if _FOUND.match(source.code, source.expression_end(call.start)):
        return True
    if runs_once(call.start, loop, source):
        return True
    is_returned = _RETURNED.search(before(call.start, source)) is not None
    return is_returned and source.enclosing_function(call.start) is source.enclosing_function(loop.start)


def _is_waited_for(call: Call, source: Source) -> bool:
    text = before(call.start, source)
    if _WAITED_FOR.search(text):
        return True
    if kept := _KEPT.search(text):
        return are_waited_for(kept[1], call.start, source)
    bracket = source.enclosing_bracket(call.start) if text.endswith(("[", ",")) else None
    return bracket is not None and _ALL_END.search(before(bracket + 1, source)) is not None


def _takes_many(call: Call, source: Source) -> bool:
    statement = statement_of(call, source)
    if statement is not None:
        found = statement_in(statement)
        return found is None or found.verb not in _ROWS or _MANY_KEYS.search(statement) is not None
    end = source.expression_end(call.start)
    return _MANY_IN_OBJECT.search(source.code, call.start, end) is not None
