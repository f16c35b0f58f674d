"""Errors that are caught and thrown away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.operands import before_dot, operand_before
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_NAMES = re.compile(r"[\w$]+(?:\s*[!?]?\.\s*#?[\w$]+)*")
_STATEMENT_START = re.compile(r"(?:^|[;{}]|[\w$)\]'\"`]\s*\n)\s*(?:(?:await|void)\s+)?\Z")
_STATEMENT_END = re.compile(r"[^\S\n]*+(?:;|\n|\}|\Z)")
_FIRST_NAME = re.compile(r"[\w$]+")
_SCHEMAS = re.compile(r"zod(?:[/-].*)?")
_REACH = 200
_TRY_END = re.compile(r"(?<![\w$.])try\Z")
_NOTHING = r"(?:undefined|null|false|void\s++0|\[\s*+\]|\{\s*+\})"
_IDLE_BODY = rf"\{{\s*+(?:return\b\s*+{_NOTHING}?\s*+;?\s*+)?\}}"
_PARAMETERS = r"\([^()]*+\)\s*+(?::[\w$<>,.|\s\[\]]{1,200})?"
# An arrow function, a function, or the name of one of the well-known functions that do nothing.
_IDLE = (
    rf"(?:async\s++)?(?:{_PARAMETERS}|[\w$]++\s*+)=>\s*+(?:{_IDLE_BODY}|{_NOTHING}|\(\s*+{_NOTHING}\s*+\))"
    rf"|(?:async\s++)?function\b\s*+[\w$]*+\s*+{_PARAMETERS}{_IDLE_BODY}"
    r"|(?:[\w$]++\.)?noop"
)
_IDLE_FUNCTION = re.compile(_IDLE)
_IDLE_FIRST = re.compile(rf"\s*+(?:{_IDLE})")
_HANDLING = re.compile(
    r"\.\s*+(?P<at>(?P<method>catch|then)\s*+(?:\?\.\s*+)?(?:<[^()<>]{0,100}>\s*+)?(?P<open>\())"
)


class EmptyCatch(TypeScriptRule):
    """Catch blocks, and handlers of rejected promises, that do nothing.

    Why is this bad:
        Whatever went wrong, the code goes on as if it had gone right, and nobody can find out later: no
        log, no metric, no error for the caller. The block catches more than the one error that it was meant
        for, too, such as a misspelt name.

    Example:
        try {
          await bookings.confirm(id);
        } catch (error) {
          // the job picks it up later
        }

    Use instead:
        try {
          await bookings.confirm(id);
        } catch (error) {
          log.error({ error, id }, 'booking was not confirmed');
          throw error;
        }

    Known limits:
        A comment does not handle an error, so a block that has nothing else is reported. Of handlers, only
        functions that are written in place or called `noop` are known to do nothing. Silent where a statement
        only says so of a promise that the code goes on to use (`void pending.catch(() => {}); return
        pending;`): whoever awaits it gets the error. The `catch` of a schema of zod names a default and is
        left alone.
    """

    code = "PREP252"
    name = "empty-catch"
    severity = Severity.MEDIUM
    finding = "2.2"
    message = "{handler}, so the error is lost"
    triggers = ("catch", "then")
    # Both patterns begin with plain text, for which `re` searches much faster than for what may stand before.
    pattern = re.compile(r"catch(?<![\w$.]catch)\b\s*+(?:\([^()]*\)\s*+)?(?P<block>\{\s*+\})")

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each block and each handler that does nothing."""
        for match in self.pattern.finditer(source.code):
            if _ends_try(source, match.start()):
                yield self.at(match.start(), source, handler="the catch block does nothing")
        for match in _HANDLING.finditer(source.code):
            index = 0 if match["method"] == "catch" else 1
            # A look at what follows spares most files the search for all their brackets.
            if index == 0 and not _IDLE_FIRST.match(source.code, match.end()):
                continue
            arguments = source.arguments(match.start("open"))
            if len(arguments) != index + 1 or not _IDLE_FUNCTION.fullmatch(source.code, *arguments[index]):
                continue
            if index or not (_is_of_promise_in_use(match, source) or _is_of_schema(match, source)):
                start = match.start("at") if index == 0 else arguments[index][0]
                yield self.at(start, source, handler="the handler of the rejection does nothing")


def _is_of_promise_in_use(match: re.Match[str], source: Source) -> bool:
    """Tell whether a statement adds the handler to a promise with a name that is used elsewhere, too."""
    promise = operand_before(before_dot(match.start(), source), source)
    close = source.closing(match.start("open"))
    if promise is None or close is None or not _STATEMENT_END.match(source.code, close + 1):
        return False
    text = source.code[promise.start : promise.end]
    before = source.code[max(0, promise.start - _REACH) : promise.start]
    if not _NAMES.fullmatch(text) or not _STATEMENT_START.search(before):
        return False
    function = None if text.startswith("this") else source.enclosing_function(promise.start)
    start, end = (function.body_start, function.body_end) if function else (0, len(source.code))
    use = re.compile(rf"(?<![\w$.#]){re.escape(text)}(?![\w$])(?!\s*=(?!=)|\s*\??\.\s*catch\b)")
    return use.search(source.code, start, end) is not None


def _is_of_schema(match: re.Match[str], source: Source) -> bool:
    """Tell whether the `catch` gives a schema the value that it takes for what does not fit."""
    schema = operand_before(before_dot(match.start(), source), source)
    name = _FIRST_NAME.match(source.code, schema.start) if schema else None
    return name is not None and _SCHEMAS.fullmatch(imported(source).get(name[0], ("",))[0]) is not None


def _ends_try(source: Source, offset: int) -> bool:
    """Tell whether the block of a `try` ends before `offset`; a method may be called `catch` as well."""
    opening = source.opening(source.token_end(offset) - 1)
    if opening is None:
        return False
    end = source.token_end(opening)
    return _TRY_END.search(source.code, max(0, end - 4), end) is not None
