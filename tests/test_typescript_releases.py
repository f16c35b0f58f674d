"""The statements that locks are released in."""

from __future__ import annotations

import time

import pytest

from flake8_prep.typescript import engine
from flake8_prep.typescript.rules.quality.unreleased_lock import UnreleasedLock
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.tries import tries

LEAK = "async function f() { await mutex.acquire(); await g(); mutex.release(); }\n"


@pytest.mark.parametrize(
    ("code", "handler", "final"),
    [
        ("try { a } catch { b }", "{ b }", None),
        ("try { a } /* c */ catch ({ message }: Error) /* d */ { b } c", "{ b }", None),
        ("try{a}finally{b}", None, "{b}"),
        ("try { a } catch (error) { b } finally { c } finally { d }", "{ b }", "{ c }"),
    ],
)
def test_tries(code: str, handler: str | None, final: str | None) -> None:
    (found,) = tries(Source("x.ts", code))
    assert code[slice(*found.block)] in ("{ a }", "{a}")
    assert (found.handler and code[slice(*found.handler)]) == handler
    assert (found.final and code[slice(*found.final)]) == final
    assert code[: found.end].endswith(final or handler or "")


@pytest.mark.parametrize("code", ["try {", "a.try { b }", "retry { a }", "'try { a }'"])
def test_no_tries(code: str) -> None:
    assert tries(Source("x.ts", code)) == []


def test_tests_may_keep_locks() -> None:
    for path, found in (("src/a.ts", 1), ("src/a.spec.ts", 0), ("tests/a.ts", 0)):
        assert len(engine.check(Source(path, LEAK), [UnreleasedLock])) == found


def test_many_locks_take_linear_time() -> None:
    # More in one function than anybody writes are not looked at.
    body = LEAK[LEAK.index("{") : -1]
    for code, found in ((LEAK * 1_000, 1_000), (f"async function f() {{ {body * 3_000} }}", 0)):
        started = time.perf_counter()
        assert len(engine.check(Source("a.ts", code), [UnreleasedLock])) == found
        assert time.perf_counter() - started < 10
