"""Runs the rules over other people's code and shows what they find.

    python scripts/corpus.py count PATH ...          findings by rule and by path
    python scripts/corpus.py sample CODE PATH ...    findings of one rule, drawn at random, with their source
    python scripts/corpus.py fetch FOLDER PACKAGE .. put packages' sources into FOLDER (npm ones as npm:NAME)

The rules that are off by default run too. With `--until .ts=3000`, which can be given for several suffixes,
`fetch` stops after the package that completes so many files, and fails where there are not as many.
"""

from __future__ import annotations

import argparse
import ast
import random
import subprocess
import sys
import tarfile
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from flake8_prep.catalog import all_rules
from flake8_prep.finding import Finding
from flake8_prep.options import Settings
from flake8_prep.selection import Selection
from flake8_prep.session import Session

SUFFIXES = {".py", ".ts", ".tsx", ".mts", ".cts"}


def findings(root: Path, codes: str | tuple[str, ...] = "PREP") -> Iterator[tuple[Path, list[str], Finding]]:
    """Yield path, lines and finding for all files below `root`, with the codes that begin with `codes`."""
    named = tuple(rule.code for rule in all_rules())
    session = Session(Selection(lambda code: code.startswith(codes), named), Settings())
    paths = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES)
    for path in paths:
        if not _is_source(path):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = [f"{line}\n" for line in text.split("\n")]
        shown = path.relative_to(root.parent).as_posix()
        if path.suffix == ".py":
            try:
                with warnings.catch_warnings(action="ignore"):
                    module = ast.parse(text)
            except (SyntaxError, ValueError):
                continue
            found = session.check_python(module, lines, shown)
        else:
            found = session.check_typescript(lines, shown)
        for finding in found:
            yield path, lines, finding


def count(roots: list[Path]) -> int:
    """Print how many findings each rule has in each of `roots`; return 1 where a rule failed on a file."""
    totals = {root: Counter(finding.code for _, _, finding in findings(root)) for root in roots}
    for code in sorted(set().union(*totals.values())):
        row = "  ".join(f"{root.name} {counter[code]}" for root, counter in totals.items() if counter[code])
        print(f"{code} {sum(counter[code] for counter in totals.values()):6}  {row}")
    return int(any(counter["PREP000"] for counter in totals.values()))


def sample(code: str, roots: list[Path], number: int, seed: int) -> int:
    """Print findings of one rule, drawn at random, with three lines of source before and after each."""
    found = [each for root in roots for each in findings(root, code)]
    chosen = random.Random(seed).sample(found, min(number, len(found)))
    for path, lines, finding in sorted(chosen, key=lambda each: (str(each[0]), each[2])):
        line, column, _, message = finding
        print(f"\n{path}:{line}:{column + 1}: {message}")
        for index in range(max(0, line - 4), min(len(lines), line + 3)):
            print(f"{'>' if index == line - 1 else ' '} {lines[index].rstrip()[:160]}")
    print(f"\n{len(chosen)} of {len(found)} findings")
    return 0


def fetch(folder: Path, packages: list[str], wanted: Mapping[str, int]) -> int:
    """Download the packages and unpack them, each into a folder of its own, but those that are there.

    A folder is there when all of its package is: one that is stopped half-way leaves none.

    Args:
        folder: where they go.
        packages: their names, as on the command line.
        wanted: how many files with each suffix are enough; all packages are, where it is empty.

    Returns:
        1 where all packages together have fewer files than are wanted.
    """
    missing = Counter(wanted)
    for package in packages:
        if wanted and not missing:
            break
        target = folder / package.rpartition(":")[2].replace("/", "+")
        if not target.exists():
            _put(package, target)
        if wanted:
            missing -= Counter(path.suffix for path in target.rglob("*") if _is_source(path))
    for suffix, number in missing.items():
        print(f"{number} more files with the suffix {suffix} are wanted")
    return int(bool(missing))


def _is_source(path: Path) -> bool:
    """Say whether there is a file at `path` that is not one of declarations."""
    return path.is_file() and not path.name.endswith((".d.ts", ".d.mts", ".d.cts"))


def _put(package: str, target: Path) -> None:
    """Download a package and unpack it into `target`, which appears when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not in the folder of the packages, since what a stopped run leaves would be taken for one of them.
    with tempfile.TemporaryDirectory(dir=target.parent.parent, prefix="fetch-") as name:
        archives, unpacked = Path(name, "archives"), Path(name, "unpacked")
        archives.mkdir()
        _unpack(_download(package, archives), unpacked)
        unpacked.rename(target)


def _download(package: str, folder: Path) -> list[Path]:
    """Return the archives of a package, which go into `folder`."""
    registry, _, name = package.rpartition(":")
    if registry == "npm":
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder), name]
    else:
        options = ["--quiet", "--no-deps", "--dest", str(folder)]
        command = [sys.executable, "-m", "pip", "download", *options, name]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return list(folder.iterdir())


def _unpack(archives: list[Path], target: Path) -> None:
    for archive in archives:
        if archive.suffix == ".whl":
            zipfile.ZipFile(archive).extractall(target)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(target, filter="data")


def _number_of_files(text: str) -> tuple[str, int]:
    suffix, _, number = text.partition("=")
    return suffix, int(number)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    counting = commands.add_parser("count")
    counting.add_argument("paths", nargs="+", type=Path)
    sampling = commands.add_parser("sample")
    sampling.add_argument("code")
    sampling.add_argument("paths", nargs="+", type=Path)
    sampling.add_argument("--number", type=int, default=30)
    sampling.add_argument("--seed", type=int, default=0)
    fetching = commands.add_parser("fetch")
    fetching.add_argument("--until", type=_number_of_files, action="append", default=[])
    fetching.add_argument("folder", type=Path)
    fetching.add_argument("packages", nargs="+")
    arguments = parser.parse_args()
    if arguments.command == "count":
        return count(arguments.paths)
    if arguments.command == "sample":
        return sample(arguments.code, arguments.paths, arguments.number, arguments.seed)
    return fetch(arguments.folder, arguments.packages, dict(arguments.until))


if __name__ == "__main__":
    sys.exit(main())
