"""Takes times: of functions in this process, and of whole processes."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 5


class Cost(NamedTuple):
    """What a process takes.

    Attributes:
        seconds: processor time, that of the system and of all threads included.
        memory: the most that it held at a time, in megabytes.
    """

    seconds: float
    memory: float


def best_of(contenders: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return for each contender the shortest time in seconds, after a round to warm up.

    Args:
        contenders: functions that do their work once and return the seconds that it took.
        rounds: how often each works, in turn with the others.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for warm in range(-1, rounds):
        for name, contender in contenders.items():
            gc.collect()
            gc.freeze()
            gc.disable()
            seconds = contender()
            gc.enable()
            gc.unfreeze()
            if warm >= 0:
                times[name].append(seconds)
    return {name: min(taken) for name, taken in times.items()}


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """Return a contender that does `work` and returns the seconds that it took."""

    def run() -> float:
        start = stopwatch()
        work()
        return stopwatch() - start

    return run


def stopwatch() -> float:
    """Return the processor time of this process, in seconds: what else the machine does is not in it."""
    return time.process_time()


def medians_of(
    commands: Mapping[str, Sequence[str]], folder: Path, stdin: Path | None = None, rounds: int = ROUNDS
) -> dict[str, Cost]:
    """Return the median of what each command costs in `folder`, after a run to warm up, in turn.

    Every command is a linter. It finds something in `folder`, or else was kept from its work, and nothing
    in the file `stdin`.

    Raises:
        RuntimeError: a command did not do its work.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for warm in range(-1, rounds):
        for name, command in commands.items():
            cost = _run(command, folder, stdin)
            if warm >= 0:
                costs[name].append(cost)
    return {
        name: Cost(statistics.median(each.seconds for each in taken), max(each.memory for each in taken))
        for name, taken in costs.items()
    }


def _run(command: Sequence[str], folder: Path, stdin: Path | None) -> Cost:
    with open(stdin or os.devnull, "rb") as source, open(os.devnull, "wb") as sink:
        process = subprocess.Popen(command, cwd=folder, stdin=source, stdout=sink, stderr=subprocess.PIPE)
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linters return 1 where they have found something.
    if process.returncode != (1 if stdin is None else 0):
        raise RuntimeError(f"{' '.join(command)} returned {process.returncode}: {errors.decode()[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
