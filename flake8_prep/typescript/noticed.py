"""Whether a file asks if a variable of the environment is empty, where an empty string stands in for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import variable_at

# Values that come first: `process.env.A?.trim() || String(process.env.B || "") ||`.
_OTHERS: Final = r"(?:[\w$.?!]+(?:\([^()]{0,100}\)(?:\.\w+\(\))?)?\s*(?:\|\||\?\?)\s*)*+[\s(]*\Z"
_VARIABLE_BEFORE = lazy_pattern(rf"\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=;]{{0,80}})?=\s*{_OTHERS}")
_ASSIGNED_BEFORE = lazy_pattern(rf"(?:^|[;{{}}])\s*([\w$]+)\s*=\s*{_OTHERS}", re.MULTILINE)
_MEMBER_BEFORE = lazy_pattern(
    rf"(?:\bthis\s*\.\s*#?|\b(?:private|protected|public|readonly|static)\s+|#)([\w$]+)"
    rf"\s*(?::[^=;]{{0,80}})?=\s*{_OTHERS}"
)
_OWN_END = lazy_pattern(r"\bthis\s*\.\s*#?\Z")
_STRING_END = lazy_pattern(r"(?<![\w$.])String\s*\Z")
_OR = lazy_pattern(r"\s*+\|\|")
_PARENTHESIS = lazy_pattern(r"\s*+\)")
_LINK = lazy_pattern(r"\s*+!?\??\.\s*+([\w$]++)\s*+(\()?")
_CALLEE_END = lazy_pattern(r"(?<!\breturn)(?<!\bawait)(?<!\btypeof)(?<![=>]>)(?<=[\w$)\]>])\s*\Z")
_ASKED_BEFORE = lazy_pattern(
    r"(?:\.\s*(?:has|includes|test)|\bBoolean|\bparse(?!\w*(?i:ur[il]|dsn))[A-Z]\w*)\s*\(\s*\Z"
)
_ASKED_BEHIND = lazy_pattern(r"\s*+[=!]==?")
_TESTED_BEFORE = lazy_pattern(r"(?:!|\bBoolean\s*\()\s*\Z")
# An empty string is not null, so that whoever asks for that does not see it.
_TESTED_BEHIND = lazy_pattern(
    r"\s*+(?:\?(?![.?])|&&|\|\||(?:[=!]==?(?!=))(?!\s*+(?:null|undefined)\b))"
)
_CONDITION_BEFORE = lazy_pattern(r"(?:\b(?:if|while)\s*\(|&&|\|\|)\s*\Z")
_CONDITION_BEHIND = lazy_pattern(r"\s*+\)")
_QUESTIONS: Final = frozenset({"endsWith", "includes", "length", "startsWith"})
# Bounded, so that the time stays linear; far more than people write.
_MOST_LINKS: Final = 20
_MOST_USES: Final = 100
_REACH: Final = 200


def is_noticed(start: int, end: int, source: Source) -> bool:
    """Tell whether an empty value of the expression in this range is asked for.

    Args:
        start: offset of the expression.
        end: offset behind it.
        source: the file; where the value is given to a variable or a member of a class, its uses count.
    """
    code = source.code
    start, end, is_wrapped = _wrapped(start, end, source)
    methods, behind = _chain(end, source)
    if _takes_parts(methods) or _ASKED_BEHIND.match(code, behind):
        return True
    before = max(0, start - _REACH)
    if is_wrapped and (_TESTED_BEFORE.search(code, before, start) or _OR.match(code, behind)):
        return True
    if _ASKED_BEFORE.search(code, before, start):
        return True
    if variable := _VARIABLE_BEFORE.search(code, before, start):
        return _is_tested(variable[1], variable.start(1), source)
    if assigned := _ASSIGNED_BEFORE.search(code, before, start):
        variable_given = variable_at(assigned[1], assigned.start(1), source)
        return variable_given is not None and _is_tested(assigned[1], variable_given.declared, source)
    member = _MEMBER_BEFORE.search(code, before, start)
    return member is not None and _is_tested(member[1], None, source)


def _wrapped(start: int, end: int, source: Source) -> tuple[int, int, bool]:
    """Return the range of ``String(..)`` around the expression, or its own, and whether it is in one."""
    opening = source.enclosing_bracket(start)
    close = source.closing(opening) if opening is not None else None
    if opening is None or close is None or source.code[end:close].strip():
        return start, end, False
    name = _STRING_END.search(source.code, max(0, opening - _REACH), opening)
    return (name.start(), close + 1, True) if name else (start, end, False)


def _chain(at: int, source: Source) -> tuple[Sequence[str], int]:
    """Return the methods and members behind `at`, past parentheses that group, and where they end."""
    code = source.code
    names: list[str] = []
    for _ in range(_MOST_LINKS):
        if parenthesis := _PARENTHESIS.match(code, at):
            opening = source.opening(parenthesis.end() - 1)
            if opening is None or _CALLEE_END.search(code, max(0, opening - _REACH), opening):
                break
            at = parenthesis.end()
        elif link := _LINK.match(code, at):
            names.append(link[1])
            close = source.closing(link.start(2)) if link[2] else None
            at = link.end() if close is None else close + 1
        else:
            break
    return names, at


def _takes_parts(methods: Sequence[str]) -> bool:
    """Tell whether the value is a list whose empty parts are filtered out, or is asked about."""
    return bool(methods) and (methods[-1] in _QUESTIONS or ("split" in methods and "filter" in methods))


def _is_tested(name: str, declared: int | None, source: Source) -> bool:
    """Tell whether the variable that is declared at this offset, or a member of this name, is tested."""
    code = source.code
    for start in source.occurrences(name)[:_MOST_USES]:
        end = start + len(name)
        if declared is None:
            own = _OWN_END.search(code, max(0, start - _REACH), start)
            if own is None:
                continue
            start = own.start()
        elif start == declared or code[start - 1 : start] == ".":
            continue
        else:
            variable = variable_at(name, start, source)
            if variable is None or variable.declared != declared:
                continue
        before = max(0, start - _REACH)
        if _TESTED_BEFORE.search(code, before, start) or _TESTED_BEHIND.match(code, end):
            return True
        if _CONDITION_BEFORE.search(code, before, start) and _CONDITION_BEHIND.match(code, end):
            return True
        if _takes_parts(_chain(end, source)[0]):
            return True
    return False
