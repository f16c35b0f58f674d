"""Exceptions: which ones a clause catches, and which ones known code raises."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final, NamedTuple

from flake8_prep.python.context import PythonFile

# Those that are meant to end a program or a task, and so are not below Exception.
KEYBOARD_INTERRUPT: Final = "KeyboardInterrupt"
SYSTEM_EXIT: Final = "SystemExit"
CANCELLED: Final = "asyncio.CancelledError"

_BASE: Final = {
    "builtins.KeyboardInterrupt": KEYBOARD_INTERRUPT,
    "builtins.SystemExit": SYSTEM_EXIT,
    "asyncio.CancelledError": CANCELLED,
    "asyncio.exceptions.CancelledError": CANCELLED,
}
_ALL_BASE: Final = frozenset(_BASE.values())

_CONVERSION: Final = frozenset({"TypeError", "ValueError"})
_OS: Final = frozenset({"OSError"})
_RAISED: Final = {
    "ast.literal_eval": frozenset({"SyntaxError", "TypeError", "ValueError"}),
    "base64.b64decode": _CONVERSION,
    "builtins.bytes.fromhex": _CONVERSION,
    "builtins.float": _CONVERSION,
    "builtins.getattr": frozenset({"AttributeError"}),
    "builtins.int": _CONVERSION,
    "builtins.next": frozenset({"StopIteration"}),
    "builtins.open": _OS,
    "datetime.date.fromisoformat": _CONVERSION,
    "datetime.datetime.fromisoformat": _CONVERSION,
    "datetime.datetime.fromtimestamp": frozenset({"OSError", "OverflowError", "TypeError", "ValueError"}),
    "datetime.datetime.strptime": _CONVERSION,
    "datetime.time.fromisoformat": _CONVERSION,
    "decimal.Decimal": frozenset({"TypeError", "ValueError", "decimal.InvalidOperation"}),
    "importlib.import_module": frozenset({"ImportError"}),
    "ipaddress.ip_address": frozenset({"ValueError"}),
    "ipaddress.ip_network": frozenset({"ValueError"}),
    "json.load": frozenset({"OSError", "ValueError"}),
    "json.loads": _CONVERSION,
    "os.listdir": _OS,
    "os.makedirs": _OS,
    "os.mkdir": _OS,
    "os.remove": _OS,
    "os.rename": _OS,
    "os.replace": _OS,
    "os.rmdir": _OS,
    "os.stat": _OS,
    "os.unlink": _OS,
    "shutil.rmtree": _OS,
    "time.strptime": _CONVERSION,
    "uuid.UUID": frozenset({"AttributeError", "TypeError", "ValueError"}),
}
# Methods of strings: on None, which is what a missing value mostly is, they fail.
_STRING_METHODS: Final = frozenset({"lower", "lstrip", "replace", "rstrip", "split", "strip", "upper"})


class Caught(NamedTuple):
    """What a clause catches.

    Attributes:
        everything: whether it is all of Exception.
        base: the names of the exceptions that are not below Exception, as far as they are known here.
    """

    everything: bool
    base: frozenset[str]


def caught(clauses: Sequence[ast.expr | None], file: PythonFile) -> Caught:
    """Return what is caught by `clauses`, each a class or a tuple of classes, or None as in ``except:``.

    A name that is bound once, to such an expression, stands for it.
    """
    everything = False
    base: frozenset[str] = frozenset()
    for clause in clauses:
        for exception in _classes(clause, file):
            name = "builtins.BaseException" if exception is None else file.qualified_name(exception)
            if name == "builtins.BaseException":
                return Caught(True, _ALL_BASE)
            everything |= name == "builtins.Exception"
            if name in _BASE:
                base |= {_BASE[name]}
    return Caught(everything, base)


def _classes(clause: ast.expr | None, file: PythonFile) -> Sequence[ast.expr | None]:
    found: list[ast.expr | None] = []
    for part in clause.elts if isinstance(clause, ast.Tuple) else [clause]:
        inner = part.value if isinstance(part, ast.Starred) else part
        value = file.value_of(inner) if isinstance(inner, ast.Name) else None
        if isinstance(value, ast.Tuple):
            found += value.elts
        else:
            found.append(inner if value is None else value)
    return found


def raised_by(block: Sequence[ast.stmt], file: PythonFile) -> list[str]:
    """Return the names, sorted, of the exceptions that `block` raises on bad input; empty where unknown.

    They are known for imports, and for one statement made of known calls and look-ups.
    """
    if all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in block):
        return ["ImportError"]
    value = getattr(block[0], "value", None) if len(block) == 1 else None
    if not isinstance(block[0], _SIMPLE) or not isinstance(value, ast.expr):
        return []
    if isinstance(value, ast.Attribute):
        return ["AttributeError"]
    found: set[str] = set()
    for node in file.own_nodes(value):
        if isinstance(node, ast.Subscript):
            by_name = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
            found |= {"KeyError"} if by_name else {"IndexError", "KeyError"}
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _STRING_METHODS:
                found.add("AttributeError")
                continue
            raised = _RAISED.get(file.qualified_name(node.func) or "")
            if raised is None:
                return []
            found |= raised
        elif isinstance(node, (ast.Await, ast.BinOp)):
            return []
    return sorted(found)


_SIMPLE: Final = (ast.AnnAssign, ast.Assign, ast.Expr, ast.Return)
