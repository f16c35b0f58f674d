"""Delays that grow from round to round of a loop, and what limits them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from flake8_prep.python.context import PythonFile
from flake8_prep.python.loops import Loop, assignments, expressions, names_in, steps
from flake8_prep.python.names import dotted_name, last_name

_LIMITERS: Final = frozenset({"clamp", "clip", "fmin", "min", "minimum"})
_POWERS: Final = frozenset({"exp", "exp2", "pow"})
# With so few attempts the delay cannot grow out of hand: 2 ** 8 seconds are four minutes.
_FEW_ATTEMPTS: Final = 8


def unlimited_growth(delay: ast.expr, loop: Loop, file: PythonFile) -> ast.expr | ast.stmt | None:
    """Return where `delay`, an expression in the body of `loop`, is made to grow by a factor in each round.

    Returns:
        None where it does not grow, or something limits it: a smaller one of two values, a comparison, or few
        rounds.
    """
    if _has_few_rounds(loop, file):
        return None
    values = file.once(_values, loop)
    reached, parts = _reached(delay, values, file)
    for part in parts:
        if isinstance(part, (ast.expr, ast.stmt)) and _grows(part, values, file):
            return None if _is_limited(loop, reached, parts, values, file) else part
    return None


def _has_few_rounds(loop: Loop, file: PythonFile) -> bool:
    if isinstance(loop, ast.For) and isinstance(loop.iter, ast.Call) and last_name(loop.iter.func) == "range":
        stop = loop.iter.args[1:2] or loop.iter.args[:1]
        return any(_is_few(each, file) for each in stop)
    return False


def _is_few(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` is a small number, or a name that always stands for one."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        node = node.left
    if isinstance(node, ast.Name):
        node = file.value_of(node) or node
    if last_name(node).isupper() and file.qualified_name(node) is not None:
        # A constant of another module: nobody knows.
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 0 < node.value <= _FEW_ATTEMPTS


def _values(file: PythonFile, loop: Loop) -> dict[str, list[ast.AST]]:
    """Return what each name is bound to in `loop`; for ``x *= 2`` that is the whole statement."""
    found: defaultdict[str, list[ast.AST]] = defaultdict(list)
    for step in file.once(steps, loop):
        for name, value in assignments(step, file):
            found[name].append(step.statement if isinstance(step.statement, ast.AugAssign) else value)
    if not isinstance(loop, ast.While):
        found.update((target, []) for target in names_in(loop.target, file))
    return found


def _reached(
    delay: ast.expr, values: dict[str, list[ast.AST]], file: PythonFile
) -> tuple[set[str], list[ast.AST]]:
    """Return the names that `delay` depends on in the loop, and all nodes of what it comes from."""
    names: set[str] = set()
    parts: list[ast.AST] = []
    waiting: list[ast.AST] = [delay]
    while waiting:
        source = waiting.pop()
        parts += file.own_nodes(source)
        for name in names_in(source, file):
            if name not in names:
                names.add(name)
                waiting += values.get(name, ())
    return names, parts


def _grows(part: ast.AST, values: dict[str, list[ast.AST]], file: PythonFile) -> bool:
    """Say whether `part` of a delay is greater in each round, by a factor."""
    match part:
        case ast.AugAssign(op=ast.Mult() | ast.Pow(), value=factor):
            return _is_above_one(factor)
        case ast.AugAssign(op=ast.LShift()):
            return True
        case ast.AugAssign(op=ast.Add(), target=target, value=value):
            return dotted_name(target) == dotted_name(value) != ""
        case ast.BinOp(op=ast.Pow() | ast.LShift(), left=base, right=exponent):
            return _changes(exponent, values, file) and (
                _is_above_one(base) or isinstance(part.op, ast.LShift)
            )
        case ast.Call(func=function, args=[*_, exponent]) if last_name(function) in _POWERS:
            return _changes(exponent, values, file)
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            return _is_growing_product(part, left, right, values) or _is_growing_product(
                part, right, left, values
            )
    return False


def _is_above_one(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and node.value <= 1)


def _changes(exponent: ast.expr, values: dict[str, list[ast.AST]], file: PythonFile) -> bool:
    return any(name in values for name in names_in(exponent, file))


def _is_growing_product(
    product: ast.BinOp, name: ast.expr, factor: ast.expr, values: dict[str, list[ast.AST]]
) -> bool:
    """Say whether `product` is bound to the name that is one of its factors, as in ``delay = delay * 2``."""
    return product in values.get(dotted_name(name), ()) and _is_above_one(factor)


def _is_limited(
    loop: Loop,
    reached: set[str],
    parts: Sequence[ast.AST],
    values: dict[str, list[ast.AST]],
    file: PythonFile,
) -> bool:
    """Say whether the delay, or the number of attempts, is compared with a limit or kept below one."""
    exponents: set[str] = set()
    for part in parts:
        if isinstance(part, ast.Call) and last_name(part.func) in _LIMITERS:
            return True
        if isinstance(part, ast.BinOp):
            if isinstance(part.op, ast.Mod):
                return True
            if isinstance(part.op, (ast.Pow, ast.LShift)):
                exponents.update(names_in(part.right, file))
    attempts = file.once(_counters, loop)
    delays = {name for name in reached - exponents - attempts if name in values}
    # A sum of the delays says how long it has all taken.
    delays.update(
        name
        for name, sources in values.items()
        if any(not delays.isdisjoint(names_in(source, file)) for source in sources)
    )
    return any(
        not delays.isdisjoint(names_in(comparison, file))
        or _is_few(right, file)
        and not attempts.isdisjoint(names_in(left, file))
        for comparison in file.once(_comparisons, loop)
        for left, right in (
            (comparison.left, comparison.comparators[0]),
            (comparison.comparators[0], comparison.left),
        )
    )


def _counters(file: PythonFile, loop: Loop) -> set[str]:
    """Return the names that count the rounds of `loop`."""
    found = set() if isinstance(loop, ast.While) else {*names_in(loop.target, file)}
    for step in file.once(steps, loop):
        if isinstance(step.statement, ast.AugAssign) and isinstance(step.statement.op, ast.Add):
            found.update(name for name, _ in assignments(step, file))
    return found


def _comparisons(file: PythonFile, loop: Loop) -> list[ast.Compare]:
    tests = [loop.test] if isinstance(loop, ast.While) else []
    tests += [each for step in file.once(steps, loop) for each in expressions(step.statement)]
    return [
        node
        for test in tests
        for node in file.own_nodes(test)
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq))
    ]
