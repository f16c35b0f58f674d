"""PREP108 pool-without-limits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import argument, has_unpacking
from flake8_prep.python.context import PythonFile
from flake8_prep.python.lifetimes import Fate, fate
from flake8_prep.python.names import dotted_name
from flake8_prep.python.pools import ENGINES, POOLS
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.sqlite import SQLITE, may_be_sqlite, mentions
from flake8_prep.rule import Severity

# The kinds of pool that keep connections, so that their number matters.
_KEEPING: Final = frozenset({"AsyncAdaptedQueuePool", "QueuePool"})
# Words of conditions on which limits do not matter: the settings are not set, or a script is run.
_OPTIONAL: Final = lazy_pattern(r"pool|__name__", re.IGNORECASE)


class PoolWithoutLimits(PythonRule):
    """Pools of database connections whose limits nobody has set.

    Why is this bad:
        Each process of a service opens as many connections as its pool allows, and the database refuses those
        beyond its own limit: whoever adds a process has to know the number. SQLAlchemy's engines open fifteen
        unless told otherwise, ten of them by `max_overflow`. `asyncpg` waits for the answer to a statement
        without an end, and a pool of `redis` has practically no limit.

    Example:
        from sqlalchemy import create_engine

        engine = create_engine("postgresql://db.example/orders", pool_pre_ping=True)

    Use instead:
        from sqlalchemy import create_engine

        engine = create_engine(
            "postgresql://db.example/orders", pool_pre_ping=True, pool_size=5, max_overflow=5, pool_timeout=10
        )

    Known limits:
        Silent where the settings come as `**kwargs`, for SQLite, for pools that keep no connections
        (`NullPool`, `StaticPool`), in tests, scripts and migrations, and for a pool that is not kept longer
        than a function runs. A setting with a default that is a limit (`pool_timeout`) is named in the
        message, but its absence alone is not reported.
    """

    code = "PREP108"
    name = "pool-without-limits"
    severity = Severity.HIGH
    finding = "1.8"
    message = "'{pool}' leaves the limits of its pool to their defaults: {missing}"
    callees = frozenset(name.rpartition(".")[2] for name in POOLS)

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a call that makes a pool and does not say how large it may get."""
        limits = POOLS.get(file.qualified_name(node.func) or "")
        if limits is None or has_unpacking(node):
            return
        if file.is_test or file.is_migration or is_program(file.path):
            return
        missing = [name for name in (*limits.needed, *limits.others) if argument(node, name) is None]
        if not any(name in limits.needed for name in missing) or not _keeps_connections(node, file):
            return
        if file.enclosing_function(node) is None or fate(node, file) is Fate.KEPT:
            yield self.at(node, pool=dotted_name(node.func), missing=", ".join(missing))


def _keeps_connections(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` makes a pool of connections to a server, as far as one can see."""
    if file.qualified_name(call.func) not in ENGINES:
        return True
    kind = argument(call, "poolclass")
    if argument(call, "pool") is not None or kind is not None and file.own_name(kind) not in _KEEPING:
        return False
    conditions = [above for above in file.ancestors(call) if isinstance(above, (ast.If, ast.IfExp))]
    tests: list[ast.AST] = [condition.test for condition in conditions]
    if mentions(_OPTIONAL, tests, file):
        return False
    for condition in conditions:
        if mentions(SQLITE, [condition.test], file):
            return _is_otherwise(call, condition, file)
    return not may_be_sqlite(call, file)


def _is_otherwise(node: ast.AST, condition: ast.If | ast.IfExp, file: PythonFile) -> bool:
    """Say whether `node` is reached where the test of `condition` is false."""
    otherwise = condition.orelse if isinstance(condition.orelse, list) else [condition.orelse]
    return any(above in otherwise for above in file.ancestors(node)) or node in otherwise
