"""Where a module runs as a program."""

from __future__ import annotations

import ast
from typing import Final

from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS

# How the names of the classes end whose objects run a function beside the others.
WORKERS: Final = ("Process", "Thread")
# Decorators of click and typer that make a function a command.
_COMMANDS = frozenset({"callback", "command", "group"})


def has_main_guard(file: PythonFile) -> bool:
    """Say whether the file runs as a program, by an ``if __name__ == "__main__"``."""
    return any(_is_main_guard(each) for each in file.tree.module.body)


def is_below_main_guard(node: ast.AST, file: PythonFile) -> bool:
    """Say whether `node` is below ``if __name__ == "__main__"``."""
    return any(_is_main_guard(above) for above in file.ancestors(node))


def _is_main_guard(node: ast.AST) -> bool:
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False


def runs_as_program(node: ast.AST, file: PythonFile) -> bool:
    """Say whether `node` runs for whoever starts the program.

    That is so below ``if __name__ == "__main__"``, in functions that are called there by their names, and in
    commands of click and typer.
    """
    if is_below_main_guard(node, file):
        return True
    function = file.enclosing_function(node)
    if not isinstance(function, FUNCTIONS):
        return False
    if any(last_name(_callee(decorator)) in _COMMANDS for decorator in function.decorator_list):
        return True
    return function in file.once(_called_in_main)


def thread_targets(file: PythonFile) -> frozenset[str]:
    """Return the names of the functions that threads and processes of this file run; ask through ``once``."""
    return frozenset(
        last_name(argument(call, "target"))
        for call in file.nodes(ast.Call)
        if call.keywords and last_name(call.func).endswith(WORKERS)
    )


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _called_in_main(file: PythonFile) -> frozenset[ast.AST | None]:
    """Return the functions that are called, or passed on, below ``if __name__ == "__main__"``."""
    module = file.tree.scopes[file.tree.module]
    names = (name for loads in module.loads.values() for name in loads)
    return frozenset(file.definition_of(name) for name in names if is_below_main_guard(name, file))
