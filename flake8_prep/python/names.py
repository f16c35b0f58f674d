"""Names as they are written, whatever they stand for."""

from __future__ import annotations

import ast


def last_name(node: ast.AST | None) -> str:
    """Return the last part of a dotted name: ``c`` of ``a.b.c`` and of ``f().c``; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted_name(node: ast.AST) -> str:
    """Return a name or dotted name as it is written, ``self.log.error``; empty for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""
