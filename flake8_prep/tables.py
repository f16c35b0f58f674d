"""Tells from the name of a table, or of its model, whether it grows with use."""

from __future__ import annotations

from typing import Final

from flake8_prep.money import words_of

# What people and programs make more of each day. What the owner of a program sets up (rooms, plans, regions)
# stays small enough to be read whole, and of most other names one cannot know.
_GROWING: Final = frozenset(
    """
    account activity adjustment agreement alert allocation annotation answer application appointment
    approval artifact assignment attachment attack attempt attendance auction audit bid bill book booking
    bookmark borrower buyer campaign candidate cart certificate charge chat checkin checkout click comment
    commission complaint consent consignment consultation contact contract contribution contributor
    conversation customer deal debit decision delivery deployment deposit diagnosis dispatch dispute
    document donation donor download driver earning email employee employer enrollment enrolment entry
    episode escrow estimate event execution expense favorite favourite feedback file flight follower
    friend friendship fulfillment game gift guest history impression incident inspection installment
    interaction interview invitation invite invoice issue item journal lead learner lease ledger lesson
    letter like line listing loan log login mail match measurement medication meeting member membership
    mention merchant message metric movement note notification observation occurrence opportunity order
    organisation organization parcel participant passenger patient payment payout person pet player pledge
    post prescription product project property proposal purchase quotation quote rating reaction reading
    receipt recipient record refund reminder rental repair reply report request reservation resident
    respondent response result resume return review revision ride rider run salary sale scan seller
    session settlement share shift shipment signup stay story student submission subscriber subscription
    subtask swap task tenant thread ticket timesheet tip todo trace trade transaction transfer treatment
    trip tweet upload upvote user vehicle video violation visit visitor volunteer vote voucher waitlist
    wallet webhook wishlist withdrawal worklog
    """.split()
)
# What is set up once, whatever it is for: `configAbandonedCart`, `order_email_template`.
_SET_UP: Final = frozenset(
    """
    admin category chart compliance config configuration default generator gl kind method option
    permission role rule setting staff template type
    """.split()
)

# How plurals end, and what they end in for one; the first that fits counts.
_PLURALS: Final = {"people": "person", "ies": "y", "ches": "ch", "sses": "ss", "ss": "ss", "s": ""}


def grows(table: str) -> bool:
    """Say whether a table with this name gets more rows the longer and the more a program is used.

    Args:
        table: the name, with a schema or without: ``shop.order_items``, ``"AuditLog"``.
    """
    words = [_singular(word) for word in words_of(table.rpartition(".")[2])]
    return bool(words) and words[-1] in _GROWING and _SET_UP.isdisjoint(words)


def _singular(word: str) -> str:
    for plural, singular in _PLURALS.items():
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word
