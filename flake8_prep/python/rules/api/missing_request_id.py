"""PREP801."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.apps import TRIGGERS, apps, is_mentioned
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity

_REQUEST_ID: Final = lazy_pattern(
    r"(?:request|req|correlation|trace|tracing|transaction)[-_ ]?(?:id|context)|traceparent"
    r"|opentelemetry|\botel|instrumentor|ddtrace|logfire|elastic_?apm|newrelic|xray|jaeger|zipkin"
    r"|starlette_context",
    re.IGNORECASE,
)
# What middleware is about that may see to the ids without saying so in its name.
_LIKELY: Final = frozenset(
    "access context correlation id instrumentation log logger logging monitoring observability"
    " telemetry trace tracing".split()
)


class MissingRequestId(PythonRule):
    """An application whose requests have no id.

    Why is this bad:
        One request writes many lines to the log, in several services, among those of all others. Without an
        id that is in each of them, and in the answer, nobody can put together what happened to the booking
        that a customer complains about.

        Take the id from the header `X-Request-ID`, or make one, pass it on to other services, and add it to
        every line of the log. `asgi-correlation-id` does so, and OpenTelemetry does more.

    Example:
        from fastapi import FastAPI

        app = FastAPI()

    Use instead:
        from asgi_correlation_id import CorrelationIdMiddleware
        from fastapi import FastAPI

        app = FastAPI()
        app.add_middleware(CorrelationIdMiddleware)

    Known limits:
        The rule is off by default, as it looks for something that is missing: it reads only the package of
        the module that builds the app. Where that hands the app to a function of another module that may do
        anything with it, such as `setup_middleware(app)`, or adds middleware for logging or tracing, the
        rule is silent. Ignore it where a proxy in front writes the log.
    """

    code = "PREP801"
    name = "missing-request-id"
    severity = Severity.MEDIUM
    finding = "8.1"
    message = "this {framework} app gives its requests no id, so the log does not show what belongs together"
    off_by_default = True
    triggers = TRIGGERS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        for app in file.once(apps):
            if not app.may_have_middleware(_LIKELY) and not is_mentioned(_REQUEST_ID, _REQUEST_ID, file):
                yield self.at(app.call, framework=app.framework)
