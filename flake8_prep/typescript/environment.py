"""Reads of environment variables in TypeScript."""

from __future__ import annotations

import re
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

# A file without any of these reads no variable.
TRIGGERS: Final = ("process.env", "process?.env", "import.meta.env", "Bun.env", "Deno.env")

# A read of one variable, by its name, or by a key or argument without brackets in it.
LOOKUP: Final = lazy_pattern(
    r"(?<![\w$.])(?:globalThis\.)?(?:process\??\.env|import\.meta\.env|Bun\.env)!?"
    r"(?:\??\.(?P<name>[A-Za-z_$][\w$]*+)(?!\s*+\()|(?:\?\.)?\[(?P<key>[^\[\]]*)\])"
    r"|(?<![\w$.])Deno\.env\.get\((?P<argument>[^()]*)\)"
)
_KEY = lazy_pattern(r"""\s*(["'`])([^"'`$]*)\1\s*""")


def variable(lookup: re.Match[str], source: Source) -> str:
    """Return the name of the variable that a match of `LOOKUP` reads, or the expression that computes it."""
    if lookup["name"]:
        return lookup["name"]
    start, end = lookup.span("argument" if lookup["key"] is None else "key")
    key = _KEY.fullmatch(source.text, start, end)
    return key[2] if key else source.text[start:end].strip()
