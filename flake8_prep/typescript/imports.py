"""What a TypeScript file imports."""

from __future__ import annotations

from collections.abc import Mapping

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

_IMPORT = lazy_pattern(
    r"import(?<![\w$.]import)\s++(?!type\s)(?P<names>[^;'\"`()]{1,2500}?)\bfrom\s*+(?P<quote>['\"])"
)
_REQUIRE = lazy_pattern(
    r"(?<![\w$.])(?:const|import|let|var)\s+(?P<names>[\w$]+|\{[^{}]{1,2000}\})\s*=\s*(?:await\s+import"
    r"|require)\s*\(\s*(?P<quote>['\"])"
)
_NAME = lazy_pattern(r"(?:\*\s*as\s+|([\w$]+)\s*(?:\bas\b|:)\s*)?(?<![\w$])(?!type\s)([\w$]+)")


def imported(source: Source) -> Mapping[str, tuple[str, str]]:
    """Return for each name that is imported the module, and its name there; `*` for its default, or all."""
    return source.once(_imported)


def _imported(source: Source) -> Mapping[str, tuple[str, str]]:
    found = {}
    # Few files have a word of the other kind, whose pattern is slow.
    patterns = (_IMPORT, _REQUIRE) if source.has("require") or source.has("import(") else (_IMPORT,)
    for pattern in patterns:
        for match in pattern.finditer(source.code):
            start = match.end("quote")
            module = source.text[start : source.text.find(match["quote"], start)]
            names = match["names"]
            in_braces = names.find("{")
            for name in _NAME.finditer(names):
                is_whole = in_braces < 0 or name.start() < in_braces
                is_default = is_whole or name[1] == "default"
                found[name[2]] = (module, "*" if is_default else name[1] or name[2])
    return found
