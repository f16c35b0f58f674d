"""Operands that are found from the operator behind them."""

from __future__ import annotations

import time

import pytest

from flake8_prep.typescript.operands import operand_before
from flake8_prep.typescript.source import Source


@pytest.mark.parametrize(
    ("code", "operand", "name"),
    [
        ("x = row.amount_cents || 0", "row.amount_cents", "amount_cents"),
        ("x = a ?. b\n  .c!.d! ?? 0", "a ?. b\n  .c!.d!", "d"),
        ("x = row['a b'] || 0", "row['a b']", "a b"),
        ("x = rows[0].price || 0", "rows[0].price", "price"),
        ("x = prices[0] || 0", "prices[0]", "prices"),
        ("x = prices[sku] || 0", "prices[sku]", None),
        ("x = map.get('fee') || 0", "map.get('fee')", "fee"),
        ("x = map.get<number>('fee') || 0", "map.get<number>('fee')", "fee"),
        ("x = map.get(key) || 0", "map.get(key)", None),
        ("x = Number(row.fee ?? '') || 0", "Number(row.fee ?? '')", "fee"),
        ("x = Number(String(row.fee!)) || 0", "Number(String(row.fee!))", "fee"),
        ("x = Number() || 0", "Number()", None),
        ("x = (row.fee as number) || 0", "(row.fee as number)", "fee"),
        ("x = fees.find((each) => each.id)?.amount || 0", "fees.find((each) => each.id)?.amount", "amount"),
        ("x = await total(1) || 0", "total(1)", "total"),
        ("x = f()() || 0", "f()()", None),
        ("x = this.#fee || 0", "this.#fee", "fee"),
        ("x = this.#fee(1) || 0", "this.#fee(1)", "fee"),
        ("x = Number('1') || 0", "Number('1')", None),
    ],
)
def test_operands(code: str, operand: str, name: str | None) -> None:
    source = Source("x.ts", code)
    found = operand_before(max(code.rfind("||"), code.rfind("??") if "|| 0" not in code else -1), source)
    assert found is not None
    assert (code[found.start : found.end], found.name) == (operand, name)


@pytest.mark.parametrize(
    "code", ["|| 0", "'text' || 0", "x = < || 0", ") || 0", "a > || 0", "a." * 100 + "b || 0"]
)
def test_no_operand(code: str) -> None:
    assert operand_before(code.rindex("||"), Source("x.ts", code)) is None


def test_nesting_is_read_to_a_limit() -> None:
    code = f"{'Number(' * 100}fee{')' * 100} || 0"
    found = operand_before(code.rindex("||"), Source("x.ts", code))
    assert found is not None
    assert found.name is None


def test_time_grows_with_the_file() -> None:
    start = time.perf_counter()
    for code in ("x || 0;" * 5_000, "a." * 50_000 + "b || 0", "(" * 2_000 + "a" + ") || 0" * 2_000):
        source = Source("x.ts", code)
        at = code.find("||")
        while at >= 0:
            operand_before(at, source)
            at = code.find("||", at + 2)
    assert time.perf_counter() - start < 5
