"""Delays that grow from round to round of a loop, and what limits them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from flake8_prep.python.classes import class_of_self
from flake8_prep.python.context import PythonFile
from flake8_prep.python.loops import Loop, assignments, expressions, names_in, steps
from flake8_prep.python.names import dotted_name, last_name

_LIMITING: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq)
_LIMITERS: Final = frozenset({"clamp", "clip", "fmin", "min", "minimum"})
_POWERS: Final = frozenset({"exp", "exp2", "pow"})
_ROUNDERS: Final = frozenset({"ceil", "float", "floor", "int", "round", "uniform"})
# With so few attempts the delay cannot grow out of hand: 2 ** 8 seconds are four minutes.
_FEW_ATTEMPTS: Final = 8
# How many names a delay is followed through; it keeps the time linear.
_MAX_NAMES: Final = 32


class _Rounds(NamedTuple):
    """What changes from round to round of a loop.

    Attributes:
        values: what each name is bound to in the loop; for ``x *= 2`` that is the whole statement.
        dependents: for each name the names whose values are made from it.
        counters: the names that count the rounds.
        compared: the names that are compared with something.
        few: whether a name that counts the rounds is compared with a small number.
    """

    values: dict[str, list[ast.AST]]
    dependents: dict[str, set[str]]
    counters: set[str]
    compared: set[str]
    few: bool


def unlimited_growth(delay: ast.expr, loop: Loop, file: PythonFile) -> ast.expr | ast.stmt | None:
    """Return where `delay`, an expression in the body of `loop`, is made to grow by a factor in each round.

    Returns:
        None where it does not grow, or something limits it: a smaller one of two values, a comparison, or few
        rounds.
    """
    rounds = file.once(_rounds, loop)
    if rounds.few:
        return None
    reached, parts = _reached(delay, rounds, file)
    for part in parts:
        if isinstance(part, (ast.expr, ast.stmt)) and _grows(part, rounds, file):
            return None if _is_limited(reached, parts, rounds, file) else part
    return None


def _rounds(file: PythonFile, loop: Loop) -> _Rounds:
    values: defaultdict[str, list[ast.AST]] = defaultdict(list)
    dependents: defaultdict[str, set[str]] = defaultdict(set)
    counters: set[str] = set()
    tests = [loop.test] if isinstance(loop, ast.While) else []
    for step in file.once(steps, loop):
        statement = step.statement
        tests += expressions(statement)
        for name, value in assignments(step, file):
            values[name].append(statement if isinstance(statement, ast.AugAssign) else value)
            for source in names_in(value, file):
                dependents[source].add(name)
            if _counts_up(name, statement):
                counters.add(name)
    if not isinstance(loop, ast.While):
        counters.update(names_in(loop.target, file))
        values.update((target, []) for target in names_in(loop.target, file))
    compared: set[str] = set()
    few = isinstance(loop, ast.For) and _is_short_range(loop.iter, file)
    for comparison in file.own_nodes(*tests):
        if isinstance(comparison, ast.Compare) and isinstance(comparison.ops[0], _LIMITING):
            compared.update(names_in(comparison, file))
            left, right = comparison.left, comparison.comparators[0]
            for side, other in ((left, right), (right, left)):
                few = few or _is_few(side, file) and not counters.isdisjoint(names_in(other, file))
    return _Rounds(values, dependents, counters, compared, few)


def _counts_up(name: str, statement: ast.stmt) -> bool:
    """Say whether `statement`, which binds `name`, is ``name += n`` or ``name = name + n``."""
    match statement:
        case ast.AugAssign(op=ast.Add(), value=added):
            return dotted_name(added) != name
        case ast.Assign(value=ast.BinOp(left=left, op=ast.Add(), right=added)):
            return dotted_name(left) == name != dotted_name(added)
    return False


def _is_short_range(iterable: ast.expr, file: PythonFile) -> bool:
    if not isinstance(iterable, ast.Call) or file.qualified_name(iterable.func) != "builtins.range":
        return False
    stop = iterable.args[1:2] or iterable.args[:1]
    return any(_is_few(each, file) for each in stop)


def _is_few(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` is a small number, or a name that always stands for one."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        node = node.left
    if isinstance(node, ast.Name):
        node = file.value_of(node) or node
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        node = _class_constant(node.value, node.attr, file) or node
    if last_name(node).isupper() and file.qualified_name(node) is not None:
        # A constant of another module: nobody knows.
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 0 < node.value <= _FEW_ATTEMPTS


def _class_constant(owner: ast.Name, name: str, file: PythonFile) -> ast.expr | None:
    """Return what `name` is bound to in the body of the class that `owner` is, or is the `self` of."""
    class_ = class_of_self(owner, file) or file.definition_of(owner)
    bindings = file.tree.scopes[class_].bindings.get(name, []) if isinstance(class_, ast.ClassDef) else []
    assignment = file.parent(bindings[0]) if name.isupper() and len(bindings) == 1 else None
    return assignment.value if isinstance(assignment, (ast.AnnAssign, ast.Assign)) else None


def _reached(delay: ast.expr, rounds: _Rounds, file: PythonFile) -> tuple[set[str], list[ast.AST]]:
    """Return the names that `delay` depends on in the loop, and all nodes of what it comes from."""
    names: set[str] = set()
    parts: list[ast.AST] = []
    waiting: list[ast.AST] = [delay]
    while waiting:
        source = waiting.pop()
        parts += file.own_nodes(source)
        for name in names_in(source, file):
            if name not in names and len(names) < _MAX_NAMES:
                names.add(name)
                waiting += rounds.values.get(name, ())
    return names, parts


def _grows(part: ast.AST, rounds: _Rounds, file: PythonFile) -> bool:
    """Say whether `part` of a delay is greater in each round, by a factor."""
    match part:
        case ast.AugAssign(op=ast.Mult() | ast.Pow(), value=factor):
            return _is_above_one(factor)
        case ast.AugAssign(op=ast.LShift()):
            return True
        case ast.AugAssign(op=ast.Add(), target=target, value=value):
            return dotted_name(target) == dotted_name(value) != ""
        case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
            return _is_above_one(base) and _changes(exponent, rounds, file)
        case ast.BinOp(op=ast.LShift(), right=exponent):
            return _changes(exponent, rounds, file)
        case ast.Call(func=function, args=[*_, exponent]) if _is_power(function, file):
            return _changes(exponent, rounds, file)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return dotted_name(left) == dotted_name(right) != "" and _is_bound_to(left, part, rounds)
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            # `delay = delay * 2 + jitter`: one of its factors is bound to what is made of the product.
            whole = _made_of(part, file)
            return any(
                _is_bound_to(name, whole, rounds) and _is_above_one(factor)
                for name, factor in ((left, right), (right, left))
            )
    return False


def _is_power(function: ast.expr, file: PythonFile) -> bool:
    return (file.qualified_name(function) or last_name(function)).rpartition(".")[2] in _POWERS


def _is_bound_to(name: ast.expr, value: ast.AST, rounds: _Rounds) -> bool:
    return value in rounds.values.get(dotted_name(name), ())


def _made_of(part: ast.AST, file: PythonFile) -> ast.AST:
    """Return what is made of `part` without making it much smaller: a sum, a rounded or a random number."""
    whole, above = part, file.parent(part)
    while (
        isinstance(above, ast.BinOp)
        and isinstance(above.op, ast.Add)
        or isinstance(above, ast.Call)
        and last_name(above.func) in _ROUNDERS
    ):
        whole, above = above, file.parent(above)
    return whole


def _is_above_one(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and node.value <= 1)


def _changes(exponent: ast.expr, rounds: _Rounds, file: PythonFile) -> bool:
    if isinstance(exponent, ast.BinOp) and isinstance(exponent.op, ast.Sub) and _is_few(exponent.left, file):
        return False  # `5 - attempts_left` is at most five
    return any(name in rounds.values for name in names_in(exponent, file))


def _is_limited(reached: set[str], parts: Sequence[ast.AST], rounds: _Rounds, file: PythonFile) -> bool:
    """Say whether the delay is compared with something, or kept below it."""
    exponents: set[str] = set()
    for part in parts:
        if isinstance(part, ast.Call) and last_name(part.func) in _LIMITERS:
            return True
        if isinstance(part, ast.BinOp):
            if isinstance(part.op, ast.Mod):
                return True
            if isinstance(part.op, (ast.Pow, ast.LShift)):
                exponents.update(names_in(part.right, file))
    delays = (reached - exponents - rounds.counters) & rounds.values.keys()
    # A sum of the delays says how long it has all taken.
    return not rounds.compared.isdisjoint(delays.union(*(rounds.dependents.get(name, ()) for name in delays)))
