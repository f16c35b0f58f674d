"""Questions about the arguments of calls."""

from __future__ import annotations

import ast


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """Return what `call` passes for the parameter `name`.

    Args:
        call: the call.
        name: the parameter's name.
        position: its position from 0, not counting `self`; None where it can be passed by name only.

    Returns:
        None where it is not passed, or where that cannot be seen; see :func:`has_unpacking`.
    """
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and position < len(call.args):
        before = call.args[: position + 1]
        if not any(isinstance(each, ast.Starred) for each in before):
            return call.args[position]
    return None


def has_unpacking(call: ast.Call) -> bool:
    """Say whether `call` passes arguments that cannot be seen: ``*args`` or ``**kwargs``."""
    return any(isinstance(each, ast.Starred) for each in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )


def passes_zero(call: ast.Call) -> bool:
    """Say whether `call` passes a literal 0 by position, as in ``sleep(0)``, which is no pause."""
    return any(isinstance(each, ast.Constant) and each.value == 0 for each in call.args)


def is_none(node: ast.AST | None) -> bool:
    """Say whether `node` is the literal None."""
    return isinstance(node, ast.Constant) and node.value is None
