"""Pools of connections without limits."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.objects import members
from flake8_prep.typescript.pools import MAKERS, maker_at, maker_matches
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


class _Limits(NamedTuple):
    """The settings that limit a pool: those without a default that is one, and the others."""

    needed: tuple[str, ...]
    others: tuple[str, ...]


_LIMITS: Final = {
    "Pool": _Limits(("max", "connectionTimeoutMillis"), ("idleTimeoutMillis",)),
    "createPool": _Limits(("connectionLimit",), ("connectTimeout", "idleTimeout")),
}
_TARGET_END: Final = lazy_pattern(r"(?:const|let|var)\s+([\w$]+)\s*(?::[^=;\n]{1,60})?=\s*\Z")
_END: Final = lazy_pattern(r"\s*\??\.\s*end\s*\(")
_FINALLY_END: Final = lazy_pattern(r"\.\s*finally\s*\(\s*(?:async\s+)?\Z")
_REACH: Final = 120


class PoolWithoutLimits(TypeScriptRule):
    """Pools of database connections whose limits nobody has set.

    Why is this bad:
        Each process of a service opens as many connections as its pool allows, and the database refuses those
        beyond its own limit: whoever adds a process has to know the number. A pool of `pg` waits for a free
        connection without an end, so that a database that hangs takes every request with it.

    Example:
        const pool = new Pool({ connectionString: env.DATABASE_URL });

    Use instead:
        const pool = new Pool({
          connectionString: env.DATABASE_URL,
          max: 10,
          connectionTimeoutMillis: 5_000,
          idleTimeoutMillis: 30_000,
        });

    Known limits:
        Silent where the settings are spread or come as a variable, where the function that makes a pool also
        closes it (`pool.end()`), and in tests, scripts and migrations. A setting with a default that is a
        limit (`idleTimeoutMillis`, and the timeouts of `mysql2`) is named in the message, but its absence
        alone is not reported.
    """

    code = "PREP158"
    name = "pool-without-limits"
    severity = Severity.HIGH
    finding = "1.8"
    message = "'{pool}' leaves the limits of its pool to their defaults: {missing}"
    triggers = ("Pool",)
    pattern = MAKERS

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file or is_program(source.path) or prepares_database(source.path):
            return
        for match in maker_matches(source):
            maker = maker_at(match, source)
            if maker is None or maker.name not in _LIMITS:
                continue
            given = _settings(maker.parenthesis, source)
            if given is None:
                continue
            limits = _LIMITS[maker.name]
            missing = [name for name in (*limits.needed, *limits.others) if name not in given]
            if any(name in limits.needed for name in missing) and not _is_closed(maker.start, source):
                pool = " ".join(match["at"].split())
                yield self.at(maker.start, source, pool=pool, missing=", ".join(missing))


def _settings(parenthesis: int, source: Source) -> set[str | None] | None:
    """Return the names of the settings that a pool is given; None where they are not all to be seen."""
    arguments = source.arguments(parenthesis)
    if not arguments:
        return set()
    if source.code[arguments[0][0]] != "{":
        return None
    given = {member.name for member in members(arguments[0][0], source)}
    return None if None in given else given


def _is_closed(start: int, source: Source) -> bool:
    """Tell whether the function that makes the pool at `start` closes it too, so that it serves one task.

    A pool that is closed by a function in it, as at the end of a process, serves all that comes before.
    """
    function = source.enclosing_function(start)
    target = _TARGET_END.search(source.code, max(0, start - _REACH), start)
    if function is None or target is None:
        return False
    return start < source.once(_last_end, target[1], function)


def _last_end(source: Source, name: str, function: Function) -> int:
    """Return the offset of the last call of `end` on the variable `name` right in a function, or -1."""
    places = source.occurrences(name)
    first, behind = (bisect.bisect_left(places, at) for at in (function.body_start, function.body_end))
    closing = (
        place
        for place in reversed(places[first:behind])
        if source.code[place - 1] != "."
        and _END.match(source.code, place + len(name))
        and _is_run_by(function, place, source)
    )
    return next(closing, -1)


def _is_run_by(function: Function, offset: int, source: Source) -> bool:
    """Tell whether what stands at `offset` is right in a function, or in what `finally` is given there."""
    inner = source.enclosing_function(offset)
    if inner == function:
        return True
    start = inner.start if inner else 0
    return _FINALLY_END.search(source.code, max(0, start - _REACH), start) is not None
