"""Reads of environment variables in TypeScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.source import Source

# A file without any of these reads no variable. There are few, as each is looked for in all files.
TRIGGERS: Final = ("process", ".env")

_ENVIRONMENT = lazy_pattern(r"env(?<![\w$]env)(?![\w$])")
_OBJECTS: Final = r"process\??\.env|import\.meta\.env|Bun\.env"
# A read of one variable, by its name, or by a key or argument without brackets in it.
_READ: Final = (
    r"(?<![\w$.])(?:globalThis\.)?(?:{objects})!?"
    r"(?:\??\.(?P<name>[A-Za-z_$][\w$]*+)(?!\s*+\()|(?:\?\.)?\[(?P<key>[^\[\]]*)\])"
    r"|(?<![\w$.])Deno\.env\.get\((?P<argument>[^()]*)\)"
)
LOOKUP: Final = lazy_pattern(_READ.format(objects=_OBJECTS))
# A name for all variables: `const env = process.env`, `const { env } = process`.
_NAMED: Final = lazy_pattern(
    rf"(?<![\w$.])const\s+(?:([\w$]+)\s*=\s*(?:{_OBJECTS})(?![\w$]|\s*(?:[.?!\[(]|as\b|&&|\|\|))"
    r"|\{\s*env\s*(?::\s*([\w$]+)\s*)?\}\s*=\s*process\b(?!\s*\.))"
)
_MODULES: Final = ("node:process", "process")
_KEY = lazy_pattern(r"""\s*(["'`])([^"'`$]*)\1\s*""")


def objects(source: Source) -> str:
    """Return the pattern of what all variables of the environment are members of in a file."""
    return "|".join((_OBJECTS, *map(re.escape, source.once(_names))))


def lookup_pattern(source: Source) -> re.Pattern[str]:
    """Return the pattern of a read of one variable in a file: `LOOKUP`, and by the names of the file."""
    return source.once(_lookup_pattern)


def may_read(source: Source) -> bool:
    """Tell, in no time, whether the code can read a variable: texts are full of the triggers."""
    return source.once(_has_environment)


def lookups(source: Source) -> Sequence[re.Match[str]]:
    """Return the reads of one variable in a file."""
    return source.once(_lookups)


def _has_environment(source: Source) -> bool:
    return _ENVIRONMENT.search(source.code) is not None


def _lookups(source: Source) -> Sequence[re.Match[str]]:
    return list(lookup_pattern(source).finditer(source.code)) if may_read(source) else []


def _lookup_pattern(source: Source) -> re.Pattern[str]:
    return re.compile(_READ.format(objects=objects(source))) if source.once(_names) else LOOKUP


def _names(source: Source) -> Sequence[str]:
    """Return the names that stand for all variables wherever they are used in the file."""
    found = [
        match[1] or match[2] or "env"
        for match in _NAMED.finditer(source.code)
        if source.enclosing_bracket(match.start()) is None
    ]
    for name, (module, member) in imported(source).items():
        if module in _MODULES and member == "env":
            found.append(name)
        elif module in _MODULES and member == "*" and name != "process":
            found.append(f"{name}.env")
    return [name for name in dict.fromkeys(found) if not _is_bound_again(name, source)]


def _is_bound_again(name: str, source: Source) -> bool:
    """Tell whether a name is also that of a parameter, or of a variable of another place."""
    word = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])")
    if any(word.search(source.code, each.start, each.body_start) for each in source.functions):
        return True
    in_braces = r"(?:\{[^{}]{0,500})?"
    declaration = rf"(?<![\w$.])(?:const|let|var)\s+{in_braces}{word.pattern}[^=;{{}}]{{0,80}}\}}?\s*="
    return len(re.findall(declaration, source.code)) > 1


def variable(lookup: re.Match[str], source: Source) -> str:
    """Return the name of the variable that a match of `LOOKUP` reads, or the expression that computes it."""
    if lookup["name"]:
        return lookup["name"]
    start, end = lookup.span("argument" if lookup["key"] is None else "key")
    key = _KEY.fullmatch(source.text, start, end)
    return key[2] if key else source.text[start:end].strip()
