"""Calls that send a statement to a database and wait for the answer."""

from __future__ import annotations

import ast
import re
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.databases import Chain, chain, is_collection, is_database, is_model, manager

# What runs the statement that it is given.
_RUNNING: Final = frozenset(
    {
        *("exec", "exec_driver_sql", "execute", "fetch", "fetch_all", "fetch_one", "fetch_val", "fetchrow"),
        *("fetchval", "scalar", "scalar_one", "scalars"),
    }
)
_OF_COLLECTIONS: Final = frozenset(
    {
        *("count_documents", "delete_one", "find_one", "find_one_and_delete", "find_one_and_replace"),
        *("find_one_and_update", "insert_one", "replace_one", "update_one"),
    }
)
# What ends a query of SQLAlchemy that was begun by `session.query(..)` or `Model.query`.
_OF_QUERIES: Final = frozenset(
    {
        *("all", "count", "delete", "first", "first_or_404", "get", "get_or_404", "one", "one_or_none"),
        *("scalar", "update"),
    }
)
# What asks the manager of a model of Django for an answer at once.
_OF_MANAGERS: Final = frozenset(
    {
        *("aggregate", "count", "create", "delete", "earliest", "exists", "first", "get", "get_or_create"),
        *("last", "latest", "update", "update_or_create"),
    }
)
# What returns a query that is sent when it is read.
_LAZY: Final = frozenset(
    {
        *("all", "annotate", "distinct", "exclude", "filter", "iterator", "only", "order_by"),
        *("prefetch_related", "select_related", "values", "values_list"),
    }
)
_ASYNC: Final = frozenset(f"a{name}" for name in _OF_MANAGERS)
_READING: Final = frozenset({"dict", "frozenset", "len", "list", "set", "sorted", "sum", "tuple"})
# Functions that mark a string as a statement.
_TEXTS: Final = frozenset({"SQL", "text"})

# The same of a query of SQLAlchemy.
_LAZY_OF_QUERIES: Final = frozenset({"distinct", "filter", "filter_by", "limit", "order_by"})

METHODS: Final = frozenset(
    {*_RUNNING, *_OF_COLLECTIONS, *_OF_QUERIES, *_OF_MANAGERS, *_ASYNC, *_LAZY, *_LAZY_OF_QUERIES}
)

# Tables in which a database, or a library, keeps what it knows about the tables.
_CATALOG: Final = lazy_pattern(
    r"\b(?:FROM|INTO|UPDATE)\s+[\"`\[]?(?:information_schema|pg_|pragma_|sqlite_|sys\.)"
    r"|\b(?:FROM|INTO|UPDATE)\s+\w*(?:migration|schema)(?:s|_\w+)?(?![\w.])",
    re.IGNORECASE,
)
# What is in a file that has such calls, without regard to case.
TRIGGERS: Final = (
    *(".objects", "session", "db", ".exec", ".query", "_manager", "_one", ".fetch", ".scalar"),
    ".count_documents",
)
_MAY_QUERY: Final = lazy_pattern(
    r"\.(?:exec\w*|fetch\w*|scalars?|objects|query|\w+_manager|\w+_one|find_one\w*|count_documents)\b"
)
# Begins with what is plain, so that it is found quickly.
_DB: Final = lazy_pattern(r"db\b(?<!\wdb)")


class RoundTrip(NamedTuple):
    """A call that sends a statement to a database.

    Attributes:
        call: the call.
        receiver: what it is sent through: a session, a cursor, a collection, or what the chain begins with.
        statement: the statement, as text or as an expression; None where the call itself is the statement.
    """

    call: ast.Call
    receiver: ast.expr
    statement: ast.expr | None


def round_trip(call: ast.Call, file: PythonFile) -> RoundTrip | None:
    """Return what is known about `call` if it is one that sends a statement to a database."""
    function = call.func
    if not isinstance(function, ast.Attribute) or not file.once(_may_query):
        return None
    name = function.attr
    if name in _RUNNING:
        statement = argument(call, "query", 0) or argument(call, "statement")
        if statement is not None and is_database(function.value, file):
            return RoundTrip(call, function.value, statement)
    if name in _OF_COLLECTIONS:
        return RoundTrip(call, function.value, None) if is_collection(function.value, file) else None
    if name == "get" and len(call.args) > 1:
        # A model and its key; an HTTP session is given a URL.
        if is_model(call.args[0]) and is_database(function.value, file):
            return RoundTrip(call, function.value, None)
        return None
    whole = chain(call)
    if manager(whole) is not None:
        is_sent = name in _OF_MANAGERS or name in _ASYNC or name in _LAZY and is_read(call, file)
        return RoundTrip(call, whole.root, None) if is_sent else None
    is_sent = name in _OF_QUERIES or name in _LAZY_OF_QUERIES and is_read(call, file)
    return RoundTrip(call, whole.root, None) if is_sent and _is_query(whole, file) else None


def _may_query(file: PythonFile) -> bool:
    text = file.text
    return (
        "session" in text
        or "Session" in text
        or _DB.search(text) is not None
        or _MAY_QUERY.search(text) is not None
    )


def is_read(query: ast.expr, file: PythonFile) -> bool:
    """Say whether the rows of `query`, which is sent when it is read, are read right where it is written."""
    parent = file.parent(query)
    match parent:
        case ast.For(iter=iterable) | ast.comprehension(iter=iterable):
            return iterable is query
        case ast.Call(func=ast.Name(id=name)):
            return name in _READING
    return False


def as_text(statement: ast.expr, file: PythonFile) -> ast.expr:
    """Return the text of a statement that is marked as one, ``text("SELECT ..")``; anything else as it is."""
    if isinstance(statement, ast.Call) and file.own_name(statement.func) in _TEXTS and statement.args:
        return statement.args[0]
    return statement


def is_about_catalog(text: str) -> bool:
    """Say whether the statement `text` is about what is known of the tables, which are few."""
    return _CATALOG.search(text) is not None


def _is_query(whole: Chain, file: PythonFile) -> bool:
    """Say whether a chain is a query of SQLAlchemy, as ``session.query(User)`` and ``User.query`` begin."""
    root, links = whole
    for index, link in enumerate(links[:-1]):
        if link.name == "query":
            if link.call is None:
                return index == 0 and is_model(root)
            function = link.call.func
            return isinstance(function, ast.Attribute) and is_database(function.value, file)
    return False
