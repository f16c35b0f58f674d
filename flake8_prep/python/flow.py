"""Where control goes at the end of a block of statements."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Sequence
from typing import Any, Final

from flake8_prep.python.classes import class_of_self, method_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.python.values import type_of


class Exit(enum.Flag):
    """The ways in which control can leave a block.

    Only what is written counts: that nearly every expression may raise is left aside. `BREAK` and `CONTINUE`
    are about the loop around the block; those of a loop inside the block end there.
    """

    NEXT = enum.auto()
    RAISE = enum.auto()
    RETURN = enum.auto()
    BREAK = enum.auto()
    CONTINUE = enum.auto()


# Functions that never return: they raise, or end the process.
_NEVER_RETURN: Final = frozenset(
    {
        "bottle.abort",
        "builtins.exit",
        "builtins.quit",
        "flask.abort",
        "os._exit",
        "os.abort",
        "pytest.exit",
        "pytest.fail",
        "pytest.skip",
        "pytest.xfail",
        "quart.abort",
        "sys.exit",
        "werkzeug.exceptions.abort",
    }
)
# Methods of Ansible's modules, which end the process.
_ENDS_MODULE: Final = frozenset({"exit_json", "fail_json"})
# Methods that never return, by what they are called on: a test case, a parser of arguments, click's context.
_NEVER_RETURN_FROM: Final = {
    "self": frozenset({"fail", "skipTest"}),
    "cls": frozenset({"fail", "skipTest"}),
    "parser": frozenset({"error", "exit"}),
    "ctx": frozenset({"abort", "exit", "fail"}),
}
_NO_RETURN: Final = frozenset({"NoReturn", "Never"})
# Part of the names of functions and context managers that raise what is being handled again (six, oslo).
_RERAISES: Final = "reraise"
_SUPPRESSORS: Final = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


def exits(block: Sequence[ast.stmt], file: PythonFile) -> Exit:
    """Return the ways in which control can leave `block`; `Exit.NEXT` is to run past its last statement.

    ``exits(handler.body, file) == Exit.RAISE`` says that every path raises, and
    ``not exits(block, file) & (Exit.NEXT | Exit.CONTINUE)`` that no path goes round the loop again.
    """
    found = Exit.NEXT
    for statement in block:
        way_out = _WAYS_OUT.get(statement.__class__)
        if way_out is not None:
            found = found & ~Exit.NEXT | way_out(statement, file)
            if Exit.NEXT not in found:
                break
    return found


def never_returns(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` is known to raise or to end the process: ``sys.exit``, or what returns NoReturn."""
    function = call.func
    name = last_name(function)
    if name in _ENDS_MODULE or _RERAISES in name or file.qualified_name(function) in _NEVER_RETURN:
        return True
    if isinstance(function, ast.Name):
        definition = file.definition_of(function)
        return isinstance(definition, FUNCTIONS) and (
            _returns_never(definition) or _ends_in_exit(definition, file)
        )
    if isinstance(function, ast.Attribute):
        receiver = last_name(function.value)
        for end, methods in _NEVER_RETURN_FROM.items():
            if function.attr in methods and receiver.lower().endswith(end):
                return True
        if function.attr in _NEVER_RETURN_FROM["parser"]:
            if type_of(function.value, file) == "argparse.ArgumentParser":
                return True
        around = class_of_self(function.value, file) if isinstance(function.value, ast.Name) else None
        method = method_of(around, function.attr, file) if around is not None else None
        return method is not None and _returns_never(method)
    return False


def _returns_never(function: Function) -> bool:
    annotation = function.returns
    name = annotation.value if isinstance(annotation, ast.Constant) else last_name(annotation)
    return name in _NO_RETURN


def _ends_in_exit(function: Function, file: PythonFile) -> bool:
    """Say whether the last statement of `function` is to leave the program, and nothing returns before."""
    last = function.body[-1]
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        return False
    if file.qualified_name(last.value.func) not in _NEVER_RETURN:
        return False
    return not any(isinstance(node, ast.Return) for node in file.own_nodes(*function.body))


def _expression(statement: ast.Expr, file: PythonFile) -> Exit:
    value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
    return Exit.RAISE if isinstance(value, ast.Call) and never_returns(value, file) else Exit.NEXT


def _assert(statement: ast.Assert, file: PythonFile) -> Exit:
    return Exit.RAISE if isinstance(statement.test, ast.Constant) and not statement.test.value else Exit.NEXT


def _if(statement: ast.If, file: PythonFile) -> Exit:
    found = exits(statement.body, file)
    # A chain of `elif` is nested as deep as it is long.
    while len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If):
        statement = statement.orelse[0]
        found |= exits(statement.body, file)
    return found | exits(statement.orelse, file)


def _loop(statement: ast.For | ast.AsyncFor | ast.While, file: PythonFile) -> Exit:
    body = exits(statement.body, file)
    found = body & ~(Exit.NEXT | Exit.BREAK | Exit.CONTINUE)
    if Exit.BREAK in body:
        found |= Exit.NEXT
    if isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant) and statement.test.value:
        return found
    return found | exits(statement.orelse, file)


def _with(statement: ast.With | ast.AsyncWith, file: PythonFile) -> Exit:
    found = exits(statement.body, file)
    for item in statement.items:
        manager = item.context_expr
        name = last_name(manager.func) if isinstance(manager, ast.Call) else ""
        if _RERAISES in name:
            found = found & ~Exit.NEXT | Exit.RAISE
        elif name in _SUPPRESSORS and Exit.RAISE in found:
            found |= Exit.NEXT
    return found


def _try(statement: ast.Try, file: PythonFile) -> Exit:
    # Whether a handler catches what is raised is not asked: `Exit.RAISE` stays, beside its own ways out.
    found = exits(statement.body, file)
    if Exit.NEXT in found:
        found = found & ~Exit.NEXT | exits(statement.orelse, file)
    for handler in statement.handlers:
        found |= exits(handler.body, file)
    if statement.finalbody:
        last = exits(statement.finalbody, file)
        found = found | last & ~Exit.NEXT if Exit.NEXT in last else last
    return found


def _match(statement: ast.Match, file: PythonFile) -> Exit:
    found = Exit(0)
    for case in statement.cases:
        found |= exits(case.body, file)
    return found if any(_is_irrefutable(case) for case in statement.cases) else found | Exit.NEXT


def _is_irrefutable(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


# The statements after which control may not be at the next one.
_WAYS_OUT: Final[dict[type[ast.stmt], Callable[[Any, PythonFile], Exit]]] = {
    ast.Raise: lambda statement, file: Exit.RAISE,
    ast.Return: lambda statement, file: Exit.RETURN,
    ast.Break: lambda statement, file: Exit.BREAK,
    ast.Continue: lambda statement, file: Exit.CONTINUE,
    ast.Expr: _expression,
    ast.Assert: _assert,
    ast.If: _if,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.While: _loop,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
}
