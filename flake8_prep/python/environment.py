"""Reads of environment variables."""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.variable_names import is_of_system

_READER_MODULES: Final = frozenset({"decouple", "environ", "environs", "starlette.config"})
# Plain substrings; a file that reads variables of the environment has one of them.
TRIGGERS: Final = ("environ", "getenv", "decouple", "starlette")
_READS = frozenset({"get", "pop", "setdefault"})
# What is called with the name of a variable: functions, and instances of classes.
_READERS = frozenset({"decouple.config", "decouple.AutoConfig", "decouple.Config", "starlette.config.Config"})
# Those that also have a method for each type, and check and convert what they read.
_CONVERTING_READERS = frozenset(
    {"environ.Env", "environ.FileAwareEnv", "environs.env", "environs.Env", "environs.FileAwareEnv"}
)
_NOT_LOOKUPS = frozenset({"add_parser", "dump", "parser_for", "prefixed", "read_env", "seal"})
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.BinOp, ast.UnaryOp)
_LITERAL_PARTS = (*_DISPLAYS, ast.Constant, ast.operator, ast.unaryop, ast.expr_context)


class Lookup(NamedTuple):
    """A read of an environment variable.

    Attributes:
        node: the call or subscript that reads it.
        variable: its name, or that of the constant which holds it; ``*_TOKEN`` where it is put together; None
            where any variable may be meant.
        default: what the call is told to return where the variable is not set.
        converts: whether the reader itself checks and converts the text.
    """

    node: ast.expr
    variable: str | None
    default: ast.expr | None = None
    converts: bool = False

    @property
    def is_of_system(self) -> bool:
        """Whether the operating system, or whoever starts the process, sets the variable, if anybody does."""
        return self.variable is not None and is_of_system(self.variable)


def lookup(node: ast.AST, file: PythonFile) -> Lookup | None:
    """Return what `node` reads from the environment; None where it is no call or subscript that does so."""
    if isinstance(node, ast.Subscript):
        if isinstance(node.ctx, ast.Load) and _is_environ(node.value, file):
            return Lookup(node, _variable(node.slice, file))
        return None
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in _READS:
        # A statement that only removes a variable does not read it.
        is_read = function.attr != "pop" or not isinstance(file.parent(node), ast.Expr)
        return _lookup_by_call(node, file) if is_read and _is_environ(function.value, file) else None
    name = last_name(function)
    if file.tree.renamed.get(name, name) == "getenv" and file.qualified_name(function) == "os.getenv":
        return _lookup_by_call(node, file)
    if _READER_MODULES.isdisjoint(file.imported_modules):
        return None
    reader = _reader(function, file)
    if reader in _READERS:
        return _lookup_by_call(node, file, converts=argument(node, "cast") is not None)
    readers = {reader}
    if isinstance(function, ast.Attribute) and function.attr not in _NOT_LOOKUPS:
        readers.add(_reader(function.value, file))
    return None if _CONVERTING_READERS.isdisjoint(readers) else _lookup_by_call(node, file, converts=True)


def may_have_lookups(file: PythonFile) -> bool:
    """Say whether `file` may read the environment; that takes less time than to look for lookups."""
    if not _READER_MODULES.isdisjoint(file.imported_modules):
        return True
    return file.imports("os") and ("environ" in file.text or "getenv" in file.text)


def asks_for(variable: str | None, test: ast.expr, file: PythonFile) -> bool:
    """Say whether `test` looks at the environment variable, as in ``"X" in os.environ``."""
    for part in ast.walk(test):
        if isinstance(part, ast.Compare) and _is_environ(part.comparators[0], file):
            asked = _variable(part.left, file)
        else:
            found = lookup(part, file)
            asked = found.variable if found else None
        if asked is not None and asked == variable:
            return True
    return False


def literal_of(node: ast.expr, file: PythonFile) -> ast.expr | None:
    """Return `node`, or the constant of this file that it names, if it is a literal other than None."""
    if isinstance(node, ast.Name):
        value = file.value_of(node)
        node = value if isinstance(value, ast.Constant) else node
    if isinstance(node, ast.Constant):
        return node if node.value is not None else None
    if isinstance(node, _DISPLAYS) and all(isinstance(part, _LITERAL_PARTS) for part in ast.walk(node)):
        return node
    return None


def _reader(node: ast.expr, file: PythonFile) -> str | None:
    """Return the function that `node` is, or the class of the object that it is."""
    # Only some modules of settings need it, and most files read no variable by them.
    from flake8_prep.python.values import type_of

    return file.qualified_name(node) or type_of(node, file)


def _lookup_by_call(call: ast.Call, file: PythonFile, *, converts: bool = False) -> Lookup:
    name = argument(call, "key", 0)
    return Lookup(call, _variable(name, file) if name else None, argument(call, "default", 1), converts)


def _is_environ(node: ast.expr, file: PythonFile) -> bool:
    if isinstance(node, ast.Name):
        node = file.value_of(node) or node
    return file.qualified_name(node) == "os.environ"


def _variable(node: ast.expr, file: PythonFile) -> str | None:
    parts: list[ast.expr] = []
    if isinstance(node, ast.JoinedStr):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    if parts:
        name = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
        return name if name.strip("*_") else None
    literal = literal_of(node, file)
    if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
        return literal.value
    return dotted_name(node) if last_name(node).isupper() else None
