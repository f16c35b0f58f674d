"""PREP802."""

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

_RATE_LIMIT: Final = lazy_pattern(
    r"rate[-_ ]?limit|limiter|throttl|slowapi|too[-_ ]?many[-_ ]?requests", re.IGNORECASE
)
_LIKELY: Final = frozenset(
    "ban brute firewall guard limit limiting limits protection quota quotas rate security".split()
)


class MissingRateLimit(PythonRule):
    """An application that takes any number of requests from anybody.

    Why is this bad:
        Nothing stops a script from trying a million passwords or gift codes, or a client with a bug from
        keeping the database so busy that nobody else gets an answer.

        Limit how often one client can ask, by its account or address, with `slowapi`, `fastapi-limiter`,
        `Flask-Limiter` or `quart-rate-limiter`.

    Example:
        from flask import Flask

        app = Flask(__name__)

    Use instead:
        from flask import Flask
        from flask_limiter import Limiter
        from flask_limiter.util import get_remote_address

        app = Flask(__name__)
        limiter = Limiter(get_remote_address, app=app, default_limits=["100/minute"])

    Known limits:
        The rule is off by default, as it looks for something that is missing: it reads only the package of
        the module that builds the app. Where that hands the app to a function of another module that may do
        anything with it, such as `setup_middleware(app)`, the rule is silent. Ignore it where a gateway in
        front of the service limits the rate.
    """

    code = "PREP802"
    name = "missing-rate-limit"
    severity = Severity.HIGH
    finding = "8.2"
    message = "this {framework} app does not limit how often a client can ask"
    off_by_default = True
    triggers = TRIGGERS

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        for app in file.once(apps):
            if not app.may_have_middleware(_LIKELY) and not is_mentioned(_RATE_LIMIT, _RATE_LIMIT, file):
                yield self.at(app.call, framework=app.framework)
