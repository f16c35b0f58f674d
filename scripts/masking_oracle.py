"""Compares what the lexical pass blanks with what TypeScript's own parser sees.

    python -m scripts.masking_oracle --node-modules FOLDER PATH ...

FOLDER is a node_modules folder that has `typescript`. Files that do not parse are counted, and left out.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from flake8_prep.typescript.lexer import Kind, find_spans
from scripts.sources import read, typescript_files

KINDS = ["code", *(kind.name.lower().replace("_", " ") for kind in Kind)]
NUMBERS = {kind: number for number, kind in enumerate(Kind, start=1)}


def parsed(node_modules: Path, paths: list[Path]) -> Iterable[list[tuple[int, int, int]] | None]:
    """Yield the spans that the parser sees in each file, in units of UTF-16; None for syntax errors."""
    program = Path(__file__).with_suffix(".cjs")
    with subprocess.Popen(
        ["node", program, node_modules],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write("".join(f"{path}\n" for path in paths))
        process.stdin.close()
        for line in process.stdout:
            yield json.loads(line)


def painted(text: str, spans: Iterable[tuple[int, int, int]]) -> bytes:
    """Return the kind of each character: 0 for code, and for white space, which is the same in all kinds."""
    kinds = bytearray(len(text))
    for start, end, kind in spans:
        kinds[start:end] = bytes([kind]) * (end - start)
    for match in re.finditer(r"\s+", text):
        kinds[match.start() : match.end()] = bytes(len(match[0]))
    return bytes(kinds)


def in_characters(text: str, spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the spans with offsets in characters in place of units of UTF-16."""
    offsets = [index for index, character in enumerate(text) for _ in range(1 + (character > "\uffff"))]
    offsets.append(len(text))
    return [(offsets[start], offsets[end], kind) for start, end, kind in spans]


def difference(path: Path, expected: list[tuple[int, int, int]]) -> str | None:
    """Return a line that shows the first place where the two differ."""
    text = read(path)
    theirs = painted(text, in_characters(text, expected))
    found = find_spans(text, jsx=path.suffix == ".tsx")
    ours = painted(text, ((start, end, NUMBERS[kind]) for start, end, kind in found))
    if theirs == ours:
        return None
    at = next(index for index, (one, other) in enumerate(zip(theirs, ours, strict=True)) if one != other)
    shown = text[max(0, at - 50) : at + 30].replace("\n", "\\n")
    line = text.count("\n", 0, at) + 1
    return f"{path}:{line}: {KINDS[theirs[at]]} is taken for {KINDS[ours[at]]}: {shown}"


def main() -> int:
    """Run the command line; the status is 1 where a file differs."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--node-modules", type=Path, required=True)
    parser.add_argument("paths", nargs="+", type=Path)
    arguments = parser.parse_args()
    paths = typescript_files(arguments.paths)
    skipped = differing = 0
    for path, spans in zip(paths, parsed(arguments.node_modules, paths), strict=True):
        if spans is None:
            skipped += 1
        elif shown := difference(path, spans):
            differing += 1
            print(shown)
    print(f"{len(paths)} files: {differing} differ, {skipped} do not parse")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
