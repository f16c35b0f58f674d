"""Which TypeScript files are about webhooks."""

from __future__ import annotations

import re
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

# A file without any of these in its text or path has no webhook in it.
TRIGGERS: Final = ("webhook", "Webhook", "WEBHOOK")

# A route as the first argument of what registers it: `app.post('/webhooks', ..)`, `@Post("webhook")`.
_ROUTE = lazy_pattern(
    r"(?:\.\s*+(?:all|on|post|put|register|route|use)\s*+(?:<[^()]{0,200}>\s*+)?"
    r"|@\s*+(?:All|Controller|Post|Put)\s*+)"
    r"\(\s*+(?:\{[^{}]{0,200}?\b(?:path|url)\s*+:\s*+)?['\"`][^'\"`\n]{0,200}?webhook",
    re.IGNORECASE,
)
_ARRIVES: Final = lazy_pattern(
    r"\b(?:constructEvent(?:Async)?|unwrap|verifyWebhook\w*|[Ww]ebhooks?\.verify\w*)\s*\("
)


def receives_webhooks(source: Source) -> bool:
    """Tell whether a file has handlers of webhooks: by its path, a route, or the check of a signature."""
    return source.once(_receives_webhooks)


def _receives_webhooks(source: Source) -> bool:
    if source.is_test_file or source.path.endswith(".tsx"):
        return False
    if "webhook" in source.path.lower():
        return True
    return any(map(source.has, TRIGGERS)) and (
        # The words of a route count, but not those of a text that tells how to write one.
        any(source.code[match.start()] != " " for match in _ROUTE.finditer(source.strings))
        or _ARRIVES.search(source.code) is not None
    )
