"""PREP902."""

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

# A name or a path, each on a line of its own. Words that mean many things count in paths only.
_HEALTH: Final = lazy_pattern(
    r"health|heartbeat|liveness|readiness|is_?alive|^/(?:.*[/_.-])?(?:alive|live|ping|ready|status|up)z?/?$",
    re.IGNORECASE | re.MULTILINE,
)
_HEALTH_PATH: Final = lazy_pattern(
    r"""["'](?:/[\w./{}-]{0,80})?/?[\w.-]{0,40}(?:health|heartbeat|liveness|readiness)[\w.-]{0,40}/?["']"""
    r"""|["'][\w./{}-]*/(?:alive|live|ping|ready|up)z?/?["']""",
    re.IGNORECASE,
)
_LIKELY: Final = frozenset(
    "actuator check checks diagnostics infra internal maintenance meta metrics misc monitoring"
    " observability ops ping probe probes prometheus status system utility utils".split()
)


class MissingHealthEndpoint(PythonRule):
    """An application that cannot be asked whether it is well.

    Why is this bad:
        Kubernetes, a load balancer or a monitor has no way to find out that the service has started but lost
        its database: it goes on sending requests there, and each of them fails.

        Answer `/health` with what depends on nothing but the process, and `/ready` with whether the database
        and whatever else is needed can be reached.

    Example:
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/rooms")
        async def rooms():
            return await all_rooms()

    Use instead:
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/rooms")
        async def rooms():
            return await all_rooms()

        @app.get("/health")
        async def health():
            return {"database": await database.answers()}

    Known limits:
        The rule is off by default, as it looks for something that is missing: it reads only the package of
        the module that builds the app. A path with `health`, `ready`, `live`, `ping`, `status` or the like
        counts. Where routes come from another module under a name that does not tell what they are about,
        such as `app.include_router(api_router)`, the rule is silent.
    """

    code = "PREP902"
    name = "missing-health-endpoint"
    severity = Severity.MEDIUM
    finding = "9.2"
    message = "this {framework} app has no route that tells whether it is well"
    off_by_default = True
    triggers = TRIGGERS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        for app in file.once(apps):
            if not app.may_have_routes(_LIKELY) and not is_mentioned(_HEALTH, _HEALTH_PATH, file):
                yield self.at(app.call, framework=app.framework)
