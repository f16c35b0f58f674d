"""Webhooks that no test calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.money import words_of
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.routes import Route, routes
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.webhooks import TRIGGERS

# Where a path has something that requests fill in.
_PARAMETER: Final = lazy_pattern(r"[:{*$(].*")
_PARAMETERS: Final = lazy_pattern(r":\w+|\{[^{}]*\}")
# Words in the paths under which the webhooks of customers are managed.
_MANAGEMENT: Final = frozenset(
    "create deliveries delivery detail enable disable history install list logs redeliver"
    " register replay resend retry secret settings subscribe test toggle uninstall unregister".split()
)


class UntestedWebhook(TypeScriptRule):
    """Webhooks that no test calls.

    Why is this bad:
        The only other one who calls it is a provider of payments or the like, with real money. Whether a
        signed event still marks the booking as paid after a change, and what happens with an event of
        another form, shows in production.

        Write a test that sends an event to the path with a valid signature, and looks at what has become of
        the record; and another one with a bad signature.

    Example:
        app.post("/webhooks/parcel-carrier", async (request, reply) => {
          await move(request.body.parcel);
          return reply.send({ received: true });
        });

    Use instead:
        // parcels.test.ts
        const response = await app.inject({ method: "POST", url: "/webhooks/parcel-carrier", payload });
        expect(response.statusCode).toBe(200);

    Known limits:
        The rule is off by default, as it reads all tests: those that the option `prep-test-paths` names,
        below the working directory. A test that has the path in it, without what a router may put in front,
        counts, whatever it does with it. Routes under which the webhooks of customers are managed are left
        alone.
    """

    code = "PREP752"
    name = "untested-webhook"
    severity = Severity.HIGH
    finding = "7.2"
    message = "no test sends anything to the webhook {path}"
    off_by_default = True
    triggers = TRIGGERS
    pattern = re.compile(r"web-?hook", re.IGNORECASE)

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file:
            return
        for route in source.once(routes):
            if route.method in {"ALL", "POST"} and self._is_receiver(route):
                path = _PARAMETER.sub("", route.path).strip("/")
                if not source.settings.suite.mentions(path):
                    yield self.at(route.start, source, path=route.path)

    def _is_receiver(self, route: Route) -> bool:
        fixed = _PARAMETERS.sub("", route.path)
        # A plural at the end is the collection that customers add theirs to.
        is_collection = fixed.rstrip("/").lower().endswith("webhooks")
        words = (*words_of(fixed), *words_of(route.handler))
        return self.pattern.search(fixed) is not None and not is_collection and _MANAGEMENT.isdisjoint(words)
