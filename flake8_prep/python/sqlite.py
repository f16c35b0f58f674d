"""Whether the URL of a database may be that of SQLite, which has no server and no pool worth a limit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile

SQLITE: Final = lazy_pattern(r"sqlite|check_same_thread", re.IGNORECASE)
_MAX_NAMES: Final = 8


def may_be_sqlite(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call`, which takes the URL of a database, names SQLite, or what a test for it reads."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if SQLITE.search(file.path) or mentions(SQLITE, arguments, file):
        return True
    beside = file.once(_names_beside_sqlite, file.enclosing_function(call) or file.tree.module)
    return not beside.isdisjoint(_names_in(arguments, file))


def mentions(words: re.Pattern[str], nodes: Iterable[ast.AST], file: PythonFile) -> bool:
    """Say whether a name or string in `nodes`, or in what names there are bound to, matches `words`."""
    waiting = [*nodes]
    names = 0
    while waiting:
        for node in file.own_nodes(waiting.pop()):
            match node:
                case ast.Constant(value=str()) | ast.Name() | ast.Attribute():
                    if words.search(_word(node)):
                        return True
                    value = file.value_of(node) if isinstance(node, ast.Name) and names < _MAX_NAMES else None
                    if value is not None:
                        names += 1
                        waiting.append(value)
    return False


def _names_beside_sqlite(file: PythonFile, around: ast.AST) -> frozenset[str]:
    """Return what is named in those statements of `around` that mention SQLite, as a test of a URL does."""
    statements = {
        file.statement(node)
        for node in file.own_nodes(around)
        if SQLITE.search(_word(node)) and node is not around
    }
    parts = [getattr(statement, "test", statement) for statement in statements]
    return _names_in([part for part in parts if part is not None], file)


def _names_in(nodes: Iterable[ast.AST], file: PythonFile) -> frozenset[str]:
    """Return the variables and attributes that are read or bound in `nodes`, without what they belong to."""
    return frozenset(
        _word(node)
        for node in file.own_nodes(*nodes)
        if isinstance(node, ast.Attribute) or isinstance(node, ast.Name) and not _is_owner(node, file)
    )


def _is_owner(name: ast.Name, file: PythonFile) -> bool:
    """Say whether `name` is there only for its attribute, as in ``settings.url`` but not ``url.lower()``."""
    attribute = file.parent(name)
    call = file.parent(attribute) if isinstance(attribute, ast.Attribute) else None
    return isinstance(attribute, ast.Attribute) and not (
        isinstance(call, ast.Call) and call.func is attribute
    )


def _word(node: ast.AST) -> str:
    """Return the name or string that `node` is; an empty one, if it is something else."""
    match node:
        case ast.Constant(value=str(text)) | ast.Name(id=text) | ast.Attribute(attr=text):
            return text
    return ""
