"""Compares rules with the rules of other linters that look for the same, line by line.

    python -m scripts.precision [--node-modules FOLDER] [--show CODE] [--write FILE] PATH ...

Each PATH is a folder of packages' sources, or one of their files. FOLDER is a node_modules folder that has
`eslint`, `typescript-eslint` and `typescript`; without it, only Python is compared. Prints a row for each
comparison: the places that both report, those that only we do, and those that only the other one does, then
the differences by rule, those in tests apart. With `--show`, the places where our rule of this code, or what
it is compared with, stands alone. With `--write`, the rows go to a
file too, from which docs/precision.md is made.

Two places are the same where they are in one file, and

- in Python, in one statement or clause of `except`: both are taken to the first line of the innermost of
  them, as linters differ in which part of it they report;
- in TypeScript, where our line is the first, or else any, of the lines that the other rule reports.

Comments that turn rules off are ignored. What the others find in files that do not parse is left out.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from scripts.corpus import findings
from scripts.sources import typescript_files

_TEST = re.compile(r"(?:^|[/_.-])(?:__tests__|conftest|e2e|spec|tests?|testing)(?:[/_.-]|$)")


class Comparison(NamedTuple):
    """Our rules, by code, and the rules of another linter that together look for the same.

    Attributes:
        ours: our rules.
        theirs: the other's.
        why: why they report different places, as far as they do.
    """

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    why: str = ""


RUFF = (
    Comparison(
        ("PREP002",),
        ("TD003",),
        "we see marks in brackets too, take keys such as `AIP-66` for tickets, and pass over words in paths",
    ),
    Comparison(
        ("PREP101", "PREP111", "PREP301"),
        ("BLE001", "S110"),
        "BLE001 reports each broad handler that does not raise or log with the traceback; ours leave alone "
        "those that use the error, and see `contextlib.suppress`",
    ),
    Comparison(
        ("PREP102",),
        ("S608",),
        "we follow names and `+=` to where the statement is run, and know statements that change tables; "
        "constants, checked names and messages are left alone",
    ),
    Comparison(("PREP105",), ("F821",), "files whose globals others set are left alone"),
    Comparison(
        ("PREP123",),
        ("S113",),
        "we know `urllib`, `ftplib`, `httpx` and `aiohttp` too; `**arguments` may hold a timeout",
    ),
    Comparison(
        ("PREP125",),
        ("F811",),
        "we report attributes and fields that are written twice; pyflakes' imports are left to it",
    ),
    Comparison(
        ("PREP203",),
        ("RUF006",),
        "we follow the loop by its type, and take a task that is given a name, even `_`, for kept",
    ),
    Comparison(
        ("PREP215",),
        ("S108",),
        "folders that containers mount are left alone",
    ),
    Comparison(("PREP401",), ("ANN204",)),
    Comparison(
        ("PREP503",),
        ("ASYNC210", "ASYNC220", "ASYNC251"),
        "we follow helpers of the module",
    ),
)
ESLINT = (
    Comparison(
        ("PREP052",),
        ("no-warning-comments",),
        "we know XXX and HACK, take numbers and links for tickets, and leave generated files alone",
    ),
    Comparison(
        ("PREP156",),
        ("no-console",),
        "tests and programs that end are left alone, and so is `console[mode]`, whose method is not known",
    ),
    Comparison(
        ("PREP251",),
        ("@typescript-eslint/no-explicit-any",),
        "`keyof any` is the type of keys; generated files are left alone",
    ),
    Comparison(
        ("PREP252",),
        ("no-empty", "no-empty-function"),
        "we take a comment for nothing, and see handlers that return a constant",
    ),
    Comparison(
        ("PREP253",),
        ("@typescript-eslint/no-floating-promises",),
        "theirs asks for types, and reports calls that are no chains; where the types of a package are not "
        "there it misses some",
    ),
    Comparison(("PREP452",), ("eqeqeq",), "generated files are left alone"),
    Comparison(
        ("PREP551",),
        ("no-await-in-loop",),
        "theirs reports all that is awaited in a loop, ours queries",
    ),
)


class Place(NamedTuple):
    """Where a rule reports something: lines from 1, both included."""

    path: str
    line: int
    last_line: int
    code: str


class Result(NamedTuple):
    """The places of a comparison: how many are the same, and those of one side alone."""

    both: int
    ours: list[Place]
    theirs: list[Place]


def statement_starts(source: str) -> dict[int, int] | None:
    """Return the first line of the innermost statement, or clause of `except`, by each line it is on.

    None where the source does not parse.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    starts: dict[int, int] = {}
    # Outer statements come first, so that the inner ones have the last word.
    for node in ast.walk(module):
        if isinstance(node, (ast.stmt, ast.ExceptHandler)):
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
            starts |= dict.fromkeys(range(first, (node.end_lineno or node.lineno) + 1), node.lineno)
    return starts


def in_statements(places: Iterable[Place]) -> Iterator[Place]:
    """Yield the places at the first lines of their statements, but not those in files that do not parse."""
    by_path: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_path[place.path].append(place)
    for path, group in by_path.items():
        starts = statement_starts(Path(path).read_text(encoding="utf-8", errors="replace"))
        for place in group if starts is not None else ():
            line = (starts or {}).get(place.line, place.line)
            yield place._replace(line=line, last_line=line)


def compare(ours: Iterable[Place], theirs: Iterable[Place]) -> Result:
    """Return which places of the two sides are the same; each has at most one partner."""
    left = {(place.path, place.line): place for place in ours}
    # Where two of their rules report one line, that is one place.
    right = {(place.path, place.line): place for place in theirs}
    both = left.keys() & right.keys()
    lines: dict[str, list[int]] = defaultdict(list)
    for path, line in sorted(left.keys() - both):
        lines[path].append(line)
    apart = []
    for key in sorted(right.keys() - both, key=lambda key: right[key].last_line - right[key].line):
        place = right[key]
        inside = [line for line in lines[place.path] if place.line <= line <= place.last_line]
        if inside:
            both.add((place.path, inside[0]))
            lines[place.path].remove(inside[0])
        else:
            apart.append(place)
    return Result(len(both), [left[key] for key in sorted(left.keys() - both)], sorted(apart))


def kinds(places: Iterable[Place]) -> str:
    """Return how many of the places are of which rule, and in tests or not: ``S110 3, S110 in tests 2``."""
    counts = Counter(f"{place.code}{' in tests' * bool(_TEST.search(place.path))}" for place in places)
    return ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items()))


def row(comparison: Comparison, result: Result) -> str:
    """Return the row of the table for a comparison, and the lines below with its differences."""
    ours, theirs = " ".join(comparison.ours), " ".join(comparison.theirs)
    counts = (result.both, len(result.ours), len(result.theirs))
    text = f"{ours:24} {theirs:42}" + "".join(f"{number:8}" for number in counts)
    if result.ours:
        text += f"\n    only ours: {kinds(result.ours)}"
    if result.theirs:
        text += f"\n    only the other's: {kinds(result.theirs)}"
    return text


def our_places(roots: Iterable[Path], comparisons: Iterable[Comparison]) -> Iterator[Place]:
    """Yield what our rules of the comparisons report."""
    codes = tuple(code for comparison in comparisons for code in comparison.ours)
    for root in roots:
        for path, _, finding in findings(root.resolve(), codes):
            yield Place(str(path), finding.line, finding.line, finding.code)


def ruff_places(roots: Iterable[Path]) -> Iterator[Place]:
    """Yield what ruff reports."""
    rules = ",".join(rule for comparison in RUFF for rule in comparison.theirs)
    options = ["--isolated", "--ignore-noqa", "--no-cache", "--exit-zero", "--no-respect-gitignore"]
    options += ["--config", "exclude = []", "--select", rules, "--output-format", "json"]
    command = [sys.executable, "-m", "ruff", "check", *options, *(str(root.resolve()) for root in roots)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    for found in json.loads(run.stdout):
        # Of ANN204, only what is about the same method as our rule.
        if found["code"] and (found["code"] != "ANN204" or "`__init__`" in found["message"]):
            line = found["location"]["row"]
            yield Place(found["filename"], line, line, found["code"])


def eslint_places(roots: Iterable[Path], node_modules: Path) -> Iterator[Place]:
    """Yield what ESLint reports; each root is a project of its own."""
    program = Path(__file__).with_suffix(".cjs")
    for root in roots:
        paths = [path for path in typescript_files([root.resolve()]) if ".d." not in path.name]
        run = subprocess.run(
            ["node", "--max-old-space-size=6000", program, node_modules],
            input="".join(f"{path}\n" for path in paths),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            encoding="utf-8",
        )
        for line in run.stdout.splitlines():
            path, rule, first, last = json.loads(line)
            yield Place(path, first, last, rule)


def report(
    comparisons: Iterable[Comparison], ours: list[Place], theirs: list[Place], shown: str | None
) -> Iterator[str]:
    """Print the row of each comparison, and the differences of the one with the code `shown`.

    Yields:
        the cells of the row, with tabs between them: our rules, the other's, both, only ours, only theirs,
            and why there are differences.
    """
    for comparison in comparisons:
        result = compare(
            [place for place in ours if place.code in comparison.ours],
            [place for place in theirs if place.code in comparison.theirs],
        )
        print(row(comparison, result))
        if shown in comparison.ours:
            for place in (*result.ours, *result.theirs):
                print(f"{place.path}:{place.line}: {place.code}")
        counts = (result.both, len(result.ours), len(result.theirs))
        names = map(" ".join, (comparison.ours, comparison.theirs))
        yield "\t".join((*names, *map(str, counts), comparison.why))


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--node-modules", type=Path)
    parser.add_argument("--show", metavar="CODE")
    parser.add_argument("--write", metavar="FILE", type=Path)
    parser.add_argument("paths", nargs="+", type=Path)
    arguments = parser.parse_args()
    roots = arguments.paths
    print(f"{'ours':24} {'the other linter':42}{'both':>8}{'ours':>8}{'theirs':>8}")
    ours = list(in_statements(our_places(roots, RUFF)))
    rows = list(report(RUFF, ours, list(in_statements(ruff_places(roots))), arguments.show))
    if arguments.node_modules:
        ours = list(our_places(roots, ESLINT))
        rows += report(ESLINT, ours, list(eslint_places(roots, arguments.node_modules)), arguments.show)
    if arguments.write:
        lines = ("ours\ttheirs\tboth\tonly ours\tonly theirs\twhy", *rows)
        arguments.write.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
