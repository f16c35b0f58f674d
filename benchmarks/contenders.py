"""Rules, parsers and checkers that are compared in one process."""

from __future__ import annotations

import ast
import importlib
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pyflakes.checker import Checker

from benchmarks.timing import best_of, stopwatch, timed
from flake8_prep import catalog
from flake8_prep.options import Settings
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.python.rule import PythonRule
from flake8_prep.typescript import engine
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


class Module(NamedTuple):
    """A Python file.

    Attributes:
        path: where it is.
        text: the whole of it.
        lines: its lines with their ends.
    """

    path: str
    text: str
    lines: list[str]


def modules_below(folder: Path) -> list[Module]:
    """Return the Python files below `folder`, a relative path, that parse."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        found.append(Module(path.as_posix(), text, text.splitlines(keepends=True)))
    return found


def typescript_below(folder: Path) -> list[tuple[str, str]]:
    """Return the paths and texts of the TypeScript files below `folder`."""
    return [(path.as_posix(), path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.ts"))]


Check = Callable[[ast.Module, Module], object]


def python_checks() -> dict[str, Check]:
    """Return what is done with each parsed module, by name."""
    rules = [rule for rule in catalog.python_rules() if not rule.off_by_default]
    bugbear: Any = importlib.import_module("bugbear")  # it has no types
    return {
        "ours": _ours(rules),
        "index": _ours([]),
        "bugbear": lambda tree, module: list(
            bugbear.BugBearChecker(tree=tree, filename=module.path, lines=module.lines).run()
        ),
        "pyflakes": lambda tree, module: Checker(tree, filename=module.path),
    }


def _ours(rules: Iterable[type[PythonRule]]) -> Check:
    python_engine, settings = Engine(rules), Settings()
    return lambda tree, module: python_engine.check(PythonFile(tree, module.lines, module.path, settings))


def times_of_python(modules: Sequence[Module], checks: dict[str, Check]) -> dict[str, float]:
    """Return the seconds that each check takes for all `modules`, and under "parse" those of `ast.parse`.

    As in flake8 each module is parsed right before it is checked; the two are timed apart.
    """
    parsing: list[float] = []

    def contender(check: Check) -> Callable[[], float]:
        def run() -> float:
            parse = total = 0.0
            for module in modules:
                start = stopwatch()
                tree = ast.parse(module.text)
                parsed = stopwatch()
                check(tree, module)
                total += stopwatch() - parsed
                parse += parsed - start
            parsing.append(parse)
            return total

        return run

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        times = best_of({name: contender(check) for name, check in checks.items()})
    return {**times, "parse": min(parsing)}


def times_of_typescript(files: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the seconds that all rules take, "rules", and masking alone, "masking"."""
    rules = catalog.typescript_rules()
    return best_of({"masking": _masking(files), "rules": _typescript_rules(files, rules)})


def _masking(files: Sequence[tuple[str, str]]) -> Callable[[], float]:
    return timed(lambda: [Source(path, text).code for path, text in files])


def _typescript_rules(
    files: Sequence[tuple[str, str]], rules: Sequence[type[TypeScriptRule]]
) -> Callable[[], float]:
    settings = Settings()
    return timed(lambda: [engine.check(Source(path, text, settings), rules) for path, text in files])


def python_rule_times(modules: Sequence[Module]) -> dict[str, float]:
    """Return for each rule what it takes when it runs alone, as a part of the time of `ast.parse`.

    What it shares with other rules is in it, but not the index of the tree.
    """
    checks = {rule.code: _ours([rule]) for rule in catalog.python_rules()}
    times = times_of_python(modules, {"index": _ours([]), **checks})
    return {code: (times[code] - times["index"]) / times["parse"] for code in checks}


def typescript_rule_times(files: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return for each rule what it takes when it runs alone, masking included, as a part of masking."""
    rules = {rule.code: _typescript_rules(files, [rule]) for rule in catalog.typescript_rules()}
    times = best_of({"masking": _masking(files), **rules})
    return {code: times[code] / times["masking"] for code in rules}
