"""Texts that make a regular expression backtrack, made from the expression itself.

What a repetition takes is repeated, behind what leads there and before what nothing matches: that is how
``(a+)+b`` is shown to take exponential time, and ``a*b`` to be searched for in quadratic time.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

# Private, but the parser of `re` itself; a test may depend on it.
_parser: Any = importlib.import_module("re._parser")

_MANY = 20
_UNMATCHED = "\x01"
_COMMON = (" ", "\n", "a", "A", "1", "_", ".", ",", "(", "<", '"', "/")


def hostile_texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Yield texts of about `length` characters on which `pattern` may take much longer than that."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    made = [(text, "", "") for text in (*_COMMON, _sample(parsed))]
    for prefix, repeated in _repetitions(parsed, ""):
        made += [
            (repeated, prefix, _UNMATCHED),
            (repeated, prefix, "\n"),
            (prefix + repeated, "", ""),
            (prefix + 3 * repeated, "", _UNMATCHED),
        ]
    for repeated, prefix, end in dict.fromkeys(made):
        if repeated:
            yield prefix + repeated * (length // len(repeated)) + end


def _repetitions(parts: Sequence[Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield for each repetition what leads there, and what it repeats."""
    for operation, value in parts:
        match str(operation):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, body = value
                if most > _MANY:
                    yield from ((prefix, repeated) for repeated in _alternatives(body))
                yield from _repetitions(body, prefix)
                prefix += _sample(body) * least
            case "SUBPATTERN" | "ATOMIC_GROUP":
                body = value if str(operation) == "ATOMIC_GROUP" else value[3]
                yield from _repetitions(body, prefix)
                prefix += _sample(body)
            case "BRANCH":
                for branch in value[1]:
                    yield from _repetitions(branch, prefix)
                prefix += _sample(value[1][0])
            case "ASSERT" | "ASSERT_NOT":
                yield from _repetitions(value[1], prefix)
            case _:
                prefix += _sample([(operation, value)])


def _alternatives(body: Sequence[Any]) -> Iterator[str]:
    """Yield texts that the body of a repetition matches, one for each of its alternatives."""
    yield _sample(body)
    if len(body) == 1:
        operation, value = body[0]
        match str(operation):
            case "BRANCH":
                yield from (_sample(branch) for branch in value[1])
            case "IN" if str(value[0][0]) != "NEGATE":
                yield from (_sample([item]) for item in value)
            case "IN" | "ANY" | "NOT_LITERAL":
                yield from (" ", "\n", "a")


def _sample(parts: Sequence[Any]) -> str:
    """Return a short text that these parts of an expression match, where lookarounds are left aside."""
    return "".join(_sample_of(str(operation), value) for operation, value in parts)


def _sample_of(operation: str, value: Any) -> str:
    match operation:
        case "LITERAL":
            return chr(value)
        case "RANGE":
            return chr(value[0])
        case "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": " "}.get(
                str(value), "a"
            )
        case "ANY":
            return "a"
        case "NOT_LITERAL":
            return "b" if value == ord("a") else "a"
        case "IN" if str(value[0][0]) == "NEGATE":
            left_out = {_sample([item]) for item in value[1:]}
            return next(text for text in "a 1;~" if text not in left_out)
        case "IN":
            return _sample(value[:1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, body = value
            return _sample(body) * (1 if most == 1 else least)
        case "SUBPATTERN":
            return _sample(value[3])
        case "ATOMIC_GROUP":
            return _sample(value)
        case "BRANCH":
            return _sample(value[1][0])
    return ""
