"""The operands of operators, found by reading backwards from the operator."""

from __future__ import annotations

from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

# Bounded, so that the time stays linear; far more than people write.
_MOST_LINKS: Final = 50
_REACH: Final = 200

_NAME = lazy_pattern(r"#?([\w$]+)")
_NAME_END = lazy_pattern(r"#?([\w$]+)\Z")
_DOT_END = lazy_pattern(r"!?\??\.\s*\Z")
_TYPE_ARGUMENTS_END = lazy_pattern(r"(?<=[\w$])<[\w$\s,.|&\[\]'\"]*>\Z")
_FALLBACK_OR_TYPE = lazy_pattern(r"\s*(?:\?\?|\|\|)|\s(?:as|satisfies)\s")
_KEY = lazy_pattern(r"""\s*(["'`])([^"'`$\\]+)\1\s*""")

_CONVERSIONS: Final = frozenset("Big BigInt BigNumber Decimal Number String parseFloat parseInt".split())


class Operand(NamedTuple):
    """A name with what follows it, members, elements and calls, as in ``order.lines[0]?.price``.

    Attributes:
        start: offset of its first character.
        end: offset behind its last one.
        name: the name or key that says what its value is: the last one, `key` of ``map.get("key")`` and of
            ``row["key"]``, `amount` of ``Number(row.amount)`` and of ``(row.amount as number)``; None where
            it is computed.
    """

    start: int
    end: int
    name: str | None


def operand_before(end: int, source: Source) -> Operand | None:
    """Return the operand that ends before `end`, with or without white space; None where there is none."""
    end = _token_end(end, source)
    at = end
    for _ in range(_MOST_LINKS):
        start = _link_start(at, source)
        if start is None:
            return None
        at = start
        before = _token_end(start, source)
        if dot := _DOT_END.search(source.code, max(0, before - 3), before):
            at = _token_end(dot.start(), source)
        elif not _continues(start, source):
            return Operand(start, end, _name_of(end, source))
    return None


def before_dot(dot: int, source: Source) -> int:
    """Return the offset of the `.` or `?.` whose dot is at `dot`."""
    return dot - 1 if source.code[max(0, dot - 1) : dot] == "?" else dot


def _token_end(at: int, source: Source) -> int:
    """Return the offset behind the last token before `at`."""
    start = max(0, at - _REACH)
    return start + len(source.code[start:at].rstrip())


def _link_start(end: int, source: Source) -> int | None:
    """Return the offset of the name or brackets that end at `end`, a ``!`` behind them left aside."""
    if source.code[end - 1 : end] == "!":
        end -= 1
    if source.code[end - 1 : end] in ("]", ")"):
        return source.opening(end - 1)
    if source.code[end - 1 : end] == ">":
        arguments = _TYPE_ARGUMENTS_END.search(source.code, max(0, end - _REACH), end)
        end = arguments.start() if arguments else end
    name = _NAME_END.search(source.code, max(0, end - _REACH), end)
    return name.start() if name else None


def _continues(start: int, source: Source) -> bool:
    """Tell whether the brackets that open at `start` belong to what stands right before them."""
    before = source.code[start - 1 : start]
    return source.code[start] in "([" and (before.isalnum() or before in tuple("_$)]>!"))


def _name_of(end: int, source: Source) -> str | None:
    code = source.code
    for _ in range(_MOST_LINKS):
        end = _token_end(end, source)
        if code[end - 1 : end] == "!":
            end -= 1
        name = _NAME_END.search(code, max(0, end - _REACH), end)
        if name:
            return name[1]
        start = source.opening(end - 1)
        if start is None:
            return None
        key = _KEY.fullmatch(source.text, start + 1, end - 1)
        if code[start] == "[":
            if key or not source.text[start + 1 : end - 1].isdecimal():
                return key[2] if key else None
            end = start
            continue
        callee = _callee(start, source)
        if callee == "get":
            return key[2] if key else None
        if callee and callee not in _CONVERSIONS:
            return callee
        arguments = source.arguments(start)
        if not arguments:
            return None
        start, end = arguments[0]
        if rest := _FALLBACK_OR_TYPE.search(code, start, min(end, start + _REACH)):
            end = rest.start()
    return None


def _callee(parenthesis: int, source: Source) -> str | None:
    """Return the name of what is called by the parenthesis; None where it only groups."""
    start = _link_start(parenthesis, source) if _continues(parenthesis, source) else None
    name = _NAME.match(source.code, start) if start is not None else None
    return name[1] if name else None
