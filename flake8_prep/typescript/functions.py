"""Where the functions of a TypeScript file are, told from its masked code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flake8_prep.patterns import lazy_pattern

# What a body may follow: an arrow, or a list of parameters with or without the type of the result.
_CANDIDATE = lazy_pattern(r"=>|\)\s*+(?=[{:])")
_ARROW = lazy_pattern("=>")
_TYPE_TOKEN = lazy_pattern(r"\s*+(?:([\w$.]++)|([|&])|(=>)|(['\"])[ ]*+['\"]|([({\[<])|)")
_ANGLE = lazy_pattern(r"=>|[<>()\[\]{}]")
_EXPRESSION_TOKEN = lazy_pattern(
    r"=>|[(\[{)\]},;`]"
    r"|\n\s*+(?:(?!(?:as|in|instanceof|satisfies)\b)[\w$@#'\"{])?"
)
_OPERAND_END = lazy_pattern(
    r"(?:(?<![\w$])(?!(?:as|await|in|instanceof|keyof|new|satisfies|typeof|void)\Z)[\w$]+|[)\]}'\"`])\Z"
)
_TEMPLATE_TOKEN = lazy_pattern(r"`|\$\{")
_NAME_END = lazy_pattern(r"[\w$#]+\Z")
_FUNCTION_END = lazy_pattern(r"\bfunction\s*+\*?\Z")
_TARGET_END = lazy_pattern(r"([\w$#]+)\s*+(?:[?!]?:[^=;{}()]*+)?=\Z|([\w$#]+)\s*+:\Z")
_SPACE = lazy_pattern(r"\s*+")

_CONDITIONS = frozenset("await catch for if switch while with".split())
_BEFORE_CALLS = ("case", "extends", "implements", "new", ".")
_TYPE_OPERATORS = frozenset("abstract asserts extends infer is keyof new readonly typeof unique".split())
_NO_TYPES = frozenset("await break case const continue if let return throw yield".split())
# How many characters are read around each candidate. Bounded, so that the time stays linear; far more than
# people write.
_REACH = 120
_LONGEST_TYPE = 500


@dataclass(frozen=True, slots=True)
class Function:
    """A function that has a body.

    Attributes:
        start: offset of the word `function`, of a method's name, or of an arrow function's first parameter
            or parenthesis.
        name: the name that it is declared with, or that of the variable or property it is given to at once.
        kind: how it is written; accessors and constructors are methods.
        body_start: offset of the brace that opens the body, or of the expression that an arrow function
            returns.
        body_end: offset behind the body.
    """

    start: int
    name: str | None
    kind: Literal["function", "method", "arrow"]
    body_start: int
    body_end: int


def find_functions(
    code: str, closing: Mapping[int, int], opening: Mapping[int, int], angles: Mapping[int, int]
) -> list[Function]:
    """Return the functions in `code`, in the order of their bodies.

    Args:
        code: the text with comments and the contents of literals blanked.
        closing: the closing bracket's offset by that of the opening one.
        opening: the other way round.
        angles: what `find_angles` returns.
    """
    return _Finder(code, closing, opening, angles).run()


def find_angles(code: str) -> dict[int, int]:
    """Return the offset of each `>` that closes type arguments or parameters, by that of its `<`.

    Comparisons may be taken for some, so the answer is only good where types are known to stand.
    """
    ends: dict[int, int] = {}
    opened: list[int] = []
    outside: list[list[int]] = []
    for match in _ANGLE.finditer(code):
        token = match[0]
        if token == "<":
            opened.append(match.start())
        elif token == ">":
            if opened:
                ends[opened.pop()] = match.start()
        elif token in "([{":
            outside.append(opened)
            opened = []
        elif token != "=>":
            opened = outside.pop() if outside else []
    return dict(sorted(ends.items()))


def expression_end(
    code: str, closing: Mapping[int, int], start: int, arrow_ends: Mapping[int, int]
) -> int:
    """Return the offset behind the expression at `start`, which a comma ends.

    Args:
        code: the text with comments and the contents of literals blanked.
        closing: the closing bracket's offset by that of the opening one.
        start: the offset of the expression.
        arrow_ends: the end of each arrow function that is known, by the offset of its arrow.
    """
    at = start
    while match := _EXPRESSION_TOKEN.search(code, at):
        token = match[0]
        at = match.end()
        if token == "=>":
            if match.start() in arrow_ends:
                return arrow_ends[match.start()]
        elif token in "([{":
            at = closing.get(match.start(), match.start()) + 1
        elif token == "`":
            at = template_end(code, closing, match.start())
        elif token[0] != "\n":
            return match.start()
        elif not token.isspace():
            # A line of its own follows, where the one before is complete; the lines of a tag never are.
            end = _token_end(code, match.start())
            if code[start] != "<" and _OPERAND_END.search(code, max(start, end - _REACH), end):
                return match.start()
            at -= 1
    return len(code)


def template_end(code: str, closing: Mapping[int, int], start: int) -> int:
    """Return the offset behind the template at `start`, or behind its backtick if nothing closes it."""
    at = start + 1
    while match := _TEMPLATE_TOKEN.search(code, at):
        if match[0] == "`":
            return match.end()
        close = closing.get(match.end() - 1)
        if close is None:
            break
        at = close + 1
    return start + 1


def _token_end(code: str, at: int) -> int:
    """Return the offset behind the last token before `at`, if it is in reach."""
    start = max(0, at - _REACH)
    return start + len(code[start:at].rstrip())


class _Finder:
    def __init__(
        self, code: str, closing: Mapping[int, int], opening: Mapping[int, int], angles: Mapping[int, int]
    ) -> None:
        self._code = code
        self._closing = closing
        self._opening = opening
        self._found: list[Function] = []
        self._angles = angles
        self._angle_starts = {end: start for start, end in angles.items()}

    def run(self) -> list[Function]:
        code = self._code
        arrows: list[tuple[int, int]] = []  # where the parameters start, and the arrow
        typed: dict[int, int] = {}  # where the parameters start, by the arrow behind the type of the result
        in_types: set[int] = set()  # the arrows of function types that are the type of the result
        for match in _CANDIDATE.finditer(code):
            if match.start() in in_types:
                continue
            if match[0] == "=>":
                start = typed.get(match.start(), self._parameters_before(match.start()))
                if start is not None:
                    arrows.append((start, match.start()))
                continue
            parameters = self._opening.get(match.start())
            if parameters is None:
                continue
            at = match.end()
            if code[at] == ":":
                at = self._type_end(at + 1)
            if code.startswith("=>", at):
                typed[at] = parameters
            elif code.startswith("{", at):
                self._add_declared(parameters, at)
                if at - match.end() < _LONGEST_TYPE:
                    in_types.update(arrow.start() for arrow in _ARROW.finditer(code, match.end(), at))
        self._add_arrows(arrows)
        return sorted(self._found, key=lambda function: function.body_start)

    def _parameters_before(self, arrow: int) -> int | None:
        end = _token_end(self._code, arrow)
        if self._code[end - 1 : end] == ")":
            return self._opening.get(end - 1)
        name = _NAME_END.search(self._code, max(0, end - _REACH), end)
        return name.start() if name else None

    def _add_declared(self, parameters: int, body: int) -> None:
        """Add the function or method with these parameters unless they are those of a statement or call."""
        close = self._closing.get(body)
        end = self._type_parameters_start(parameters)
        if close is None:
            return
        code = self._code
        if function := _FUNCTION_END.search(code, max(0, end - _REACH), end):
            start = function.start()
            self._found.append(Function(start, self._target_before(start), "function", body, close + 1))
            return
        name = _NAME_END.search(code, max(0, end - _REACH), end)
        if name is None:
            if code[end - 1 : end] in ("]", "'", '"'):
                self._found.append(Function(parameters, None, "method", body, close + 1))
            return
        before = _token_end(self._code, name.start())
        if function := _FUNCTION_END.search(code, max(0, before - _REACH), before):
            self._found.append(Function(function.start(), name[0], "function", body, close + 1))
        elif name[0] not in _CONDITIONS and not code[max(0, before - 20) : before].endswith(_BEFORE_CALLS):
            self._found.append(Function(name.start(), name[0], "method", body, close + 1))

    def _add_arrows(self, arrows: list[tuple[int, int]]) -> None:
        # From the last to the first, so that `a => b => c` finds the end of the inner one known.
        ends: dict[int, int] = {}
        for start, arrow in reversed(arrows):
            space = _SPACE.match(self._code, arrow + 2)
            body = space.end() if space else arrow + 2
            if self._code.startswith("{", body):
                end = self._closing.get(body, len(self._code) - 1) + 1
            else:
                end = expression_end(self._code, self._closing, body, ends)
            ends[arrow] = end
            self._found.append(Function(start, self._target_before(start), "arrow", body, end))

    def _type_end(self, at: int) -> int:
        """Return the offset of what follows the type that starts at `at`."""
        code = self._code
        limit = at + _LONGEST_TYPE
        operand_expected = True
        in_parentheses = False
        while at < limit and (match := _TYPE_TOKEN.match(code, at)):
            at = match.end()
            word, union, arrow, quote, bracket = match.groups()
            start = match.start(match.lastindex) if match.lastindex else at
            if word:
                if word in _NO_TYPES or not (operand_expected or word in ("is", "extends")):
                    return start
                operand_expected = word in _TYPE_OPERATORS
            elif union or (arrow and in_parentheses):
                operand_expected = True
            elif quote or (bracket and (operand_expected or bracket in "[<")):
                operand_expected = False
                if bracket == "<":
                    at = self._angles.get(start, start) + 1
                elif bracket:
                    at = self._closing.get(start, start) + 1
            else:
                return start
            in_parentheses = bracket == "("
        return at

    def _type_parameters_start(self, at: int) -> int:
        """Return the offset behind the last token before `at`, and before type parameters that end there."""
        end = _token_end(self._code, at)
        start = self._angle_starts.get(end - 1)
        return end if start is None else _token_end(self._code, start)

    def _target_before(self, start: int) -> str | None:
        """Return the name of the variable or property that a function starting at `start` is given to."""
        end = self._type_parameters_start(start)
        if self._code.endswith("async", 0, end):
            end = _token_end(self._code, end - len("async"))
        if self._code[end - 1 : end] not in ("=", ":"):
            return None
        match = _TARGET_END.search(self._code, max(0, end - _REACH), end)
        return match[match.lastindex or 0] if match else None
