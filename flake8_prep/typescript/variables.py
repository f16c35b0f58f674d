"""Local variables of TypeScript, and what they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeVar

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.source import Source

_Kept = TypeVar("_Kept")

# What may not stand before these is asked behind their first character or word: `re` can skip to those.
_DECLARATION = lazy_pattern(
    r"(?:const|let|var)(?<![\w$.]const)(?<![\w$.]let)(?<![\w$.]var)\s++(?P<name>[\w$]++)"
    r"(?:\s*+!?:(?:[^=;(){}]|=>){0,200}?)?\s*+(?:(?P<given>(?:=(?![=>])|of\b)\s*+)|(?=;|\n))"
)
# Without `let`, so that nothing else is given later.
_DESTRUCTURING = lazy_pattern(r"const(?<![\w$.]const)\s++(?P<brace>[{\[])")
_GIVEN = lazy_pattern(r"\s*+(?:(?::[^=;(){}]{1,200})?=(?![=>])|of\b)\s*+")
_TAKEN = lazy_pattern(r"(?:[\w$]++\s*+:\s*+)?(?:(?P<name>[\w$]++)|(?P<brace>[{\[]))")
_ASSIGNMENT = lazy_pattern(r"(?P<name>[\w$](?<![\w$.'\"`].)[\w$]*+)\s*+(?:\?\?|\|\||&&|\+)?=(?![=>])\s*+")
_PUSH = lazy_pattern(r"(?P<name>[\w$](?<![\w$.].)[\w$]*+)\s*+\.\s*+(?:push|unshift)\s*+\(")
_NAME = lazy_pattern(r"[\w$]+")
# A parameter that is declared to be a number, or is one where it is not given.
_NUMBER = lazy_pattern(
    r"[\w$]+\s*+(?:\??:\s*+(?:number|bigint)(?:\s*+\|\s*+(?:null|undefined))*+\s*+(?:=|\Z)|=\s*+\d)"
)
_EXPORT = lazy_pattern(r"\s*+export\b")
_PRIVATE = lazy_pattern(r"\s*+private\b")
# What follows the name of a function where it is given that name.
_OF_DECLARATION = lazy_pattern(r"=(?!=)|:")
_USE = lazy_pattern(r"\s*(\()?")
_FUNCTION_END = lazy_pattern(r"(?<![\w$.])function\s+\Z")
_BRACE = lazy_pattern(r"\s*+\{")
_REACH: Final = 40
# How many brackets are looked at around a name. Bounded, so that the time stays linear.
_MOST_LEVELS: Final = 100


class Variable(NamedTuple):
    """A variable that is declared with `const`, `let` or `var`.

    Attributes:
        name: its name.
        declared: offset of the name where it is declared.
        values: the offsets of all that is given to it: at first, by assignments, and what is added to it, by
            ``+=``, or by `push` where it is an array.
    """

    name: str
    declared: int
    values: list[int]


class Parameter(NamedTuple):
    """A parameter of a function, or of a private method, that is only called in its file.

    Attributes:
        declared: offset of the function.
        values: the offsets of the arguments that are given for it.
    """

    declared: int
    values: list[int]


# By the name, and the bracket of the block it is declared in, or None.
_Variables = Mapping[tuple[str, int | None], Variable]


def variable_at(name: str, offset: int, source: Source) -> Variable | None:
    """Return the variable that `name` stands for at `offset`; None for parameters, imports and so on."""
    return _find(name, offset, source.once(_variables), source)


def taken_from(name: str, offset: int, source: Source) -> int | None:
    """Return the offset of the object that the variable `name` is taken out of, as in ``const { name } = x``.

    In a loop, ``for (const { name } of xs)``, it is that of the list of these objects.

    Returns:
        None where `name` is no such variable at `offset`.
    """
    return _find(name, offset, source.once(_taken), source)


def parameter_at(name: str, offset: int, source: Source) -> Parameter | None:
    """Return the parameter that `name` stands for at `offset`, if each call of its function is seen."""
    found = _declared_parameter(name, offset, source)
    return _parameter(*found, source) if found is not None else None


def is_number_parameter(name: str, offset: int, source: Source) -> bool:
    """Tell whether `name` stands at `offset` for a parameter whose declaration says that it is a number."""
    found = _declared_parameter(name, offset, source)
    if found is None:
        return False
    function, index, parenthesis = found
    start, end = source.arguments(parenthesis)[index]
    return _NUMBER.match(source.code, start, end) is not None


def _declared_parameter(name: str, offset: int, source: Source) -> tuple[Function, int, int] | None:
    """Return the function that has a parameter, the index of that, and the parenthesis of the parameters."""
    function = source.enclosing_function(offset)
    for _ in range(_MOST_LEVELS):
        if function is None:
            return None
        parenthesis = source.code.find("(", function.start, function.body_start)
        parameters = [_NAME.match(source.code, start) for start, _ in source.arguments(parenthesis)]
        names = [match[0] if match else "" for match in parameters]
        if name in names:
            return function, names.index(name), parenthesis
        function = source.enclosing_function(function.start)
    return None


def _parameter(function: Function, index: int, parenthesis: int, source: Source) -> Parameter | None:
    if function.name is None:
        return None
    if function.kind == "method":
        if not _is_private(function, source) or source.once(_uses_of_member, function.name).others:
            return None
        return Parameter(function.start, source.once(_given, _uses_of_member, function.name, index))
    if _is_exported(function, source):
        return None
    if any(each != parenthesis for each in source.once(_uses, function.name).others):
        return None
    return Parameter(function.start, source.once(_given, _uses, function.name, index))


class _Uses(NamedTuple):
    """How the name of a function is used, but as that of a member.

    Attributes:
        calls: the offsets of the parentheses of its calls.
        others: the offset behind each use that is neither a call nor gives the name something, less one: it
            is that of the parenthesis where a function with the name is declared.
    """

    calls: list[int]
    others: list[int]


def _uses(source: Source, name: str) -> _Uses:
    code = source.code
    found = _Uses([], [])
    for start in source.occurrences(name):
        if code[max(0, start - 1) : start] == ".":
            continue
        match = _USE.match(code, start + len(name))
        end = match.end() if match else start + len(name)
        if code[end - 1] == "(" and not _FUNCTION_END.search(code, max(0, start - _REACH), start):
            found.calls.append(end - 1)
        elif not _OF_DECLARATION.match(code, end):
            found.others.append(end - 1)
    return found


def _uses_of_member(source: Source, name: str) -> _Uses:
    """Return how a method is used: its calls by ``this``, and the other places that name a member so."""
    code = source.code
    found = _Uses([], [])
    word = name.removeprefix("#")
    for start in source.occurrences(word):
        at = start + len(word) - len(name)
        if code.startswith(name, at) and code[max(0, at - 1) : at] == ".":
            end = start + len(word)
            is_called = code.endswith("this.", 0, at) and code.startswith("(", end)
            (found.calls if is_called else found.others).append(end)
    return found


def _given(source: Source, uses_of: Callable[[Source, str], _Uses], name: str, index: int) -> list[int]:
    arguments = map(source.arguments, source.once(uses_of, name).calls)
    return [each[index][0] for each in arguments if index < len(each)]


def _is_private(function: Function, source: Source) -> bool:
    start = source.code.rfind("\n", 0, function.start) + 1
    return source.code[function.start] == "#" or _PRIVATE.match(source.code, start) is not None


def _is_exported(function: Function, source: Source) -> bool:
    start = source.code.rfind("\n", 0, function.start) + 1
    return _EXPORT.match(source.code, start) is not None


def _variables(source: Source) -> _Variables:
    code = source.code
    found: dict[tuple[str, int | None], Variable] = {}
    declarations = set()
    for match in _DECLARATION.finditer(code):
        declared = match.start("name")
        declarations.add(declared)
        bracket = _block_of(declared, source)
        variable = found.setdefault((match["name"], bracket), Variable(match["name"], declared, []))
        if match["given"]:
            variable.values.append(match.end())
    for match in _ASSIGNMENT.finditer(code):
        changed = _find(match["name"], match.start(), found, source)
        if changed is not None and match.start() not in declarations:
            changed.values.append(match.end())
    for match in _PUSH.finditer(code):
        changed = _find(match["name"], match.start(), found, source)
        if changed is not None:
            changed.values.extend(start for start, _ in source.arguments(match.end() - 1))
    return found


def _block_of(declared: int, source: Source) -> int | None:
    """Return the bracket of the block in which a variable holds that is declared at this offset."""
    bracket = source.enclosing_bracket(declared)
    if bracket is not None and source.code[bracket] == "(":  # of a loop
        block = _BRACE.match(source.code, (source.closing(bracket) or bracket) + 1)
        bracket = block.end() - 1 if block else bracket
    return bracket


def _taken(source: Source) -> Mapping[tuple[str, int | None], int]:
    found: dict[tuple[str, int | None], int] = {}
    for match in _DESTRUCTURING.finditer(source.code):
        brace = match.start("brace")
        given = _GIVEN.match(source.code, (source.closing(brace) or brace) + 1)
        if given is not None:
            block = _block_of(brace, source)
            found.update(((name, block), given.end()) for name in _taken_names(brace, source))
    return found


def _taken_names(brace: int, source: Source) -> Iterator[str]:
    braces = [brace]
    while braces:
        for start, end in source.arguments(braces.pop()):
            member = _TAKEN.match(source.code, start, end)
            if member and member["brace"]:
                braces.append(member.start("brace"))
            elif member:
                yield member["name"]


def _find(
    name: str, offset: int, variables: Mapping[tuple[str, int | None], _Kept], source: Source
) -> _Kept | None:
    bracket = source.enclosing_bracket(offset)
    for _ in range(_MOST_LEVELS):
        variable = variables.get((name, bracket))
        if variable is not None or bracket is None:
            return variable
        bracket = source.enclosing_bracket(bracket)
    return None
