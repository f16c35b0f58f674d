"""Sums of money that are taken as zero where they are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from flake8_prep.finding import Finding
from flake8_prep.money import names_money
from flake8_prep.rule import Severity
from flake8_prep.typescript.operands import Operand, operand_before
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import variable_at

_ZERO = r"\s*+(?:0(?:\.0*)?n?|(?:new\s+)?(?:Big|BigInt|BigNumber|Decimal)\(\s*0\s*\))(?![\w.])"
_NULLISH = re.compile(r"\?\?" + _ZERO)
_WORD = re.compile(r"[\w$]+")
# An aggregate of no rows is null in Prisma, and zero is right. Variables of the environment have other rules.
_FOREIGN = re.compile(r"\b_(?:sum|avg|min|max)\b|\b(?:process|Bun|import\.meta)\.env\b")
# How a query asks for an aggregate, in SQL or by a method of its builder.
_AGGREGATE = re.compile(r"\b(?<!Math\.)(?:sum|avg|min|max)\s*\(|\b_(?:sum|avg|min|max)\b", re.IGNORECASE)
_FIRST_NAME = re.compile(r"(?:(?:parseFloat|parseInt|Number|BigInt|new\s+\w+)\s*\(\s*)?([\w$]+)\s*[?!]?[.\[]")
_LONGEST = 2000
_ADDED = re.compile(r"\s*\)\s*(?:[+-]|\.\s*(?:add|minus|plus|sub)\()")
_COMPARED_WITH_ZERO = re.compile(r"\s*+\)*+\s*+(?:[!=]==?|[<>]=?)\s*+0\b(?![.\w])")
_SORT_END = re.compile(r"\b(?:sort|toSorted|sortBy|orderBy)\s*\(\s*\Z")
_ITEM_START = re.compile(r"[;{}]")
_OPTIONAL = re.compile(r"([A-Za-z_]\w*)\?\.")
_GET = re.compile(r"((?:[\w$]+\s*\??\.\s*)*[\w$]+)\s*\??\.\s*get(\()")
_REACH = 200


class NullAsZero(TypeScriptRule):
    """Sums of money that fall back to zero with `|| 0` or `?? 0`.

    Why is this bad:
        A price, a fee or a payout that is missing is not free of charge: something failed before, and now
        nobody will know. The sum goes on into totals, invoices and payouts, where it is wrong without looking
        so. Refuse the record, or report it and leave it out.

    Example:
        function payout(bookings: Booking[]): number {
          return bookings.reduce((sum, booking) => sum + (booking.amount_cents || 0), 0);
        }

    Use instead:
        function payout(bookings: Booking[]): number {
          return bookings.reduce((sum, booking) => {
            if (booking.amount_cents === null) {
              throw new InvalidBookingError(booking.id);
            }
            return sum + booking.amount_cents;
          }, 0);
        }

    Known limits:
        What is money is told from the words of the name, such as `amount`, `price` and `fee`; a `total` needs
        company that says so (`invoice.total`). Silent in tests, and where zero is the right answer:
        accumulators (`sums[key] = (sums[key] || 0) + x`, and what comes out of a map and goes back into it),
        aggregates of no rows (`_sum.amount`, and what is taken from the result of a query with `SUM(`),
        behind conditions that ask about the value, before those that ask whether there is the object that it
        is taken from (`if (!wallet)` below `wallet?.balance ?? 0`), divisions, which may be by zero,
        comparisons with zero and the order of a sort. Elements with a computed key are left alone. Ignore the
        rule where the column may be empty and that means nothing is owed.
    """

    code = "PREP255"
    name = "null-as-zero"
    severity = Severity.HIGH
    finding = "2.5"
    message = "{operand} counts as 0 where it is missing"
    triggers = ("||", "??")
    pattern = re.compile(r"\|\|" + _ZERO)

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file:
            return
        # Two patterns that begin with plain text are found many times faster than one that does not.
        for match in chain(self.pattern.finditer(source.code), _NULLISH.finditer(source.code)):
            operand = operand_before(match.start(), source)
            if operand is None or operand.name is None:
                continue
            text = source.strings[operand.start : operand.end]
            if not names_money(operand.name, _WORD.findall(_line_before(operand.start, source) + text)):
                continue
            if _FOREIGN.search(text) or _COMPARED_WITH_ZERO.match(source.code, match.end()):
                continue
            if _is_asked_for(operand, source) or _is_known_to_miss(operand, source):
                continue
            if _is_aggregate(operand, source):
                continue
            # Of a division by zero, whatever it is of.
            if source.code[source.token_end(operand.start) - 1 : operand.start].startswith("/"):
                continue
            if _accumulates(operand, match.end(), source) or _is_put_back(operand, match.end(), source):
                continue
            if not _orders(operand.start, source):
                yield self.at(operand.start, source, operand=" ".join(text.split()))


def _line_before(offset: int, source: Source) -> str:
    """Return what stands before `offset` in its line: what the value is given to."""
    return source.code[max(0, offset - _REACH) : offset].rpartition("\n")[2]


def _is_asked_for(operand: Operand, source: Source) -> bool:
    """Tell whether the condition in front of the operand asks about it, so that its absence is known of."""
    text = re.escape(source.code[operand.start : operand.end])
    asked = re.compile(
        rf"(?<![\w$.]){text}\s*(?:[!=]==?\s*(?:null|undefined)\b|&&|\?(?![.?]))|&&\s*{text}(?![\w$.])"
    )
    before = source.code[max(0, operand.start - _REACH) : operand.start]
    return asked.search(_ITEM_START.split(before)[-1]) is not None


def _is_known_to_miss(operand: Operand, source: Source) -> bool:
    """Tell whether the function goes on to ask if there is the object that the operand is taken from.

    Where the same statement has asked before, the object is there, and only the sum is missing.
    """
    code = source.code
    name = _OPTIONAL.match(code, operand.start)
    function = source.enclosing_function(operand.start) if name else None
    if name is None or function is None:
        return False
    asked = re.compile(rf"(?<![\w$.])!{name[1]}\b(?![.?(\[])|(?<![\w$.]){name[1]}\s*(?:&&|\?(?![.?]))")
    before = code[max(function.body_start, operand.start - _REACH) : operand.start]
    if asked.search(before.rpartition(";")[2]):
        return False
    return asked.search(code, operand.end, function.body_end) is not None


def _is_aggregate(operand: Operand, source: Source) -> bool:
    """Tell whether the operand is taken from what a query for an aggregate returned."""
    name = _FIRST_NAME.match(source.code, operand.start)
    variable = variable_at(name[1], operand.start, source) if name else None
    if variable is None or len(variable.values) != 1:
        return False
    start = variable.values[0]
    end = min(source.expression_end(start), start + _LONGEST)
    return "await" in source.code[start:end] and _AGGREGATE.search(source.text, start, end) is not None


def _accumulates(operand: Operand, end: int, source: Source) -> bool:
    """Tell whether the operand is what the sum goes to, as in ``sums[key] = (sums[key] || 0) + x``."""
    if not _ADDED.match(source.code, end):
        return False
    text = source.strings[operand.start : operand.end]
    before = source.strings[max(0, operand.start - len(text) - _REACH) : operand.start].rstrip(" \n(")
    if before.endswith(":"):
        return before[:-1].rstrip().endswith(operand.name or text)
    return before.endswith("=") and before[:-1].rstrip().endswith(text)


def _is_put_back(operand: Operand, end: int, source: Source) -> bool:
    """Tell whether the operand comes out of a map that the function puts it into next, under the same key."""
    taken = _GET.match(source.code, operand.start)
    function = source.enclosing_function(operand.start) if taken else None
    key = source.arguments(taken.start(2)) if taken else ()
    if taken is None or function is None or len(key) != 1:
        return False
    text = re.escape(source.text[slice(*key[0])])
    put = re.compile(rf"(?<![\w$.]){re.escape(taken[1])}\s*\.\s*set\(\s*{text}\s*,")
    return put.search(source.text, end, min(function.body_end, end + _LONGEST)) is not None


def _orders(offset: int, source: Source) -> bool:
    """Tell whether the place is in a function that says how to sort."""
    function = source.enclosing_function(offset)
    if function is None:
        return False
    return _SORT_END.search(source.code, max(0, function.start - _REACH), function.start) is not None
