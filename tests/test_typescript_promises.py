"""Chains of promises, and the statements that they are."""

from __future__ import annotations

import time

import pytest

from flake8_prep.typescript import engine
from flake8_prep.typescript.promises import THEN, Chain, chain_at
from flake8_prep.typescript.rules.quality.unhandled_promise_chain import UnhandledPromiseChain
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.statements import begins_statement, ends_statement


def first_chain(code: str) -> Chain | None:
    match = THEN.search(code)
    assert match
    return chain_at(match, Source("x.ts", code))


@pytest.mark.parametrize(
    ("code", "chain", "name", "has_handler"),
    [
        ("x = await a.b(c).then(d)\n  .finally(e) ?? f", "a.b(c).then(d)\n  .finally(e)", "a.b", False),
        ("x = new A(b).then<C>(d)", "new A(b).then<C>(d)", "A", False),
        ("x = (await a)?.then(d, e)", "(await a)?.then(d, e)", "a promise", True),
        ("x = a().catch(b).then(c)", "a().catch(b).then(c)", "a.catch", True),
        ("x = a().then(b, c).then(d)", "a().then(b, c).then(d)", "a", False),
        ("x = a().then(b).then(c, null)", "a().then(b).then(c, null)", "a", False),
        ("x = this.#a.then(b)", "this.#a.then(b)", "this.a", False),
    ],
)
def test_chains(code: str, chain: str, name: str, has_handler: bool) -> None:
    found = first_chain(code)
    assert found is not None
    assert (code[found.start : found.end], found.name, found.has_handler) == (chain, name, has_handler)


@pytest.mark.parametrize(
    "code", ["a.then(b).size", "a.then(b).map(c)", "a.then(b", ".then(b)", "cy.a().then(b)"]
)
def test_no_chains(code: str) -> None:
    assert first_chain(code) is None


@pytest.mark.parametrize(
    "code", ["", "a;", "a\n", "{", "}", "if (a)\n", "else ", "do ", "{ case 1: ", "a()\n", "'a'\n", "a++\n"]
)
def test_statements_begin(code: str) -> None:
    assert begins_statement(len(code), Source("x.ts", code + "f()" + "}" * code.count("{")))


@pytest.mark.parametrize(
    ("code", "rest"),
    [
        ("a ", ""), ("a()", ""), ("a =\n", ""), ("return ", ""), ("new\n", ""), ("=> ", ""), ("a ? b : ", ""),
        ("(", ")"), ("x = { a: ", "}"), ("`${", "}`"), ("x ={", "}"),
    ],
)  # fmt: skip
def test_expressions_go_on(code: str, rest: str) -> None:
    assert not begins_statement(len(code), Source("x.ts", code + "f()" + rest))


@pytest.mark.parametrize(
    ("rest", "ends"),
    [
        ("", True), (";", True), ("}", True), (" // a\nb", True),
        ("\n  .b", False), (" as B", False), (" b", False),
    ],
)  # fmt: skip
def test_statements_end(rest: str, ends: bool) -> None:
    assert ends_statement(3, Source("x.ts", "f()" + rest)) is ends


def test_tests_may_start_what_they_do_not_wait_for() -> None:
    for path, found in (("src/a.ts", 1), ("src/a.spec.ts", 0), ("e2e/a.ts", 0)):
        assert len(engine.check(Source(path, "a().then(b);"), [UnhandledPromiseChain])) == found


def test_long_chains_and_deep_nesting_take_linear_time() -> None:
    nested = "a().then(() => " * 2_000 + "b" + ")" * 2_000
    for code in ("a()" + ".then(b)" * 9_000, nested, "a().then(b);" * 9_000):
        started = time.perf_counter()
        engine.check(Source("a.ts", code), [UnhandledPromiseChain])
        assert time.perf_counter() - started < 10
