"""PREP102 sql-injection."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity
from flake8_prep.sql import DEFINING, OPENING, TRIGGERS


class SqlInjection(PythonRule):
    """SQL whose text is put together from values.

    Why is this bad:
        A value that becomes a part of the text of a statement can end that statement and begin another one.
        Whoever has a say in the value then has a say in the database: `x' OR '1'='1` reads every row, and
        worse is possible. A value that is passed as a parameter is never read as SQL.

    Example:
        def find_user(cursor, name):
            cursor.execute(f"SELECT id, email FROM users WHERE name = '{name}'")
            return cursor.fetchone()

    Use instead:
        def find_user(cursor, name):
            cursor.execute("SELECT id, email FROM users WHERE name = %s", (name,))
            return cursor.fetchone()

    Known limits:
        Names of tables and columns cannot be parameters. Take them from a constant, or check them against
        what is allowed (`if column not in COLUMNS: raise ...`), or quote them by the driver's own means
        (`psycopg.sql.Identifier`): none of these is reported. Neither are numbers and dates, placeholders,
        constants by convention (`TABLE_NAME`), names that say so (`quoted_table`), text that a call returns
        together with its parameters (`where, params = ...`), what a connection says of itself (`db.now`
        beside `db.execute(...)`), and tables that a migration creates, alters or drops.

        A statement is recognised by its first words, so one that begins with `BEGIN;`, `DO $$`, `GRANT`,
        `COPY` or `CALL` is not. It is followed through names, lists, and functions of the same file, not
        through other files, `string.Template`, or the parameters of a function. Without a call that runs it
        (`execute`, `fetch`, `text`, ...) it is reported if it cannot be prose and is not just logged,
        printed, compared or raised. Each place that puts a value in is reported on its own; inside
        SQLAlchemy's `text(...)` this rule reports alone, without PREP112.
    """

    code = "PREP102"
    name = "sql-injection"
    severity = Severity.CRITICAL
    finding = "1.2"
    message = "{value} becomes part of the text of this {verb} statement, and can change what it does"
    triggers = TRIGGERS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        """Report each place where a value is put into a statement that goes to a database."""
        may_open = OPENING.match
        openings = [
            each
            for each in file.nodes(ast.Constant)
            # Most strings are names of something, which is told more quickly than by the pattern.
            if each.value.__class__ is str and not each.value.isidentifier() and may_open(each.value)
            # A docstring is put together with nothing.
            if file.parent(each).__class__ is not ast.Expr
        ]
        if openings:
            # Few files get to here, and what is imported for them is half of all that rules import.
            from flake8_prep.python.queries import injections

            for string, value, verb in injections(openings, file):
                # A migration consists of these, and its author alone gives the names.
                if verb not in DEFINING or not file.is_migration:
                    yield self.at(string, value=_shown(value), verb=verb)


def _shown(value: ast.AST) -> str:
    """Return how `value` is called in the message; long expressions are not written out."""
    match value:
        case ast.Call(func=function) if dotted_name(function):
            return f"'{dotted_name(function)}(..)'"
        case ast.Subscript(value=container) if dotted_name(container):
            return f"'{dotted_name(container)}[..]'"
    return f"'{dotted_name(value)}'" if dotted_name(value) else "a value"
