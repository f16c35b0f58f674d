"""PREP702."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.routes import Route
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.webhooks import webhook_routes
from flake8_prep.rule import Severity

# Where a path has something that requests fill in: `{id}`, `<int:id>`, a group of a regular expression.
_PARAMETER: Final = lazy_pattern(r"[{<(\[].*")


class UntestedWebhook(PythonRule):
    """A webhook that no test calls.

    Why is this bad:
        The only other one who calls it is a provider of payments or the like, with real money. Whether a
        signed event still marks the booking as paid after a change, and what happens with an event of
        another form, shows in production.

        Write a test that sends an event to the path with a valid signature, and looks at what has become of
        the record; and another one with a bad signature.

    Example:
        from fastapi import APIRouter

        router = APIRouter()

        @router.post("/webhooks/parcel-carrier")
        async def parcel_has_moved(event: dict):
            await move(event["parcel"])

    Use instead:
        # tests/test_parcels.py
        def test_parcel_has_moved(client, signed):
            answer = client.post("/webhooks/parcel-carrier", signed(parcel=7))
            assert answer.status_code == 200

    Known limits:
        The rule is off by default, as it reads all tests: those that the option `prep-test-paths` names,
        below the working directory. A test that has the path, the name of the route or that of the function
        in it counts, whatever it does with it.
    """

    code = "PREP702"
    name = "untested-webhook"
    severity = Severity.HIGH
    finding = "7.2"
    message = "no test sends anything to the webhook {path}"
    off_by_default = True
    triggers = ("hook",)

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if not file.is_test:
            for route in webhook_routes(file):
                if not any(file.settings.suite.mentions(text) for text in _tested_as(route)):
                    yield self.at(route.node, path=route.path)


def _tested_as(route: Route) -> list[str]:
    """Return the texts one of which is in each test of `route`."""
    path = _PARAMETER.sub("", route.path.lstrip("^")).rstrip("$").strip("/")
    return [text for text in (path, route.name, route.handler) if text]
