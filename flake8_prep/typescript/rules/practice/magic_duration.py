"""Durations that have no name."""

from __future__ import annotations

import bisect
import operator
import re
from collections.abc import Iterator

from flake8_prep.durations import (
    SPELLED_OUT,
    UNNAMED,
    is_constant_name,
    is_duration,
    mentions_duration,
    spelled_out_duration,
)
from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.lexer import Kind
from flake8_prep.typescript.operands import operand_before
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_OF_ERRORS = ("throw", "Error", "Exception")
# These begin with plain text, for which `re` searches many times faster than for what may stand before it.
_ERRORS = (
    re.compile(r"new(?<=\bnew)\s+[\w$.]*(?:Error|Exception)\s*(?=\()"),
    re.compile(r"throw(?<=\bthrow)\s+(?:new\s+)?[\w$.]+\s*(?=\()"),
)
_FACTOR = re.compile(r"\*\s*+\d")
_NUMBER = r"(?:\d[\d_]*+(?:\.\d*+)?|1e3)"
_FIRST = rf"(?<![\w$.])(?<![/%] )(?<!\*\* ){_NUMBER}"
_FIRST_END = re.compile(rf"{_FIRST}\s*+\Z")
# What a value is given to: a variable with or without its type, or a property.
_TARGET = re.compile(
    r"""(?<![\w$])([\w$]+)["'\]]*\s*(?:[?!]?:[^=]*)?=(?![=>])"""
    r"""|^\s*(?:readonly\s+)?["'\[]*([\w$]+)["'\]]*\s*:"""
)
_ITEM_START = re.compile(r"[;,{}]|\n[^\S\n]*+(?=(?:const|export|if|let|return|throw|var|while)\b)")
_STATEMENT_END = re.compile(r"\b(?:for|if|switch|while)\Z")
_ENUM_END = re.compile(r"\benum\s+[\w$]+\Z")
_FACTOR_BEHIND = re.compile(r"\s*+\*\s*+(?:[\w$]++\s*+\.\s*+)*+([\w$]++)(?!\s*+[.(\[])")
_AS_CONST = re.compile(r"\s*(?:as\s+const\b|satisfies\b[^;{}]{0,80}\bas\s+const\b)")
_BEFORE_OBJECTS = ("=", "(", "[", ",", ":", "?", "|", "&")
_TEXT = (Kind.STRING, Kind.TEMPLATE)
_START = operator.attrgetter("start")
# Bounded, so that the time stays linear; far more than people write.
_REACH = 200
_LONGEST_TEXT = 1000
_MOST_LEVELS = 20


class MagicDuration(TypeScriptRule):
    """Durations that are written as products of numbers, or into the message of an error.

    Why is this bad:
        `30 * 24 * 60 * 60 * 1000` says how many milliseconds, but not what they are for, and the same limit
        written in two places is soon two limits. A message that says "cannot exceed 30 days" goes on saying
        so after the limit has changed. Give the limit a name, and let the check and the message both use it.

    Example:
        function check(durationMs: number): void {
          if (durationMs > 30 * 24 * 60 * 60 * 1000) {
            throw new BookingError("A booking cannot exceed 30 days");
          }
        }

    Use instead:
        const MS_PER_DAY = 24 * 60 * 60 * 1000;
        const LIMITS = { maxDays: 30 } as const;

        function check(durationMs: number): void {
          if (durationMs > LIMITS.maxDays * MS_PER_DAY) {
            throw new BookingError(`A booking cannot exceed ${LIMITS.maxDays} days`);
          }
        }

    Known limits:
        A product is a duration if two of its factors are among 7, 24, 30, 60, 365, 1000, 3600 and 86400.
        Silent where it is a part of the value of an `UPPER_CASE` name or of an object `as const`, and where
        such a name is divided or multiplied by it, which only converts it. A single number, such as 3600, is
        left alone, and so are tests, which state what they expect.
    """

    code = "PREP051"
    name = "magic-duration"
    severity = Severity.LOW
    finding = "10.1"
    message = "{duration} {problem}"
    triggers = ("*", *_OF_ERRORS)
    pattern = re.compile(rf"{_FIRST}(?:\s*+\*\s*+{_NUMBER})++(?![\w$])")

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file:
            return
        for match in self._products(source.code):
            numbers = [float(number) for number in match[0].split("*")]
            if is_duration(numbers) and not _is_named(match, source):
                product = " * ".join(match[0].replace("*", " ").split())
                yield self.at(match.start(), source, duration=product, problem=UNNAMED)
        yield from self._in_errors(source)

    def _products(self, code: str) -> Iterator[re.Match[str]]:
        """Yield the matches of the pattern, which are told from the factors behind their first number."""
        behind = 0
        for factor in _FACTOR.finditer(code):
            at = factor.start()
            first = _FIRST_END.search(code, max(behind, at - _REACH), at)
            product = self.pattern.match(code, first.start()) if first else None
            if product is not None:
                behind = product.end()
                yield product

    def _in_errors(self, source: Source) -> Iterator[Finding]:
        """Yield the durations that are written into errors, each at the argument that has it."""
        if not any(map(source.has, _OF_ERRORS)) or not mentions_duration(source.uncommented):
            return
        opened = {match.end() for error in _ERRORS for match in error.finditer(source.code)}
        for parenthesis in opened:
            for start, end in source.arguments(parenthesis):
                duration = _spelled_out(start, min(end, start + _LONGEST_TEXT), source)
                if duration is not None:
                    yield self.at(start, source, duration=duration, problem=SPELLED_OUT)


def _spelled_out(start: int, end: int, source: Source) -> str | None:
    """Return the first duration in the strings and templates of this range."""
    first = bisect.bisect_left(source.spans, start, key=_START)
    behind = bisect.bisect_left(source.spans, end, key=_START)
    texts = (span for span in source.spans[first:behind] if span.kind in _TEXT)
    durations = (spelled_out_duration(source.text[span.start : span.end]) for span in texts)
    return next(filter(None, durations), None)


def _is_factor_of_constant(product: re.Match[str], source: Source) -> bool:
    """Tell whether a constant is multiplied by the product, which only converts it."""
    behind = _FACTOR_BEHIND.match(source.code, product.end())
    if behind and is_constant_name(behind[1]):
        return True
    sign = source.token_end(product.start()) - 1
    factor = operand_before(sign, source) if sign > 0 and source.code[sign] == "*" else None
    return factor is not None and is_constant_name(factor.name or "")


def _is_named(product: re.Match[str], source: Source) -> bool:
    """Tell whether the product is a part of the value of a constant, or only converts one."""
    at = product.start()
    if _is_factor_of_constant(product, source):
        return True
    for _ in range(_MOST_LEVELS):
        opening = source.enclosing_bracket(at)
        start = max(at - _REACH, 0 if opening is None else opening + 1)
        target = _TARGET.search(_ITEM_START.split(source.strings[start:at])[-1])
        if target and is_constant_name(target[target.lastindex or 0]):
            return True
        if opening is None:
            break
        before = source.code[max(0, opening - _REACH) : opening].rstrip()
        close = source.closing(opening)
        if close is not None and _AS_CONST.match(source.code, close + 1):
            return True
        if source.code[opening] == "{":
            if _ENUM_END.search(before):
                return True
            if before.endswith("=>") or not before.endswith(_BEFORE_OBJECTS):
                break
        elif before.endswith("/"):
            divided = operand_before(source.code.rindex("/", 0, opening), source)
            return divided is not None and is_constant_name(divided.name or "")
        elif _STATEMENT_END.search(before):
            break
        at = opening
    return False
