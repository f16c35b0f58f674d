"""Functions and classes that make a pool of connections to a database, and the settings that limit it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limits(NamedTuple):
    """The settings that limit a pool.

    Attributes:
        needed: without these there are more connections than anybody counted on, or a wait without an end.
        others: these have a default that is a limit.
    """

    needed: tuple[str, ...]
    others: tuple[str, ...] = ()


_ENGINE: Final = Limits(("pool_size", "max_overflow"), ("pool_timeout",))
_PSYCOPG: Final = Limits(("max_size",), ("timeout",))
_REDIS: Final = Limits(("max_connections",))
_MAXSIZE: Final = Limits(("maxsize",))

ENGINES: Final = frozenset(
    {
        *("sqlalchemy.create_engine", "sqlalchemy.engine.create_engine", "sqlalchemy.future.create_engine"),
        *("sqlalchemy.ext.asyncio.create_async_engine", "sqlalchemy.ext.asyncio.engine.create_async_engine"),
        "sqlmodel.create_engine",
    }
)
POOLS: Final[dict[str, Limits]] = {
    **dict.fromkeys(ENGINES, _ENGINE),
    "aiomysql.create_pool": _MAXSIZE,
    "aiopg.create_pool": _MAXSIZE,
    "aiopg.sa.create_engine": _MAXSIZE,
    "asyncpg.create_pool": Limits(("max_size", "command_timeout")),
    "asyncpg.pool.create_pool": Limits(("max_size", "command_timeout")),
    "psycopg_pool.AsyncConnectionPool": _PSYCOPG,
    "psycopg_pool.ConnectionPool": _PSYCOPG,
    **{
        f"redis.{module}ConnectionPool{maker}": _REDIS
        for module in ("", "asyncio.", "asyncio.connection.", "connection.")
        for maker in ("", ".from_url")
    },
}
