"""What a TypeScript file takes for variables of the environment that are not set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.environment import lookup_pattern, lookups, may_read, objects, variable
from flake8_prep.typescript.source import Source

_MEMBER = lazy_pattern(r"([\w$]+)\s*(?::[^=]*)?=\s*")

_CLEANED = r"!?(?:\s*+\??\.\s*+(?:trim|toLowerCase|toUpperCase)\(\))*+\s*+"
_OPERATOR = lazy_pattern(rf"{_CLEANED}(?:\|\||\?\?)=?\s*+")
_CAST = lazy_pattern(r"!?(?:\s+as\s+[\w$]++(?:\s*\|\s*[\w$]++)*+)?")
_CALLEE_END = lazy_pattern(r"[\w$)\]>]\s*\Z")
_SET = lazy_pattern(r"\s*+(?:!==?\s*+(?:undefined|null|''|\"\")\s*+)?\?(?![.?])\s*+")
_NOT_SET = lazy_pattern(r"\s*+(?:===?\s*+(?:undefined|null|''|\"\")\s*+)\?(?![.?])\s*+")
_COLON = lazy_pattern(rf"{_CLEANED}:\s*+")
_SPACED_COLON = lazy_pattern(r"\s*+:\s*+")
_LITERAL = lazy_pattern(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`$]*`|-?[0-9][\w.]*|(?:true|false)(?![\w$])")
# A literal that is only the beginning of an expression.
_GOES_ON = lazy_pattern(r"\s*+(?:[-+*/%.?\[(<]|[=!]=|&&|as\s+const\b)(?<![\n]\()")

_CONVERSION_END = lazy_pattern(
    r"(?<![\w$])(?:parseInt|parseFloat|Number|BigInt)\s*\Z|(?:^|[=(\[{,:?|&])\s*\+\s*\Z"
)
_PLUS_END = lazy_pattern(r"(?:^|[=(\[{,:?|&])\s*\+\s*\Z")
_REACH = 60


class Fallback(NamedTuple):
    """A literal that stands in for a variable of the environment.

    Attributes:
        start: offset of the lookup, or of the variable's name in a destructuring.
        end: offset behind the literal.
        name: the name of the variable, or the expression that computes it.
        literal: the source of the literal.
    """

    start: int
    end: int
    name: str
    literal: str

    @property
    def is_empty(self) -> bool:
        """Whether the literal is a string without characters."""
        return self.literal in ("''", '""', "``")

    @property
    def is_text(self) -> bool:
        """Whether the literal is a string."""
        return self.literal[0] in "'\"`"


def fallbacks(source: Source) -> Sequence[Fallback]:
    """Return the fallbacks in a file: of `||` and `??`, of conditions, and the defaults of a destructuring.

    Left out are those of numbers that are parsed at once, as in ``Number(process.env.PORT || 3000)``.
    """
    return source.once(_fallbacks) if may_read(source) else ()


def _fallbacks(source: Source) -> Sequence[Fallback]:
    found = []
    for match in lookups(source):
        end = _fallback_start(match, source)
        literal = _literal(source, end) if end is not None else None
        if literal and not _is_converted(source, match.start()):
            name = variable(match, source)
            found.append(Fallback(match.start(), literal.end(), name, _text(literal, source)))
    destructured = rf"\}}\s*+=\s*+(?:globalThis\.)?(?:{objects(source)})(?![\w$.?!\[])"
    for match in re.finditer(destructured, source.code):
        opening = source.opening(match.start())
        for start, end in source.arguments(opening) if opening is not None else ():
            member = _MEMBER.match(source.code, start, end)
            literal = _literal(source, member.end()) if member else None
            if member and literal:
                found.append(Fallback(start, literal.end(), member[1], _text(literal, source)))
    return found


def _fallback_start(lookup: re.Match[str], source: Source) -> int | None:
    """Return where the value starts that is taken in place of the variable."""
    code = source.code
    pattern = lookup_pattern(source)
    if operator := _OPERATOR.match(code, _cast_end(lookup, source)):
        return operator.end()
    if test := _SET.match(code, lookup.end()):
        same = pattern.match(code, test.end())
        colon = _COLON.match(code, same.end()) if same else None
        if same and colon and variable(same, source) == variable(lookup, source):
            return colon.end()
    if test := _NOT_SET.match(code, lookup.end()):
        literal = _LITERAL.match(code, test.end())
        colon = _SPACED_COLON.match(code, literal.end()) if literal else None
        same = pattern.match(code, colon.end()) if colon else None
        if same and variable(same, source) == variable(lookup, source):
            return test.end()
    return None


def _cast_end(lookup: re.Match[str], source: Source) -> int:
    """Return the offset behind the lookup and its cast, as in ``(process.env.X as string)``."""
    code = source.code
    cast = _CAST.match(code, lookup.end())
    end = cast.end() if cast else lookup.end()
    opening = source.opening(end) if code.startswith(")", end) else None
    if opening is None or code[opening + 1 : lookup.start()].strip():
        return end
    return end if _CALLEE_END.search(code, max(0, opening - _REACH), opening) else end + 1


def _literal(source: Source, start: int) -> re.Match[str] | None:
    match = _LITERAL.match(source.code, start)
    return None if match is None or _GOES_ON.match(source.code, match.end()) else match


def _text(literal: re.Match[str], source: Source) -> str:
    return source.text[literal.start() : literal.end()]


def _is_converted(source: Source, start: int) -> bool:
    """Tell whether a number is made of what stands at `start`, or of the parentheses around it."""
    code = source.code
    if _PLUS_END.search(code, max(0, start - _REACH), start):
        return True
    bracket = source.enclosing_bracket(start)
    if bracket is None or code[bracket] != "(":
        return False
    return _CONVERSION_END.search(code, max(0, bracket - _REACH), bracket) is not None
