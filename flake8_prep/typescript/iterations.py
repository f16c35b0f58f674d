"""Loops, and callbacks, that run something once for each element of a collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.calls import before
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.operands import operand_before
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import variable_at

_MOST_LEVELS: Final = 100
_MOST_STEPS: Final = 4
_REACH: Final = 100

_PREFIX_END = lazy_pattern(
    r"(?:(?<![\w$.])(?:const|let|var)\s+)?(?:(?<![\w$.])[\w$.]+\s*\+?=\s*)?(?:\(?\s*await\s+)?\Z"
)
_LOOP_END = lazy_pattern(r"(?<![\w$.])(?:(for)(\s+await)?|(while))\s*\Z")
_DO_END = lazy_pattern(r"(?<![\w$.])do\Z")
_HEADER = lazy_pattern(r"(?:const|let|var)\s+([\w$]+|\[[^=]*?\]|\{[^=]*?\})\s+(?:of|in)\s+")
_COUNTED = lazy_pattern(r"(?P<first>[^;]*);(?P<test>[^;]*);(?P<step>[^;]*)\Z")
_LENGTH = lazy_pattern(r"(?<![\w$.?!])([\w$.?!]{1,200}?)\??\.\s*(?:length|size)\b")
_ONE_STEP = lazy_pattern(r"\+\+|--|[+-]=\s*1\s*\Z")
_LAST_END = lazy_pattern(r"[;{}]\s*(return|break|throw)\b[^;{}]{0,200};?\s*\Z")
_LONGEST_END: Final = 300
_CALLBACK_END = lazy_pattern(r"\??\.\s*(map|forEach|flatMap|reduce)\s*(?:<[^()]{0,100}>)?\s*\Z")
_ASYNC_END = lazy_pattern(r"(?<![\w$.])async\Z")
_GIVEN_END = lazy_pattern(r"(?<![\w$.])(?:const|let|var)\s+([\w$]+)\s*(?::[^=;(){}]{1,80})?=\s*\Z")
_ALL_END = lazy_pattern(r"\bPromise\s*\.\s*all(?:Settled)?\s*\(\s*\Z")
_CAST_END = lazy_pattern(r"\s+(?:as|satisfies)\s+[\w$.<>\[\],|\s]+\Z")
_NAMES = lazy_pattern(r"[A-Za-z_$][\w$]*")
# Loops that take many elements at a time, or wait for what comes next.
_BATCHES: Final = lazy_pattern(
    r"batch|chunk|group(?!Id|_id)|paginat|partition|slice|split|window|page(?![a-z])|stream|cursor",
    re.IGNORECASE
)
# What a `for await` waits for, and what it calls a list of rows.
_ARRIVING: Final = lazy_pattern(
    r"event|message|msg|notification|job|task|signal|request|consumer|subscri|queue|channel|listen|watch"
    r"|change|poll|interval|delta|token|part(?![a-z])|progress|update|tick|response",
    re.IGNORECASE,
)
_MANY: Final = lazy_pattern(r"[\w$]*[^s]s|[\w$]*(?:[dD]ata|[lL]ist)")
# What there are few of, and what each needs a statement of its own for.
_FEW: Final = lazy_pattern(
    r"(?i:attempts?|backends?|buckets?_?names?|columns?|connections?|databases?|dbs?|dialects?"
    r"|env(?:ironment)?s?|extensions?|index(?:es)?|"
    r"kinds?|locales?|migrations?|models?|providers?|queries|query|regions?|retr(?:y|ies)"
    r"|(?:data_?)?sources?|schemas?|shards?"
    r"|sqls?|statements?|stmts?"
    r"|tables?|tenants?|tries|types?|versions?)(?:_?[nN]ames?)?$"
)
_CONSTANT: Final = lazy_pattern(r"_*[A-Z][A-Z0-9_]*|[A-Z][\w$]*")
_SAME_ELEMENTS: Final = lazy_pattern(
    r"\.\s*(?:entries|filter|flat|keys|map|reverse|slice|sort|toReversed|toSorted|values)\s*\Z"
)


class Iteration(NamedTuple):
    """A loop, or a function that is called for each element.

    Attributes:
        start: offset of the statement, or of the expression that has the callback.
        kind: whether it is a statement, or the callback of `map` or the like.
        iterable: the range of what it runs over.
        element: how the element is called, or all its names.
        body: the range of what runs for each element.
    """

    start: int
    kind: Literal["loop", "callback"]
    iterable: tuple[int, int]
    element: str
    body: tuple[int, int]


def iterations(offset: int, source: Source) -> Iterator[Iteration]:
    """Yield the loops that run what is at `offset` for each element, the nearest first.

    Nothing is yielded beyond a loop that pages, waits, counts attempts, or takes many elements at a time, and
    beyond a function that is not called for each element. Left out are loops over what is written out.
    """
    at = _statement_start(offset, source)
    function = source.enclosing_function(offset)
    for _ in range(_MOST_LEVELS):
        found = _loop_before(at, source)
        if found is None:
            bracket = source.enclosing_bracket(at)
            if bracket is not None and (function is None or bracket > function.body_start):
                at = bracket
                continue
            found = _callback(function, source) if function is not None else None
            if found is None:
                return
            function = source.enclosing_function(found.start)
        if not found.element or _takes_many(found, source):
            return
        if not _is_limited(found, source):
            yield found
        at = _statement_start(found.start, source)


def runs_once(offset: int, loop: Iteration, source: Source) -> bool:
    """Tell whether what is at `offset` runs for one element at most: the body that it is in ends the loop.

    What is in a block of the body may run for others too.
    """
    last = _LAST_END.search(source.code, max(loop.body[0], loop.body[1] - _LONGEST_END), loop.body[1])
    places = (offset, last.start(1)) if last else ()
    return bool(places) and all(source.enclosing_bracket(place) == loop.body[0] for place in places)


def _statement_start(offset: int, source: Source) -> int:
    """Return the offset of `await`, or of the name that is given the result, in front of an expression."""
    prefix = _PREFIX_END.search(source.code, max(0, offset - _REACH), offset)
    return prefix.start() if prefix else offset


def _loop_before(at: int, source: Source) -> Iteration | None:
    """Return the loop whose body starts at `at`; its element is empty where it is not one over elements."""
    end = source.token_end(at)
    code = source.code
    if code[end - 1 : end] != ")":
        return Iteration(at, "loop", (at, at), "", (at, at)) if _DO_END.search(before(at, source)) else None
    parenthesis = source.opening(end - 1)
    keyword = _LOOP_END.search(before(parenthesis, source)) if parenthesis is not None else None
    if parenthesis is None or keyword is None:
        return None
    start = code.rfind(keyword[1] or keyword[3], 0, parenthesis)
    close = source.closing(at) if code[at] == "{" else None
    body = (at, close or source.expression_end(at))
    nothing = Iteration(start, "loop", (parenthesis, end), "", body)
    header = _HEADER.match(code, parenthesis + 1, end - 1)
    if header and not (keyword[2] and _arrives(header[1], code[header.end() : end - 1])):
        return Iteration(start, "loop", (header.end(), end - 1), header[1], body)
    if keyword[2]:
        return nothing
    text = code[parenthesis + 1 : end - 1]
    counted = _COUNTED.match(text)
    if counted and not _ONE_STEP.search(counted["step"]):
        return nothing
    # A loop from the last element to the first has the length where it begins.
    part = ("first" if "-" in counted["step"] else "test") if counted else None
    length = _LENGTH.search(counted[part] if counted and part else text)
    if length is None or _is_replaced(length[1], body, source):
        return nothing
    place = parenthesis + 1 + (counted.start(part) if counted and part else 0) + length.start(1)
    return Iteration(start, "loop", (place, place + len(length[1])), length[1], body)


def _is_replaced(name: str, body: tuple[int, int], source: Source) -> bool:
    """Tell whether a loop goes through pages, batches, or levels of a tree.

    It gives `name` a new list each time, or takes several elements out of it.
    """
    batch = re.compile(rf"(?<![\w$.]){re.escape(name)}\s*\.\s*splice\(\s*+0\s*+,\s*+(?!1\s*+\))")
    if batch.search(source.code, *body):
        return True
    given = re.compile(rf"(?<![\w$.]){re.escape(name)}\s*=(?![=>])")
    taken = re.compile(rf"(?<![\w$.]){re.escape(name)}\s*\.\s*(?:pop|shift|splice)\b")
    return given.search(source.code, *body) is not None and taken.search(source.code, *body) is None


def _callback(function: Function, source: Source) -> Iteration | None:
    """Return the iteration that calls `function`, if that is a callback whose work is waited for."""
    start = function.start
    text = before(start, source)
    is_async = _ASYNC_END.search(text) is not None
    if is_async:
        start = source.token_end(start) - len("async")
    parenthesis = source.enclosing_bracket(start)
    if parenthesis is None or source.code[parenthesis] != "(" or source.token_end(start) != parenthesis + 1:
        return None
    method = _CALLBACK_END.search(source.code, max(0, parenthesis - 120), parenthesis)
    receiver = operand_before(method.start(), source) if method else None
    if receiver is None or not method:
        return None
    if not is_async and not _is_waited_for(receiver.start, source):
        return None
    parameters = source.code[function.start : function.body_start].partition("=>")[0].strip("()\n ,")
    body = (function.body_start, function.body_end)
    iterable = (receiver.start, receiver.end)
    return Iteration(receiver.start, "callback", iterable, parameters or "element", body)


def _is_waited_for(start: int, source: Source) -> bool:
    """Tell whether the promises in the array at `start` are waited for together, here or further down."""
    before_it = max(0, start - _REACH)
    if _ALL_END.search(source.code, before_it, start):
        return True
    given = _GIVEN_END.search(source.code, before_it, start)
    return given is not None and are_waited_for(given[1], start, source)


def are_waited_for(name: str, start: int, source: Source) -> bool:
    """Tell whether all promises of the array with this name are waited for behind `start`."""
    waiting = re.compile(rf"\bPromise\s*\.\s*all(?:Settled)?\s*\(\s*{re.escape(name)}\s*\)")
    function = source.enclosing_function(start)
    end = function.body_end if function else len(source.code)
    return waiting.search(source.code, start, end) is not None


def _arrives(element: str, iterable: str) -> bool:
    """Tell whether the elements of a `for await` are lists of rows, or come one by one from elsewhere."""
    is_list = any(_MANY.fullmatch(name) for name in _NAMES.findall(element))
    return is_list or any(map(_ARRIVING.search, (element, iterable)))


def _takes_many(iteration: Iteration, source: Source) -> bool:
    """Tell whether the elements are batches, or come one after the other."""
    texts = (iteration.element, source.code[slice(*iteration.iterable)])
    return any(_BATCHES.search(text) for text in texts)


def _is_limited(iteration: Iteration, source: Source) -> bool:
    """Tell whether the number of elements is up to the program."""
    if _FEW.search(iteration.element):
        return True
    start, end = iteration.iterable
    code = source.code
    for _ in range(_MOST_STEPS):
        end = source.token_end(end)
        if cast := _CAST_END.search(code, max(start, end - _REACH), end):
            end = cast.start()
        if code[end - 1] in "]}" and source.opening(end - 1) == start:
            return _is_written_out(start, source)
        if code[end - 1] == ")":
            parenthesis = source.opening(end - 1) or start
            method = _SAME_ELEMENTS.search(code, start, parenthesis)
            if method is None:
                return False
            arguments = source.arguments(parenthesis)
            if arguments and code[start : method.start()].strip() in ("Array", "Object"):
                start, end = arguments[0]
            else:
                end = method.start()
            continue
        names = _NAMES.findall(code[start:end])
        if not names:
            return True
        if "(" in code[start:end]:
            return False
        if _CONSTANT.fullmatch(names[0]) or _CONSTANT.fullmatch(names[-1]) or _FEW.search(names[-1]):
            return True
        variable = variable_at(names[0], start, source) if len(names) == 1 else None
        if variable is None or len(variable.values) != 1 or code[variable.values[0]] not in "[{":
            return False
        start = variable.values[0]
        end = source.expression_end(start)
    return False


def _is_written_out(bracket: int, source: Source) -> bool:
    """Tell whether all elements stand in these brackets; what is empty there is filled later."""
    elements = source.arguments(bracket)
    return bool(elements) and not any(source.code.startswith("...", start) for start, _ in elements)
