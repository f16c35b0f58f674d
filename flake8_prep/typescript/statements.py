"""Where the statements of TypeScript begin and end."""

from __future__ import annotations

from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

# What the brace of a block follows; that of a function with a type for its result is known as its body.
_BEFORE_BLOCK = lazy_pattern(r"(?:[;{})]|=>|(?<![\w$.])(?:do|else|finally|static|try))\Z")
_CONDITION = lazy_pattern(r"(?<![\w$.])(?:for(?:\s+await)?|if|while|with)\Z")
_OPERAND_END = lazy_pattern(r"(?:[\])'\"`]|\+\+|--|(?<![\w$.])(?P<word>[\w$]+))\Z")
_LABEL = lazy_pattern(r"[;{}\n][^\S\n]*(?:case\b[^\n]*|default\s*):\Z")
_NEXT = lazy_pattern(r"\s*+(?P<operator>as\b|in\b|instanceof\b|satisfies\b|[-.?:&|+*/%=<>,)\](\[`])?")
# Words that an expression goes on after, also on the next line.
_OPERATORS: Final = frozenset(
    "as async await case const delete export extends in instanceof let new of satisfies throw typeof var void"
    " yield".split()
)
_REACH: Final = 200


def begins_statement(offset: int, source: Source) -> bool:
    """Tell whether a statement begins at `offset`, where an expression begins; False where in doubt."""
    bracket = source.enclosing_bracket(offset)
    if bracket is not None and not _opens_block(bracket, source):
        return False
    code = source.code
    end = source.token_end(offset)
    before = code[max(0, end - _REACH) : end]
    if not before or before[-1] in ";{}":
        return True
    if before[-1] == ":":
        return _LABEL.search(before) is not None
    if before[-1] == ")" and _is_condition(end - 1, source):
        return True
    operand = _OPERAND_END.search(before)
    if operand is None:
        return False
    word = operand["word"]
    # Without a semicolon, a line of its own is a statement of its own, unless it goes on with brackets.
    starts_line = "\n" in code[end:offset] and code[offset] not in "([`"
    return word in ("do", "else") or (starts_line and word not in _OPERATORS)


def ends_statement(offset: int, source: Source) -> bool:
    """Tell whether the expression that ends at `offset` ends a statement; False where in doubt."""
    code = source.code
    match = _NEXT.match(code, offset)
    assert match
    if match["operator"]:
        return False
    at = match.end()
    return at == len(code) or code[at] in ";}" or "\n" in code[offset:at]


def _opens_block(brace: int, source: Source) -> bool:
    """Tell whether the bracket at this offset opens a block of statements, not an object or parentheses."""
    if source.code[brace] != "{":
        return False
    end = source.token_end(brace)
    if not end or _BEFORE_BLOCK.search(source.code, max(0, end - _REACH), end):
        return True
    function = source.enclosing_function(brace + 1)
    return function is not None and function.body_start == brace


def _is_condition(parenthesis: int, source: Source) -> bool:
    """Tell whether the parenthesis that closes here is that of a condition or a loop."""
    end = source.token_end(source.opening(parenthesis) or 0)
    return _CONDITION.search(source.code, max(0, end - _REACH), end) is not None
