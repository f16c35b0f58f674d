"""The tests of the project that is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_prep.options import DEFAULT_TEST_PATHS, Settings
from flake8_prep.suite import Suite

DEFAULT = DEFAULT_TEST_PATHS.split(",")


def write(root: Path, path: str, text: str) -> None:
    """Write a file below `root`, with the folders that it is in."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "tests/shop/helpers.py",
        "backend/test/shop.ts",
        "web/__tests__/shop.js",
        "apps/api/e2e/shop.ts",
        "test_shop.py",
        "shop/shop_test.py",
        "shop/shop.test.ts",
        "shop/shop.spec.tsx",
        "shop/shop.e2e-spec.ts",
    ],
)
def test_is_a_test(tmp_path: Path, path: str) -> None:
    write(tmp_path, path, "post('/webhooks/parcels')")
    assert Suite(DEFAULT, tmp_path).mentions("webhooks/parcels")


@pytest.mark.parametrize(
    "path",
    [
        "shop/shop.py",
        "testing.py",
        "shop/contest/shop.py",
        "tests/data.json",
        "tests/fixtures/shop.py",
        "node_modules/shop/shop.test.ts",
        "web/node_modules/shop/tests/shop.js",
        ".tox/py311/tests/test_shop.py",
        "venv/lib/test_shop.py",
    ],
)
def test_is_no_test(tmp_path: Path, path: str) -> None:
    write(tmp_path, path, "post('/webhooks/parcels')")
    assert not Suite(DEFAULT, tmp_path).mentions("webhooks/parcels")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("checks", True),
        ("backend/checks", True),
        ("./backend/checks/", True),
        ("backend/*", True),
        ("backend/checks/*_flow.py", True),
        ("checks/pay_flow.py", False),
        ("frontend/checks", False),
        ("check", False),
    ],
)
def test_patterns_of_names_and_of_paths(tmp_path: Path, pattern: str, expected: bool) -> None:
    write(tmp_path, "backend/checks/pay_flow.py", "pay()")
    assert Suite([pattern], tmp_path).mentions("pay()") is expected


def test_without_patterns_there_are_no_tests(tmp_path: Path) -> None:
    write(tmp_path, "tests/test_shop.py", "pay()")
    assert not Suite([], tmp_path).mentions("pay()")


@pytest.mark.parametrize(
    "failure",
    [
        "with pytest.raises(ValueError): pass",
        "self.assertRaises(ValueError, pay)",
        "client.pay.side_effect = ValueError",
        "await expect(pay()).rejects.toThrow()",
        "expect(() => pay()).toThrow()",
        "assert.throws(() => pay())",
        "client.pay.mockRejectedValueOnce(error)",
        "await expect(pay()).to.be.rejectedWith(Error)",
    ],
)
def test_name_beside_a_failure(tmp_path: Path, failure: str) -> None:
    write(tmp_path, "tests/test_shop.py", f"{failure}\nhold_hall()\n")
    suite = Suite(DEFAULT, tmp_path)
    assert suite.has_failing_case_of("hold_hall")
    assert not suite.has_failing_case_of("hold")


def test_name_in_a_test_of_success_only(tmp_path: Path) -> None:
    write(tmp_path, "tests/test_shop.py", "assert hold_hall()")
    write(tmp_path, "tests/test_other.py", "with pytest.raises(ValueError): other()")
    suite = Suite(DEFAULT, tmp_path)
    assert suite.mentions("hold_hall")
    assert not suite.has_failing_case_of("hold_hall")


def test_files_are_read_when_first_asked_about_and_once(tmp_path: Path) -> None:
    suite = Suite(DEFAULT, tmp_path)
    write(tmp_path, "tests/test_shop.py", "hold_hall()")
    assert suite.mentions("hold_hall")
    write(tmp_path, "tests/test_shop.py", "book_room()")
    assert not suite.mentions("book_room")


def test_runs_do_not_see_the_tests_of_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "tests/test_shop.py", "hold_hall()")
    write(tmp_path, "checks/shop.py", "book_room()")
    first, other = Settings(), Settings(test_paths=("checks",))
    assert (first.suite.mentions("hold_hall"), first.suite.mentions("book_room")) == (True, False)
    assert (other.suite.mentions("hold_hall"), other.suite.mentions("book_room")) == (False, True)
    write(tmp_path, "tests/test_shop.py", "cancel()")
    assert not first.suite.mentions("cancel")
    assert Settings().suite.mentions("cancel")
