"""Pools that each call makes anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.handlers import answers_requests
from flake8_prep.typescript.pools import MAKERS, TRIGGERS, Maker, maker_at, maker_matches
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import taken_from, variable_at

# The variable that a pool is given to, with what is awaited in between.
_TARGET_END = lazy_pattern(
    r"(?<![\w$.])(?:const|let|var)\s+([\w$]+)\s*(?::[^=;(){}]{0,200})?=\s*(?:await\s+)?\Z"
)
# Behind a function that is called where it stands, and so once: ``(async () => { .. })();``.
_CALLED_AT_ONCE = lazy_pattern(r"\s*\)\s*\(")
_USED_AT_ONCE = lazy_pattern(r"\)\s*\.\s*(?!on\b|connect\b)[\w$]")
_CLOSING = lazy_pattern(r"!?\??\.\s*(?:\$?disconnect|close|destroy|end|quit)\b")
# Members, but for those that give another client.
_USE = lazy_pattern(r"!?\??\.(?!\s*(?:\$extends|duplicate|promise)\b)")
# How much of the function is read. Bounded, so that the time stays linear; far more than people write.
_REACH = 20_000
# Functions that run once in the life of a program, by their names.
_RUNS_ONCE = lazy_pattern(
    r"(?:(?:async)?main|bootstrap|configure|connect|constructor|init|initiali[sz]e|migrate|on(?:Application"
    r"|Module)\w++|register"
    r"|run|seed|serve|server|set[uU]p|start|worker)(?:[A-Z_]\w*+)?\Z"
)
# Those that may make something, as an app whose handlers use the pool, or may not, as `createOrder`.
_MAKES = lazy_pattern(r"(?:create|make|build|get|new|open|provide|use)(?:[A-Z_]\w*)?\Z")
# What databases are asked through, which a request has no need to make. A subscriber of Redis keeps its
# connection to itself, so that may be one for each.
_POOLS = frozenset({"Pool", "PrismaClient", "createPool"})
# Those who ask whether the database is there open a connection to see.
_PROBE = lazy_pattern(
    r"(?:^|[/._-])(?:debug|diagnos\w*|health\w*|live(?:ness)?|ping|ready|readiness|setup)(?![a-z])"
)
_NAME = lazy_pattern(r"(?<![\w$.])[A-Za-z_$][\w$]*+(?!\s*:)")
# Prisma's, of which each client has one.
_ADAPTERS = frozenset({"adapter"})
_LOST = "never closes it"
_CLOSED = "closes it in the end"


class PoolPerCall(TypeScriptRule):
    """Pools of connections, and clients that keep some, which a function makes anew for each call.

    Why is this bad:
        A pool is made to be shared: it keeps connections open so that the next request need not open one.
        Where each call makes its own, each call pays for new connections, which stay open until they are
        idle for too long, if ever. Under load the database refuses everybody.

    Example:
        import { Pool } from 'pg';

        export async function countBookings(day: string): Promise<number> {
          const pool = new Pool({ connectionString: env.DATABASE_URL });
          const found = await pool.query('SELECT count(*) FROM bookings WHERE day = $1', [day]);
          return Number(found.rows[0].count);
        }

    Use instead:
        import { Pool } from 'pg';

        const pool = new Pool({ connectionString: env.DATABASE_URL });

        export async function countBookings(day: string): Promise<number> {
          const found = await pool.query('SELECT count(*) FROM bookings WHERE day = $1', [day]);
          return Number(found.rows[0].count);
        }

    Known limits:
        Knows the pools of `pg` and `mysql2`, and the clients of Prisma, `ioredis` and `redis`. Silent where
        the function returns the pool or keeps it anywhere; where it closes it or hands it to another
        function, unless it answers requests with a database that is the same for all; in
        functions that run once by their names (`main`, `bootstrap`), in those that make things by theirs
        (`createApp`) where another function inside of them uses the pool, in tests, scripts and migrations.
    """

    code = "PREP651"
    name = "pool-per-call"
    severity = Severity.MEDIUM
    finding = "6.1"
    message = "each call of {function} makes a '{pool}' of its own and {fate}"
    triggers = TRIGGERS
    pattern = MAKERS

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file or is_program(source.path) or prepares_database(source.path):
            return
        for match in maker_matches(source):
            function = source.enclosing_function(match.start())
            maker = maker_at(match, source) if function is not None else None
            if function is None or maker is None or _runs_once(function, source):
                continue
            fate = _fate(match, maker, function, source)
            if fate is not None:
                name = f"'{function.name}'" if function.name else "this function"
                yield self.at(maker.start, source, function=name, pool=maker.name, fate=fate)


def _runs_once(function: Function, source: Source) -> bool:
    if _RUNS_ONCE.match(function.name or ""):
        return True
    return _CALLED_AT_ONCE.match(source.code, function.body_end) is not None


def _fate(match: re.Match[str], maker: Maker, function: Function, source: Source) -> str | None:
    """Return what becomes of what the match makes; None where something keeps it beyond the function."""
    close = source.closing(match.start("open")) or match.end()
    target = _TARGET_END.search(source.code, max(function.body_start, match.start() - 300), match.start())
    makes = _MAKES.match(function.name or "") is not None
    if target is None:
        return _LOST if not makes and _USED_AT_ONCE.match(source.code, close) else None
    rest = source.code[close : min(function.body_end, close + _REACH)]
    name = re.escape(target[1])
    uses = list(re.finditer(rf"(?<![\w$.]){name}(?![\w$])\s*(\S{{0,12}})", rest))
    if makes and {source.enclosing_function(close + use.start()) for use in uses} != {function}:
        return None
    is_closed = any(_CLOSING.match(use[1]) for use in uses)
    # Used as what it is, and nowhere by itself: not returned, stored, or given to another.
    if uses and not is_closed and all(_USE.match(use[1]) for use in uses):
        return _LOST
    if not uses or maker.name not in _POOLS or not answers_requests(function, source):
        return None
    # With a request, all that it is given to ends. Where the server is may be told by the request itself.
    is_kept = re.search(rf"(?:\breturn\s+|=\s*){name}(?![\w$])(?!\s*[.?!(])", rest) is not None
    if is_kept or _PROBE.search(source.path) or not _is_always_the_same(maker, function, source):
        return None
    return _CLOSED if is_closed else _LOST


def _is_always_the_same(maker: Maker, function: Function, source: Source) -> bool:
    """Tell whether nothing that a pool is made of comes from the function that makes it."""
    close = source.closing(maker.parenthesis) or maker.parenthesis
    header = source.code[function.start : function.body_start]
    for match in _NAME.finditer(source.code, maker.parenthesis, close):
        name = match[0]
        variable = variable_at(name, match.start(), source)
        origin = variable.declared if variable else taken_from(name, match.start(), source)
        if origin is not None and origin > function.body_start and name not in _ADAPTERS:
            return False
        if re.search(rf"(?<![\w$.]){re.escape(name)}\s*[?:,)}}]", header):
            return False
    return True
