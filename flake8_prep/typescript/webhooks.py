"""Which TypeScript files are about webhooks."""

from __future__ import annotations

import bisect
import re
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.handlers import answers_requests
from flake8_prep.typescript.routes import routes
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.writes import outer_functions

# A file without any of these in its text or path has no webhook in it.
TRIGGERS: Final = ("webhook", "Webhook", "WEBHOOK")

# A route as the first argument of what registers it: `app.post('/webhooks', ..)`, `@Post("webhook")`.
_ROUTE = lazy_pattern(
    # Requests are sent by methods of the same names.
    r"(?:\.(?<!client\.)(?<!axios\.)(?<!http\.)(?<!got\.)(?<!ky\.)\s*+"
    r"(?:all|basePath|on|post|put|register|route|use)\s*+(?:<[^()]{0,200}>\s*+)?"
    r"|\.\s*+route\s*+|@\s*+(?:All|Controller|Post|Put)\s*+)"
    r"\(\s*+(?:\{[^{}]{0,200}?\b(?:path|url)\s*+:\s*+)?['\"`](?!https?:)[^'\"`\n]{0,200}?webhook",
    re.IGNORECASE,
)
# A route by a name, and the prefix of the routes of a router or plugin.
_NAMED_ROUTE = lazy_pattern(
    r"\.(?:(?<=app\.)|(?<=fastify\.)|(?<=hono\.)|(?<=[rR]outer\.)|(?<=server\.))\s*+(?:all|post|put|use)"
    r"\s*+\(\s*+[\w$.]{0,80}?(?:webhook|Webhook|WEBHOOK)[\w$]*\s*+,"
)
_PREFIX = lazy_pattern(r"prefix\s*+:\s*+['\"`]/[^'\"`\n]{0,200}?[wW]ebhook")
_ARRIVES: Final = lazy_pattern(
    r"\b(?:constructEvent(?:Async)?|unwrap|verifyWebhook\w*|(?:[Ww]ebhooks?|wh)\.verify\w*"
    r"|new\s+Webhook\s*\([^()]{0,100}\)\s*\.\s*verify)\s*\("
)
# What shows something to whoever asks for it, by its name.
_READING: Final = lazy_pattern(r"(?:(?:handle|on)?[gG]et|list|search|show|view)(?=[A-Z_])\w*|GET")
# A file that sends messages to the webhooks of others, by its name.
_SENDING: Final = lazy_pattern(
    r"(?:(?:discord|slack|teams|outgoing|outbound|send)[-_]?webhooks?"
    r"|webhook[-_]?(?:sender|client|dispatcher))\.[cm]?ts$"
)


def receives_webhooks(source: Source) -> bool:
    """Tell whether a file has handlers of webhooks: by its path, a route, or the check of a signature."""
    return source.once(_receives_webhooks)


def _receives_webhooks(source: Source) -> bool:
    if source.is_test_file or source.path.endswith(".tsx"):
        return False
    path = source.path.lower()
    if "webhook" in path and not _SENDING.search(path):
        return True
    return any(map(source.has, TRIGGERS)) and (
        # The words of a route count, but not those of a text that tells how to write one.
        any(
            source.code[match.start()] != " "
            for pattern in (_ROUTE, _PREFIX)
            for match in pattern.finditer(source.strings)
        )
        or _NAMED_ROUTE.search(source.code) is not None
        or _ARRIVES.search(source.code) is not None
    )


def is_read(offset: int, source: Source) -> bool:
    """Tell whether the code only reads something for somebody: in the handler of a GET, no event arrives."""
    found = source.once(routes)
    index = bisect.bisect(found, offset, key=lambda route: route.start) - 1
    if index >= 0 and found[index].method == "GET":
        close = source.closing(source.code.index("(", found[index].start))
        if close is not None and offset < close:
            return True
    function = source.enclosing_function(offset)
    return function is not None and any(
        _READING.fullmatch(each.name or "") and answers_requests(each, source)
        for each in outer_functions(function, source)
    )
