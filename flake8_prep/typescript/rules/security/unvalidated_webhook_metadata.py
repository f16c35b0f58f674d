"""Metadata of webhooks that is used as it comes."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.typescript.metadata import METADATA, NAMES, Taken, taken_from_metadata
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.webhooks import is_read, receives_webhooks

# A field that is none of an id's kind: what it says is looked at in the open.
_NO_ID = lazy_pattern(
    r"(?i:type|kind|event|source|mode|env(?:ironment)?|version|action|product_?type|flow|reason)$"
)
# What checks the texts that it is given, up to the end of its arguments, as far as these are simple.
_CHECK = lazy_pattern(
    r"(?:\.\s*(?:safeP|p)arse(?:Async)?|\bv\.(?:safeP|p)arse"
    r"|(?:[vV]alidat|[dD]ecode|[pP]arse[A-Z])\w{0,40}"
    r"|\bassert[A-Z]\w{0,40}|\b(?:is|assert)\w{0,40}(?:Uuid|UUID|Id|String|Number)\w{0,40}"
    # The slash is the end of a regular expression.
    r"|(?:UUID|RE|REGEX|[pP]attern|[rR]egex\w{0,40}|/[a-z]{0,8})\s*\.\s*test)"
    r"\s*\([^()]{0,200}(?:\(\s*[^()]{0,100}\)[^()]{0,100})?"
)
_COMPARISON = lazy_pattern(
    r"(?<![\w$])(?:typeof\s+(?:[\w$]+\.)*+([\w$]++)(?!\s*[!=]==?\s*['\"] {9}['\"])"  # 'undefined'
    r"|(?<!typeof )([\w$]++)\s*[!=]==?\s*(?!null\b|undefined\b|true\b|false\b|'')[\w$'\"])"
)
# What is checked, of a chain its last name: ``parse(intent.metadata.order_id)`` says nothing of other keys.
_CHECKED = lazy_pattern(r"[\w$]++(?!\s*[?!]?\.\s*[\w$])")


class UnvalidatedWebhookMetadata(TypeScriptRule):
    r"""Metadata of a webhook's event that is used without a check of what is in it.

    Why is this bad:
        Metadata is a bag of texts that somebody filled in long before: another version of the program, a
        script, or a person in the dashboard of the payment service. A missing key is `undefined`, a
        misspelt id finds no row, and the update of the order changes nothing, with the money taken.
        Parse it with a schema first, and refuse the event where that fails.

    Example:
        app.post('/webhooks/payments', async (request, reply) => {
          const orderId = request.body.intent.metadata.order_id;
          await orders.markPaid(orderId);
          return reply.code(200).send({ received: true });
        });

    Use instead:
        const Metadata = z.object({ order_id: z.string().uuid() });

        app.post('/webhooks/payments', async (request, reply) => {
          const metadata = Metadata.parse(request.body.intent.metadata);
          await orders.markPaid(metadata.order_id);
          return reply.code(200).send({ received: true });
        });

    Known limits:
        A file is taken for one with webhook handlers by its path, a route with `webhook` in it, or the check
        of a signature. Any call of `parse`, `safeParse`, a function with `validate` in its name, or a test
        for a UUID in the same function that is given the metadata or the value counts as a check, as does a
        comparison of the value; that something is there at all does not. Silent for what only says what kind
        of event it is (`metadata.type`), and for the metadata of rows that were read from a database.
    """

    code = "PREP164"
    name = "unvalidated-webhook-metadata"
    severity = Severity.CRITICAL
    finding = "1.4"
    message = "'{value}' of the webhook's metadata is used without a check of what is in it"
    triggers = NAMES
    pattern = METADATA

    def check(self, source: Source) -> Iterator[Finding]:
        if not receives_webhooks(source):
            return
        for taken in taken_from_metadata(source):
            if _NO_ID.search(taken.key) or _is_validated(taken, source):
                continue
            if not is_read(taken.start, source):
                yield self.at(taken.start, source, value=taken.key)


def _is_validated(taken: Taken, source: Source) -> bool:
    """Tell whether something checks the value, or all of the metadata, in the same function."""
    function = source.enclosing_function(taken.start)
    start, end = (function.body_start, function.body_end) if function else (0, len(source.code))
    checks = source.once(_checks)
    places = [checks.get(each, ()) for each in (taken.name, taken.key, taken.holder, *NAMES)]
    if any(_is_between(each, start, end) for each in places):
        return True
    return _is_between(source.once(_comparisons).get(taken.name, ()), taken.start, end)


def _checks(source: Source) -> Mapping[str, Sequence[int]]:
    """Return where the names are that something checks."""
    found = defaultdict(list)
    for match in _CHECK.finditer(source.code):
        for name in _CHECKED.findall(match[0]):
            found[name].append(match.start())
    return found


def _comparisons(source: Source) -> Mapping[str, Sequence[int]]:
    """Return where the names are that are compared with something other than nothing."""
    found = defaultdict(list)
    for match in _COMPARISON.finditer(source.code):
        found[match[1] or match[2]].append(match.start())
    return found


def _is_between(places: Sequence[int], start: int, end: int) -> bool:
    index = bisect.bisect_left(places, start)
    return index < len(places) and places[index] < end
