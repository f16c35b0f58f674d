"""Applications whose requests have no id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.apps import TRIGGERS, apps, is_mentioned
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_LIKELY: Final = frozenset(
    "access cls context correlation id instrumentation log logger logging middleware"
    " middlewares monitoring morgan observability pino telemetry trace tracing winston".split()
)


class MissingRequestId(TypeScriptRule):
    """Applications whose requests have no id.

    Why is this bad:
        One request writes many lines to the log, in several services, among those of all others. Without an
        id that is in each of them, and in the answer, nobody can put together what happened to the booking
        that a customer complains about.

        Take the id from the header `x-request-id`, or make one, pass it on to other services, and add it to
        every line of the log: by Fastify's `requestIdHeader`, `hono/request-id`, `nestjs-cls`, or a hook and
        an `AsyncLocalStorage`.

    Example:
        import Fastify from "fastify";

        const app = Fastify();
        await app.listen({ port: 8080 });

    Use instead:
        import Fastify from "fastify";

        const app = Fastify({ requestIdHeader: "x-request-id", genReqId: () => randomUUID() });
        await app.listen({ port: 8080 });

    Known limits:
        The rule is off by default, as it looks for something that is missing: it reads only the package of
        the file that builds the app. Where that hands the app to a function of another package that may do
        anything with it, such as `setupApp(app)`, or adds middleware for logging or tracing, the rule is
        silent. Ignore it where a proxy in front writes the log.
    """

    code = "PREP851"
    name = "missing-request-id"
    severity = Severity.MEDIUM
    finding = "8.1"
    message = "this {framework} app gives its requests no id, so the log does not show what belongs together"
    off_by_default = True
    triggers = TRIGGERS
    pattern = re.compile(
        r"(?:request|correlation|trace|tracing|transaction)[-_ ]?(?:id|context)(?![a-z])|(?-i:\breqId|ReqId)"
        r"|traceparent|asynclocalstorage|opentelemetry|dd-trace|elastic-apm-node|newrelic|cls-rtracer"
        r"|nestjs-cls|clsmodule|pino-http|nestjs-pino|@logtail|applicationinsights",
        re.IGNORECASE,
    )

    def check(self, source: Source) -> Iterator[Finding]:
        for app in source.once(apps):
            if not app.may_have(_LIKELY) and not is_mentioned(self.pattern, source):
                yield self.at(app.start, source, framework=app.framework)
