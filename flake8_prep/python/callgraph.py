"""Which functions of a file call which."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import NamedTuple

from flake8_prep.python.classes import class_of_self, method_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.tree import FUNCTIONS, Function


class CallSite(NamedTuple):
    """A call of a function of the same file, and the function in whose body it stands."""

    call: ast.Call
    caller: Function


def callers(file: PythonFile) -> dict[Function, list[CallSite]]:
    """Return the calls of each function of the file, in the order of the source.

    A function is called by its name, as ``self.method()``, ``cls.method()`` or ``ClassName.method()``, and an
    ``__init__`` also as ``ClassName()``. What is passed on as a value is not called here, and calls in
    lambdas and on the level of modules and classes have no caller.
    """
    names = {class_.name for class_ in file.nodes(ast.ClassDef)}
    names.update(function.name for function in file.nodes(ast.FunctionDef))
    names.update(function.name for function in file.nodes(ast.AsyncFunctionDef))
    found: dict[Function, list[CallSite]] = defaultdict(list)
    for call in file.nodes(ast.Call):
        function = call.func
        if isinstance(function, ast.Name):
            target = _named(function, file) if function.id in names else None
        elif (
            isinstance(function, ast.Attribute)
            and function.attr in names
            and isinstance(function.value, ast.Name)
        ):
            target = _method(function.value, function.attr, file)
        else:
            continue
        if target is not None:
            caller = file.enclosing_function(call)
            if isinstance(caller, FUNCTIONS):
                found[target].append(CallSite(call, caller))
    return found


def _named(name: ast.Name, file: PythonFile) -> Function | None:
    definition = file.definition_of(name)
    return method_of(definition, "__init__", file) if isinstance(definition, ast.ClassDef) else definition


def _method(owner: ast.Name, name: str, file: PythonFile) -> Function | None:
    class_ = class_of_self(owner, file) or file.definition_of(owner)
    return method_of(class_, name, file) if isinstance(class_, ast.ClassDef) else None
