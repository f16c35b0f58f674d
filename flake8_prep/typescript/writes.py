"""Calls that write to a database, and which of them belong together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.sql import statement_in
from flake8_prep.typescript.blocks import condition_of
from flake8_prep.typescript.calls import Call, before, call_at
from flake8_prep.typescript.databases import (
    BUILDING_WRITES,
    QUERIES,
    RUNNING,
    WRITING,
    is_database,
    is_query,
    statement_of,
)
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.source import Source

_WRITING: Final = WRITING | BUILDING_WRITES
_REACH: Final = 2_000
_NEAR: Final = 80
_WRITING_STATEMENTS: Final = frozenset({"DELETE", "INSERT", "MERGE", "REPLACE", "UPDATE"})
_WAITED_FOR: Final = lazy_pattern(r"(?<![\w$.])await\Z")
# The list of promises that are waited for together, so that a failure of one is one of all.
_TOGETHER_END: Final = lazy_pattern(r"(?<![\w$.])await\s+Promise\s*\.\s*all\s*\(\s*\[\Z")
_TARGET_END: Final = lazy_pattern(r"(?:const|let|var)\s+(?:[\[{]\s*)?([\w$]+)[^=;]{0,60}=\s*await\s+\Z")
_LEAVING: Final = lazy_pattern(r"(?<![\w$.])(?:return|throw|continue|break)\b")
_OTHER_BRANCH: Final = lazy_pattern(r"(?<![\w$.])(?:else|return)\Z|[:?]\Z")
_LABEL: Final = lazy_pattern(r"(?<![\w$.])(?:case\b[^\n]*|default\s*):\Z")
_BLOCK: Final = lazy_pattern(r"(?<![\w$.])(?:catch|else|finally|try)\Z")
_ELSE_IF: Final = lazy_pattern(r"\belse\s+if\Z")
_ABOUT_ERROR: Final = lazy_pattern(r"(?<![!\w$.])(?:err|error|\w+Error)(?![\w$])(?!\s*[=!]==?\s*null)")
_WORD: Final = lazy_pattern(r"(?<![\w$])[\w$]++\Z")
_CASE: Final = lazy_pattern(r"(?<![\w$.])(?:case\b[^\n]*?|default\s*):")
_OF_MODEL: Final = lazy_pattern(
    r"aggregate|bulk|build|count|create|delete|destroy|exist|find|get|insert|query|remove|save|update|upsert"
)
# A name that is compared with a text that is written out.
_EQUAL: Final = lazy_pattern(r"([\w$.]++)\s*+===?\s*+('[^']*+'|\"[^\"]*+\")")
_MISSING: Final = lazy_pattern(r"![\w$]+")
_JOINING: Final = lazy_pattern(r"&&|\|\|")
_MOST_PARTS: Final = 8
_LOOPS: Final = frozenset({"for", "while"})
_AWAITED: Final = lazy_pattern(r"(?<![\w$.])await\s+([\w$.?!]+)")


class Write(NamedTuple):
    """A call that writes rows, and is waited for.

    Attributes:
        call: the call.
        function: the innermost function that it is in.
    """

    call: Call
    function: Function


def writes(source: Source) -> Iterator[Write]:
    """Yield the calls that write rows, in functions."""
    for match in QUERIES.finditer(source.code):
        if match["method"] not in _WRITING and match["method"] not in RUNNING:
            continue
        call = call_at(match, source)
        if call is None or _await_start(call, source) is None:
            continue
        if is_query(call, source) and (call.method in _WRITING or _is_write(statement_of(call, source))):
            # Asked last: to find the functions of a file takes longer than all of the above.
            function = source.enclosing_function(match.start())
            if function is not None:
                yield Write(call, function)


def _await_start(call: Call, source: Source) -> int | None:
    """Return the offset of the `await` for a call, be it one for several; None where there is none."""
    end = source.token_end(call.start)
    if _WAITED_FOR.search(source.code, max(0, end - _NEAR), end):
        return end - len("await")
    bracket = source.enclosing_bracket(call.start) if source.code[end - 1 : end] in ("[", ",") else None
    if bracket is None:
        return None
    together = _TOGETHER_END.search(source.code, max(0, bracket - _NEAR), bracket + 1)
    return together.start() if together else None


def _is_write(statement: str | None) -> bool:
    found = statement_in(statement) if statement is not None else None
    return found is not None and found.verb in _WRITING_STATEMENTS


def both_run(first: Call, second: Call, source: Source) -> bool:
    """Tell whether the second call can run right after the first, with nothing but queries in between.

    It cannot where the first stands in a block that the function leaves at its end, or in another branch of
    the same condition, and it does not where it has a `try` of its own.
    """
    if _is_branch(first, source) or _is_branch(second, source):
        return False
    of_first, of_second = (list(_blocks(call.start, source)) for call in (first, second))
    for block in of_first:
        if block in of_second:
            continue
        if _leaves(block, source) or before(block, source).endswith(("catch", "try")):
            return False
        if _word_before_condition(block, source) == "catch":
            return False
    apart = [block for block in of_second if block not in of_first]
    if any(_is_apart(block, second, source) for block in apart):
        return False
    only_first = [block for block in of_first if block not in of_second]
    if any(_exclude(*pair, source) for pair in itertools.product(only_first, apart)):
        return False
    common = next((block for block in of_first if block in of_second), None)
    if common is not None and _word_before_condition(common, source) == "switch":
        return _CASE.search(source.code, first.start, second.start) is None
    return not _is_tested(first, second, source) and only_queries(
        first.parenthesis, second.start, (first, second), source
    )


def _is_tested(first: Call, second: Call, source: Source) -> bool:
    """Tell whether the second call depends on the answer to the first, which may have changed no row."""
    target = _TARGET_END.search(source.code, max(0, first.start - 120), first.start)
    if target is None:
        return False
    test = re.compile(
        rf"(?<![\w$.])if\s*\([^;{{}}]{{0,200}}?\b{re.escape(target[1])}\b[^;{{}}]{{0,200}}?\)"
        r"\s*(?:\{[^{}]{0,300}?)?\b(?:return|continue|throw)\b"
    )
    if test.search(source.code, first.parenthesis, second.start):
        return True
    if _ABOUT_ERROR.fullmatch(target[1]):
        return False
    # What is added where the update has found no row.
    name = re.escape(target[1])
    missed = re.compile(rf"!\s*{name}\b|\b{name}\b[^&|;{{}}]{{0,80}}?===?\s*0\b")
    for block in _blocks(second.start, source):
        opening = condition_of(block, source) if block > first.start else None
        if opening is not None and missed.search(source.code, opening, source.closing(opening) or opening):
            return True
    return False


def only_queries(start: int, end: int, known: Collection[Call], source: Source) -> bool:
    """Tell whether all that is waited for in this range are answers of a database.

    Those that `known` calls are on are databases, whatever they are called.
    """
    receivers = {call.names for call in known}
    for match in _AWAITED.finditer(source.code, start, end):
        names = re.findall(r"[\w$]+", match[1])
        is_model = names[0][0].isupper() and len(names) == 2 and _OF_MODEL.match(names[1])
        if not is_database(names, source) and not is_model and tuple(names[:-1]) not in receivers:
            return False
    return True


def _is_branch(call: Call, source: Source) -> bool:
    """Tell whether a call is a branch without braces, or what the function returns."""
    start = _await_start(call, source) or 0
    text = before(start, source)
    if text.endswith(")"):
        opening = source.opening(source.token_end(start) - 1)
        return opening is not None and _ELSE_IF.search(before(opening, source)) is not None
    return _OTHER_BRANCH.search(text) is not None and not _LABEL.search(text)


def _blocks(offset: int, source: Source) -> Iterator[int]:
    """Yield the braces around `offset`, from the innermost to that of the function."""
    function = source.enclosing_function(offset)
    bracket = source.enclosing_bracket(offset)
    while bracket is not None and function is not None and bracket >= function.body_start:
        if source.code[bracket] == "{":
            yield bracket
        bracket = source.enclosing_bracket(bracket)


def _leaves(block: int, source: Source) -> bool:
    """Tell whether the last statement of a block leaves it for good."""
    close = source.closing(block) or block
    for match in _LEAVING.finditer(source.code, max(block, close - _REACH), close):
        if source.enclosing_bracket(match.start()) == block:
            end = source.expression_end(match.end())
            if not source.code[end:close].strip(" \n\t;"):
                return True
    return False


def _is_apart(block: int, call: Call, source: Source) -> bool:
    """Tell whether the block around a call is run instead of another, or deals with errors by itself."""
    if _BLOCK.search(before(block, source)) or _word_before_condition(block, source) == "catch":
        return True
    opening = condition_of(block, source)
    if opening is None:
        return False
    # What is written about each of several calls of something else is not of one piece.
    if _word_before_condition(block, source) in _LOOPS:
        return not only_queries(block, source.closing(block) or block, (call,), source)
    # What is done about the error of another write is done in its place.
    if _ABOUT_ERROR.search(source.code, opening, source.closing(opening) or opening):
        return True
    return _ELSE_IF.search(before(opening, source)) is not None


def _exclude(one: int, other: int, source: Source) -> bool:
    """Tell whether two blocks never run both, as ``if (a && b)`` and ``if (!a)``, or ``if (a) b = c`` and
    ``if (!b)``.
    """
    end = source.closing(one) or one
    for part in _parts(other, source):
        if _MISSING.fullmatch(part):
            given = re.compile(rf"(?<![\w$.]){re.escape(part[1:])}\s*=(?![=>])")
            if given.search(source.code, one, end):
                return True
    return any(
        part == f"!{against}" or against == f"!{part}" or _are_other_values(part, against)
        for part, against in itertools.product(_parts(one, source), _parts(other, source))
    )


def _parts(block: int, source: Source) -> list[str]:
    """Return what must be true, all of it, for a block to run."""
    opening = condition_of(block, source)
    end = source.closing(opening) if opening is not None else None
    if opening is None or end is None:
        return []
    # Those in brackets join parts of a part.
    operators = [
        match
        for match in _JOINING.finditer(source.code, opening, end)
        if source.enclosing_bracket(match.start()) == opening
    ]
    if any(match[0] == "||" for match in operators):
        return []
    starts = [opening + 1, *(match.end() for match in operators)]
    ends = [*(match.start() for match in operators), end]
    parts = [source.text[slice(*part)].strip() for part in zip(starts, ends, strict=True)]
    return parts[:_MOST_PARTS]


def _are_other_values(part: str, against: str) -> bool:
    values = [_EQUAL.fullmatch(each) for each in (part, against)]
    one, other = (value.groups() if value else ("", "") for value in values)
    return one[0] == other[0] != "" and one[1] != other[1]


def _word_before_condition(block: int, source: Source) -> str:
    opening = condition_of(block, source)
    word = _WORD.search(before(opening, source)) if opening is not None else None
    return word[0] if word else ""


def outer_functions(function: Function, source: Source) -> Sequence[Function]:
    """Return the function and those around it, from the innermost."""
    found = [function]
    while (outer := source.enclosing_function(found[-1].start)) is not None and len(found) < 20:
        found.append(outer)
    return found
