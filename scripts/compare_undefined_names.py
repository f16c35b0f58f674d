#!/usr/bin/env python3
"""Compares the names that PREP105 reports with those that pyflakes reports as F821.

    python scripts/compare_undefined_names.py [--show] [PATH ...]

Each PATH is a Python file or a folder of them; without any, Python's own library is compared. What is
installed below a folder, in `site-packages`, is left alone. Files that do not parse are counted and left out.
Prints each difference as `file:line:name` after the one that reports it, and the reason, where one of the
known kinds of difference explains it. Exit status 0 when every difference has a reason.
"""

from __future__ import annotations

import argparse
import ast
import sys
import sysconfig
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedName

from flake8_prep.python.annotations import quoted_annotations
from flake8_prep.python.context import PythonFile
from flake8_prep.python.undefined import undefined_names


def python_files(paths: Iterable[str]) -> Iterator[Path]:
    """Yield the Python files at `paths` and below."""
    for path in map(Path, paths):
        if path.is_dir():
            files = (each for each in path.rglob("*.py") if each.is_file())
            yield from sorted(each for each in files if "site-packages" not in each.relative_to(path).parts)
        else:
            yield path


def ours(file: PythonFile) -> set[tuple[int, str]]:
    """Return the lines and names that PREP105 reports."""
    return {(use.place.lineno, use.name) for use in undefined_names(file)}


def theirs(source: str, path: Path) -> set[tuple[int, str]]:
    """Return the lines and names that pyflakes reports."""
    messages = Checker(ast.parse(source), filename=str(path)).messages
    return {(each.lineno, each.message_args[0]) for each in messages if isinstance(each, UndefinedName)}


def reason_for_more(file: PythonFile, name: str) -> str:
    """Return why PREP105 alone reports `name`; empty where no reason is known."""
    if any(name in node.names for node in file.nodes(ast.Nonlocal)):
        return "nonlocal: pyflakes reports no name that any nonlocal statement of the file has"
    if any(name in file.tree.scopes[class_].bindings for class_ in file.nodes(ast.ClassDef)):
        return "class: pyflakes lets comprehensions see the names of the class around them"
    return ""


def reason_for_less(file: PythonFile, line: int, name: str) -> str:
    """Return why pyflakes alone reports `name` on `line`; empty where no reason is known."""
    types = {text for text, _ in quoted_annotations(file)}
    for text in file.nodes(ast.Constant):
        if text.lineno == line and isinstance(text.value, str) and name in text.value and text not in types:
            return "text: in a call, a dict or the like, so that it need not be a type"
    scopes = [*file.tree.scopes.values(), *file.tree.type_scopes.values()]
    for scope in scopes:
        for node in (*scope.loads.get(name, ()), *scope.bindings.get(name, ())):
            if node.lineno <= line <= (node.end_lineno or 0) and scope.binder(name) is not None:
                return "flow: bound in scope, not yet or no longer there"
    return ""


def main() -> int:
    """Compare, print, and return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="print the differences that have a reason, too")
    parser.add_argument("paths", nargs="*", default=[sysconfig.get_path("stdlib")])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    totals: Counter[str] = Counter()
    unexplained = 0
    for path in python_files(arguments.paths):
        try:
            with tokenize.open(path) as stream:
                source = stream.read()
            module = ast.parse(source)
            pyflakes = theirs(source, path)
        except (OSError, SyntaxError, ValueError, RecursionError):
            totals["files left out"] += 1
            continue
        totals["files"] += 1
        file = PythonFile(module, source.splitlines(keepends=True), str(path))
        prep = ours(file)
        totals["reported by both"] += len(prep & pyflakes)
        differences = [("PREP105", *use, reason_for_more(file, use[1])) for use in prep - pyflakes]
        differences += [("pyflakes", *use, reason_for_less(file, *use)) for use in pyflakes - prep]
        for reporter, line, name, why in sorted(differences):
            unexplained += not why
            totals[f"{reporter} only: {why or 'no reason known'}"] += 1
            if arguments.show or not why:
                print(f"{reporter} only: {path}:{line}:{name} {why}")
    for what, count in totals.items():
        print(f"{count:7} {what}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    sys.exit(main())
