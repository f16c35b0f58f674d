"""Durations that have no name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.durations import SPELLED_OUT, UNNAMED, is_constant_name, is_duration, spelled_out_duration
from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

_DIGIT = lazy_pattern(r"\d|\\N")
_DURATIONS = ("timedelta", "relativedelta")


class MagicDuration(PythonRule):
    """Durations that are written as products of numbers, or into the message of an error.

    Why is this bad:
        `30 * 24 * 60 * 60` says how many seconds, but not what they are for, and the same limit written in
        two places is soon two limits. A message that says "cannot exceed 30 days" goes on saying so after the
        limit has changed. Give the limit a name, and let the check and the message both use it.

    Example:
        def check(duration):
            if duration > 30 * 24 * 60 * 60:
                raise ValueError("a booking cannot exceed 30 days")

    Use instead:
        from datetime import timedelta

        MAX_DURATION = timedelta(days=30)


        def check(duration):
            if duration > MAX_DURATION.total_seconds():
                raise ValueError(f"a booking cannot exceed {MAX_DURATION.days} days")

    Known limits:
        A product is a duration if two of its factors are among 7, 24, 30, 60, 365, 1000, 3600 and 86400.
        Silent where it is a part of the value of an `UPPER_CASE` name, in `timedelta(..)`, and where such a
        name is divided or multiplied by it, which only converts it. A single number, such as 3600, is left
        alone, and so are tests, which state what they expect.
    """

    code = "PREP001"
    name = "magic-duration"
    severity = Severity.LOW
    finding = "10.1"
    message = "{duration} {problem}"

    def visit_BinOp(self, node: ast.BinOp, file: PythonFile) -> Iterator[Finding]:
        if not isinstance(node.op, ast.Mult) or file.is_test:
            return
        parent = file.parent(node)
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult):
            return
        numbers = _literal_factors(node)
        if is_duration(numbers) and not _is_named(node, file) and not _is_part_of_duration(node, file):
            yield self.at(node, duration=ast.unparse(node), problem=UNNAMED)

    def visit_Raise(self, node: ast.Raise, file: PythonFile) -> Iterator[Finding]:
        if not isinstance(node.exc, ast.Call) or file.is_test:
            return
        written = file.lines[node.lineno - 1 : node.end_lineno]
        if not any(map(_DIGIT.search, written)):
            return
        for part in file.own_nodes(node.exc):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                duration = spelled_out_duration(part.value)
                if duration is not None:
                    string = file.parent(part)
                    place = string if isinstance(string, ast.JoinedStr) else part
                    yield self.at(place, duration=duration, problem=SPELLED_OUT)
                    return


def _literal_factors(product: ast.BinOp) -> list[float]:
    """Return the numbers that are multiplied; none where a sequence is repeated, or a constant converted."""
    numbers = []
    stack: list[ast.expr] = [product]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            stack += (node.left, node.right)
        elif isinstance(node, (ast.List, ast.Tuple, ast.JoinedStr)):
            return []
        elif isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and is_constant_name(_name_of(node)):
            return []
        elif isinstance(node, ast.Constant):
            if not isinstance(node.value, (int, float)):
                return []
            numbers.append(node.value)
    return numbers


def _is_part_of_duration(product: ast.BinOp, file: PythonFile) -> bool:
    """Say whether the product is in another one that is reported: ``(7 * 24 - 1) * 60 * 60``."""
    above = file.parent(product)
    while isinstance(above, ast.BinOp):
        if isinstance(above.op, ast.Mult) and is_duration(_literal_factors(above)):
            return True
        above = file.parent(above)
    return False


def _is_named(product: ast.BinOp, file: PythonFile) -> bool:
    """Say whether the product is a part of a constant, or of a `timedelta`, or only converts a constant."""
    child: ast.AST = product
    above = file.parent(product)
    while above is not None:
        if isinstance(above, ast.Call):
            name = file.qualified_name(above.func) or last_name(above.func)
            if name.lower().endswith(_DURATIONS):
                return True
        elif isinstance(above, ast.BinOp) and isinstance(above.op, (ast.Div, ast.FloorDiv, ast.Mod)):
            if child is above.right and is_constant_name(_name_of(above.left)):
                return True
        elif any(is_constant_name(_name_of(target)) for target in _targets(above, child)):
            return True
        child, above = above, None if isinstance(above, ast.stmt) else file.parent(above)
    return False


def _targets(node: ast.AST, value: ast.AST) -> Iterator[ast.expr]:
    """Yield what `node` gives the value to: the targets of an assignment, or the key of a dict's item."""
    match node:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from target.elts if isinstance(target, ast.Tuple) else [target]
        case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
            yield target
        case ast.keyword(arg=str(name)):
            yield ast.Name(name)
        case ast.Dict(keys=keys, values=values):
            yield from (key for key, each in zip(keys, values, strict=True) if key and each is value)


def _name_of(node: ast.expr) -> str:
    """Return the last part of a name, or a key: ``A`` of ``x.A``, ``x["A"]`` and ``"A"``."""
    if isinstance(node, ast.Subscript):
        node = node.slice
    return str(node.value) if isinstance(node, ast.Constant) else last_name(node)
