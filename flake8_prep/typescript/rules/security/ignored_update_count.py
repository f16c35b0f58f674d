"""Updates by webhooks that change nothing, which is only logged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.blocks import Guard, guards
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import taken_from, variable_at
from flake8_prep.typescript.webhooks import TRIGGERS, receives_webhooks

_COUNT = r"[A-Za-z_$](?:[\w$.?!\[\]]|\s+\.)*+"
# The numbers of rows that drivers give, and lists of rows.
_OF_ROWS = lazy_pattern(
    r"(?<![\w$])(?:rowCount|rowsAffected|affected(?:Rows|_rows)?|changes|count|numUpdatedRows|modifiedCount"
    r"|matchedCount|(?:rows|(?:updated|deleted|inserted)\w*)\s*[?!]?\.\s*length)!?$"
)
_VARIABLE = lazy_pattern(r"([\w$]+)(?:\s*[?!]?\.\s*length)?")
_CHANGE = lazy_pattern(r"\.\s*(?:del|delete|destroy|update)\s*\(")
_RETURNING = lazy_pattern(r"\.\s*returning\s*\(")
_ELSE = lazy_pattern(r"\s*+[;}]?\s*+else\b\s*(?P<block>\{)?")
_LEAVES = lazy_pattern(r"(?<![\w$.])(?:return|throw)(?![\w$])")
_LOG = lazy_pattern(
    r"\s*(?:await\s+)?(?:(?:app|context|ctx|fastify|req|request|this)\.)?(?:\w*[lL]og(?:ger)?|console)"
    r"\s*\.\s*(?P<method>\w+)\s*(?P<open>\()"
)
_COMPLAINTS = frozenset({"critical", "error", "fatal", "warn", "warning"})
_READ = lazy_pattern(r"(?i)\bselect\b|\.\s*find\w*\s*\(")
_WRITE = lazy_pattern(r"(?i)\b(?:delete|insert|merge|update)\b")


class IgnoredUpdateCount(TypeScriptRule):
    """Updates by webhooks that found no row, where that is logged and nothing else.

    Why is this bad:
        The update was the point of the event. Where it changed nothing, the payment has no booking, and the
        handler goes on as if it had: it sends the confirmation and answers success, so that the sender will
        never try again. A line in a log is all that is left. Answer with an error, or queue the event for
        somebody to look at.

    Example:
        app.post('/webhooks/payments', async (request, reply) => {
          const result = await pool.query('UPDATE orders SET paid = true WHERE id = $1', [request.body.id]);
          if (result.rowCount === 0) {
            log.error('payment for an unknown order');
          }
          return reply.code(200).send({ received: true });
        });

    Use instead:
        app.post('/webhooks/payments', async (request, reply) => {
          const result = await pool.query('UPDATE orders SET paid = true WHERE id = $1', [request.body.id]);
          if (result.rowCount === 0) {
            log.error('payment for an unknown order');
            return reply.code(500).send({ error: 'unknown order' });
          }
          return reply.code(200).send({ received: true });
        });

    Known limits:
        A file is taken for one with webhook handlers by its path, a route with `webhook` in it, or the check
        of a signature. Silent where the block does anything but log. With an `else` it may be a fine outcome:
        then it is one if nothing is logged as a warning or an error, and if the `else` leaves the handler.
    """

    code = "PREP174"
    name = "ignored-update-count"
    severity = Severity.HIGH
    finding = "1.4"
    message = "that '{count}' is zero is only logged, so the event is lost"
    triggers = TRIGGERS
    pattern = lazy_pattern(
        rf"\s*+(?:(?P<count>{_COUNT})\s*+(?:===?\s*+0n?|<\s*+1n?|<=\s*+0n?)|0\s*+===?\s*+(?P<last>{_COUNT})"
        rf"|!\s*+\(?\s*+(?P<not>{_COUNT})\s*+\)?"
        rf"|\(\s*+(?P<default>{_COUNT})\s*+\?\?\s*+0\s*+\)\s*+(?:===?\s*+0|<\s*+1))\s*+"
    )

    def check(self, source: Source) -> Iterator[Finding]:
        if not receives_webhooks(source):
            return
        for guard in guards(source):
            match = self.pattern.fullmatch(source.code, *guard.condition)
            if match is None:
                continue
            methods = _logged_by(*guard.block, source)
            if methods and _counts_rows(match, source) and _is_a_loss(match, guard, methods, source):
                yield self.at(guard.start, source, count=match[match.lastgroup or 0])


def _counts_rows(match: re.Match[str], source: Source) -> bool:
    """Tell whether a number is that of the rows that a statement read or changed."""
    count = match[match.lastgroup or 0]
    if _OF_ROWS.search(count):
        return True
    is_length = count.endswith("length")
    name = _VARIABLE.fullmatch(count)
    variable = variable_at(name[1], match.start(), source) if name else None
    # What is not there is no number: `if (!order)`.
    if variable is None or (match["not"] and not is_length):
        return False
    for start in variable.values:
        end = source.expression_end(start)
        # What is changed is given back as rows, or their number is.
        is_list = _RETURNING.search(source.code, start, end) is not None
        if is_list is is_length and _CHANGE.search(source.code, start, end):
            return True
    return False


def _logged_by(start: int, end: int, source: Source) -> list[str]:
    """Return the methods of the logger that the statements in this range call; none if they do more."""
    code = source.code
    methods = []
    at = start
    while match := _LOG.match(code, at, end):
        close = source.closing(match.start("open"))
        if close is None:
            return []
        methods.append(match["method"])
        at = close + 1
        while at < end and code[at] in "; \n\t":
            at += 1
    return [] if code[at:end].strip() else methods


def _is_a_loss(match: re.Match[str], guard: Guard, methods: list[str], source: Source) -> bool:
    """Tell whether it is no fine outcome that there are no rows.

    Where there is an `else`, somebody thought of both: then it is if the log complains about a change, and
    if what stands behind is for both, and so cannot be an error.
    """
    after = _ELSE.match(source.code, guard.block[1])
    if after is None:
        return True
    close = source.closing(after.start("block")) if after["block"] else None
    return (
        close is not None
        and _LEAVES.search(source.code, after.end(), close) is None
        and not _COMPLAINTS.isdisjoint(methods)
        and not _is_read(match, source)
    )


def _is_read(match: re.Match[str], source: Source) -> bool:
    """Tell whether the rows are those of a query that changes nothing, as far as it is in sight."""
    name, at = match[match.lastgroup or 0].split(".")[0], match.start()
    variable, whole = variable_at(name, at, source), taken_from(name, at, source)
    values = variable.values if variable else [] if whole is None else [whole]
    texts = [source.strings[start : source.expression_end(start)] for start in values]
    return any(_READ.search(text) and not _WRITE.search(text) for text in texts)
