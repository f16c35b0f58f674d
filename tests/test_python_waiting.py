"""Rules about waiting and retrying, where fixtures do not reach."""

from __future__ import annotations

import pytest

from flake8_prep.python.rules.performance.blocking_call_in_async import BlockingCallInAsync
from flake8_prep.python.rules.security.blocking_poll import BlockingPoll
from flake8_prep.python.rules.security.call_without_timeout import CallWithoutTimeout
from flake8_prep.python.rules.security.unbounded_backoff import UnboundedBackoff
from flake8_prep.python.rules.security.unbounded_retry import UnboundedRetry
from tests.checking import check

RULES = [BlockingPoll, UnboundedBackoff, CallWithoutTimeout, UnboundedRetry, BlockingCallInAsync]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "while poll():\n    sleep(1)\n",
        "import time\ndef f():\n    time.sleep(1)\n",
        "class A:\n    def get(self): return self.get()\n",
    ],
)
def test_files_that_have_nothing_to_do_with_it(source: str) -> None:
    assert check(RULES, source, "module.py") == []


@pytest.mark.parametrize(("depth", "lines"), [(1, [6]), (40, [])])
def test_the_nearest_conditions_count(depth: int, lines: list[int]) -> None:
    conditions = [f"{' ' * (level + 3)}if level > {level}:" for level in range(depth)]
    source = "\n".join(
        [
            "import time",
            "def f(job, level):",
            " while True:",
            "  if job.done():",
            *conditions,
            f"{' ' * (depth + 3)}return",
            "  time.sleep(1)",
        ]
    )
    found = [finding.line for finding in check(RULES, source, "module.py")]
    assert found == [line + depth for line in lines]


def test_bases_that_are_met_twice_or_are_no_classes() -> None:
    source = """\
import time
def Mixin(): ...
class Base:
    def wait(self): time.sleep(1)
class Left(Base, Mixin): ...
class Right(Base): ...
class Both(Left, Right):
    async def go(self): self.wait()
    async def stay(self): self.leave()
"""
    assert [finding.line for finding in check(RULES, source, "module.py")] == [8]


def test_a_default_for_all_sockets_is_not_one_for_requests() -> None:
    source = """\
import socket, urllib.request, requests
socket.setdefaulttimeout(10)
urllib.request.urlopen("http://localhost")
requests.get("http://localhost")
"""
    assert [finding.line for finding in check(RULES, source, "module.py")] == [4]
    unset = source.replace("(10)", "(None)")
    assert [finding.line for finding in check(RULES, unset, "module.py")] == [3, 4]
