"""PREP112 raw-sql."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.strings import Strings
from flake8_prep.rule import Severity
from flake8_prep.sql import statement_in

_TEXT: Final = lazy_pattern(r"(?:sqlalchemy|sqlmodel)(?:\.\w+)*\.text")
# Tables of the database itself and of alembic, which no model describes, and plans of queries.
_BEYOND_MODELS: Final = lazy_pattern(
    r'\b(?:FROM|JOIN)\s+"?(?:alembic_version|information_schema|pg_|sqlite_master|sqlite_schema|sys\.)'
    r"|\A\s*EXPLAIN\b",
    re.IGNORECASE,
)
_ROWS: Final = frozenset({"SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE", "WITH"})


class RawSql(PythonRule):
    """Rows that are read or written by SQL as text, beside SQLAlchemy's own statements.

    Why is this bad:
        The text repeats what the models already say, and nothing checks it against them: a renamed column is
        found in production. It is also the pattern that the next author copies, and puts a value into.

    Example:
        from sqlalchemy import text

        def record(session, event):
            session.execute(text("INSERT INTO audit_log (event) VALUES (:event)"), {"event": event})

    Use instead:
        from sqlalchemy import insert

        def record(session, event):
            session.execute(insert(AuditLog).values(event=event))

    Known limits:
        Only statements that read or write rows are reported. Fragments (`server_default=text("now()")`),
        statements that change the schema, and migrations are left alone, and so are plans of queries and what
        is read from the catalogs of the database itself. Text that values are put into is PREP102 alone, not
        both. Ignore this rule where a statement uses what SQLAlchemy cannot express.
    """

    code = "PREP112"
    name = "raw-sql"
    severity = Severity.MEDIUM
    finding = "1.2"
    message = "this {verb} statement is text that no model is checked against"
    callees = frozenset({"text"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report `text(..)` around a whole statement that reads or writes rows."""
        given = argument(node, "text", 0)
        if given is None or file.is_migration or not _TEXT.fullmatch(file.qualified_name(node.func) or ""):
            return
        text, value = file.once(Strings).assemble(given)
        statement = statement_in(text) if value is None else None
        if statement is not None and statement.verb in _ROWS and not _BEYOND_MODELS.search(text):
            yield self.at(node, verb=statement.verb)
