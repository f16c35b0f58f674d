"""PREP504 unbounded-query."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.databases import fills_tables
from flake8_prep.python.entry import has_main_guard, runs_as_program
from flake8_prep.python.routes import routes
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.whole_tables import METHODS, TRIGGERS, whole_table
from flake8_prep.rule import Severity
from flake8_prep.tables import grows

# Scripts that somebody runs by hand, to look at what there is.
_LOOKS_OVER = lazy_pattern(
    r"(?:^|/)(?:analy[sz]e|audit|check|debug|diagnose|fix|inspect|review|show|verify)_\w+\.py$"
)


class UnboundedQuery(PythonRule):
    """Queries that load all rows of a table into memory.

    Why is this bad:
        The query has neither a condition nor a limit, so what it returns grows with the table. It takes a
        moment with the data of the first week, and one day it takes all the memory of the process.

    Example:
        def export(cursor):
            cursor.execute("SELECT id, email FROM customers")
            return [row for row in cursor.fetchall()]

    Use instead:
        def export(cursor, last_id):
            cursor.execute("SELECT id, email FROM customers WHERE id > %s ORDER BY id LIMIT 1000", (last_id,))
            return [row for row in cursor.fetchall()]

    Known limits:
        Only whole tables are reported, alone or joined with others by their keys: a query with a condition, a
        grouping or an aggregate is left alone, also where it returns too much. Silent, too, where the name of
        the table does not say that it grows with use, as those of `orders`, `users` and `audit_log` do and
        that of `countries` does not, and in tests, migrations and scripts, also those that look data over by
        their names (`check_users.py`) and answer no requests, in commands of click and typer, and in what
        prints what it has found.
    """

    code = "PREP504"
    name = "unbounded-query"
    severity = Severity.MEDIUM
    finding = "5.4"
    message = "all rows of '{table}' are loaded into memory"
    callees = METHODS
    triggers = TRIGGERS

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a call that takes all rows of a query with neither a condition nor a limit."""
        if file.once(_is_left_alone):
            return
        table = whole_table(node, file)
        if table and grows(table) and not _is_shown(node, file):
            yield self.at(node, table=table)


def _is_shown(node: ast.Call, file: PythonFile) -> bool:
    """Say whether the rows are for whoever runs the file by hand, or a command of it."""
    if runs_as_program(node, file):
        return True
    if file.once(routes) or not file.once(has_main_guard):
        return False
    return file.enclosing_function(node) in file.once(_printing)


def _printing(file: PythonFile) -> Set[ast.AST | None]:
    """Return the functions that print; None stands for the module."""
    printed = (call for call in file.nodes(ast.Call) if file.qualified_name(call.func) == "builtins.print")
    return {file.enclosing_function(call) for call in printed}


def _is_left_alone(file: PythonFile) -> bool:
    is_apart = file.is_test or file.is_migration or is_program(file.path) or prepares_database(file.path)
    if is_apart or fills_tables(file):
        return True
    return _LOOKS_OVER.search(file.path) is not None and not file.once(routes)
