"""Compares PREP251 explicit-any with the rule no-explicit-any of typescript-eslint, place by place.

    python -m scripts.compare_any --node-modules FOLDER PATH ...

FOLDER is a node_modules folder that has `eslint`, `typescript-eslint` and `typescript`. Left out are files
that do not parse, generated ones, and `keyof any`, on which the two differ on purpose.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from flake8_prep.typescript import engine
from flake8_prep.typescript.rules.quality.explicit_any import ExplicitAny
from flake8_prep.typescript.source import Source
from scripts.sources import read, typescript_files

_KEYOF = re.compile(r"\bkeyof\s+any\b(?!\[)")

# Prints for each file a line of JSON: the places of the findings, line from 1 and column from 0, or null.
PROGRAM = """
const path = require("path");
const load = require("module").createRequire(path.resolve(process.argv[1], "any.js"));
const { Linter } = load("eslint");
const { plugin, parser } = load("typescript-eslint");
const fs = require("fs");
const linter = new Linter({ configType: "flat" });
for (const name of fs.readFileSync(0, "utf8").split("\\n").filter(Boolean)) {
  const text = fs.readFileSync(name, "utf8").replace(/^\\uFEFF/, "").replace(/\\r\\n?/g, "\\n");
  const found = linter.verify(text, {
    files: ["**/*.{ts,tsx,mts,cts}"],
    plugins: { "@typescript-eslint": plugin },
    languageOptions: { parser, parserOptions: { jsDocParsingMode: "none" } },
    linterOptions: { noInlineConfig: true },
    rules: { "@typescript-eslint/no-explicit-any": "error" },
  }, { filename: path.basename(name) });
  const failed = found.some((message) => message.fatal || !message.ruleId);
  console.log(JSON.stringify(failed ? null : found.map((message) => [message.line, message.column - 1])));
}
"""


def main() -> int:
    """Run the command line; the status is 1 where the two differ."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--node-modules", type=Path, required=True)
    parser.add_argument("paths", nargs="+", type=Path)
    arguments = parser.parse_args()
    paths = typescript_files(arguments.paths)
    run = subprocess.run(
        ["node", "-e", PROGRAM, str(arguments.node_modules)],
        input="".join(f"{path}\n" for path in paths),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        encoding="utf-8",
    )
    compared = agreed = differences = 0
    for path, line in zip(paths, run.stdout.splitlines(), strict=True):
        found = json.loads(line)
        source = Source(str(path), read(path))
        if found is None or source.is_generated:
            continue
        compared += 1
        ours = {(finding.line, finding.column) for finding in engine.check(source, [ExplicitAny])}
        # eslint counts columns in units of UTF-16.
        theirs = set()
        for number, units in found:
            column = len(source.line(number).encode("utf-16-le")[: 2 * units].decode("utf-16-le"))
            if all(match.end() != column + len("any") for match in _KEYOF.finditer(source.line(number))):
                theirs.add((number, column))
        agreed += len(ours & theirs)
        differences += len(ours ^ theirs)
        for number, column in sorted(ours ^ theirs):
            which = "false alarm" if (number, column) in ours else "missed"
            print(f"{path}:{number}:{column + 1}: {which}: {source.line(number).strip()[:160]}")
    print(f"{compared} of {len(paths)} files compared: {agreed} places agree, {differences} differ")
    return int(differences > 0)


if __name__ == "__main__":
    sys.exit(main())
