"""Queries that take all rows of a table, with neither a condition nor a limit."""

from __future__ import annotations

import ast
import bisect
import re
from collections import defaultdict
from operator import attrgetter
from typing import Any, Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.databases import (
    Chain,
    Link,
    Manager,
    called_first,
    chain,
    is_class_name,
    is_database,
    is_model,
    manager,
)
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.round_trips import as_text, is_read, is_about_catalog
from flake8_prep.python.strings import Strings
from flake8_prep.sql import PLACEHOLDER, statement_in

# What takes all rows of a result, and what takes all rows of the statement that it is given.
_TAKING: Final = frozenset({"all", "fetchall"})
_FETCHING: Final = frozenset({"fetch", "fetch_all"})
_RUNNING: Final = frozenset({"exec", "exec_driver_sql", "execute", "scalars"})
# What only changes how the rows of a result are shown.
_SHOWING: Final = frozenset({"mappings", "scalars", "tuples", "unique"})
# What may come in a query that still has all the rows of its table.
_HARMLESS: Final = frozenset(
    {
        *("all", "defer", "join", "only", "options", "order_by", "outerjoin", "prefetch_related"),
        *("select_related", "using"),
    }
)
# What is in a file that has such a query, without regard to case.
TRIGGERS: Final = ("_manager", "exec", "fetch", "objects", "query", "scalars")
METHODS: Final = frozenset({*_TAKING, *_FETCHING, "order_by"})

_LIMITED: Final = lazy_pattern(
    r"\b(?:AVG|COUNT|DISTINCT|EXCEPT|FETCH|GROUP|HAVING|INTERSECT|LIMIT|MAX|MIN|ROWNUM|SUM|TABLESAMPLE"
    r"|TOP|UNION|WHERE)\b",
    re.IGNORECASE,
)
_WHOLE_TABLE: Final = lazy_pattern(
    r"\bFROM\s+(?P<table>[\w.\"`\[\]]+)(?:\s++(?:AS\s++)?(?!(?:INNER|JOIN|LEFT)\b)\w++)?"
    # What is joined by its keys alone leaves as many rows, or nearly.
    r"(?:\s++(?:INNER\s++|LEFT\s++(?:OUTER\s++)?)?JOIN\s++[\w.\"`\[\]]++"
    r"(?:\s++(?:AS\s++)?(?!ON\b)\w++)?\s++ON\s++\(?+[\w.\"`]++\s*+=\s*+[a-z_\"`][\w.\"`]*+\)?+)*+"
    r"\s*+(?:;?\s*+$|ORDER\s+BY\b)",
    re.IGNORECASE,
)


def whole_table(call: ast.Call, file: PythonFile) -> str:
    """Return the table, or the model, all rows of which `call` takes; empty where that is not certain."""
    method = call.func
    if not isinstance(method, ast.Attribute):
        return ""
    whole = chain(call)
    objects = manager(whole)
    if objects is not None:
        return _of_model(call, objects, file)
    if method.attr in _FETCHING:
        takes_all = len(call.args) == 1 and is_database(method.value, file)
        return _of_statement(call.args[0], file) if takes_all else ""
    return _of_result(call, method, whole, file) if method.attr in _TAKING and not call.args else ""


def _of_model(call: ast.Call, objects: Manager, file: PythonFile) -> str:
    """Return the model of Django all objects of which are read where `call` is written."""
    names = {link.name for link in objects.links}
    is_whole = is_class_name(objects.model) and names <= _HARMLESS
    return objects.model if is_whole and is_read(call, file) else ""


def _of_result(call: ast.Call, method: ast.Attribute, whole: Chain, file: PythonFile) -> str:
    """Return the table all rows of which `call` takes from a result, a cursor or a query."""
    links = [*whole.links[:-1]]
    while links and links[-1].name in _SHOWING and links[-1].call is not None and not links[-1].call.args:
        links.pop()
    run = links[-1].call if links and links[-1].name in _RUNNING else None
    if run is None and not links:
        run = _run_of_name(call, whole.root, file)
    if run is None and method.attr == "fetchall":
        run = _last_run(call, method.value, file)
    if run is not None:
        receiver: Any = run.func
        return _of_statement(run.args[0], file) if run.args and is_database(receiver.value, file) else ""
    return _of_query(whole.root, links, file)


def _of_query(root: ast.expr, links: list[Link], file: PythonFile) -> str:
    """Return the model of ``session.query(Model)`` or ``Model.query``, if nothing limits the query."""
    index = next((index for index, link in enumerate(links) if link.name == "query"), len(links))
    if index == len(links) or any(link.name not in _HARMLESS for link in links[index + 1 :]):
        return ""
    query = links[index].call
    if query is None:
        return last_name(root) if index == 0 and is_model(root) else ""
    receiver: Any = query.func
    return _entity(query) if is_database(receiver.value, file) else ""


def _entity(call: ast.Call) -> str:
    """Return the one model whose rows `call`, of ``select`` or ``query``, is about."""
    names = {last_name(each if is_model(each) else getattr(each, "value", None)) for each in call.args}
    name = names.pop() if len(names) == 1 else ""
    return name if is_class_name(name) else ""


def _of_statement(statement: ast.expr, file: PythonFile) -> str:
    """Return the table that `statement`, as text or as an expression of SQLAlchemy, reads all rows of."""
    value = file.value_of(statement) if isinstance(statement, ast.Name) else statement
    if value is None:
        return ""
    statement = as_text(value, file)
    call, links = called_first(chain(statement))
    if call is not None and file.own_name(call.func) == "select":
        return _entity(call) if all(link.name in _HARMLESS for link in links) else ""
    text = file.once(Strings).assemble(statement).text
    found = statement_in(text)
    if found is None or found.verb != "SELECT" or PLACEHOLDER in text:
        return ""
    table = _WHOLE_TABLE.search(text)
    is_whole = table is not None and not _LIMITED.search(text) and not is_about_catalog(text)
    return table["table"].strip("\"`[]") if table is not None and is_whole else ""


def _run_of_name(taking: ast.Call, result: ast.expr, file: PythonFile) -> ast.Call | None:
    """Return the call whose result was last bound to the name that `taking` takes rows from."""
    if not isinstance(result, ast.Name):
        return None
    bindings: list[Any] = file.bindings(result)
    earlier = bisect.bisect_left(bindings, taking.lineno, key=attrgetter("lineno"))
    assignment = file.parent(bindings[earlier - 1]) if earlier else None
    if not isinstance(assignment, ast.Assign):
        return None
    links = [*chain(assignment.value).links]
    while links and links[-1].name in _SHOWING:
        links.pop()
    return links[-1].call if links and links[-1].name in _RUNNING else None


def _last_run(taking: ast.Call, cursor: ast.expr, file: PythonFile) -> ast.Call | None:
    """Return the call that ran the statement whose rows `taking` takes from `cursor`: the last one before."""
    name = dotted_name(cursor)
    runs = file.once(_runs).get((file.enclosing_function(taking), name), []) if name else []
    index = bisect.bisect_left(runs, taking.lineno, key=lambda call: call.lineno)
    return runs[index - 1] if index else None


def _runs(file: PythonFile) -> dict[tuple[ast.AST | None, str], list[ast.Call]]:
    """Return the calls that run a statement, by the function around them and what they are called on."""
    found: defaultdict[tuple[ast.AST | None, str], list[ast.Call]] = defaultdict(list)
    for call in file.nodes(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _RUNNING:
            found[file.enclosing_function(call), dotted_name(call.func.value)].append(call)
    return found
