"""Arguments of calls."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.python.calls import argument, has_unpacking, is_none


def _call(source: str) -> ast.Call:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("f(1, 2)", "2"),
        ("f(1, limit=3)", "3"),
        ("f(1)", None),
        ("f(*rest, 2)", None),
        ("f(1, 2, *rest)", "2"),
        ("f(1, **options)", None),
    ],
)
def test_argument_by_name_or_position(source: str, value: str | None) -> None:
    found = argument(_call(source), "limit", 1)
    assert (ast.unparse(found) if found is not None else None) == value


def test_argument_that_has_no_position() -> None:
    assert argument(_call("f(1, 2)"), "limit") is None


@pytest.mark.parametrize(("source", "unpacks"), [("f(*a)", True), ("f(**a)", True), ("f(1, a=2)", False)])
def test_unpacking(source: str, unpacks: bool) -> None:
    assert has_unpacking(_call(source)) is unpacks


def test_none() -> None:
    assert is_none(ast.Constant(None))
    assert not is_none(ast.Constant(0))
    assert not is_none(None)
