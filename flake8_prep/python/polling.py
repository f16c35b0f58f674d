"""Loops that ask again and again whether something is ready."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.loggers import log_call
from flake8_prep.python.loops import Step, assignments, expressions, is_in_body, leaves, names_in
from flake8_prep.python.names import dotted_name, last_name

# Functions and methods that obtain nothing new: they tell the time, or convert and compare what is there.
_OBTAIN_NOTHING: Final = frozenset(
    """
    abs all any bool bytes copy dict endswith enumerate float format getattr hasattr id int isinstance
    issubclass items join keys len list lower lstrip max min monotonic monotonic_ns now perf_counter
    perf_counter_ns print process_time randint random range replace repr reversed round rstrip set sleep
    sorted split splitlines startswith str strip sum super time time_ns timedelta today tuple type uniform
    upper utcnow values zip
    """.split()
)
# Methods that change the object that they are called on.
_MUTATORS: Final = frozenset(
    {"add", "append", "clear", "discard", "extend", "pop", "popleft", "remove"}
)
_REFRESHERS: Final = frozenset({"load", "poll", "refresh", "refresh_from_db", "reload", "update"})
# A call that asks whether to go on, as in `self._stop.is_set()` or `worker.should_exit()`.
_ASKS_TO_STOP: Final = lazy_pattern(
    r"(?i)is_?set$|abort|cancel|clos|exit|kill|quit|shut|stop|terminat|^self\.\w*(?:alive|running)$"
)


def polls(loop: ast.While, inside: list[Step], file: PythonFile) -> bool:
    """Say whether a value that is obtained from a call in `loop` decides when it ends."""
    if _works_off(loop, inside, file):
        return False
    if not any(_obtains(each, file) for step in inside for each in expressions(step.statement)):
        # Nothing but the test can change: this waits, for whatever the test asks.
        return any(
            isinstance(each, ast.Call) and not _is_idle(each, file) for each in file.own_nodes(loop.test)
        )
    results = _results(inside, file)

    def is_result(test: ast.expr) -> bool:
        return _obtains(test, file) or not results.isdisjoint(names_in(test, file))

    return is_result(loop.test) or any(
        is_result(test)
        for step in inside
        if step.handler is None and leaves(step, file)
        for test in step.tests()
    )


def _works_off(loop: ast.While, inside: list[Step], file: PythonFile) -> bool:
    """Say whether `loop` goes through batches: it works on one and gets another until there is none."""
    batches = {dotted_name(loop.test), *(_missing_at(step, file) for step in inside)} - {""}
    if not batches:
        return False
    renewed = {
        name
        for step in inside
        for name, value in assignments(step, file)
        if name in batches and name not in names_in(value, file)
    }
    return any(not renewed.isdisjoint(_worked_on(step.statement)) for step in inside)


def _missing_at(step: Step, file: PythonFile) -> str:
    """Return `batch` where `step` ends the loop right below ``if not batch:``."""
    match file.parent(step.statement):
        case ast.If(test=ast.UnaryOp(op=ast.Not(), operand=asked)) as condition:
            is_end = is_in_body(step.statement, condition) and step.handler is None and leaves(step, file)
            return dotted_name(asked) if is_end else ""
    return ""


def _worked_on(statement: ast.stmt) -> Iterator[str]:
    """Yield what a loop goes through, also by ``enumerate(batch)``, and what is added to a sum."""
    match statement:
        case ast.For(iter=ast.Call(args=[iterated, *_])) | ast.For(iter=iterated):
            yield dotted_name(iterated)
        case ast.AugAssign(op=ast.Add(), value=added):
            yield dotted_name(added)


def _results(inside: list[Step], file: PythonFile) -> set[str]:
    """Return the names whose values come from calls in the loop, or depend on such values."""
    found: set[str] = set()
    depends: defaultdict[str, list[str]] = defaultdict(list)
    for step in inside:
        for name, value in (*assignments(step, file), *_changes(step)):
            for source in (value, *step.tests()):
                if _obtains(source, file):
                    found.add(name)
                for other in names_in(source, file):
                    depends[other].append(name)
    waiting = [*found]
    while waiting:
        for name in depends[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _changes(step: Step) -> Iterator[tuple[str, ast.expr]]:
    """Yield the objects that `step` changes by calling a method, each with what the change comes from."""
    call = step.statement.value if isinstance(step.statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        name = dotted_name(call.func.value)
        if name and call.func.attr in _REFRESHERS:
            yield name, call
        elif name and call.func.attr in _MUTATORS:
            yield from ((name, value) for value in (*call.args, call.func.value))


def _obtains(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` calls something that may tell news, other than that the loop is to stop."""
    return any(
        isinstance(each, ast.Call) and not _is_idle(each, file) and not _asks_to_stop(each)
        for each in file.own_nodes(node)
    )


def _asks_to_stop(call: ast.Call) -> bool:
    return not call.args and not call.keywords and _ASKS_TO_STOP.search(dotted_name(call.func)) is not None


def _is_idle(call: ast.Call, file: PythonFile) -> bool:
    if any(keyword.arg == "nx" for keyword in call.keywords):
        return False  # `redis.set(key, value, nx=True)` tells whether the key was free
    return last_name(call.func) in _OBTAIN_NOTHING or log_call(call, file) is not None
