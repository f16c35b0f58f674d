"""Pools that each call makes anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.pools import MAKERS, TRIGGERS, maker_at, maker_matches
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

# The variable that a pool is given to, with what is awaited in between.
_TARGET_END = lazy_pattern(
    r"(?<![\w$.])(?:const|let|var)\s+([\w$]+)\s*(?::[^=;(){}]{0,200})?=\s*(?:await\s+)?\Z"
)
# Behind a function that is called where it stands, and so once: ``(async () => { .. })();``.
_CALLED_AT_ONCE = lazy_pattern(r"\s*\)\s*\(")
_USED_AT_ONCE = lazy_pattern(r"\)\s*\.\s*(?!on\b|connect\b)[\w$]")
# What closes it, or makes another client of it.
_CLOSING = r"(?:\$?disconnect|close|destroy|end|quit|\$extends|duplicate|promise)"
# How much of the function is read. Bounded, so that the time stays linear; far more than people write.
_REACH = 20_000
# Functions that run once in the life of a program, by their names.
_RUNS_ONCE = lazy_pattern(
    r"(?:(?:async)?main|bootstrap|configure|connect|constructor|init|initiali[sz]e|migrate|on(?:Application"
    r"|Module)\w+|register"
    r"|run|seed|serve|server|set[uU]p|start|worker)(?:[A-Z_]\w*)?\Z"
)
# Those that may make something, as an app whose handlers use the pool, or may not, as `createOrder`.
_MAKES = lazy_pattern(r"(?:create|make|build|get|new|open|provide|use)(?:[A-Z_]\w*)?\Z")


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
        the function closes the pool, returns it, keeps it anywhere or hands it to another function; in
        functions that run once by their names (`main`, `bootstrap`), in those that make things by theirs
        (`createApp`) where another function inside of them uses the pool, in tests, scripts and migrations.
    """

    code = "PREP651"
    name = "pool-per-call"
    severity = Severity.MEDIUM
    finding = "6.1"
    message = "each call of {function} makes a '{pool}' of its own and never closes it"
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
            if _is_lost(match, function, source):
                name = f"'{function.name}'" if function.name else "this function"
                yield self.at(maker.start, source, function=name, pool=maker.name)


def _runs_once(function: Function, source: Source) -> bool:
    if _RUNS_ONCE.match(function.name or ""):
        return True
    return _CALLED_AT_ONCE.match(source.code, function.body_end) is not None


def _is_lost(match: re.Match[str], function: Function, source: Source) -> bool:
    """Tell whether nothing keeps what the match makes, and nothing closes it, beyond the function."""
    close = source.closing(match.start("open")) or match.end()
    target = _TARGET_END.search(source.code, max(function.body_start, match.start() - 300), match.start())
    makes = _MAKES.match(function.name or "") is not None
    if target is None:
        return not makes and _USED_AT_ONCE.match(source.code, close) is not None
    rest = source.code[close : min(function.body_end, close + _REACH)]
    name = re.escape(target[1])
    uses = list(re.finditer(rf"(?<![\w$.]){name}(?![\w$])\s*(\S{{0,12}})", rest))
    if makes and {source.enclosing_function(close + use.start()) for use in uses} != {function}:
        return False
    # Used as what it is, and nowhere by itself: not returned, stored, or given to another.
    return bool(uses) and all(
        re.match(r"!?\??\.", use[1]) and not re.match(rf"!?\??\.\s*{_CLOSING}\b", use[1]) for use in uses
    )
