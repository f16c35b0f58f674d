"""Applications that take any number of requests from anybody."""

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
    "arcjet ban brute firewall guard guards limit limiting limits middleware middlewares"
    " protection quota quotas rate security".split()
)


class MissingRateLimit(TypeScriptRule):
    """Applications that take any number of requests from anybody.

    Why is this bad:
        Nothing stops a script from trying a million passwords or gift codes, or a client with a bug from
        keeping the database so busy that nobody else gets an answer.

        Limit how often one client can ask, by its account or address: with `@fastify/rate-limit`,
        `express-rate-limit`, `koa-ratelimit`, `hono-rate-limiter` or `@nestjs/throttler`.

    Example:
        import express from "express";

        const app = express();
        app.listen(8080);

    Use instead:
        import express from "express";
        import { rateLimit } from "express-rate-limit";

        const app = express();
        app.use(rateLimit({ windowMs: 60_000, limit: 100 }));
        app.listen(8080);

    Known limits:
        The rule is off by default, as it looks for something that is missing: it reads only the package of
        the file that builds the app. Where that hands the app to a function of another package that may do
        anything with it, such as `setupApp(app)`, the rule is silent. Ignore it where a gateway in front of
        the service limits the rate.
    """

    code = "PREP852"
    name = "missing-rate-limit"
    severity = Severity.HIGH
    finding = "8.2"
    message = "this {framework} app does not limit how often a client can ask"
    off_by_default = True
    triggers = TRIGGERS
    pattern = re.compile(
        r"rate[-_ ]?limit|limiter|throttler|throttling|slow-?down|too[-_ ]?many[-_ ]?requests|arcjet"
        r"|express-brute",
        re.IGNORECASE,
    )

    def check(self, source: Source) -> Iterator[Finding]:
        for app in source.once(apps):
            if not app.may_have(_LIKELY) and not is_mentioned(self.pattern, source):
                yield self.at(app.start, source, framework=app.framework)
