"""What the handler of a request answers."""

from __future__ import annotations

import re
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

# The answer that a handler gives.
_ANSWER: Final = lazy_pattern(
    r"(?<![\w$.])(?:(?:reply|res|response|rep|h|ctx|context|c)\b(?:\s*\.\s*(?:type|header|set|setHeader"
    r"|headers)\s*\([^()]*\))*"
    r"\s*\.\s*(?P<method>code|status|sendStatus|writeHead|json|send|end|text|body)\s*\((?P<arguments>[^()]*)"
    r"|(?P<new>(?:new\s+)?(?:Next)?Response)\s*(?:\.\s*json\s*)?(?P<open>\()|(?P<json>json)(?P<open_json>\()"
    # Koa has a status to assign to; frameworks and clouds make an answer of the object that is returned.
    r"|ctx\s*\.\s*(?:status\s*=(?P<assigned>[^=;\n][^;\n]*)|(?P<set>body)\s*=(?!=))"
    r"|return\s*+\(?\s*+(?P<returned>\{))"
)
_ACKNOWLEDGED: Final = lazy_pattern(r"(?<![\w$])(?:acknowledged|ok|received|success)\s*:\s*(true|false)\b")
_STATUS: Final = lazy_pattern(r"(?<![\w$])(?:status|statusCode)\s*:\s*([\w$.]+)")
_SUCCESS: Final = lazy_pattern(
    r"\s*(?:2\d\d|(?:[\w$]+\.)*(?:OK|ok|Ok|ACCEPTED|Accepted|NO_CONTENT|NoContent))\s*(?:,|\Z)"
)
# Koa answers 200 to what has a body, unless something else is set, which may be done after it.
_OTHER_STATUS: Final = lazy_pattern(r"(?<![\w$.])ctx\s*\.\s*(?:status\s*=|throw\b)")
_SENDING: Final = frozenset({"body", "end", "json", "send", "text"})
_OF_CONTEXT: Final = lazy_pattern(r"(?<![\w$.])(?:ctx|context|c|h)\b")
# What tells that the event is not lost: it goes to a queue, a store or a person, or the error is reported.
_HANDED_ON: Final = lazy_pattern(
    r"(?i:dlq|dead_?letter|queue|enqueue|publish|dispatch|capture(?:Exception|Message)|alert|notify"
    r"|pagerduty|slack|retry|throw\b|sentry|bugsnag|rollbar|noticeError|\breport(?:Error|Exception)?\s*\("
    r"|logAndThrow|send(?:Email|Message|Alert)|\.(?:create|insert|save|upsert|update|add)\s*\()"
)


def acknowledges(start: int, end: int, source: Source) -> bool:
    """Tell whether the block in this range answers success and does nothing else with the request."""
    code = source.code
    if _HANDED_ON.search(code, start, end):
        return False
    answer = _ANSWER.search(code, start, end)
    if answer is None or source.enclosing_bracket(answer.start()) != source.enclosing_bracket(start):
        return False
    if answer["set"]:
        return _OTHER_STATUS.search(code, answer.end(), end) is None
    return _is_success(answer, source)


def _is_success(match: re.Match[str], source: Source) -> bool:
    code = source.code
    method = match["method"]
    if match["assigned"]:
        return _SUCCESS.match(match["assigned"].rstrip()) is not None
    if match["returned"]:
        end = source.closing(match.start("returned")) or match.end()
        status = _STATUS.search(code, match.start("returned"), end)
        if status is not None:
            return _SUCCESS.match(status[1]) is not None
        flag = _ACKNOWLEDGED.search(code, match.start("returned"), end)
        return flag is not None and flag[1] == "true"
    if method in ("code", "status", "sendStatus", "writeHead"):
        return _SUCCESS.match(match["arguments"]) is not None
    opening = match.start("arguments") - 1 if method else match.end() - 1
    arguments = source.arguments(opening)
    if method is None or _OF_CONTEXT.match(match[0]):
        # The status is the second argument, by itself or in an object.
        if len(arguments) < 2:
            return True
        text = code[slice(*arguments[1])]
        status = _STATUS.search(text)
        if text.startswith("{"):
            return status is None and "..." not in text or bool(status and _SUCCESS.match(status[1]))
        return _SUCCESS.match(text) is not None
    # An earlier statement may have set a status: `res.status(400); res.json(..)`.
    return True
