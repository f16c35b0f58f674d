"""What becomes of an object that a function makes and that has to be closed: a client, a pool, an engine."""

from __future__ import annotations

import ast
import enum
from typing import Final, NamedTuple

from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.variables import uses


class Fate(enum.IntEnum):
    """What becomes of an object; where several are true of it, the greatest counts.

    It is lost where nothing is seen of it any more; lent where something that holds on to it, such as a
    connection of an engine, outlives the function; kept where it outlives the function itself; closed where
    it is closed.
    """

    LOST = enum.auto()
    LENT = enum.auto()
    KEPT = enum.auto()
    CLOSED = enum.auto()


_CLOSING: Final = frozenset(
    {"aclose", "close", "closeall", "disconnect", "dispose", "shutdown", "stop", "terminate"}
)
# Functions that close what they are given at the end of a block, or of the program.
_CLOSERS: Final = frozenset({"aclosing", "closing", "enter_async_context", "enter_context", "finalize"})
# Methods whose result holds on to the object: a connection of an engine, a database of a client.
_LENDING: Final = frozenset(
    {
        *("acquire", "begin", "build_request", "connect", "cursor", "execution_options", "get_collection"),
        *("get_database", "get_default_database", "iter_bytes", "iter_lines", "lock", "pipeline", "pubsub"),
        *("raw_connection", "scan_iter", "session", "stream", "watch", "with_options"),
    }
)
# Functions whose result holds on to what they are given, and does not close it.
_WRAPPERS: Final = frozenset(
    {"AsyncSession", "Session", "async_sessionmaker", "cast", "scoped_session", "sessionmaker"}
)
# Functions that are done with what they are given when they return.
_READERS: Final = frozenset(
    {
        *("bool", "create_all", "drop_all", "has_table", "inspect", "isinstance", "listens_for", "print"),
        *("read_sql", "read_sql_query", "read_sql_table", "reflect", "repr", "str", "to_sql", "type"),
    }
)
# A variable that is read more often than this counts as kept, so that the time stays linear.
_MAX_USES: Final = 200
# What holds the value of a part of it.
_PASSING: Final = (ast.Await, ast.BoolOp, ast.IfExp, ast.Starred, ast.Subscript)
# What looks at a value, or runs over it, and does not keep it.
_LOOKING: Final = (
    *(ast.Assert, ast.AsyncFor, ast.Compare, ast.Delete, ast.Expr, ast.For, ast.FormattedValue, ast.If),
    *(ast.UnaryOp,),
    *(ast.While, ast.comprehension),
)


def fate(made: ast.Call, file: PythonFile) -> Fate:
    """Return what becomes of the object that the call `made` returns, in the function around it.

    It is kept where it is returned, yielded, put into something else, handed to a function that may keep it,
    or bound to anything but a variable of this function alone. A parameter that is bound to it in some cases
    is kept, too.
    """
    search = _Search(made, file)
    found = Fate.LOST
    while search.waiting and found is not Fate.CLOSED:
        found = max(found, search.step(search.waiting.pop()))
    return found


class _Held(NamedTuple):
    """An expression that is the object, or holds on to it.

    Attributes:
        node: the expression.
        closes: whether closing it closes the object.
        kept: what it is for the object that this outlives the function.
    """

    node: ast.AST
    closes: bool = True
    kept: Fate = Fate.KEPT

    def lent(self, node: ast.AST) -> _Held:
        """Return `node` as something that this lends."""
        return _Held(node, False, Fate.LENT)


class _Search:
    """The expressions that are still to be looked at."""

    def __init__(self, made: ast.Call, file: PythonFile) -> None:
        self.file = file
        self.function = file.enclosing_function(made)
        self.waiting = [_Held(made)]
        self._seen: set[ast.AST] = set()

    def step(self, held: _Held) -> Fate:
        """Look at the place where `held` stands, and note where it can be found next."""
        parent = self.file.parent(held.node)
        match parent:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                return Fate.LOST
            case ast.Attribute():
                return self._attribute(held, parent)
            case ast.Call(func=function) if function is held.node:
                self.waiting.append(held.lent(parent))
                return Fate.LOST
            case ast.keyword() | ast.Call():
                return self._argument(held, parent)
            case ast.withitem(optional_vars=target):
                targets = [target] if target is not None else []
                return Fate.CLOSED if held.closes else self._bound(held, targets)
            case ast.Assign(targets=targets):
                return self._bound(held, targets)
            case ast.AnnAssign(target=target):
                return self._bound(held, [target])
            case ast.NamedExpr(target=target):
                self.waiting.append(held._replace(node=parent))
                return self._bound(held, [target])
            case _ if isinstance(parent, _PASSING):
                self.waiting.append(held._replace(node=parent))
                return Fate.LOST
        return Fate.LOST if isinstance(parent, _LOOKING) else held.kept

    def _attribute(self, held: _Held, attribute: ast.Attribute) -> Fate:
        call = self.file.parent(attribute)
        if attribute.attr in _CLOSING:
            return Fate.CLOSED if held.closes else Fate.LOST
        if not isinstance(call, ast.Call) or call.func is not attribute:
            self.waiting.append(held.lent(attribute))
        elif attribute.attr in _LENDING or argument(call, "stream") is not None:
            self.waiting.append(held.lent(call))
        return Fate.LOST

    def _argument(self, held: _Held, parent: ast.Call | ast.keyword) -> Fate:
        call = parent if isinstance(parent, ast.Call) else self.file.parent(parent)
        name = self.file.own_name(call.func) if isinstance(call, ast.Call) else ""
        if name in _CLOSERS:
            return Fate.CLOSED
        if call is not None and name in _WRAPPERS:
            self.waiting.append(_Held(call, False, held.kept))
            return Fate.LOST
        return Fate.LOST if name in _READERS else held.kept

    def _bound(self, held: _Held, targets: list[ast.expr]) -> Fate:
        found = Fate.LOST
        for target in targets:
            scope = self.file.scope(target).binder(target.id) if isinstance(target, ast.Name) else None
            if not isinstance(target, ast.Name) or scope is None or scope.node is not self.function:
                return held.kept
            read = uses((scope, target.id), self.file)
            if len(read) > _MAX_USES:
                return held.kept
            # Parameters are bound before all else.
            if isinstance(scope.bindings[target.id][0], ast.arg):
                found = held.kept
            for use in read:
                if use in self._seen:
                    continue
                self._seen.add(use)
                self.waiting.append(held._replace(node=use))
                if self.file.enclosing_function(use) is not self.function:
                    found = held.kept
        return found
