"""Tells the names of sums of money from the names of other numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flake8_prep.patterns import lazy_pattern

_WORD = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_MONEY: Final = frozenset(
    "amount balance cents cost costs fee fees payout price refund revenue subtotal tax taxes".split()
)
# A total is one of money only in such company: everything that can be counted has one.
_TRADE: Final = _MONEY | frozenset(
    "basket bill booking cart charge checkout commission currency deposit discount grand gross"
    " invoice net order paid payment purchase receipt sale sales salary shipping spend spent"
    " subscription vat wage".split()
)
# What these make of a name is a number of things: `refund_count`, `num_fees`.
_NUMBERS: Final = frozenset("count counter counts n num number".split())
# Where these are missing, zero is right: no minimum, nothing refunded yet, gas without a price. A share, and
# rain, are no money.
_ZERO: Final = frozenset(
    "bps deducted gas min minimum pct percent percentage precipitation rain rainfall refunded reversed snow"
    " subtracted waived withheld".split()
)
# And so do these behind the word for money, as in `payout_days` and `cost_center`, or anywhere with a total:
# `total_tokens`.
_COUNTERS: Final = frozenset(
    "attempts bytes category center centre characters chars chunks class clicks code date dates days decimals"
    " digits docs documents duration entries hits hours id ids index items length level limit list"
    " members minutes months objects observations offset orders page pages plan points precision qty"
    " quantity rank records requests responses results retries rows schedule score seconds sheet size"
    " status steps time timestamp tokens tolerance traces type update updated updates usage users version"
    " views votes weeks weight years".split()
)
# What follows them says more about the sum: `cost_per_token` is no number of tokens.
_PREPOSITIONS: Final = frozenset(
    "after at before by for from in incl including of on per to with without".split()
)


def words_of(identifier: str) -> list[str]:
    """Return the words of a name in snake_case, kebab-case or camelCase, in lower case."""
    return [word.lower() for word in _WORD.findall(identifier)]


def names_money(identifier: str, company: Iterable[str] = ()) -> bool:
    """Say whether something with this name is a sum of money.

    Args:
        identifier: the name of a variable, attribute or key.
        company: the names around it; they decide where the name itself says no more than that it is a total.
    """
    words = words_of(identifier)
    ends = [index for index, word in enumerate(words) if index and word in _PREPOSITIONS]
    head = words[: ends[0]] if ends else words
    if not _NUMBERS.isdisjoint(head) or not _ZERO.isdisjoint(words):
        return False
    money = [index for index, word in enumerate(head) if word in _MONEY]
    if money:
        return _COUNTERS.isdisjoint(head[money[-1] :])
    if "total" not in head or not _COUNTERS.isdisjoint(head):
        return False
    return not _TRADE.isdisjoint(words) or any(not _TRADE.isdisjoint(words_of(name)) for name in company)
