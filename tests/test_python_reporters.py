"""Functions that report the exception being handled, also those that prep-error-reporters names."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.options import Settings
from flake8_prep.python.context import PythonFile
from flake8_prep.python.reporters import is_report

SOURCE = """\
from company import monitoring
from company.monitoring import tell as inform

def work(self, alarm):
    {call}
"""


def reports(call: str, *reporters: str) -> bool:
    """Say whether `call` is a report where users have named `reporters`."""
    source = SOURCE.format(call=call)
    module = ast.parse(source)
    file = PythonFile(module, source.splitlines(keepends=True), settings=Settings(error_reporters=reporters))
    return is_report(file.nodes(ast.Call)[0], file)


@pytest.mark.parametrize(
    ("call", "reporter"),
    [
        ("alarm()", "alarm"),
        ("self.alarm()", "alarm"),
        ("self.bells[0].alarm()", "alarm"),
        ("self.bell.alarm('x')", "bell.alarm"),
        ("inform()", "company.monitoring.tell"),
        ("inform()", "monitoring.tell"),
        ("inform()", "tell"),
        ("monitoring.tell()", "company.monitoring.tell"),
    ],
)
def test_named(call: str, reporter: str) -> None:
    assert not reports(call)
    assert not reports(call, "other", "other.alarm", "larm", "onitoring.tell")
    assert reports(call, "other", reporter)


@pytest.mark.parametrize("call", ["self.capture_exception()", "logException('x')", "alarm(exc_info=True)"])
def test_known_without_being_named(call: str) -> None:
    assert reports(call)
