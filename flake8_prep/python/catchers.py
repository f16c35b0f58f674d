"""What catches exceptions: the handlers of ``try``, and :func:`contextlib.suppress`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final, cast

from flake8_prep.python.context import PythonFile
from flake8_prep.python.tree import FUNCTIONS

# Plain substrings one of which is in a file that catches everything, or a request to end: what is bare, with
# anything that Python takes for a space before the colon, or one of these.
BROAD: Final = (
    *("Exception", "KeyboardInterrupt", "SystemExit", "CancelledError", "except:", "except\t", "except\f"),
    *("except\\", "except :", "except  ", "except \t", "except \f", "except \\"),
)

Catcher = ast.ExceptHandler | ast.Call
"""A handler, or a call of :func:`contextlib.suppress`."""


def description(catcher: Catcher) -> str:
    """Return `catcher` for a message: ``except Exception``, ``a bare except``, ``suppress(Exception)``."""
    if isinstance(catcher, ast.Call):
        return ast.unparse(catcher)
    return "a bare except" if catcher.type is None else f"except {ast.unparse(catcher.type)}"


def clauses(catcher: Catcher) -> Sequence[ast.expr | None]:
    """Return what `catcher` names, each a class or a tuple of classes; None for a bare ``except:``."""
    return catcher.args if isinstance(catcher, ast.Call) else [catcher.type]


def try_of(handler: ast.ExceptHandler, file: PythonFile) -> ast.Try:
    """Return the ``try`` of `handler`; for ``except*`` that is a `TryStar`, which has the same fields."""
    return cast(ast.Try, file.parent(handler))


def guarded(catcher: Catcher, file: PythonFile) -> list[ast.stmt]:
    """Return the statements whose exceptions `catcher` catches; none where they cannot be seen."""
    above = file.parent(catcher)
    if isinstance(above, ast.withitem):
        above = file.parent(above)
    return above.body if isinstance(above, (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)) else []


def guarded_nodes(catcher: Catcher, file: PythonFile) -> list[ast.AST]:
    """Return the nodes whose exceptions `catcher` catches, in the order of the source."""
    definitions = (*FUNCTIONS, ast.ClassDef)
    statements = [each for each in guarded(catcher, file) if not isinstance(each, definitions)]
    return list(file.own_nodes(*statements))
