"""Webhooks that are acknowledged although something is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.answers import acknowledges
from flake8_prep.typescript.blocks import guards
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import variable_at
from flake8_prep.typescript.webhooks import TRIGGERS, is_read, receives_webhooks

_PATH = r"[A-Za-z_$][\w$]*+(?:\s*+[?!]?\.\s*+[\w$]++|\s*+(?:\?\.)?\[\s*+(?:\d+|'[^']*'|\"[^\"]*\")\s*+\])*+"
_TEST = (
    rf"(?:!\s*(?:\(\s*)?(?P<not>{_PATH})(?:\s*\))?"
    rf"|(?P<is>{_PATH})\s*===?\s*(?:undefined|null|''|\"\")"
    rf"|(?:undefined|null)\s*===?\s*(?P<of>{_PATH})"
    # Of the types only `undefined` has nine letters.
    rf"|typeof\s+(?P<typeof>{_PATH})\s*!==?\s*['\"](?! {{9}}['\"]) *['\"]"
    rf"|typeof\s+(?P<undefined>{_PATH})\s*===?\s*['\"] {{9}}['\"])"
)
_OTHER_TEST = re.sub("[?]P<[a-z]+>", "?:", _TEST)
_CONDITION = lazy_pattern(rf"\s*+{_TEST}(?:\s*+(?:\|\||&&)\s*+(?:{_OTHER_TEST}))*+\s*+")
# What is asked about the event itself: whether it is one of ours, and whether something is to be done.
_NO_DATA = lazy_pattern(
    r"(?:^|[._a-z])_?(?:[iI]s|[hH]as|already|[sS]hould|[cC]an|was|will|needs|allow(?:ed|s)?|did|must)"
    r"(?:[A-Z_]|$)"
    r"|^(?:process|import\.meta)\.env\b"
    r"|(?i:access|debug|dry_?run|err(?:or)?|event_?name|length|types?|topic|action|kind|handlers?|listeners?"
    r"|enabled|supported|relevant|subscribed|matche?[sd]?|response|result|changed"
    r"|valid|verified|feature|flag|processed|config(?:ured|uration)?|env|secret|active|success|ok|acquired"
    r"|locked|claimed|updated"
    r"|created|inserted|deleted|duplicate|new|first|lock|event|status|settings?|options?)$"
)


# What is looked up by the type of the event is missing where the event is none of ours.
_BY_TYPE = lazy_pattern(
    r"[\w$.]++(?:\?\.)?(?:\[|(?<=\.get)\()[^()\[\]]{0,80}"
    r"\b(?i:\w*type|\w*event|event_?name|topic|action)\b[^()\[\].]{0,20}[\])]"
)
# What tells whether an event comes for the first time: what it gives is missing where the event was there.
_ONCE = lazy_pattern(
    r"(?:await\s++)?[\w$.]{0,80}?(?:\bacquire\w*+|Lock|(?i:idempoten|dedup)[\w$.]*+)\s*+\("
)
# What a text says of what others have, such as ``ignored non-feedback issue``.
_FOREIGN = lazy_pattern(
    r"\b(?:ignor|skip)\w*+[^'\"`\n]{0,40}?\b(?:non-[a-z]|unrelated|irrelevant|foreign)"
    r"|\bnot\s(?:(?:one\s)?of\s)?ours?\b",
    re.IGNORECASE,
)


class AcknowledgedMissingData(TypeScriptRule):
    """Webhook handlers that answer success although data is missing.

    Why is this bad:
        A status of 2xx tells the sender that the event was dealt with, so it will never come again. If the id
        of the booking was missing, the payment has gone through, the booking stays unpaid, and nobody knows.
        A status of 4xx or 5xx shows the failure in the sender's dashboard and brings the event back.

    Example:
        app.post('/webhooks/payments', async (request, reply) => {
          const { orderId } = request.body.payment;
          if (!orderId) {
            log.warn('payment without an order');
            return reply.code(200).send({ received: true });
          }
          await orders.markPaid(orderId);
          return reply.code(200).send({ received: true });
        });

    Use instead:
        app.post('/webhooks/payments', async (request, reply) => {
          const { orderId } = request.body.payment;
          if (!orderId) {
            log.error('payment without an order');
            return reply.code(422).send({ error: 'order is missing' });
          }
          await orders.markPaid(orderId);
          return reply.code(200).send({ received: true });
        });

    Known limits:
        A file is taken for one with webhook handlers by its path, a route with `webhook` in it, or the check
        of a signature. Silent for guards on the type of the event, since events of other types are rightly
        acknowledged, on flags, where the block hands the event on, to a queue, a store, or a person, or says
        in a text that it is none of ours, and in what answers GET or is called `get..`, `list..` and the
        like: webhooks are sent by POST, and a file can have other routes beside theirs.
    """

    code = "PREP154"
    name = "acknowledged-missing-data"
    severity = Severity.CRITICAL
    finding = "1.4"
    message = "the webhook is answered with success although '{value}' is missing"
    triggers = TRIGGERS
    pattern = _CONDITION

    def check(self, source: Source) -> Iterator[Finding]:
        if not receives_webhooks(source):
            return
        for guard in guards(source):
            match = self.pattern.fullmatch(source.code, *guard.condition)
            if match is None:
                continue
            names = source.text[slice(*guard.condition)]
            value = source.text[match.start(match.lastgroup or 0) : match.end(match.lastgroup or 0)]
            if any(_NO_DATA.search(name) for name in re.findall(_PATH, names)):
                continue
            if (
                acknowledges(*guard.block, source)
                and not _is_of_event(value, guard.start, source)
                and not _is_foreign(guard.block, source)
                and not is_read(guard.start, source)
            ):
                yield self.at(guard.start, source, value=value)


def _is_foreign(block: tuple[int, int], source: Source) -> bool:
    """Tell whether a block says that the event is about something that is none of ours."""
    return _FOREIGN.search(source.strings, *block) is not None


def _is_of_event(name: str, offset: int, source: Source) -> bool:
    """Tell whether a variable is looked up by the type of the event, or says whether it came before.

    As in ``const run = RUNS[event.type]`` and ``const saved = await idempotency.save(event.id)``.
    """
    variable = variable_at(name, offset, source)
    return variable is not None and any(
        _BY_TYPE.match(source.code, start) or _ONCE.match(source.code, start) for start in variable.values
    )
