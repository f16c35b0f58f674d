"""PREP203."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.classes import class_of_self, method_of
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.python.values import type_of
from flake8_prep.rule import Severity

_STARTERS: Final = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LOOP_NAME: Final = lazy_pattern(r"(?:^|_)loop$", re.IGNORECASE)
_LOOP_TYPE: Final = lazy_pattern(
    r"asyncio\.(?:\w+\.)*(?:Abstract|Base)EventLoop|asyncio\.(?:get|new)\w*_loop"
)
# Decorators that leave a function one that has to be awaited.
_PLAIN_DECORATORS: Final = frozenset({"abstractmethod", "classmethod", "final", "override", "staticmethod"})
# Context managers in which a call is made for what it warns of or raises.
_EXPECTATIONS: Final = lazy_pattern(r"raises|warns", re.IGNORECASE)

_TASK: Final = "a task that nothing refers to: its error is lost, and it may vanish before it ends"
_COROUTINE: Final = "a coroutine that nothing awaits, so none of it runs"


class ForgottenTask(PythonRule):
    """A task that is started and forgotten, or a coroutine that nobody awaits.

    Why is this bad:
        The event loop has only a weak reference to a task. One that nothing else refers to can be collected
        as garbage before it is done, and an exception that ends it is told to nobody until then, if at all.
        A call of an `async def` without `await` does not even start: it makes a coroutine and throws it away.

        Await the call, start it in an `asyncio.TaskGroup`, or keep the task until it is done and look at its
        exception in a callback.

    Example:
        import asyncio

        async def checkout(order):
            asyncio.create_task(send_receipt(order))

    Use instead:
        import asyncio

        async def checkout(order):
            async with asyncio.TaskGroup() as group:
                group.create_task(send_receipt(order))

    Known limits:
        Only statements that consist of the call are looked at: a task that is bound to a name which nothing
        reads is left alone. Of coroutine functions only those of the same module are known, and of these only
        the ones without decorators that may change what a call returns. A receiver is an event loop by its
        type, or if it is called `loop`.
    """

    code = "PREP203"
    name = "forgotten-task"
    severity = Severity.MEDIUM
    finding = "2.3"
    message = "'{call}' makes {what}"
    triggers = ("async", "create_task")

    def visit_Expr(self, node: ast.Expr, file: PythonFile) -> Iterator[Finding]:
        call = node.value
        if not isinstance(call, ast.Call):
            return
        name = last_name(call.func)
        if file.own_name(call.func) in {"create_task", "ensure_future"}:
            if _starts_task(call, file):
                yield self.at(node, call=dotted_name(call.func) or name, what=_TASK)
        elif name in file.once(_coroutine_names):
            function = _function_of(call.func, file)
            if isinstance(function, ast.AsyncFunctionDef) and not _is_expected_to_fail(node, file):
                yield self.at(node, call=dotted_name(call.func), what=_COROUTINE)


def _starts_task(call: ast.Call, file: PythonFile) -> bool:
    function = call.func
    if file.qualified_name(function) in _STARTERS:
        return True
    if not isinstance(function, ast.Attribute) or function.attr != "create_task":
        return False
    loop = function.value
    known = type_of(loop, file)
    return bool(_LOOP_TYPE.fullmatch(known) if known is not None else _LOOP_NAME.search(last_name(loop)))


def _coroutine_names(file: PythonFile) -> frozenset[str]:
    """Return the names of the functions of `file` whose calls have to be awaited."""
    return frozenset(
        function.name
        for function in file.nodes(ast.AsyncFunctionDef)
        if all(last_name(decorator) in _PLAIN_DECORATORS for decorator in function.decorator_list)
        and not any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in file.own_nodes(function))
    )


def _function_of(callee: ast.expr, file: PythonFile) -> Function | None:
    """Return the function of `file` that `callee` is: by its name, or as a method of ``self`` or a class."""
    if isinstance(callee, ast.Name):
        definition = file.definition_of(callee)
        return definition if isinstance(definition, FUNCTIONS) else None
    if not isinstance(callee, ast.Attribute) or not isinstance(callee.value, ast.Name):
        return None
    class_ = class_of_self(callee.value, file) or file.definition_of(callee.value)
    return method_of(class_, callee.attr, file) if isinstance(class_, ast.ClassDef) else None


def _is_expected_to_fail(node: ast.stmt, file: PythonFile) -> bool:
    """Say whether `node` is in a block that asks for a warning or an exception, as tests have them."""
    return any(
        isinstance(above, (ast.With, ast.AsyncWith))
        and any(
            isinstance(item.context_expr, ast.Call)
            and _EXPECTATIONS.search(last_name(item.context_expr.func))
            for item in above.items
        )
        for above in file.ancestors(node)
    )
