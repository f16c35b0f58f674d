"""Which functions of a TypeScript file take a lock, and which one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.hooks import is_of_hook
from flake8_prep.typescript.operands import operand_before
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import variable_at

# A file without any of these takes no lock.
TRIGGERS: Final = ("Lock(", "acquire", "Lock<", "NX", "nx")

_TAKING = lazy_pattern(
    r"(?<![\w$.#)])(?P<callee>(?:[\w$)]++\s*+[?!]?\.\s*+#?){0,20}+"
    r"(?:(?:acquire|create|obtain|take|tryAcquire)\w*Lock|(?P<method>(?:acquire|runAcquire|waitForAcquire)))"
    r"\s*+(?:<[^()]{0,100}>\s*+)?)\("
)
# The end of the above, which takes much less time to look for.
_TAKEN = lazy_pattern(r"(?:Lock|cquire)\s*+[<(]")
_LOCK_WORD = lazy_pattern(r"(?:(?:async|dist|file|r|red|rw|w)?lock|mutex|sema?|semaphore)s?")
_LOCK = lazy_pattern(r"(?<![bc])lock|mutex", re.IGNORECASE)
_MADE = lazy_pattern(r"new\s+(?:Mutex|Redlock|Semaphore)\b")
_TARGET_END = lazy_pattern(r"(#?[\w$]+)\s*(?::[^=;(){}]{1,60})?=\s*(?:withTimeout\(\s*)?\Z")
_SET = lazy_pattern(r"\.\s*+set\s*+\(")
_ONLY_IF_ABSENT = lazy_pattern(r"['\"]NX['\"]|\bNX\s*:\s*true|\bnx\s*:\s*true")
_AWAIT_BEFORE = lazy_pattern(r"\bawait\s*+\Z")
_DEFINED_BEFORE = lazy_pattern(r"\bfunction\s*+\*?\s*+\Z")
_REACH: Final = 40
# How long a declaration is that a lock is made in.
_LONGEST: Final = 120


class Acquisition(NamedTuple):
    """A place where a lock is taken.

    Attributes:
        start: offset of the first character of what is called.
        parenthesis: offset of the parenthesis that opens the arguments.
        name: what is called, as it is written, without white space.
    """

    start: int
    parenthesis: int
    name: str


def acquisitions(source: Source) -> list[Acquisition]:
    """Return the places where a lock is taken, in the order of the file; ask through ``source.once``."""
    return sorted([*_by_name(source), *_by_set(source)])


def _by_name(source: Source) -> Iterator[Acquisition]:
    code = source.code
    if not _TAKEN.search(code):
        return
    for match in _TAKING.finditer(code):
        callee = "".join(match["callee"].split()).partition("<")[0].replace("?", "").replace("!", "")
        before = code[max(0, match.start() - _REACH) : match.start()]
        if match["method"] and not _is_lock(callee.rpartition(".")[0], source):
            continue
        # A lock that a component takes by one of its hooks is the user's, and stays until the user opens it.
        if is_of_hook(callee, match.start(), source):
            continue
        # A factory that is not awaited makes a lock, but takes none.
        if ".create" in f".{callee}" and not _AWAIT_BEFORE.search(before):
            continue
        if not _DEFINED_BEFORE.search(before) and match.start() not in source.once(_methods):
            yield Acquisition(match.start(), match.end() - 1, callee)


def _is_lock(receiver: str, source: Source) -> bool:
    """Tell whether what is called so is a lock, by the last word of its name, or by what was made for it."""
    word = "".join(words_of(receiver)[-1:])
    return _LOCK_WORD.fullmatch(word) is not None or receiver.rpartition(".")[2] in source.once(_made)


def _made(source: Source) -> frozenset[str]:
    """Return the names that a lock is made for."""
    starts = (match.start() for match in _MADE.finditer(source.code))
    targets = (_TARGET_END.search(source.code, max(0, start - _LONGEST), start) for start in starts)
    return frozenset(target[1] for target in targets if target)


def _methods(source: Source) -> frozenset[int]:
    """Return the offsets of the names of methods."""
    return frozenset(function.start for function in source.functions if function.kind == "method")


def _by_set(source: Source) -> Iterator[Acquisition]:
    """Yield where a key of Redis is set only if it is absent, which is how locks are made there.

    Other things are, too: it has to be called a lock.
    """
    if not (source.has("NX") or source.has("nx")):
        return
    for match in _SET.finditer(source.code):
        parenthesis = match.end() - 1
        arguments = source.arguments(parenthesis)
        if not any(_ONLY_IF_ABSENT.search(source.strings, *argument) for argument in arguments[2:]):
            continue
        function = named_function(match.start(), source)
        key = _key(arguments[0], source)
        before = source.code[max(0, match.start() - _REACH) : match.start()]
        if any(_LOCK.search(name) for name in (key, before, function.name or "" if function else "")):
            receiver = operand_before(match.start(), source)
            start = receiver.start if receiver is not None else match.start()
            name = "".join(source.code[start:parenthesis].split()).replace("?", "").replace("!", "")
            yield Acquisition(start, parenthesis, name)


def _key(argument: tuple[int, int], source: Source) -> str:
    """Return the source of a key, with what it was given where it is a variable."""
    text = source.text[slice(*argument)]
    variable = variable_at(text, argument[0], source)
    given = variable.values if variable else ()
    return " ".join((text, *(source.text[each : source.expression_end(each)] for each in given)))


def named_function(offset: int, source: Source) -> Function | None:
    """Return the innermost function around `offset` that has a name."""
    function = source.enclosing_function(offset)
    while function is not None and function.name is None:
        function = source.enclosing_function(function.body_start - 1) if function.body_start else None
    return function
