"""Values that hold no text of anybody's choice: numbers, dates, constants, and what has been checked or
quoted."""

from __future__ import annotations

import ast
import builtins
import re
from typing import Any, Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name

_RESULTS: Final = frozenset(
    {
        *("abs", "bool", "count", "float", "hash", "hex", "hexdigest", "id", "int", "len", "ord", "range"),
        *("round", "sum"),
        *("Decimal", "date", "datetime", "isoformat", "now", "strftime", "time", "timedelta", "timestamp"),
        *("UUID", "getpid", "today", "token_hex", "utcnow", "uuid1", "uuid4", "uuid5"),
    }
)
_TYPES: Final = frozenset({"Decimal", "UUID", "bool", "date", "datetime", "float", "int", "timedelta"})
_COLLECTIONS: Final = frozenset(
    {
        *("Collection", "Final", "Iterable", "List", "Optional", "Sequence", "Set", "Tuple", "Union"),
        *("frozenset", "list", "set", "tuple"),
    }
)
_CONSTANT: Final = lazy_pattern(r"_*[A-Z][A-Z0-9_]*")
# Attributes of models, in Django, Odoo and SQLAlchemy, that hold or lead to the name of a table.
_SCHEMA: Final = frozenset({"_meta", "_table", "__table__", "__tablename__"})
_CHECKED_NAME: Final = lazy_pattern(
    r"(?:^|_)(?:allowed|escaped|placeholders?|quoted|safe|sanitized|validated)(?:_|$)", re.IGNORECASE
)
_PARAMETERS: Final = lazy_pattern(
    r"(?:^|_)(?:args|arguments|bind(?:s|ings)?|param(?:s|eters)?|val(?:s|ues))$", re.IGNORECASE
)
_CLAUSE: Final = lazy_pattern(r"clause|condition|filter|sql|where", re.IGNORECASE)
_NAMING: Final = lazy_pattern(r"qualif|prepared_index", re.IGNORECASE)
# Among them are the methods of SQLAlchemy's IdentifierPreparer, as format_table.
_CHECKING: Final = lazy_pattern(
    r"compile|escap|format_(?:column|constraint|index|schema|sequence|table)|identifier|(?<!a)literal|mogrify"
    r"|placeholder|quot|safe|sanit|(?<!in)valid",
    re.IGNORECASE,
)
_GUARD: Final = lazy_pattern(
    r"(?<!in)valid|allow|assert|check|ensure|is(?:alnum|alpha|decimal|digit|identifier|numeric)|match|sanit",
    re.IGNORECASE,
)


def is_constant_name(name: str) -> bool:
    """Say whether something called so is a constant by convention, as ``MAX_ROWS``."""
    return _CONSTANT.fullmatch(name) is not None


def is_checked_name(name: str) -> bool:
    """Say whether something called so holds text that was checked or quoted, as ``quoted_table``."""
    return _CHECKED_NAME.search(name) is not None


def is_parameters_name(name: str) -> bool:
    """Say whether something called so holds the parameters of a statement, as ``where_args``."""
    return _PARAMETERS.search(name) is not None


def is_clause_name(name: str) -> bool:
    """Say whether a method that is called so returns a part of a statement, as ``filters.where()``."""
    return _CLAUSE.search(name) is not None


def is_plain_attribute(node: ast.Attribute) -> bool:
    """Say whether `node` is a constant by convention, or names a table of the schema of a database."""
    parts = dotted_name(node).split(".")
    return any(is_constant_name(part) or part in _SCHEMA for part in parts[1:])


def is_plain_function(name: str) -> bool:
    """Say whether a function of the standard library that is called so returns numbers, dates or the like."""
    return name in _RESULTS


def is_checking_function(name: str) -> bool:
    """Say whether a function that is called so returns text that it has checked or quoted."""
    return _CHECKING.search(name) is not None


def is_naming_function(name: str) -> bool:
    """Say whether a function that is called so makes the full name of a table or an index, ready for SQL."""
    return _NAMING.search(name) is not None


def is_guard_name(name: str) -> bool:
    """Say whether a function that is called so checks what it is given, as ``re.fullmatch`` does."""
    return _GUARD.search(name) is not None


def is_plain_annotation(annotation: ast.expr | None, file: PythonFile) -> bool:
    """Say whether `annotation` allows numbers, dates and literals alone, or collections of them, or None."""
    waiting: list[Any] = [annotation]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name() | ast.Attribute():
                if file.own_name(node) not in _TYPES:
                    return False
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                waiting += (left, right)
            case ast.Subscript(value=base, slice=inner):
                inside = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                generic = file.own_name(base)
                if generic in _COLLECTIONS:
                    waiting += inside
                elif generic == "Annotated":
                    waiting.append(inside[0])
                elif generic != "Literal":
                    return False
            case ast.Constant(value=None) | ast.Constant(value=builtins.Ellipsis):
                pass
            case _:
                return False
    return True
