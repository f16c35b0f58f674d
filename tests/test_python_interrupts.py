"""Requests to end, in files whose names say that they raise them on purpose."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.python.context import PythonFile
from flake8_prep.python.interrupts import requests

NAMED = """\
def work(job):
    try:
        job()
    except (KeyboardInterrupt, SystemExit):
        pass
"""
BARE = """\
def work(job):
    try:
        job()
    except:
        job.failed = True
"""
BOTH = {"KeyboardInterrupt", "SystemExit"}


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("work.py", NAMED, BOTH),
        ("test_work.py", NAMED, set()),
        ("tests/work.py", NAMED, set()),
        ("work.py", BARE, BOTH),
        ("test_work.py", BARE, BOTH),
    ],
)
def test_tests_may_name_them(path: str, source: str, expected: set[str]) -> None:
    module = ast.parse(source)
    file = PythonFile(module, source.splitlines(keepends=True), path)
    assert requests(file, file.nodes(ast.ExceptHandler)[0]) == expected
