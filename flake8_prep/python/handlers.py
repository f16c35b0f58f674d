"""What becomes of an exception that is caught: asked here once, for all rules about handlers."""

from __future__ import annotations

import ast
import enum
import itertools
import logging
from collections.abc import Iterator, Sequence
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.catchers import Catcher, clauses, guarded, guarded_nodes, try_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.exceptions import caught
from flake8_prep.python.flow import Exit, exits, never_returns
from flake8_prep.python.interrupts import requests
from flake8_prep.python.loggers import log_call
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.reporters import gives_exception, is_report
from flake8_prep.python.tasks import awaited, first_endings


class Fate(enum.Enum):
    """What is done with an exception that is caught."""

    HANDLED = enum.auto()
    """It is raised again, logged, reported or used; or only some named kinds of error are caught."""
    SILENCED = enum.auto()
    """Everything is caught, and nothing at all is done."""
    SWALLOWED = enum.auto()
    """A request to end the program or the task is caught, and goes no further."""
    UNLOGGED = enum.auto()
    """Everything is caught, and a warning or an error is logged, but not the exception."""
    DISCARDED = enum.auto()
    """Everything is caught, and what is done has nothing to do with the exception."""


# Functions that make text of an exception or look at its type: from there it goes no further.
_LOOKS: Final = frozenset({"format", "isinstance", "issubclass", "print", "repr", "str", "type", "warn"})
# Functions that look like reports, but give the exception to who can raise it.
_PASSES_ON: Final = lazy_pattern(r"handle|set_exception")
_HELD_BY: Final = (ast.Dict, ast.IfExp, ast.List, ast.Set, ast.Starred, ast.Subscript, ast.Tuple, ast.keyword)
_KEPT: Final = (ast.AnnAssign, ast.Assign, ast.NamedExpr, ast.Return, ast.Yield)
# How far up a handler around another one is looked for; it keeps the time linear.
_MAX_ABOVE: Final = 16
_LITERAL: Final = (
    *(ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.UnaryOp),
    *(ast.expr_context, ast.unaryop),
)


def fate(file: PythonFile, catcher: Catcher) -> Fate:
    """Return what is done with what `catcher` catches; ask through ``file.once(fate, catcher)``.

    A call that is not one of :func:`contextlib.suppress` catches nothing, so nothing is left to be handled.
    """
    found = _fate(catcher, file)
    return Fate.HANDLED if found is not Fate.HANDLED and _is_excused(catcher, file) else found


def _fate(catcher: Catcher, file: PythonFile) -> Fate:
    catches = caught(clauses(catcher), file)
    if isinstance(catcher, ast.Call):
        if file.qualified_name(catcher.func) != "contextlib.suppress":
            return Fate.HANDLED
        if catches.everything:
            return Fate.SILENCED
        return Fate.SWALLOWED if file.once(requests, catcher) else Fate.HANDLED
    if catches.everything and all(_does_nothing(statement) for statement in catcher.body):
        return Fate.SILENCED
    if catches.base and file.once(requests, catcher):
        return Fate.HANDLED if _lets_through(catcher, file) else Fate.SWALLOWED
    return _fate_of_errors(catcher, file) if catches.everything else Fate.HANDLED


# Places where an exception may vanish


def _is_excused(catcher: Catcher, file: PythonFile) -> bool:
    """Say whether nobody is there to tell, or the exception is what the code wants to see."""
    function = file.enclosing_function(catcher)
    if getattr(function, "name", None) == "__del__":  # Python itself can only print what it raises
        return True
    statements = guarded(catcher, file)
    if statements and all(_is_log_statement(statement, file) for statement in statements):
        return True
    if _is_wait_for_ended(statements, catcher, file) or _is_followed_by_raise(catcher, file):
        return True
    if isinstance(catcher, ast.ExceptHandler):
        otherwise = try_of(catcher, file).orelse
        return bool(otherwise) and exits(otherwise, file) == Exit.RAISE
    return False


def _is_followed_by_raise(catcher: Catcher, file: PythonFile) -> bool:
    """Say whether what catches does nothing but go on to the last statement of its block, which raises."""
    if isinstance(catcher, ast.ExceptHandler) and exits(catcher.body, file) != Exit.NEXT:
        return False
    statement = file.statement(catcher)
    above = file.parent(statement) if statement is not None else None
    blocks = (getattr(above, field, None) for field in ("body", "orelse", "finalbody"))
    return any(
        isinstance(block, list) and block[-2:-1] == [statement] and exits(block[-1:], file) == Exit.RAISE
        for block in blocks
    )


def _is_wait_for_ended(statements: Sequence[ast.stmt], catcher: Catcher, file: PythonFile) -> bool:
    """Say whether `statements` only wait for a task or future that the same function has ended before."""
    if len(statements) != 1:
        return False
    endings = file.once(first_endings, file.enclosing_function(catcher) or file.tree.module)
    nodes = guarded_nodes(catcher, file) if endings else []
    names = awaited(nodes)
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"exception", "result"}:
            names.append(dotted_name(node.value))
    return any(name and endings.get(name, catcher.lineno) < catcher.lineno for name in names)


def _is_log_statement(statement: ast.stmt, file: PythonFile) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and log_call(call, file) is not None


# What a handler does


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Return):
        value = statement.value
        return value is None or all(isinstance(node, _LITERAL) for node in ast.walk(value))
    return isinstance(statement, (ast.Pass, ast.Continue, ast.Break))


def _lets_through(handler: ast.ExceptHandler, file: PythonFile) -> bool:
    """Say whether a request to end goes on: raised, given to who can raise it, or told from errors."""
    if not exits(handler.body, file) & ~Exit.RAISE:
        return True
    raises = tests = False
    for node in file.own_nodes(handler):
        if isinstance(node, ast.Raise):
            raises = True
        elif isinstance(node, ast.If):
            tests = tests or any(_uses(handler, [node.test], file))
        elif isinstance(node, ast.Call) and gives_exception(node, file):
            if last_name(node.func) == "errback" or _is_kept(node, file):
                return True
    return (raises and tests) or any(_is_kept(use, file) for use in _uses(handler, handler.body, file))


def _is_kept(exception: ast.expr, file: PythonFile) -> bool:
    """Say whether the expression `exception` is stored, returned or passed on, rather than made into text."""
    node = file.parent(exception)
    if isinstance(node, ast.Attribute):
        return node.attr == "code"  # the status that SystemExit carries
    while isinstance(node, _HELD_BY):
        node = file.parent(node)
    if isinstance(node, ast.Call):
        name = last_name(node.func)
        if _PASSES_ON.search(name):
            return True
        return not (name in _LOOKS or is_report(node, file) or log_call(node, file))
    return isinstance(node, _KEPT)


def _uses(handler: ast.ExceptHandler, parts: Sequence[ast.AST], file: PythonFile) -> Iterator[ast.Name]:
    """Yield the names in `parts`, also in functions there, that read the exception that `handler` binds."""
    for part in parts:
        for node in ast.walk(part):
            if isinstance(node, ast.Name) and node.id == handler.name and isinstance(node.ctx, ast.Load):
                if handler in file.bindings(node):
                    yield node


def _fate_of_errors(handler: ast.ExceptHandler, file: PythonFile) -> Fate:
    # What fails while another error is handled may be reported together with that one.
    above = itertools.islice(file.ancestors(handler), _MAX_ABOVE)
    for each in (handler, *above):
        if isinstance(each, ast.ExceptHandler) and each.name is not None:
            if any(_uses(each, handler.body, file)):
                return Fate.HANDLED
    levels = []
    for node in file.own_nodes(handler):
        if isinstance(node, (ast.Raise, ast.Assert)):
            return Fate.HANDLED
        if isinstance(node, ast.Call):
            log = log_call(node, file)
            if log is None:
                if never_returns(node, file) or is_report(node, file):
                    return Fate.HANDLED
            elif log.carries_exception:
                return Fate.HANDLED
            else:
                levels.append(log.level or logging.NOTSET)
    if not levels:
        return Fate.DISCARDED
    return Fate.UNLOGGED if max(levels) >= logging.WARNING else Fate.HANDLED
