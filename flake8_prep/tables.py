"""Tells from the name of a table, or of its model, whether it grows with use."""

from __future__ import annotations

from typing import Final

from flake8_prep.money import words_of

# What people and programs make more of each day. What the owner of a program sets up (rooms, plans, regions)
# stays small enough to be read whole, and of most other names one cannot know.
_GROWING: Final = frozenset(
    """
    account activity alert answer application appointment article asset assignment attempt audit bill book
    booking campaign candidate cart certificate charge chat checkin claim click client comment company consent
    contact contract conversation coupon credential customer deal delivery deposit device document donation
    donor download email employee enrollment enrolment entry escrow event execution expense feedback file
    follower game guest history host image impression incident invitation invite invoice item job kitchen lead
    ledger lesson like line link listing log login match measurement meeting member merchant message metric
    movie note notification offer order organisation organization participant passenger patient payment payout
    person photo player post product profile property purchase quote rating reaction reading receipt recipient
    record refund reminder reply report request reservation response result review rider run sale score
    session shipment signup snapshot song student submission subscriber subscription supplier task ticket
    timesheet token trace trade transaction transfer trip upload usage user vehicle vendor video visit visitor
    vote voucher wallet webhook withdrawal
    """.split()
)
# What is set up once, whatever it is for: `configAbandonedCart`, `order_email_template`.
_SET_UP: Final = frozenset(
    "category config configuration kind method option permission role rule setting template type".split()
)


def grows(table: str) -> bool:
    """Say whether a table with this name gets more rows the longer and the more a program is used.

    Args:
        table: the name, with a schema or without: ``shop.order_items``, ``"AuditLog"``.
    """
    words = [_singular(word) for word in words_of(table.rpartition(".")[2])]
    return bool(words) and words[-1] in _GROWING and _SET_UP.isdisjoint(words)


def _singular(word: str) -> str:
    for plural, singular in (("people", "person"), ("ies", "y"), ("ches", "ch"), ("sses", "ss"), ("s", "")):
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word
