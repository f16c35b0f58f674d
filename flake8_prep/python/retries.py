"""Loops that try again after an error: whether anything but success ends them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import is_none
from flake8_prep.python.context import PythonFile
from flake8_prep.python.flow import Exit, exits
from flake8_prep.python.loggers import log_call
from flake8_prep.python.loops import Step, assignments, expressions, leaves, names_in
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.tree import FUNCTIONS

# Names of what says that it is time to give up: a number of attempts, a time, or a wish to stop.
_LIMIT: Final = lazy_pattern(
    r"(?i)attempt|budget|cancel|clos|count|deadline|elapsed|exhaust|expir|giv(?:e|ing)_?up|left|limit|max"
    r"|monotonic|now$|perf_counter|quit|remain|retr(?!i?y?able)|running|shut|stop|time|tries|tr(?:y|ies)_"
)
# Calls that wait for input, from which an error is news like any other.
_CONSUMERS: Final = lazy_pattern(
    r"a?next|\w*accept|consume|getch|getkey|getpass|get_?message|get_nowait|get_wch|input|prompt\w*|raw_input"
    r"|readline|recv\w*|receive\w*|select"
)
# Calls that wait for something as long as they are told; that it is not there yet is no failure.
_WAITS: Final = frozenset({"acquire", "join", "result", "wait", "wait_for"})
# Parts of the names of functions that may decide to give up.
_DECIDES: Final = lazy_pattern(r"(?i)abort|attempt|backoff|check|fail|handle|limit|next|rais|retr|wait")
_QUEUE: Final = lazy_pattern(r"(?i)queue|inbox|mailbox|channel|(?:^|[._])q$")
# Errors that a second try with the same input does not change, or that call for another try and nothing else.
_NOT_OUTAGES: Final = frozenset(
    """
    AssertionError AttributeError BlockingIOError CancelledError Empty EOFError FileExistsError Full
    IndexError InterruptedError KeyboardInterrupt JSONDecodeError KeyError LookupError QueueEmpty QueueFull
    StopAsyncIteration StopIteration SyntaxError TypeError UnicodeDecodeError UnicodeEncodeError UnicodeError
    ValueError ValidationError WatchError
    """.split()
)
# Parts of the names of exceptions that ask for another round.
_REQUESTS: Final = lazy_pattern(r"Re(?:[lL]oad|[rR]un|[sS]tart)")
_INTERRUPTIONS: Final = frozenset({"EAGAIN", "EINTR", "EWOULDBLOCK"})
# Context managers that end what is in them after a time.
_DEADLINES: Final = lazy_pattern(r"\w*timeout\w*|fail_(?:after|at)|move_on_(?:after|at)")


def has_deadline(loop: ast.While, file: PythonFile) -> bool:
    """Say whether something around `loop` ends it after a time, as ``async with timeout(..)`` does."""
    for above in file.ancestors(loop):
        if isinstance(above, (ast.With, ast.AsyncWith)):
            for item in above.items:
                if isinstance(item.context_expr, ast.Call) and _DEADLINES.fullmatch(
                    last_name(item.context_expr.func)
                ):
                    return True
        elif isinstance(above, FUNCTIONS):
            return above.name in file.once(_limited_calls)
    return False


def _limited_calls(file: PythonFile) -> frozenset[str]:
    """Return the names of what is called in the arguments of ``wait_for(..)``."""
    return frozenset(
        last_name(argument.func)
        for call in file.nodes(ast.Call)
        if last_name(call.func) == "wait_for"
        for argument in call.args
        if isinstance(argument, ast.Call)
    )


def retrying_handler(guarded: ast.Try, inside: list[Step], file: PythonFile) -> ast.ExceptHandler | None:
    """Return the handler of `guarded` after which the loop goes round again, however often it happens."""
    if _waits_for_input(guarded, file):
        return None
    tried = {*file.own_nodes(*guarded.body, *guarded.orelse)}
    bound = {name for step in inside if step.statement in tried for name, _ in assignments(step, file)}
    succeeds = falls_out = is_sought = False
    for step in inside:
        if step.handler is None and leaves(step, file):
            tests = [*step.tests()]
            if (
                _is_limit(tests, file)
                or step.statement not in tried
                and tests
                and not _is_about(tests, bound, file)
            ):
                return None
            succeeds |= isinstance(step.statement, (ast.Return, ast.Break))
            returned = step.statement.value if isinstance(step.statement, ast.Return) else None
            is_sought |= not tests or returned is not None
            falls_out |= step.statement not in tried and not tests
    if not succeeds:
        return None
    # Where both fall out of the `try`, and nothing is looked for, an error is one round that is left out.
    falls_out |= _ends_behind(guarded, file)
    goes_round = Exit.CONTINUE if falls_out or not is_sought else Exit.CONTINUE | Exit.NEXT
    for handler in guarded.handlers:
        if exits(handler.body, file) & goes_round and _is_outage(handler, guarded, file):
            if not _gives_up(handler, inside, file) and not _changes_input(
                handler, guarded, tried, inside, file
            ):
                return handler
    return None


def _ends_behind(guarded: ast.Try, file: PythonFile) -> bool:
    """Say whether every path behind `guarded` leaves the loop, even where it keeps an error quiet."""
    child: Any = guarded
    ways = Exit.NEXT
    while Exit.NEXT in ways and not isinstance(child, ast.While):
        above = file.parent(child)
        blocks = (getattr(above, field, []) for field in ("body", "orelse", "finalbody"))
        rest = next((block[block.index(child) + 1 :] for block in blocks if child in block), [])
        ways = ways & ~Exit.NEXT | exits(rest, file)
        child = above
    return not ways & (Exit.NEXT | Exit.CONTINUE)


def _waits_for_input(guarded: ast.Try, file: PythonFile) -> bool:
    for node in file.own_nodes(*guarded.body):
        if isinstance(node, (ast.AsyncFor, ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, ast.Call):
            called = last_name(node.func)
            if _CONSUMERS.fullmatch(called):
                return True
            if (
                called == "get"
                and isinstance(node.func, ast.Attribute)
                and _QUEUE.search(dotted_name(node.func.value))
            ):
                return True
    return False


def _is_limit(tests: list[ast.expr], file: PythonFile) -> bool:
    return any(_LIMIT.search(name) for test in tests for name in names_in(test, file))


def _is_about(tests: list[ast.expr], names: set[str], file: PythonFile) -> bool:
    return any(not names.isdisjoint(names_in(test, file)) for test in tests)


def _is_outage(handler: ast.ExceptHandler, guarded: ast.Try, file: PythonFile) -> bool:
    """Say whether `handler` is about something that may be over at the next attempt, or not."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {last_name(each) for each in types} - _NOT_OUTAGES
    names = {name for name in names if not _REQUESTS.search(name)}
    if names and all(name.endswith(("Timeout", "TimeoutError")) for name in names):
        # A library that locks files and the like has an exception of its own.
        waits = _WAITS if names == {"TimeoutError"} else {"acquire"}
        return not any(last_name(called) in waits for called in _called(guarded.body, file))
    return bool(names)


def _called(block: list[ast.stmt], file: PythonFile) -> Iterator[ast.expr]:
    """Yield the functions that `block` calls, and what they may call: ``to_thread(lock.acquire)``."""
    for node in file.own_nodes(*block):
        if isinstance(node, ast.Call):
            yield node.func
            yield from node.args[:1]


def _gives_up(handler: ast.ExceptHandler, inside: list[Step], file: PythonFile) -> bool:
    """Say whether `handler` may leave the loop for another reason than what the error is."""
    if any(last_name(node) in _INTERRUPTIONS for node in file.own_nodes(*handler.body)):
        return True
    for step in inside:
        if step.handler is not handler:
            continue
        if leaves(step, file) and not _are_about_error([*step.tests()], handler, file):
            return True
        # What a test decides is seen in the statements that it guards.
        if not isinstance(step.statement, ast.If):
            for node in file.own_nodes(*expressions(step.statement)):
                if isinstance(node, ast.Call) and _may_raise(node, handler, file):
                    return True
    return False


def _are_about_error(tests: list[ast.expr], handler: ast.ExceptHandler, file: PythonFile) -> bool:
    """Say whether there are `tests`, and they look at nothing but what the error is."""
    for test in tests:
        for node in file.own_nodes(test):
            if isinstance(node, ast.Name) and node.id != handler.name and file.qualified_name(node) is None:
                if file.definition_of(node) is None and not node.id.isupper():
                    return False
    return bool(tests) and not _is_limit(tests, file)


def _may_raise(call: ast.Call, handler: ast.ExceptHandler, file: PythonFile) -> bool:
    """Say whether `call` may decide to give up: it is given the error, or its name says so."""
    if log_call(call, file) is not None:
        return False
    name = file.qualified_name(call.func) or dotted_name(call.func)
    if name.startswith(("builtins.", "traceback.")) or name.endswith("sleep"):
        return name == "builtins.next"
    return _DECIDES.search(last_name(call.func)) is not None or any(
        isinstance(node, ast.Name) and node.id == handler.name
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        for node in file.own_nodes(argument)
    )


def _changes_input(
    handler: ast.ExceptHandler, guarded: ast.Try, tried: set[ast.AST], inside: list[Step], file: PythonFile
) -> bool:
    """Say whether the next round tries something else, as where the body reads what is counted on."""
    changed: set[str] = set()
    for step in inside:
        for name, value in assignments(step, file):
            if step.handler is handler and not is_none(value) or isinstance(step.statement, ast.AugAssign):
                changed.add(name)
            elif step.handler is None and step.statement not in tried and not isinstance(value, ast.Constant):
                # A new key on `self` changes what `self.save()` does.
                changed.update((name, name.rpartition(".")[0]))
    return any(not changed.isdisjoint(names_in(statement, file)) for statement in guarded.body)
