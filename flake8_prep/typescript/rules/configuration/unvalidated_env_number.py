"""Settings that are taken for numbers unseen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.environment import LOOKUP, TRIGGERS, lookups, variable
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_FUNCTION_END = re.compile(r"(?<![\w$.])(?:(?:Number|globalThis)\s*\.\s*)?(parseInt|parseFloat|Number)\s*\Z")
_PLUS_END = re.compile(r"(?:[=(\[{,:?|&!*/%<>;-]|\breturn)\s*(\+)[\s(]*\Z")
# What leaves a text a text: `String(..)`, and parentheses that only group.
_WRAPPER_END = re.compile(r"(?<![\w$.])String\s*\Z|[=(\[{,:?|&]\s*\Z")
_NO_NUMBER = re.compile(r"[=!]=|\.\s*length\b")
_COMPARED = re.compile(r"[)\s]*[=!]==?")
_CHECK_END = re.compile(
    r"\b(?:is(?:NaN|Finite|Integer|SafeInteger)|(?:safeP|p)arse(?:Async)?|validate(?:Sync)?)\s*\Z"
)
_TARGET_END = re.compile(
    r"([\w$]+)\s*(?:[?!]?:[^=;,(){}\n]{0,80})?=\s*"
    # One or the other, on a condition.
    r"(?:[\w$.\[\]'\"]+\s*(?:[!=]==?\s*(?:[\w$.]+|'[ ]*'|\"[ ]*\")\s*)?\?\s*(?:[^;{}?]{1,120}:\s*)?)?\Z"
    r"|([\w$]+)\s*:\s*\Z"
)
_TEST = re.compile(
    r"\bis(?:NaN|Finite|Integer|SafeInteger)\s*\(\s*(?:[\w$]+\s*\??\.\s*)*+([\w$]+)\s*[,)]"
    r"|\bif\s*\(\s*!\s*(?:[\w$]+\s*\??\.\s*)*+([\w$]+)\s*[)|]"
)
_NAN_TEST = re.compile(
    r"\bis(?:NaN|Finite|Integer|SafeInteger)\s*\(\s*(?:Number\s*\.\s*)?(?:parseInt|parseFloat|Number)\b"
)
_REACH = 200
_MOST_LEVELS = 8


class _Conversion(NamedTuple):
    """What makes a number of a text, its range up to the closing parenthesis, and the range of the text."""

    function: str
    start: int
    end: int
    argument: tuple[int, int]


class UnvalidatedEnvNumber(TypeScriptRule):
    """Environment variables that become numbers without a check.

    Why is this bad:
        `Number`, `parseInt` and `parseFloat` answer a typo with NaN and go on: a timeout of NaN fires at
        once, a limit of NaN is never reached, and a port of NaN is any port. `parseInt("1O")` is 1. A default
        that is hidden in the call, as in `process.env.PORT || "3000"`, is used without a word where the
        variable is missing. Let a schema check all settings when the program starts.

    Example:
        const port = parseInt(process.env.PORT || "3000", 10);

    Use instead:
        const env = z.object({ PORT: z.coerce.number().int().positive() }).parse(process.env);
        const port = env.PORT;

    Known limits:
        Silent in tests; where the same function tests the result with `Number.isNaN`, `isFinite`, `isInteger`
        or `if (!port)`; where it goes into `parse(..)` or `validate(..)`; and where it is only compared. A
        variable that is first put into a name of its own is not followed.
    """

    code = "PREP951"
    name = "unvalidated-env-number"
    severity = Severity.HIGH
    finding = "9.1"
    message = "{variable} goes into {function} unchecked, which turns a typo into NaN"
    triggers = TRIGGERS
    pattern = LOOKUP

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file:
            return
        tests: Mapping[str, Sequence[int]] | None = None
        behind = 0
        for lookup in lookups(source):
            if lookup.start() < behind:  # one variable in place of another
                continue
            conversion = _conversion_of(lookup.start(), lookup.end(), source)
            if conversion is None or _NO_NUMBER.search(source.code, *conversion.argument):
                continue
            behind = conversion.end
            if _COMPARED.match(source.code, behind) or _is_checked_around(conversion.start, source):
                continue
            if _is_checked_before(conversion, lookup[0], source):
                continue
            tests = _tests(source) if tests is None else tests
            if not _is_tested(conversion.start, tests, source):
                name = variable(lookup, source)
                yield self.at(conversion.start, source, function=conversion.function, variable=name)


def _conversion_of(start: int, end: int, source: Source) -> _Conversion | None:
    """Return the call or unary plus that makes a number of the text in this range, or of more around it."""
    code = source.code
    plus = _PLUS_END.search(code, max(0, start - _REACH), start)
    if plus:
        close = source.closing(code.find("(", plus.start(1), start)) or end
        return _Conversion("+", plus.start(1), close, (start, close))
    at = start
    for _ in range(_MOST_LEVELS):
        opening = source.enclosing_bracket(at)
        if opening is None or code[opening] != "(":
            break
        before = max(0, opening - _REACH)
        function = _FUNCTION_END.search(code, before, opening)
        if function:
            first = source.arguments(opening)[0]
            if at >= first[1]:
                return None
            return _Conversion(function[1], function.start(), source.closing(opening) or first[1], first)
        if not _WRAPPER_END.search(code, before, opening):
            break
        at = opening
    return None


def _is_checked_around(offset: int, source: Source) -> bool:
    """Tell whether the place is in the argument of what checks a number, or a whole configuration."""
    opening = source.enclosing_bracket(offset)
    for _ in range(_MOST_LEVELS):
        if opening is None:
            break
        before = source.code[max(0, opening - _REACH) : opening].rstrip()
        if source.code[opening] == "(":
            if _CHECK_END.search(before):
                return True
        elif before.endswith((")", "=>")):
            break
        opening = source.enclosing_bracket(opening)
    return False


def _is_checked_before(conversion: _Conversion, lookup: str, source: Source) -> bool:
    """Tell whether the condition in front of the conversion tests the same one for NaN."""
    before = source.code[max(0, conversion.start - _REACH) : conversion.start]
    return any(lookup in before[test.start() :] for test in _NAN_TEST.finditer(before))


def _tests(source: Source) -> Mapping[str, Sequence[int]]:
    """Return where names are tested for NaN."""
    found = defaultdict(list)
    for match in _TEST.finditer(source.code):
        found[match[1] or match[2]].append(match.start())
    return found


def _is_tested(offset: int, tests: Mapping[str, Sequence[int]], source: Source) -> bool:
    """Tell whether what the value at `offset` is given to is tested in the same function."""
    target = _TARGET_END.search(source.code, max(0, offset - _REACH), offset)
    if target is None:
        return False
    function = source.enclosing_function(offset)
    start, end = (function.body_start, function.body_end) if function else (0, len(source.code))
    return any(start <= test < end for test in tests.get(target[1] or target[2], ()))
