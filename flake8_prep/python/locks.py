"""Which functions take a lock themselves, rather than by ``with``, and which lock that is."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.python.values import origins, type_of

_LOCK_WORD: Final = re.compile(
    r"(?:d|dist|file|flex|g|pid|r|red|rw|spin|w)?locks?|mutex(?:es)?|sem(?:a|aphore)?s?"
)
_TAKING_FUNCTION: Final = re.compile(r"_*(?:try_?)?acquire_?\w*lock", re.IGNORECASE)
_CONDITIONS: Final = re.compile(r"(?:asyncio|multiprocessing|threading)\.(?:\w+\.)*Condition")
# What makes of the name of a lock that of many things, one of which is handed out.
_POOLS: Final = frozenset({"pool", "pools"})
# Functions that await what they are given.
_WAITERS: Final = frozenset({"shield", "timeout_after", "wait_for"})
# Words in the names of functions that take a lock for their callers.
_FOR_CALLERS: Final = frozenset({"acquire", "aenter", "enter", "lock"})
# What the result of taking a lock passes through on its way to what decides by it.
_TESTS: Final = (ast.Await, ast.BoolOp, ast.Compare, ast.NamedExpr, ast.UnaryOp)


class Acquisition(NamedTuple):
    """A place where a lock is taken.

    Attributes:
        call: the call that takes it.
        name: what the lock is called: as it is written, or the name of the function that takes it.
        lock: the expression that is the lock; None where a function takes it (``acquire_room_lock(..)``).
        result: the name of the variable that is bound to what the call returns; None where there is none.
    """

    call: ast.Call
    name: str
    lock: ast.expr | None
    result: str | None


def acquisitions(file: PythonFile) -> dict[Function, list[Acquisition]]:
    """Return the locks that each function takes; ask through ``file.once(acquisitions)``.

    Left out are locks taken by ``with`` or a stack of context managers, those that are made for later, those
    whose result is returned or stored, and those in lambdas and outside of functions.
    """
    found: dict[Function, list[Acquisition]] = defaultdict(list)
    for call in file.nodes(ast.Call):
        name = last_name(call.func)
        if name == "acquire":
            lock = call.func.value if isinstance(call.func, ast.Attribute) else None
            if lock is None or not is_lock(lock, file):
                continue
        elif "acquire" in name.lower() and _TAKING_FUNCTION.fullmatch(name):
            lock = None
        else:
            continue
        function = file.enclosing_function(call)
        if isinstance(function, FUNCTIONS) and not (lock and _is_made_for_later(lock, function, file)):
            result = _result(call, file)
            if result is not None:
                written = ast.unparse(lock) if lock is not None else name
                found[function].append(Acquisition(call, written, lock, result or None))
    return found


def _is_made_for_later(lock: ast.expr, function: Function, file: PythonFile) -> bool:
    """Say whether `function` itself gives its object this lock, which other methods then give back."""
    return isinstance(lock, ast.Attribute) and any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node) == ast.unparse(lock)
        for node in file.own_nodes(function)
    )


def takes_for_callers(function: Function) -> bool:
    """Say whether `function` takes a lock that its callers give back, as ``acquire`` and ``__enter__`` do."""
    return not _FOR_CALLERS.isdisjoint(words_of(function.name))


def is_lock(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` is a lock, a semaphore or a condition: by its type, or else by its name."""
    known = type_of(node, file)
    if known is not None:
        return bool(_CONDITIONS.fullmatch(known)) or is_lock_name(known.rpartition(".")[2])
    if is_lock_name(_name(node)):
        return True
    if isinstance(node, (ast.Name, ast.Attribute)):
        return any(
            origin.call is not None and is_lock_name(last_name(origin.call.func))
            for origin in origins(node, file)
        )
    return False


def is_lock_name(name: str) -> bool:
    """Say whether `name` is that of a lock, or of what makes one: ``room_locks``, ``get_mutex``."""
    words = words_of(name)
    return _POOLS.isdisjoint(words) and any(_LOCK_WORD.fullmatch(word) for word in words)


def _name(node: ast.expr) -> str:
    """Return what says what `node` is: `locks` of ``self.locks[key]``, `get_lock` of ``get_lock(key)``."""
    while isinstance(node, (ast.Subscript, ast.Call)):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return last_name(node)


def _result(call: ast.Call, file: PythonFile) -> str | None:
    """Return the variable that `call` is bound to, or an empty string where there is none.

    None where what becomes of the result is not up to the function alone.
    """
    node: ast.AST = call
    above = file.parent(node)
    result = ""
    while True:
        if isinstance(above, ast.NamedExpr):
            result = above.target.id
        elif isinstance(above, ast.Call) and node in above.args and last_name(above.func) in _WAITERS:
            pass
        elif not isinstance(above, _TESTS):
            break
        node, above = above, file.parent(above)
    if isinstance(above, ast.Assign):
        target = above.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return result if isinstance(above, (ast.Assert, ast.Expr, ast.If, ast.IfExp, ast.While)) else None
