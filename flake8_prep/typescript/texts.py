"""Texts that are put together from others, and the values that go into them.

A text is put together by templates, ``+``, `join` and `concat`, also from pieces that are kept in local
variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.sql import PLACEHOLDER, statement_in
from flake8_prep.typescript.calls import names_in
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.operands import operand_before
from flake8_prep.typescript.plain import is_checked_name, is_constant_name, is_plain
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import is_number_parameter, parameter_at, taken_from, variable_at

_STRING = lazy_pattern(r"'[^']*'|\"[^\"]*\"")
_ESCAPE = lazy_pattern(r"\\(?:[nrt]|\r?\n)")
_PREFIX = lazy_pattern(r"(?:await\s+|\.\.\.\s*|new\s+)++")
_TYPE = lazy_pattern(r"\s(?:as|satisfies)\s|!\Z")
_OPERATOR = lazy_pattern(r"\?\?|\|\||&&|\?(?!\.)|:|\+|[-*/%<>]=?|[=!]==?|[(\[{`]|\b(?:in|instanceof)\b")
_NAME = lazy_pattern(r"[A-Za-z_$][\w$]*")
# The names that a loop gives to the elements of each row.
_ROW_END = lazy_pattern(r"\[([\w$\s,]*+)\]\s*+of\s+\Z")
# The name of an object, or of one whose keys, values or both a loop goes through.
_CONTENTS = lazy_pattern(r"(?:Object\s*\.\s*(?:entries|keys|values)\s*\(\s*)?([A-Za-z_$][\w$]*)")
_NUMBER = lazy_pattern(r"[\d.][\w.]*")
_QUOTES = frozenset("'\"`")
_WORDS = frozenset({"false", "null", "true", "undefined"})
_ARROW = lazy_pattern(r"(?:async\s*)?(?:\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|[\w$]+)\s*(?::[^=]{1,100})?=>\s*")
_METHOD_END = lazy_pattern(r"\s*\??\.\s*([\w$]+)\s*\Z")
_RETURN = lazy_pattern(r"(?<![\w$.])return\b\s*+")

# What gives back the text, or the elements, that it is called on.
_SAME_TEXT = frozenset(
    {
        *("at", "concat", "filter", "flat", "join", "normalize", "padEnd", "padStart", "reverse"),
        *("slice", "sort", "split", "substring", "toLowerCase", "toString"),
        *("toUpperCase", "trim", "trimEnd", "trimStart"),
    }
)
_MAPPING = frozenset({"flatMap", "map"})
# Methods that make a text of a number or a date, which can hold nothing else.
_OF_NUMBERS = frozenset({"toFixed", "toISOString"})
# An array of texts, whose contents are blanked.
_LITERALS = lazy_pattern(r"\[[\s'\"`,]*\]")
# What changes no more than the white space of a text that is written out; of a value it may quote it.
_REPLACING = frozenset({"replace", "replaceAll"})
# Functions of the language that give back the text that they are given.
_PASSING = frozenset({"String", "encodeURIComponent", "decodeURIComponent", "decodeURI"})
# What reads a value out of a request.
_READERS = frozenset({"get", "getAll", "header", "param", "query"})

# How deep a text is read, and how many of its parts. Bounded, as each may lead to many others.
_MOST_STEPS: Final = 12
_MOST_PARTS: Final = 1_000
_MOST_VALUES: Final = 40
_REACH: Final = 200


class Value(NamedTuple):
    """A value that goes into a text and may itself be any text.

    Attributes:
        start: offset of its expression.
        end: offset behind it.
        text_start: offset of the text that it goes into: of a template, or of the first operand of `+`.
        origins: the values that a variable was given, where the value is the name of one.
    """

    start: int
    end: int
    text_start: int
    origins: Sequence[Value] = ()


class Assembled(NamedTuple):
    """What is known about a text.

    Attributes:
        text: its constant parts, with a `PLACEHOLDER` for every value.
        values: the values that go in and may be any text.
        is_text: whether it is known to be a text, not something else, such as a number.
    """

    text: str
    values: Sequence[Value] = ()
    is_text: bool = False


_HARMLESS: Final = Assembled(PLACEHOLDER)


def assemble(start: int, end: int, source: Source) -> Assembled:
    """Return what is known about the text that the expression in this range stands for."""
    return _Reader(source).read(start, end, start, _MOST_STEPS)


def _substitutions(start: int, source: Source) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the braces of the substitutions in the template at `start`."""
    code = source.code
    at = start + 1
    while (at := _next(code, at)) >= 0 and code[at] == "$":
        close = source.closing(at + 1) or at + 1
        yield at + 1, close
        at = close + 1


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: set[int] = set()
        self._budget = _MOST_PARTS

    def read(self, start: int, end: int, text_start: int, steps: int) -> Assembled:
        """Return what is known about the expression, which goes into a text that starts at `text_start`."""
        source, code = self._source, self._source.code
        while prefix := _PREFIX.match(code, start, end):
            start = prefix.end()
        start, end = self._trimmed(start, end)
        self._budget -= 1
        steps -= 1
        if start >= end or steps < 0 or self._budget < 0:
            return _HARMLESS
        if code[start] == "(" and source.closing(start) == end - 1:
            return self.read(start + 1, end - 1, start + 1, steps)
        if code[start] == "`" and source.template_end(start) == end:
            return self._template(start, end, steps)
        if _STRING.fullmatch(code, start, end):
            return Assembled(_ESCAPE.sub(" ", source.text[start + 1 : end - 1]), (), True)
        if code[start] == "[" and source.closing(start) == end - 1:
            return self._joined([self.read(*each, each[0], steps) for each in source.arguments(start)], " ")
        if arrow := _ARROW.match(code, start, end):
            return self._result(arrow.end(), end, steps)
        operators = self._operators(start, end)
        if operators:
            return self._operation(start, end, operators, text_start, steps)
        if code[start] in _QUOTES and code[end - 1] == ")":
            return self._call(start, source.opening(end - 1) or start, text_start, steps)
        if as_type := _TYPE.search(code, start, end):
            return self.read(start, as_type.start(), text_start, steps)
        if _NUMBER.fullmatch(code, start, end) or code[start:end] in _WORDS:
            return _HARMLESS
        if _NAME.fullmatch(code, start, end):
            return self._name(start, end, text_start, steps)
        return self._operand(start, end, text_start, steps)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        text = self._source.code[start:end]
        return start + len(text) - len(text.lstrip()), start + len(text.rstrip())

    def _either(self, parts: Sequence[Assembled]) -> Assembled:
        """Return what is known about a text that is one of `parts`."""
        # Where one is a whole statement, none is a piece of another text.
        statements = [part for part in parts if statement_in(part.text)]
        return self._joined(statements or parts)._replace(text=(statements or [_HARMLESS])[0].text)

    def _joined(self, parts: Sequence[Assembled], separator: str = "") -> Assembled:
        values = [value for part in parts for value in part.values]
        is_text = any(part.is_text for part in parts)
        return Assembled(separator.join(part.text for part in parts), values, is_text)

    # Templates

    def _template(self, start: int, end: int, steps: int) -> Assembled:
        source, text = self._source, self._source.text
        parts = []
        at = start + 1
        for brace, close in _substitutions(start, source):
            parts.append(Assembled(text[at : brace - 1]))
            parts.append(self.read(brace + 1, close, start, steps))
            at = close + 1
        parts.append(Assembled(text[at : end - 1]))
        return self._joined(parts)._replace(is_text=True)

    # Operators

    def _operators(self, start: int, end: int) -> list[re.Match[str]]:
        """Return the operators between the operands of the expression."""
        found = []
        at = start
        while match := _OPERATOR.search(self._source.code, at, end):
            at = match.end()
            if match[0] in "([{":
                at = max(at, (self._source.closing(match.start()) or 0) + 1)
            elif match[0] == "`":
                at = max(at, self._source.template_end(match.start()))
            elif match[0] != "<" or self._source.code[match.end() : match.end() + 1] in " =":
                found.append(match)
        return found

    def _operation(
        self, start: int, end: int, operators: Sequence[re.Match[str]], text_start: int, steps: int
    ) -> Assembled:
        kinds = {match[0] for match in operators}
        if "?" in kinds:
            test = next(index for index, match in enumerate(operators) if match[0] == "?")
            return self._branches(operators[test:], end, text_start, steps)
        if kinds & {"??", "||", "&&"}:
            split = [match for match in operators if match[0] in ("??", "||", "&&")]
            parts = self._operands(start, end, split, text_start, steps)
            # The left side of `&&` is the value only where it is nothing much.
            dropped = {index for index, match in enumerate(split) if match[0] == "&&"}
            kept = [part for index, part in enumerate(parts) if index not in dropped]
            return self._either(kept)._replace(is_text=False)
        if kinds == {"+"} and operators[0].start() > start:
            parts = self._operands(start, end, operators, start, steps)
            found = self._joined(parts)
            if found.is_text:
                return found
            is_sum = any(_NUMBER.match(self._source.code, match.end() + 1) for match in operators)
            return _HARMLESS if is_sum else found
        return _HARMLESS

    def _operands(
        self, start: int, end: int, operators: Sequence[re.Match[str]], text_start: int, steps: int
    ) -> list[Assembled]:
        starts = [start, *(match.end() for match in operators)]
        ends = [*(match.start() for match in operators), end]
        return [self.read(*each, text_start, steps) for each in zip(starts, ends, strict=True)]

    def _branches(
        self, operators: Sequence[re.Match[str]], end: int, text_start: int, steps: int
    ) -> Assembled:
        """Return what is known about the two branches, whose `?` is the first operator."""
        depth = 0
        for match in operators:
            depth += {"?": 1, ":": -1}.get(match[0], 0)
            if not depth:
                sides = ((operators[0].end(), match.start()), (match.end(), end))
                parts = [self.read(*side, text_start, steps) for side in sides]
                return self._either(parts)
        return _HARMLESS

    # Names, members and calls

    def _result(self, start: int, end: int, steps: int) -> Assembled:
        """Return what is known about the result of the function whose body is in this range."""
        code = self._source.code
        if code[start] != "{":
            return self.read(start, end, start, steps)
        parts = []
        for match in _RETURN.finditer(code, start, end):
            parts.append(self.read(match.end(), self._source.expression_end(match.end()), match.end(), steps))
        return self._joined(parts, " ")

    def _name(self, start: int, end: int, text_start: int, steps: int) -> Assembled:
        name = self._source.code[start:end]
        variable = variable_at(name, start, self._source)
        if is_constant_name(name):
            # What goes into a constant is nobody's choice.
            if variable is None or len(variable.values) != 1:
                return _HARMLESS
            at = variable.values[0]
            return self.read(at, self._source.expression_end(at), at, steps)._replace(values=())
        value = Assembled(PLACEHOLDER, [Value(start, end, text_start)])
        if variable is not None:
            key, given = variable.declared, variable.values
        else:
            if name in imported(self._source) or is_plain([name], name, self._source):
                return _HARMLESS
            origin = taken_from(name, start, self._source)
            if origin is None:
                if is_number_parameter(name, start, self._source):
                    return _HARMLESS
            elif self._is_constant(origin) or self._is_of_rows(name, origin):
                return _HARMLESS
            parameter = parameter_at(name, start, self._source)
            if parameter is None or not parameter.values:
                return value
            key, given = parameter.declared, parameter.values
        if key in self._seen:
            return Assembled("")
        self._seen.add(key)
        parts = [
            self.read(each, self._source.expression_end(each), each, steps) for each in given[:_MOST_VALUES]
        ]
        self._seen.discard(key)
        found = self._joined(parts, " ")
        if is_checked_name(name):
            return found._replace(values=())
        if parts and found.is_text:
            if variable is not None or not found.values:
                return found
            return found._replace(values=[Value(start, end, text_start, found.values)])
        if parts and not found.values:
            return _HARMLESS
        # A value is shown where it goes into the text.
        return Assembled(PLACEHOLDER, [Value(start, end, text_start, found.values)])

    def _operand(self, start: int, end: int, text_start: int, steps: int) -> Assembled:
        """Return what is known about names with members and calls behind them."""
        source, code = self._source, self._source.code
        operand = operand_before(end, source)
        if operand is None or operand.start != start:
            return _HARMLESS
        if code[end - 1] == ")":
            return self._call(start, source.opening(end - 1) or start, text_start, steps)
        if operand.name is None:
            return _HARMLESS
        names = list(names_in(start, end, source))
        if not names or names[0] in imported(source) or is_plain(names, operand.name, source):
            return _HARMLESS
        if not _OF_NUMBERS.isdisjoint(names):
            return _HARMLESS
        variable = variable_at(names[0], start, source)
        # An element of a local object, and a member of what the module holds, are nobody's choice.
        if variable and (code[end - 1] == "]" or source.enclosing_bracket(variable.declared) is None):
            return _HARMLESS
        if variable and variable.values and all(map(self._is_constant, variable.values)):
            return _HARMLESS
        return Assembled(PLACEHOLDER, [Value(start, end, text_start)])

    def _is_constant(self, start: int) -> bool:
        name = _CONTENTS.match(self._source.code, start)
        return name is not None and is_constant_name(name[1])

    def _is_of_rows(self, name: str, origin: int) -> bool:
        """Tell whether a name is that of texts in rows: ``for (const [name, on] of [['sum', true], ..])``."""
        source, code = self._source, self._source.code
        pattern = _ROW_END.search(code, max(0, origin - _REACH), origin)
        of = _NAME.match(code, origin)
        variable = variable_at(of[0], origin, source) if of is not None else None
        rows = variable.values if variable is not None else [origin]
        if pattern is None or len(rows) != 1 or code[rows[0]] != "[":
            return False
        index = [each.strip() for each in pattern[1].split(",")].index(name)
        texts = []
        for start, _ in source.arguments(rows[0]):
            cells = source.arguments(start) if code[start] == "[" else []
            texts.append(index < len(cells) and _STRING.fullmatch(code, *cells[index]) is not None)
        return all(texts)

    def _is_of_literals(self, start: int, end: int) -> bool:
        """Tell whether an array, or a variable that is given one, holds nothing but texts written out."""
        variable = variable_at(self._source.code[start:end].strip(), start, self._source)
        places = variable.values if variable is not None else [start]
        return bool(places) and all(_LITERALS.match(self._source.code, place) for place in places)

    def _call(self, start: int, parenthesis: int, text_start: int, steps: int) -> Assembled:
        source, code = self._source, self._source.code
        method = _METHOD_END.search(code, max(start, parenthesis - 100), parenthesis)
        if method is None:
            name = code[start:parenthesis].strip()
            if name not in _PASSING:
                return _HARMLESS
            parts = [self.read(*each, text_start, steps) for each in source.arguments(parenthesis)]
            return Assembled(PLACEHOLDER, self._joined(parts).values)
        if code[start:parenthesis].strip() == "JSON.stringify":
            end = (source.closing(parenthesis) or parenthesis) + 1
            return Assembled(PLACEHOLDER, [Value(start, end, text_start)])
        name, arguments = method[1], source.arguments(parenthesis)
        if name in _SAME_TEXT or (name in _REPLACING and code[start] in _QUOTES):
            parts = [self.read(start, method.start(), text_start, steps)]
            if name == "concat":
                parts += [self.read(*each, text_start, steps) for each in arguments]
            return self._joined(parts, " ")
        if name in _MAPPING and arguments:
            if any(is_constant_name(each) for each in names_in(start, method.start(), source)):
                return _HARMLESS
            if self._is_of_literals(start, method.start()):
                return _HARMLESS
            return self.read(*arguments[0], arguments[0][0], steps)
        if name in _READERS:
            end = (source.closing(parenthesis) or parenthesis) + 1
            return Assembled(PLACEHOLDER, [Value(start, end, text_start)])
        return _HARMLESS


def _next(code: str, at: int) -> int:
    """Return the offset of the next backtick or ``${``, or -1."""
    quote, substitution = code.find("`", at), code.find("${", at)
    return max(quote, substitution) if min(quote, substitution) < 0 else min(quote, substitution)
