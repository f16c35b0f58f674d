"""What the names of tables say about their size."""

from __future__ import annotations

import pytest

from flake8_prep.tables import grows


@pytest.mark.parametrize(
    "table",
    [
        *("orders", "shop.order_items", "property_listings", "AuditLog"),
        *("people", "activities", "branchMatches", "histories"),
    ],
)
def test_tables_that_grow(table: str) -> None:
    assert grows(table)


@pytest.mark.parametrize(
    "table",
    [
        *("", "classes", "status", "lodgeRoom", "order_types", "configCart", "templateEmails", "OAuthClient"),
        "vendors", "addresses",
    ],
)
def test_tables_that_may_stay_small(table: str) -> None:
    assert not grows(table)
