"""PREP501 query-in-loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.databases import chain, fills_tables
from flake8_prep.python.names import dotted_name
from flake8_prep.python.repeated_queries import repetition
from flake8_prep.python.round_trips import METHODS, TRIGGERS, round_trip
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class QueryInLoop(PythonRule):
    """Queries that are sent to a database once for each element of a collection.

    Why is this bad:
        Each query is a round trip over the network. A page that lists ten orders sends ten queries and is
        quick, and the same page with ten thousand sends ten thousand. One statement that takes all keys
        (`WHERE id IN (..)`, a join) or all rows (`executemany`, `bulk_create`, `insert().values([..])`) costs
        one round trip however many there are.

    Example:
        def load_customers(cursor, orders):
            customers = []
            for order in orders:
                cursor.execute("SELECT name FROM customers WHERE id = %s", (order.customer_id,))
                customers.append(cursor.fetchone())
            return customers

    Use instead:
        def load_customers(cursor, orders):
            keys = [order.customer_id for order in orders]
            cursor.execute("SELECT id, name FROM customers WHERE id = ANY(%s)", (keys,))
            return cursor.fetchall()

    Known limits:
        Sessions, cursors, connections and pools are recognised by their types or names; a query in a function
        that the loop calls is not seen. Silent in tests, fixtures and migrations, in loops over batches,
        ranges and what is written out, for statements that take many keys, and where each element has a
        savepoint of its own. Ignore the rule where there are never more than a few elements.
    """

    code = "PREP501"
    name = "query-in-loop"
    severity = Severity.HIGH
    finding = "5.1"
    message = "'{call}' sends a query for each element of {collection}"
    callees = METHODS
    triggers = TRIGGERS

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a query that depends on the element of a loop."""
        if file.once(_is_left_alone):
            return
        query = round_trip(node, file)
        iteration = repetition(query, file) if query is not None else None
        if iteration is not None:
            iterable = dotted_name(iteration.iterable)
            collection = f"'{iterable}'" if iterable else "a collection"
            yield self.at(node, call=_beginning(node), collection=collection)


def _is_left_alone(file: PythonFile) -> bool:
    return file.is_test or file.is_migration or fills_tables(file)


def _beginning(call: ast.Call) -> str:
    """Return how a query begins, as ``session.query`` or ``User.objects.filter``."""
    root, links = chain(call)
    begins = f"{dotted_name(root.func)}()" if isinstance(root, ast.Call) else dotted_name(root)
    called = next(index for index, link in enumerate(links, start=1) if link.call is not None)
    return ".".join([begins, *(link.name for link in links[:called])]).lstrip(".")
