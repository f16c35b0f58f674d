"""PREP502 unindexed-foreign-key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import argument, has_unpacking
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

_COLUMNS: Final = frozenset({"Column", "MappedColumn", "mapped_column"})
_INDEXING: Final = ("index", "primary_key", "unique")
_CONSTRAINTS: Final = frozenset({"PrimaryKeyConstraint", "UniqueConstraint"})
_INDEX: Final = "Index"
_MYSQL: Final = lazy_pattern(r"mysql|mariadb", re.IGNORECASE)
_POSTGRESQL: Final = lazy_pattern(r"postgres", re.IGNORECASE)


class UnindexedForeignKey(PythonRule):
    """Foreign keys of SQLAlchemy that no index covers.

    Why is this bad:
        PostgreSQL, SQLite, Oracle and SQL Server make no index for a foreign key. Each join over it and each
        lookup by it reads the whole table, and so does the database itself for every row that is deleted from
        the table that the key points to. That is quick with the rows of a test, and takes minutes with those
        of production.

    Example:
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Invoice(Base):
            __tablename__ = "invoices"

            id: Mapped[int] = mapped_column(primary_key=True)
            customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))

    Use instead:
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Invoice(Base):
            __tablename__ = "invoices"

            id: Mapped[int] = mapped_column(primary_key=True)
            customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)

    Known limits:
        An index counts if the same file declares it: with the column, in `__table_args__`, or by itself.
        Indexes that only a migration makes are not seen. MySQL and MariaDB make an index for each foreign
        key: files that speak of them, and not of PostgreSQL, are left alone. Ignore the rule for tables that
        stay small.
    """

    code = "PREP502"
    name = "unindexed-foreign-key"
    severity = Severity.MEDIUM
    finding = "5.2"
    message = "the foreign key '{column}' has no index"
    callees = frozenset({"Field", "ForeignKey"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a column with a foreign key, unless it or something else in the file has an index for it."""
        column = _column(node, file)
        if column is None or file.is_migration or file.is_test or has_unpacking(column):
            return
        if file.once(_is_for_mysql) or any(_is_set(argument(column, name)) for name in _INDEXING):
            return
        names = _names(column, file)
        indexed = file.once(_indexed, _table(column, file)) | file.once(_indexed_apart)
        if names and not names & indexed:
            yield self.at(column, column=min(names, key=len))


def _column(node: ast.Call, file: PythonFile) -> ast.Call | None:
    """Return the column that `node` makes a foreign key: one of SQLAlchemy, or a field of SQLModel."""
    if file.own_name(node.func) == "Field":
        return node if argument(node, "foreign_key") is not None else None
    column = file.parent(node)
    return column if isinstance(column, ast.Call) and file.own_name(column.func) in _COLUMNS else None


def _is_set(value: ast.expr | None) -> bool:
    return value is not None and not (isinstance(value, ast.Constant) and not value.value)


def _is_for_mysql(file: PythonFile) -> bool:
    return _MYSQL.search(file.text) is not None and _POSTGRESQL.search(file.text) is None


def _names(column: ast.Call, file: PythonFile) -> set[str]:
    """Return what the column is called: in the database, and as an attribute of its class."""
    names = {str(each.value) for each in column.args[:1] if isinstance(each, ast.Constant)}
    parent = file.parent(column)
    while isinstance(parent, (ast.keyword, ast.Call)):  # `Field(sa_column=Column(..))`
        parent = file.parent(parent)
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            names.add(name)
        case ast.Return() | ast.Lambda():
            function: Any = file.enclosing_function(column)
            names.add(getattr(function, "name", ""))
    return names - {""}


def _table(column: ast.AST, file: PythonFile) -> ast.AST:
    """Return what declares the table of the column: the call of `Table`, the class, or else the module."""
    for above in file.ancestors(column):
        is_table = isinstance(above, ast.Call) and file.own_name(above.func) == "Table"
        if is_table or isinstance(above, ast.ClassDef):
            return above
    return file.tree.module


def _indexed(file: PythonFile, table: ast.AST) -> frozenset[str]:
    """Return the columns that come first in an index, or in a constraint that makes one, of the `table`."""
    return frozenset(
        name
        for node in ast.walk(table)
        if isinstance(node, ast.Call)
        for name in _first_column(node, file)
    )


def _indexed_apart(file: PythonFile) -> frozenset[str]:
    """Return the columns that come first in an index outside of a table: ``Index("ix", Order.user_id)``."""
    calls = (call for call in file.nodes(ast.Call) if file.own_name(call.func) == _INDEX)
    apart = (call for call in calls if isinstance(_table(call, file), ast.Module))
    return frozenset(name for call in apart for name in _first_column(call, file))


def _first_column(call: ast.Call, file: PythonFile) -> Iterator[str]:
    name = file.own_name(call.func)
    arguments = call.args
    if name == _INDEX:
        arguments = arguments[1:]
    elif name not in _CONSTRAINTS:
        return
    for node in ast.walk(arguments[0]) if arguments else ():
        if isinstance(node, ast.Constant):
            yield str(node.value)
        else:
            yield last_name(node)
