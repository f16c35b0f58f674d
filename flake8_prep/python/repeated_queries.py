"""Queries that a loop sends once for each element, although one could be about all of them."""

from __future__ import annotations

import ast
import bisect
import itertools
import re
from collections.abc import Iterator
from typing import Any, Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.databases import called_first, chain
from flake8_prep.python.iterations import Iteration, iterations
from flake8_prep.python.names import last_name
from flake8_prep.python.round_trips import RoundTrip, as_text, is_about_catalog
from flake8_prep.python.strings import Strings
from flake8_prep.sql import PLACEHOLDER, statement_in

_ROWS: Final = frozenset({"DELETE", "INSERT", "REPLACE", "SELECT", "UPDATE", "WITH"})
# A statement that takes many keys at a time, or takes the next element that nobody else works on.
_MANY_KEYS: Final = lazy_pattern(
    rf"\b(?:ANY|UNNEST)\s*\(|\bIN\s*+\(?\s*+[%:$?{PLACEHOLDER}]|\bSKIP\s+LOCKED\b", re.IGNORECASE
)
# A value in the place of a table: each element is about a table of its own.
_OTHER_TABLES: Final = lazy_pattern(
    rf"\b(?:FROM|INTO|JOIN|UPDATE|TABLE)\s+[\w.\"`\[]*{PLACEHOLDER}", re.IGNORECASE
)
_EXPRESSIONS: Final = frozenset({"delete", "insert", "select", "update"})
_STATEMENT_BY_NAME: Final = lazy_pattern(r"(?:^|_)(?:query|sql|statement|stmt)$", re.IGNORECASE)
_REFUSALS: Final = lazy_pattern(r"Conflict|Duplicate|Integrity|Unique")
_SAVEPOINTS: Final = frozenset({"atomic", "begin_nested", "savepoint"})


def repetition(query: RoundTrip, file: PythonFile) -> Iteration | None:
    """Return the loop that sends `query` for each element of a collection; None where there is no such loop.

    Loops are left out where each element needs a query of its own: because it has its own connection, table,
    columns, statement or savepoint, because the database may refuse some, or because the query is about many
    keys already.
    """
    for iteration in iterations(query.call, file):
        if _is_about_one_element(query, iteration, file) and not _is_by_itself(query, iteration, file):
            return iteration
    return None


def _is_about_one_element(query: RoundTrip, iteration: Iteration, file: PythonFile) -> bool:
    """Say whether `query` depends on the element of the loop, and on no more than that."""
    parts: list[ast.expr | ast.keyword] = [*_passed(query.call)]
    if query.statement is not None:
        statement = _resolved(query.statement, iteration, file)
        if statement is None or not _is_fixed(statement, iteration, file):
            return False
        parts.append(statement)
    elif any(isinstance(part, ast.Starred) for part in parts):
        return False  # conditions that cannot be seen
    depends = any(name.id in iteration.names for part in parts for name in _names(part))
    return depends and not any(map(_takes_many, parts))


def _is_by_itself(query: RoundTrip, iteration: Iteration, file: PythonFile) -> bool:
    """Say whether each element is to be dealt with apart from the others."""
    return (
        _is_about_table(query.call, iteration)
        or not _is_shared(query.receiver, iteration, file)
        or file.once(_has_savepoint, iteration.loop)
        or _may_be_refused(query.call, iteration.loop, file)
    )


def _is_about_table(call: ast.Call, iteration: Iteration) -> bool:
    """Say whether what is queried is the element, or comes from it, as in ``session.query(element)``."""
    queries = [link.call for link in chain(call).links if link.name == "query" and link.call is not None]
    entities = [entity for query in queries for entity in query.args]
    return any(isinstance(entity, ast.Name) and entity.id in iteration.names for entity in entities)


def _is_shared(receiver: ast.expr, iteration: Iteration, file: PythonFile) -> bool:
    """Say whether all elements use the same `receiver`, or cursors of the same connection."""
    for name in _names(receiver):
        if name.id in iteration.targets:
            return False
        if name.id in iteration.names:
            opened = _assigned_before(name, file)
            links = chain(opened).links if opened is not None else ()
            if opened is None or not links or links[-1].name != "cursor":
                return False
            if any(each.id in iteration.names for each in _names(opened)):
                return False
    return True


def _has_savepoint(file: PythonFile, loop: ast.AST) -> bool:
    for node in ast.walk(loop):
        match node:
            case ast.Attribute(attr=name) if name in _SAVEPOINTS:
                return True
            case ast.Constant(value=str(text)) if "SAVEPOINT" in text:
                return True
            case ast.keyword(arg="skip_locked"):
                return True
    return False


def _may_be_refused(call: ast.Call, loop: ast.AST, file: PythonFile) -> bool:
    """Say whether the loop expects the database to refuse what `call` writes for some of the elements."""
    inside = itertools.takewhile(lambda above: above is not loop, file.ancestors(call))
    caught: list[ast.AST] = []
    for above in inside:
        match above:
            case ast.Try(handlers=handlers):
                caught += [handler.type for handler in handlers if handler.type is not None]
            case ast.With(items=items) | ast.AsyncWith(items=items):
                caught += [item.context_expr for item in items]  # `contextlib.suppress(..)`
    return any(_REFUSALS.search(last_name(name)) for each in caught for name in ast.walk(each))


def _resolved(statement: ast.expr, iteration: Iteration, file: PythonFile) -> ast.expr | None:
    """Return `statement`, or what is assigned to it in the loop; None where it is the element itself."""
    if isinstance(statement, ast.Name) and statement.id in iteration.names:
        return _assigned_before(statement, file)
    return statement


def _assigned_before(name: ast.Name, file: PythonFile) -> ast.expr | None:
    """Return what is assigned to `name` last, in the order of the source, before it is read."""
    bindings = file.bindings(name)
    index = bisect.bisect_left(bindings, _position(name), key=_position)
    parent = file.parent(bindings[index - 1]) if index else None
    match parent:
        case ast.Assign(value=value) | ast.NamedExpr(value=value) | ast.withitem(context_expr=value):
            return value
        case ast.AnnAssign(value=value):
            return value
    return None


def _position(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _is_fixed(statement: ast.expr, iteration: Iteration, file: PythonFile) -> bool:
    """Say whether `statement` reads or writes rows, of the same table for each element."""
    name = last_name(statement)
    value = file.value_of(statement) if isinstance(statement, ast.Name) else None
    statement = as_text(statement if value is None else value, file)
    whole = chain(statement)
    call, _ = called_first(whole)
    names = (file.own_name(call.func) if call is not None else "", *(link.name for link in whole.links))
    if not _EXPRESSIONS.isdisjoint(names):
        entities = (whole.root, *(call.args[:1] if call is not None else ()))
        return not any(isinstance(entity, ast.Name) and entity.id in iteration.targets for entity in entities)
    text = file.once(Strings).assemble(statement).text
    found = statement_in(text)
    if found is not None:
        needs_its_own = _OTHER_TABLES.search(text) or _MANY_KEYS.search(text) or is_about_catalog(text)
        return found.verb in _ROWS and not needs_its_own
    is_unknown = not text.strip(f"{PLACEHOLDER} ")
    depends = any(each.id in iteration.names for each in _names(statement))
    return is_unknown and not depends and _STATEMENT_BY_NAME.search(name) is not None


def _passed(call: ast.Call) -> Iterator[ast.expr | ast.keyword]:
    """Yield the arguments of `call`, and of the calls in front of it in the same chain."""
    for link in chain(call).links:
        if link.call is not None:
            yield from link.call.args
            yield from link.call.keywords


def _takes_many(part: ast.expr | ast.keyword) -> bool:
    """Say whether `part` of a query is or has in it a list of keys or rows, or columns named when it runs."""
    match part:
        case ast.ListComp() | ast.List(elts=[ast.Dict() | ast.List() | ast.Tuple(), *_]):
            return True
        case ast.keyword(arg=None, value=ast.Dict(keys=keys)):
            return not all(isinstance(key, ast.Constant) for key in keys)
    for node in ast.walk(part):
        match node:
            case ast.Attribute(attr="any_" | "in_" | "not_in" | "notin_"):
                return True
            case ast.keyword(arg=str(name)) if name.endswith("__in"):
                return True
            case ast.Call(func=ast.Attribute(attr="values"), args=[ast.List() | ast.ListComp() | ast.Name()]):
                return True
    return False


def _names(node: ast.AST) -> Iterator[ast.Name]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Name))
