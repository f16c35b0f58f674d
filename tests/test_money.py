"""Which names are those of sums of money."""

from __future__ import annotations

import pytest

from flake8_prep.money import names_money, words_of


def test_words() -> None:
    assert words_of("total_amountCents") == ["total", "amount", "cents"]
    assert words_of("IRSTaxRate2") == ["irs", "tax", "rate", "2"]
    assert words_of("host-payout") == ["host", "payout"]
    assert words_of("") == []


@pytest.mark.parametrize(
    "name",
    [
        "amount",
        "amount_cents",
        "hostPayoutCents",
        "PLATFORM_FEE",
        "costInCents",
        "usageAmount",
        "priceWithTax",
        "input_cost_per_token",
        "amount_of_orders",
        "taxRate",
        "totalRevenue",
        "total_paid",
        "grandTotal",
        "list_price",
        "cost_basis",
    ],
)
def test_money(name: str) -> None:
    assert names_money(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "views",
        "total",
        "totals",
        "total_tokens",
        "totalOrders",
        "leftAxisMargin",
        "refund_count",
        "maxFeePerGas",
        "minPayoutAmount",
        "amountInPercentage",
        "cartTotalQty",
        "refunded_amount",
        "precipitation_amount",
        "price_tolerance_bps",
        "num_payouts",
        "feeIds",
        "payoutDays",
        "balanced",
        "cost_center",
        "price_list",
        "taxClass",
    ],
)
def test_other_numbers(name: str) -> None:
    assert not names_money(name, ["revenue"] if name != "total" else ())


def test_company_of_a_total() -> None:
    assert names_money("total", ["row", "cart"])
    assert names_money("total", ["unpaidInvoices", "orderLines.total"])
    assert not names_money("total", ["response", "data"])
    assert not names_money("views", ["cart"])
