"""Applications that cannot be asked whether they are well."""

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
    "actuator check checks diagnostics infra internal lightship maintenance meta metrics misc"
    " monitoring observability ops ping probe probes prometheus status system terminus utility"
    " utils".split()
)


class MissingHealthEndpoint(TypeScriptRule):
    """Applications that cannot be asked whether they are well.

    Why is this bad:
        Kubernetes, a load balancer or a monitor has no way to find out that the service has started but lost
        its database: it goes on sending requests there, and each of them fails.

        Answer `/health` with what depends on nothing but the process, and `/ready` with whether the database
        and whatever else is needed can be reached.

    Example:
        import Fastify from "fastify";

        const app = Fastify();
        app.get("/rooms", async () => allRooms());

    Use instead:
        import Fastify from "fastify";

        const app = Fastify();
        app.get("/rooms", async () => allRooms());
        app.get("/health", async () => ({ database: await database.answers() }));

    Known limits:
        The rule is off by default, as it looks for something that is missing: it reads only the package of
        the file that builds the app. A path with `health`, `ready`, `live`, `ping`, `status` or the like
        counts. Where routes come from another package under a name that does not tell what they are about,
        such as `app.use(routes)`, the rule is silent.
    """

    code = "PREP952"
    name = "missing-health-endpoint"
    severity = Severity.MEDIUM
    finding = "9.2"
    message = "this {framework} app has no route that tells whether it is well"
    off_by_default = True
    triggers = TRIGGERS
    pattern = re.compile(
        r"health|heartbeat|liveness|readiness|isAlive|terminus|lightship|under-pressure"
        r"|[\"'`][\w./:{}$-]*/(?:alive|live|ping|ready|status|up)z?/?[\"'`]",
        re.IGNORECASE,
    )

    def check(self, source: Source) -> Iterator[Finding]:
        for app in source.once(apps):
            if not app.may_have(_LIKELY) and not is_mentioned(self.pattern, source):
                yield self.at(app.start, source, framework=app.framework)
