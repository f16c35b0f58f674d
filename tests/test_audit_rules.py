"""The rules that look at other files: at the tests, and at the rest of a package."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_prep.catalog import all_rules
from tests.checking import check
from tests.test_suite import write

LOCK = """
def hold_hall(hall):
    hall.lock.acquire()
    try:
        hall.book()
    finally:
        hall.lock.release()


def book_hall(hall):
    if hall.later:
        book_hall(hall.later)
    hold_hall(hall)
"""
LOCK_TS = """
async function holdHall(hall: Hall) {
  await acquireHallLock(hall);
}
async function bookHall(hall: Hall) {
  await bookHall(hall.later);
  await holdHall(hall);
}
holdHall(main);
"""
WEBHOOK = """
@app.post("/webhooks/hall/{number}", name="hall-event")
async def hall_event(number: int):
    return {}
"""
WEBHOOK_TS = """
app.post('/webhooks/hall/:number', handle);
"""
APP = """
from fastapi import FastAPI
app = FastAPI()
"""
APP_TS = """
import express from 'express';
const app = express();
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(code: str, source: str, path: str) -> list[str]:
    """Return the codes of what the rule with this code finds."""
    rules = [rule for rule in all_rules() if rule.code == code]
    return [finding.code for finding in check(rules, source, path)]


@pytest.mark.parametrize(
    ("code", "source", "path"),
    [
        ("PREP701", LOCK, "halls.py"),
        ("PREP751", LOCK_TS, "halls.ts"),
        ("PREP702", WEBHOOK, "halls.py"),
        ("PREP752", WEBHOOK_TS, "halls.ts"),
        ("PREP801", APP, "main.py"),
        ("PREP851", APP_TS, "main.ts"),
        ("PREP802", APP, "main.py"),
        ("PREP852", APP_TS, "main.ts"),
        ("PREP902", APP, "main.py"),
        ("PREP952", APP_TS, "main.ts"),
    ],
)
def test_reported_except_in_tests(code: str, source: str, path: str) -> None:
    assert codes(code, source, path) == [code]
    assert codes(code, source, f"tests/{path}") == []


@pytest.mark.parametrize(("code", "source"), [("PREP801", APP), ("PREP851", APP_TS)])
def test_programs_that_are_run_by_hand(code: str, source: str) -> None:
    assert codes(code, source, f"scripts/main{'.py' if source is APP else '.ts'}") == []


@pytest.mark.parametrize(
    ("code", "source", "path", "test"),
    [
        ("PREP701", LOCK, "halls.py", "with pytest.raises(ValueError): hold_hall(hall)"),
        ("PREP701", LOCK, "halls.py", "with pytest.raises(ValueError): book_hall(hall)"),
        ("PREP751", LOCK_TS, "halls.ts", "expect(holdHall(hall)).rejects"),
        ("PREP751", LOCK_TS, "halls.ts", "expect(bookHall(hall)).rejects"),
        ("PREP702", WEBHOOK, "halls.py", "client.post('/api/webhooks/hall/7')"),
        ("PREP702", WEBHOOK, "halls.py", "client.post(url_for('hall-event', number=7))"),
        ("PREP702", WEBHOOK, "halls.py", "await hall_event(7)"),
        ("PREP752", WEBHOOK_TS, "halls.ts", "inject({ url: '/api/webhooks/hall/7' })"),
    ],
)
def test_tested(folder: Path, code: str, source: str, path: str, test: str) -> None:
    write(folder, "tests/test_others.py", "pytest.raises(ValueError); others()")
    assert codes(code, source, path) == [code]
    write(folder, "tests/test_halls.py", test)
    assert codes(code, source, path) == []


@pytest.mark.parametrize(
    ("code", "source", "path", "other", "text"),
    [
        ("PREP801", APP, "main.py", "api/middleware.py", "request_id = uuid4()"),
        ("PREP802", APP, "main.py", "api/middleware.py", "limiter = Limiter(key)"),
        ("PREP902", APP, "main.py", "api/system.py", "@router.get('/healthz')"),
        ("PREP902", APP, "main.py", "api/system.py", "@router.get('/v1/ping')"),
        ("PREP851", APP_TS, "main.ts", "src/hooks.ts", "const requestId = randomUUID();"),
        ("PREP852", APP_TS, "main.ts", "package.json", '{"dependencies": {"express-rate-limit": "7"}}'),
        ("PREP952", APP_TS, "main.ts", "src/system.ts", "router.get('/ready', answer);"),
    ],
)
def test_elsewhere_in_the_package(
    folder: Path, code: str, source: str, path: str, other: str, text: str
) -> None:
    write(folder, path, source)
    assert codes(code, source, path) == [code]
    write(folder, other, text)
    assert codes(code, source, path) == []


@pytest.mark.parametrize(
    ("path", "reported"), [("main.ts", False), ("src/main.ts", True)], ids=["unreadable", "readable"]
)
def test_relative_import(folder: Path, path: str, reported: bool) -> None:
    source = "import express from 'express';\nimport { setupApp } from './setup';\nsetupApp(express());\n"
    source = source.replace("setupApp(express())", "const app = express();\nsetupApp(app)")
    write(folder, "src/main.ts", source)
    assert codes("PREP852", source, path) == ["PREP852"] * reported


def test_many_apps_are_not_all_looked_at() -> None:
    assert len(codes("PREP801", APP + "app = FastAPI()\n" * 80, "main.py")) == 64
    assert len(codes("PREP851", APP_TS + "const app = express();\n" * 80, "main.ts")) == 64


def test_no_app() -> None:
    assert codes("PREP851", "import { Router } from './express';", "main.ts") == []


def test_no_webhook() -> None:
    assert codes("PREP702", LOCK, "halls.py") == []
    assert codes("PREP104", LOCK, "halls.py") == []
    assert codes("PREP104", WEBHOOK, "tests/halls.py") == []


def test_many_callers_are_not_all_followed() -> None:
    chain = "\n".join(f"function f{number}() {{ f{number - 1}(); }}" for number in range(1, 40))
    assert codes("PREP751", f"function f0() {{ acquireLock(); }}\n{chain}\n", "halls.ts") == ["PREP751"]
