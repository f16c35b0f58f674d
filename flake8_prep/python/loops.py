"""What happens in a loop, and what its end depends on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from flake8_prep.python.context import PythonFile
from flake8_prep.python.flow import Exit, exits, never_returns
from flake8_prep.python.names import dotted_name

Loop = ast.For | ast.AsyncFor | ast.While

_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
# How many of the conditions around a statement are looked at, the nearest first: a chain of `elif` has any
# number.
_MAX_GUARDS: Final = 16


class Guard(NamedTuple):
    """What decides whether a statement is reached: a test, a `match` subject, what a loop runs over."""

    test: ast.expr
    outer: Guard | None


class Step(NamedTuple):
    """A statement in a loop, at any depth.

    Attributes:
        statement: the statement; the statements inside it are steps of their own.
        guard: the innermost condition on which it is reached; None where each round reaches it.
        handler: the innermost exception handler, or the `try` whose `finally`, that it is in; None where
        neither is. inner: whether it is in another loop in the loop.
    """

    statement: ast.stmt
    guard: Guard | None
    handler: ast.ExceptHandler | None
    inner: bool

    def tests(self) -> Iterator[ast.expr]:
        """Yield the conditions on which the statement is reached, the innermost first."""
        guard = self.guard
        for _ in range(_MAX_GUARDS):
            if guard is None:
                return
            yield guard.test
            guard = guard.outer


def steps(file: PythonFile, loop: Loop) -> list[Step]:
    """Return the statements in the body of `loop`, at any depth but not in definitions, in no set order."""
    found: list[Step] = []
    stack: list[tuple[list[ast.stmt], int, Guard | None, ast.ExceptHandler | None, bool]] = [
        (loop.body, 0, None, None, False)
    ]
    while stack:
        block, index, guard, handler, inner = stack.pop()
        if index == len(block):
            continue
        statement = block[index]
        found.append(Step(statement, guard, handler, inner))
        after = guard
        if isinstance(statement, ast.If) and Exit.NEXT not in exits(statement.body, file):
            # What follows is reached only where the test is false.
            after = Guard(statement.test, guard)
        stack.append((block, index + 1, after, handler, inner))
        for part, test, caught, is_loop in reversed([*_parts(statement)]):
            inside = Guard(test, guard) if test is not None else guard
            stack.append((part, 0, inside, caught or handler, inner or is_loop))
    return found


def _parts(
    statement: Any,
) -> Iterator[tuple[list[ast.stmt], ast.expr | None, ast.ExceptHandler | None, bool]]:
    """Yield the blocks of `statement` with their conditions, their handlers, and whether they are loops."""
    if isinstance(statement, ast.If):
        yield statement.body, statement.test, None, False
        yield statement.orelse, statement.test, None, False
    elif isinstance(statement, _LOOPS):
        test = statement.test if isinstance(statement, ast.While) else statement.iter
        yield statement.body, test, None, True
        yield statement.orelse, test, None, False
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        yield statement.body, None, None, False
    elif isinstance(statement, (ast.Try, ast.TryStar)):
        yield statement.body, None, None, False
        for handler in statement.handlers:
            yield handler.body, None, handler, False
        yield statement.orelse, None, None, False
        yield statement.finalbody, None, None, False
    elif isinstance(statement, ast.Match):
        for case in statement.cases:
            yield case.body, statement.subject, None, False


def leaves(step: Step, file: PythonFile) -> bool:
    """Say whether control leaves the loop at `step`, by a statement or by a call that never returns."""
    statement = step.statement
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Call) and never_returns(statement.value, file)
    return (
        isinstance(statement, (ast.Return, ast.Raise)) or isinstance(statement, ast.Break) and not step.inner
    )


def names_in(node: ast.AST, file: PythonFile) -> Iterator[str]:
    """Yield the names and dotted names in `node`, with their beginnings: ``a.b`` and ``a`` for ``a.b``."""
    for each in file.own_nodes(node):
        if isinstance(each, (ast.Name, ast.Attribute)):
            name = dotted_name(each)
            if name:
                yield name


def assignments(step: Step, file: PythonFile) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names and dotted names that `step` itself binds, with what their values come from.

    The value of ``x += y`` is ``y``. In ``x[i] = y`` it is `x` that is bound.
    """
    statement: Any = step.statement
    pairs: list[tuple[list[ast.expr], ast.expr]] = []
    if isinstance(statement, ast.Assign):
        pairs = [(statement.targets, statement.value)]
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        pairs = [([statement.target], statement.value)]
    elif isinstance(statement, (ast.For, ast.AsyncFor)):
        pairs = [([statement.target], statement.iter)]
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        pairs = [
            ([item.optional_vars], item.context_expr)
            for item in statement.items
            if item.optional_vars is not None
        ]
    for targets, value in pairs:
        for target in targets:
            yield from ((name, value) for name in _target_names(target))
    for each in file.own_nodes(*expressions(statement)):
        if isinstance(each, ast.NamedExpr):
            yield each.target.id, each.value


def _target_names(target: ast.expr) -> Iterator[str]:
    waiting = [target]
    while waiting:
        each = waiting.pop()
        if isinstance(each, (ast.Tuple, ast.List)):
            waiting += each.elts
        elif isinstance(each, (ast.Starred, ast.Subscript)):
            waiting.append(each.value)
        else:
            name = dotted_name(each)
            if name:
                yield name


def expressions(statement: ast.stmt) -> list[ast.expr]:
    """Return the expressions of `statement` itself, not those of the statements inside it."""
    found = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr)]
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        found += [item.context_expr for item in statement.items]
    return found


def is_in_body(statement: ast.stmt, condition: ast.If) -> bool:
    """Say whether `statement`, which is right below `condition`, is in its body, and not in its `else`.

    By the line, as a body may be of any length.
    """
    return statement.lineno <= condition.body[-1].lineno
