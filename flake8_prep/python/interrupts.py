"""Exceptions that ask a program or a task to end, and who keeps them from doing it."""

from __future__ import annotations

import ast
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.catchers import Catcher, clauses, description, guarded, guarded_nodes, try_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.exceptions import CANCELLED, KEYBOARD_INTERRUPT, SYSTEM_EXIT, caught
from flake8_prep.python.flow import Exit, exits
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.tasks import awaited, cancelled_attributes, first_cancellation
from flake8_prep.python.tree import FUNCTIONS, Function

# Where a program begins: by the function's name, or as a command of click or typer.
_ENTRY_POINT: Final = lazy_pattern(r"(?:^|_)a?main(?:_|$)")
_COMMANDS: Final = frozenset({"callback", "command", "group"})

_RESULTS: Final = frozenset({"exception", "result"})  # of a task or future: its exceptions are not our own
_SERVERS: Final = frozenset({"pause", "run_app", "run_forever", "run_until_complete", "serve_forever"})
_RUNNERS: Final = frozenset(
    {
        *("anyio.run", "asyncio.run", "trio.run", "uvicorn.run"),
        # Ctrl-C goes to the child process too.
        *("os.system", "subprocess.call", "subprocess.check_call"),
        *("subprocess.check_output", "subprocess.run"),
    }
)
_PROMPTS: Final = frozenset(
    {"cmdloop", "confirm", "getch", "getpass", "input", "interact", "prompt", "raw_input"}
)
_WAITS_FOR_CHILD: Final = frozenset({"communicate", "wait"})  # Ctrl-C goes to the child process too
_PROGRAMS: Final = frozenset({"main", "parse_args", "parse_known_args", "run_module", "run_path"})
# Functions that end with such an exception by design.
_ENDED_BY: Final = {
    KEYBOARD_INTERRUPT: _RESULTS | _SERVERS | _PROMPTS | _WAITS_FOR_CHILD,
    SYSTEM_EXIT: _RESULTS | _PROGRAMS,
    CANCELLED: frozenset({"serve_forever"}),
}
_PARSES: Final = "parse_"  # the beginning of what parses arguments, and so may end the program
_STOPS: Final = lazy_pattern(
    r"(?:^|[._])(?:abort|cancel|close|exit|interrupt|join|kill|quit|shut_?down|stop|terminate)"
)
_LOOPS: Final = (ast.For, ast.While)
_ABOUT_CANCELLATION: Final = frozenset({"cancelled", "cancelling", "uncancel"})


def requests(file: PythonFile, catcher: Catcher) -> frozenset[str]:
    """Return the names of the exceptions that ask a program or a task to end, and that `catcher` catches.

    Left out are those that a handler before it catches, that cannot arrive there, or that are expected there.
    Ask through ``file.once(requests, catcher)``.
    """
    catches = caught(clauses(catcher), file)
    found = catches.base
    if found and isinstance(catcher, ast.ExceptHandler):
        handlers = try_of(catcher, file).handlers
        found -= caught([handler.type for handler in handlers[: handlers.index(catcher)]], file).base
    if CANCELLED in found and not _may_be_cancelled(catcher, file):
        found -= {CANCELLED}
    if not catches.everything:
        # Whoever names such an exception has it in mind; tests raise it themselves.
        if file.is_test:
            return frozenset()
        return frozenset(name for name in found if not _is_expected(name, catcher, file))
    # Whoever lets Ctrl-C through above a handler for everything wants to survive an exit.
    return found if found != {SYSTEM_EXIT} else frozenset()


def _is_expected(request: str, catcher: Catcher, file: PythonFile) -> bool:
    """Say whether `request` is how the guarded code is meant to end, or the handler does as it is asked."""
    if request == KEYBOARD_INTERRUPT:
        function = file.enclosing_function(catcher)
        if function is None or _is_entry_point(function, file) or "EOFError" in description(catcher):
            return True
        if not exits(guarded(catcher, file), file) & (Exit.NEXT | Exit.RETURN):  # an endless loop
            return True
        if isinstance(catcher, ast.ExceptHandler):
            if _ends_endless_loop(catcher, file) or _cuts_short(catcher, file):
                return True
    if request != CANCELLED and isinstance(catcher, ast.ExceptHandler) and _stops_something(catcher, file):
        return True
    calls = [node for node in guarded_nodes(catcher, file) if isinstance(node, ast.Call)]
    if request == KEYBOARD_INTERRUPT and any(file.qualified_name(call.func) in _RUNNERS for call in calls):
        return True
    names = [last_name(call.func) for call in calls]
    if request == SYSTEM_EXIT and any(name.startswith(_PARSES) for name in names):
        return True
    return not _ENDED_BY[request].isdisjoint(names)


def _is_entry_point(function: Function | ast.Lambda, file: PythonFile) -> bool:
    """Say whether a program begins in `function`, or in a function around it."""
    above: Function | ast.Lambda | None = function
    while above is not None:
        if isinstance(above, FUNCTIONS):
            if _ENTRY_POINT.search(above.name):
                return True
            for decorator in above.decorator_list:
                if isinstance(decorator, ast.Call) and last_name(decorator.func) in _COMMANDS:
                    return True
        above = file.enclosing_function(above)
    return False


def _ends_endless_loop(handler: ast.ExceptHandler, file: PythonFile) -> bool:
    """Say whether `handler` does as it is asked: it leaves a loop that nothing else need end."""
    loop = file.enclosing_loop(handler)
    return (
        isinstance(loop, ast.While)
        and isinstance(loop.test, ast.Constant)
        and not exits(handler.body, file) & (Exit.NEXT | Exit.CONTINUE)
    )


def _cuts_short(handler: ast.ExceptHandler, file: PythonFile) -> bool:
    """Say whether Ctrl-C ends a long computation, a loop in the guarded block, and `handler` says so."""
    is_long = any(isinstance(statement, _LOOPS) for statement in guarded(handler, file))
    says = any(isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) for each in handler.body)
    return is_long and says and Exit.CONTINUE not in exits(handler.body, file)


def _stops_something(handler: ast.ExceptHandler, file: PythonFile) -> bool:
    """Say whether `handler` stops a server, a thread or the like, and does not go round a loop again."""
    if Exit.CONTINUE in exits(handler.body, file):
        return False
    for node in file.own_nodes(handler):
        if isinstance(node, ast.Call) and _STOPS.search(dotted_name(node.func).lower()):
            return True
        if isinstance(node, ast.Assign):  # a flag that others look at: `self._shutdown = True`
            if isinstance(node.value, ast.Constant) and node.value.value is True:
                if any(_STOPS.search(dotted_name(target).lower()) for target in node.targets):
                    return True
    return False


def _may_be_cancelled(catcher: Catcher, file: PythonFile) -> bool:
    """Say whether the task that runs `catcher` can be cancelled there, and nobody asks for it or about it."""
    function = file.enclosing_function(catcher)
    waits = awaited(guarded_nodes(catcher, file))
    if not waits or all(name in file.once(cancelled_attributes) for name in waits):
        return False
    if file.once(first_cancellation, function or file.tree.module) < catcher.lineno:
        return False
    # Within a handler for cancellation it is for that handler to go on with it.
    for above in file.ancestors(catcher):
        if above is function:
            break
        if isinstance(above, ast.ExceptHandler) and CANCELLED in caught([above.type], file).base:
            return False
    handled = file.own_nodes(catcher) if isinstance(catcher, ast.ExceptHandler) else ()
    return not any(isinstance(node, ast.Attribute) and node.attr in _ABOUT_CANCELLATION for node in handled)
