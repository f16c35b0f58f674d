"""Questions about the classes of a file and their methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.python.context import PythonFile
from flake8_prep.python.tree import FUNCTIONS, Function

# Real hierarchies are far shallower; it keeps the time linear on files that are not real.
_MAX_ANCESTORS: Final = 32


def class_of_self(name: ast.Name, file: PythonFile) -> ast.ClassDef | None:
    """Return the class that `name` is the ``self`` or ``cls`` of: the first parameter of a method.

    Functions inside the method see it too. None for the parameters of static methods, and where the name is
    bound anew.
    """
    bindings = file.bindings(name)
    if len(bindings) != 1 or not isinstance(bindings[0], ast.arg):
        return None
    arguments = file.parent(bindings[0])
    method = file.parent(arguments) if isinstance(arguments, ast.arguments) else None
    if not isinstance(arguments, ast.arguments) or not isinstance(method, FUNCTIONS):
        return None
    if bindings[0] not in (*arguments.posonlyargs, *arguments.args)[:1]:
        return None
    around = file.parent(method)
    is_static = any(
        file.qualified_name(decorator) == "builtins.staticmethod" for decorator in method.decorator_list
    )
    return around if isinstance(around, ast.ClassDef) and not is_static else None


def lineage(class_: ast.ClassDef, file: PythonFile) -> Iterator[ast.ClassDef]:
    """Yield `class_` and its base classes in this file, at any depth; the nearest come first."""
    seen = {class_}
    waiting = [class_]
    for _ in range(_MAX_ANCESTORS):
        if not waiting:
            return
        current = waiting.pop(0)
        yield current
        for base in current.bases:
            definition = file.definition_of(base) if isinstance(base, ast.Name) else None
            if isinstance(definition, ast.ClassDef) and definition not in seen:
                seen.add(definition)
                waiting.append(definition)


def method_of(class_: ast.ClassDef, name: str, file: PythonFile) -> Function | None:
    """Return the method `name` of `class_`; None where this file does not define exactly one."""
    for each in lineage(class_, file):
        bindings = file.tree.scopes[each].bindings.get(name)
        if bindings:
            method = bindings[0]
            return method if len(bindings) == 1 and isinstance(method, FUNCTIONS) else None
    return None
