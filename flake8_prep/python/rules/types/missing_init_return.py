"""Constructors that a type checker passes by."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.rule import Severity


class MissingInitReturn(PythonRule):
    """`__init__` methods without a return annotation.

    Why is this bad:
        mypy takes a function without any annotation for one that nobody wants checked: it skips the body of
        such an `__init__`, and the types of all attributes that are set there are unknown. `-> None` makes it
        look.

    Example:
        class Inbox:
            def __init__(self):
                self.unread = 0

    Use instead:
        class Inbox:
            def __init__(self) -> None:
                self.unread = 0

    Known limits:
        The same as `ANN204` of flake8-annotations and ruff, for `__init__` alone: an `__init__` with
        annotated arguments is reported too, although mypy allows it to go without, and the implementation
        behind `@overload` is not. Enable one of the two.
    """

    code = "PREP401"
    name = "missing-init-return"
    severity = Severity.MEDIUM
    finding = "4.1"
    message = "__init__ of {owner} has no return annotation"
    triggers = ("__init__",)

    def visit_FunctionDef(self, node: Function, file: PythonFile) -> Iterator[Finding] | None:
        return self._of_init(node, file) if node.name == "__init__" and node.returns is None else None

    visit_AsyncFunctionDef = visit_FunctionDef

    def _of_init(self, node: Function, file: PythonFile) -> Iterator[Finding]:
        scope = file.scope(node)
        owner = scope.node
        if not isinstance(owner, ast.ClassDef) or _is_static_or_class_method(node, file):
            return
        before = itertools.takewhile(lambda other: other is not node, scope.bindings["__init__"])
        if _is_overload(node) or not any(map(_is_overload, before)):
            yield self.at(node, owner=owner.name)


def _is_static_or_class_method(function: Function, file: PythonFile) -> bool:
    names = {file.qualified_name(decorator) for decorator in function.decorator_list}
    return not names.isdisjoint({"builtins.staticmethod", "builtins.classmethod"})


def _is_overload(node: ast.AST) -> bool:
    return isinstance(node, FUNCTIONS) and any(last_name(each) == "overload" for each in node.decorator_list)
