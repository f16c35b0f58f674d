"""Writes that belong together and are not in one transaction."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from itertools import groupby

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.calls import Call
from flake8_prep.typescript.databases import QUERIES, RUNNING, TRIGGERS
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.iterations import iterations, runs_once
from flake8_prep.typescript.programs import is_started_by_hand
from flake8_prep.typescript.redoing import (
    adds,
    adds_missing,
    adds_missing_element,
    is_complete_later,
    is_of_same_rows,
    is_repeatable,
    is_undone,
    may_fail,
    table_names,
)
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import taken_from, variable_at
from flake8_prep.typescript.writes import both_run, only_queries, outer_functions, writes

# What goes through a transaction by its name; `txHash` and `txId` are about those of payments and chains.
_TX_HOLDER = (
    r"(?:get|in)?(?:[tT]x|[tT]rx|[tT]xn)(?:Client|Connection|Context|D[bB]|Database|Host|Manager|Prisma"
    r"|Repo\w*|Scope|Session)|[uU]nitOfWork|uow"
)
# What says that there is a transaction, or that one is handed over.
# A connection that the function itself takes from a pool has begun none.
_TRANSACTION = lazy_pattern(
    r"(?i:transaction)|(?<![\w$])(?:tx|trx|txn|trans|client|conn|connection|manager|queryRunner"
    r"|session)(?![\w$])(?!(?:\s*:\s*[\w$.]+)?\s*=\s*await\s+[\w$.]+\.(?:connect|getConnection)\()\s*[,:?)=]"
    r"|\.\s*(?:batch|atomic|transacting)\s*\(|\bgetRepository\(\s*ctx\b"
    rf"|(?<![\w$]){_TX_HOLDER}(?![\w$])"
    r"|(?:[iI]n|[wW]ith|run\w{0,20}|begin|start)T(?:x|rx|xn)\s*[(<]|\$tx\s*[(<]"
)
# What is made anew when it is missing.
_PASSING = lazy_pattern(r"(?i:otp|passwordResets?\b|session|token|verification)")
_GIVEN = lazy_pattern(rf"tx|trx|txn|(?=\w*?[tT]ransaction)\w++|manager|queryRunner|{_TX_HOLDER}")
# A class that holds the queries of others, who may begin a transaction, and the types that a database has in
# common with a transaction.
_STORE = lazy_pattern(r"class\s+[\w$]*(?:D(?:ao|AO)|Repo|Repository|Store)\b")
_SHARED_TYPE = lazy_pattern(
    r"\s*[!?]?:\s*(?:Db|DB|Database|Drizzle\w*|EntityManager|Knex|Kysely|\w*Executor"
    r"|NodePgDatabase|PostgresJsDatabase|Queryable)\b"
)
# What is done anew at each start, and what a program that is run by hand does.
_REPAIRS = lazy_pattern(
    r"_*+(?:backfill|clean(?:[uU]p)?|ensure|expire|heartbeat|prune|purge|rebuild|recalculate|recompute"
    r"|reconcile|refresh|repair|resync|seed|sweep|sync)(?:[A-Z_]\w*)?|main"
)
# What is written down first, to be there whatever comes of the rest.
_LOG = lazy_pattern(r"(?:[lL]og|[aA]udit|[hH]istory)s?")
# What stands before a function that runs in one: a decorator, or the call that the function is given to.
_HEAD = lazy_pattern(r"@Transaction|[tT]ransaction\w*\s*\(\s*(?:async\s*)?\Z")
_BEGIN = lazy_pattern(r"['\"`]\s*(?:BEGIN|START TRANSACTION|SAVEPOINT)\b", re.IGNORECASE)
# How far before a function its decorators are looked for, and how many of its writes are compared.
_REACH = 200
_MOST = 20
# What says in a comment that the writes need not happen together.
_SAID = lazy_pattern(
    r"\b(?:best[- ]effort|eventual(?:ly)?[- ]consisten\w+|independent(?:ly)?(?!-)|non-?atomic|not[- ]atomic"
    r"|tx-safe)\b",
    re.IGNORECASE,
)
# What runs at each start, or again and again, and what answers only those who work on the program.
_APART = lazy_pattern(
    r"(?:^|/)(?:bootstrap|debug|dev|prisma/import|startup|test-[\w-]+)/"
    r"|(?:^|[/.-])(?:clean-?up|prune|purge|reconcile\w*|retention)(?:[/.-]|$)"
)
# What a queue or a clock starts, and starts again where it fails, unless it finds nothing left to do.
_JOB = lazy_pattern(
    r"(?:^|/)(?:consumers?|crons?|jobs?|processors?|queues?|workers?)/"
    r"|[/.-](?:consumer|cron|job|processor|worker)\.[cm]?ts$"
)
_STATE = lazy_pattern(
    r"\b\w*(?:[sS]tat(?:e|us)|[dD]one|[cC]ompleted|[fF]inished|[pP]rocessed|[sS]ent)(?:_?[aA]t)?\b"
)
# The arguments of a function, in an object: who calls it may have begun a transaction.
_ARGUMENTS = frozenset({"args", "input", "options", "opts", "params"})
# A database among the arguments that is none of a transaction by its type.
_HANDED_OVER = (
    r"(?<![\w$.]){}\s*\??\s*"
    r"(?:[,)=}}]|:(?!\s*(?:DataSource|Pool|PrismaClient|PrismaService|Sequelize)\b(?!\s*\|)))"
)
# What a part is taken of, and what a request or a resolver is given, in which the database is that of all.
_PART = lazy_pattern(r"([\w$]++)(?:\s*+\.|[^\S\n]*+[;,\n)])")
_CONTEXTS = frozenset({"app", "c", "context", "ctx", "event", "fastify", "req", "request", "server"})
# What deals with the failure of each element by itself.
_TRY = lazy_pattern(r"(?<![\w$.])try\s*\{|\)\s*\.\s*catch\s*\(")


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
        Silent where the function, or one around it, begins a transaction or is given one, by its names (`tx`,
        `trx`, `client`), or a database that may be one by its type (`Knex`, `NodePgDatabase`, but not `Pool`
        or `PrismaClient`), also as a part of what it is given, except by a request (`const { db } = deps`,
        but not `ctx.db`); for writes of which only one runs, or between which something else is waited for;
        where the first is an upsert or adds only what is missing, which can be done again, or is deleted
        where the second fails; for loops that deal with the failure of each element, or whose writes can be
        done again; for writes whose failure is caught, and where a comment says that they are independent
        (`best-effort`, `not atomic`); in files of jobs and workers, for writes that can be done again and say
        of nothing that it is done; for sessions and tokens; in stores and repositories, by the names of
        their classes, that are given what may be a transaction by its type (`Knex`, `Kysely`,
        `EntityManager`, but not `Pool`); where the first is written to a log; in functions called `ensure..`,
        `seed..`, `cleanUp..` and the like, and files called so; and in tests, migrations and scripts. Ignore
        the rule where the writes have nothing to do with each other.
    """

    code = "PREP265"
    name = "writes-without-transaction"
    severity = Severity.HIGH
    finding = "2.5"
    message = "'{write}' is not in one transaction with {other}"
    triggers = TRIGGERS
    needs = ("await",)
    pattern = QUERIES

    def check(self, source: Source) -> Iterator[Finding]:
        path = source.path
        if source.is_test_file or prepares_database(path) or is_program(path) or _APART.search(path):
            return
        found = sorted(writes(source), key=lambda write: (write.function.start, write.call.start))
        for function, group in groupby(found, key=lambda write: write.function):
            calls = (write.call for write in group)
            together = [call for call in calls if not _is_left_out(call, function, source)]
            second, other = _left_alone(together, source)
            if second is None or _is_of_store(second, source):
                continue
            names = (each.name or "" for each in outer_functions(function, source))
            if source.once(is_started_by_hand):
                return
            if not any(map(_REPAIRS.fullmatch, names)) and not _has_transaction(function, source):
                yield self.at(second.start, source, write=second.name, other=other)


def _has_transaction(function: Function, source: Source) -> bool:
    """Tell whether the function, or one around it, begins a transaction or is given one."""
    for each in outer_functions(function, source):
        head = source.text[max(0, each.start - _REACH) : each.start]
        if _HEAD.search(head):
            return True
        for pattern, text in ((_TRANSACTION, source.code), (_BEGIN, source.strings)):
            for match in pattern.finditer(text, each.start, each.body_end):
                # What other functions do, in one that is around this one, is of no use here.
                if each is function or match.start() < each.body_start:
                    return True
                if source.enclosing_function(match.start()) == each:
                    return True
    return False


def _is_left_out(call: Call, function: Function, source: Source) -> bool:
    """Tell whether a call may fail alone, or goes through a transaction that the caller may have begun."""
    if call.names[0] in _ARGUMENTS or any(_GIVEN.fullmatch(name) for name in call.names):
        return True
    if any(_PASSING.search(name) for name in table_names(call, source)[1:]):
        return True
    return (
        (call.names[0] not in _CONTEXTS and _is_handed_over(call.names[0], function, source))
        or _is_part_of_given(call, function, source)
        or may_fail(call, source)
    )


def _is_handed_over(name: str, function: Function, source: Source) -> bool:
    """Tell whether a function is given the database that is called so, or a transaction in place of it."""
    given = re.compile(_HANDED_OVER.format(re.escape(name)))
    functions = outer_functions(function, source)
    return any(given.search(source.code, each.start, each.body_start) for each in functions)


def _is_part_of_given(call: Call, function: Function, source: Source) -> bool:
    """Tell whether the variable that a call is on is a part of what a function is given.

    As in ``const { prisma } = deps`` and ``const rooms = manager.getRepository(Room)``.
    """
    name = call.names[0]
    variable = variable_at(name, call.start, source)
    taken = taken_from(name, call.start, source)
    for start in (*(variable.values if variable else ()), *([] if taken is None else [taken])):
        of = _PART.match(source.code, start)
        if of and of[1] not in _CONTEXTS and _is_handed_over(of[1], function, source):
            return True
    return False


def _is_of_store(call: Call, source: Source) -> bool:
    """Tell whether the call goes through what a store or repository was given, maybe a transaction."""
    if call.names[0] != "this" or len(call.names) < 2:
        return False
    classes = source.occurrences("class")
    index = bisect.bisect_left(classes, call.start)
    if not index or not _STORE.match(source.code, classes[index - 1]):
        return False
    return source.once(_is_shared, call.names[1])


def _is_shared(source: Source, name: str) -> bool:
    """Tell whether something called `name` has a type that may be a transaction's."""
    ends = (start + len(name) for start in source.occurrences(name))
    return any(_SHARED_TYPE.match(source.code, end) for end in ends)


def _left_alone(calls: list[Call], source: Source) -> tuple[Call | None, str]:
    """Return a call that is not to be without another, and how that is called in the message."""
    for index, second in enumerate(calls[:_MOST]):
        for first in calls[:index]:
            if is_complete_later(first, second, source) or is_of_same_rows(first, second, source):
                continue
            if _LOG.search(table_names(first, source)[-1]):
                continue
            if _JOB.search(source.path) and all(_is_set_again(each, source) for each in (first, second)):
                continue
            if _SAID.search(source.comments, max(0, first.start - _REACH), second.start):
                continue
            if both_run(first, second, source) and not is_undone(first, second, source):
                return second, f"'{first.name}' on line {source.line_column(first.start)[0]}"
    for call in calls:
        if _is_repeated(call, source):
            return call, "itself for the other elements of the loop"
    return None, ""


def _is_set_again(call: Call, source: Source) -> bool:
    """Tell whether a write leaves the same rows when it is done again and says of nothing that it ended."""
    # An update of a model may change what the next run would look for.
    if call.method not in RUNNING and not call.method.startswith(("delete", "destroy", "remove")):
        return False
    if adds(call, source) and not is_repeatable(call, source):
        return False
    return _STATE.search(source.strings, call.parenthesis, source.expression_end(call.start)) is None


def _is_repeated(call: Call, source: Source) -> bool:
    # What is missing is added, and is not when it is done again.
    if not adds(call, source) or is_repeatable(call, source):
        return False
    if adds_missing(call, source):
        return False
    loop = next(iterations(call.start, source), None)
    if loop is None or loop.kind != "loop" or _TRY.search(source.code, *loop.body):
        return False
    if runs_once(call.start, loop, source):
        return False
    return only_queries(*loop.body, (call,), source) and not adds_missing_element(call, loop.body, source)
