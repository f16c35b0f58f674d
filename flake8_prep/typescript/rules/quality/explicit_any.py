"""The type `any`, which turns type checking off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_WORD_END = re.compile(r"[\w$]+\Z")
_GENERATED = re.compile(r"@generated\b")
_NEXT_TOKEN = re.compile(r"\s*+(=>|&&|\|\||\?(?=\s*+[,\]])|[\w$]+|[^?]|)", re.DOTALL)
_GROUPED = re.compile(r"\s*+\)\[")
_WORDS_BEFORE_TYPES = frozenset("as satisfies is extends readonly".split())
_ALIAS = re.compile(r"\btype\s+[\w$]+\s*(?:<[^=;{}]*(?:=[^=;{}]*)*>\s*)?\Z")
_REACH = 300
_FAR = 3_000
# What stands before the braces with the names that a module takes from another one or gives to others.
_NAMES_END = re.compile(r"(?<![\w$.])(?:export|import)(?:\s+type)?(?:\s+[\w$]+\s*,)?\s*\Z")
_BRACKET = re.compile(r"=>|[<>()\[\]{}]")
# What stands behind an element of a list of types, if that is simple.
_PLAIN = r"(?:=>|[^()\[\]{}<>])"
_SIMPLE = rf"(?:{_PLAIN}|\({_PLAIN}*+\)|\[{_PLAIN}*+\]|\{{{_PLAIN}*+\}}|<{_PLAIN}*+>)"
_CLOSING_ANGLE = re.compile(rf"{_SIMPLE}{{0,300}}+(?<!=)>")


class ExplicitAny(TypeScriptRule):
    """The type `any`, written out.

    Why is this bad:
        A value of type `any` is not checked, and neither is what is made of it: a misspelt property, a
        missing `await`, a column that was renamed in the database show up in production. It spreads without
        a trace, as `any` can be given to everything. `unknown` says as little about a value but makes the
        code look at it first.

    Example:
        function toBooking(row: any): Booking {
          return { id: row.bookingid, start: row.start };
        }

    Use instead:
        function toBooking(row: BookingRow): Booking {
          return { id: row.booking_id, start: row.start };
        }

    Known limits:
        Reports the same places as typescript-eslint's `no-explicit-any`, but for `keyof any`, which is the
        type of keys, and files that have `@generated` in their first lines. A variable that is called `any`
        can be taken for the type.
    """

    code = "PREP251"
    name = "explicit-any"
    severity = Severity.MEDIUM
    finding = "2.1"
    message = "the type 'any' turns type checking off"
    triggers = ("any",)
    # It begins with plain text, for which `re` searches much faster than for what may stand before it.
    pattern = re.compile(r"any(?:(?<![\w$.#@]any)|(?<=\.\.\.any))(?![\w$])")

    @staticmethod
    def is_generated(source: Source) -> bool:
        """Tell whether the file says in its first lines that a program has written it."""
        return _GENERATED.search(source.text, 0, 1000) is not None

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each `any` in the place of a type."""
        if self.is_generated(source):
            return
        for match in self.pattern.finditer(source.code):
            if _is_type(source, match.start(), match.end()):
                yield self.at(match.start(), source)


def _is_type(source: Source, start: int, end: int) -> bool:
    code = source.code
    after = _NEXT_TOKEN.match(code, end)
    following = after[1] if after else ""
    before = source.token_end(start)
    previous = code[before - 1 : before]
    if following in ("(", ".", "`") and "\n" not in code[end : after.start(1) if after else end]:
        return False
    if word := _WORD_END.search(code, max(0, before - 20), before):
        if word[0] == "as" and following in (",", "}") and _is_exported_name(start, source):
            return False
        # The type of keys is `keyof any`, and that of the keys of an array is `keyof any[]`.
        return (
            word[0] in _WORDS_BEFORE_TYPES
            or (word[0] == "in" and following == "]")
            or (word[0] == "keyof" and following == "[")
        )
    if previous in (":", "|", "&"):
        return code[before - 2 : before] not in ("||", "&&")
    if previous == "<":
        return following in (">", ",", "[", "|", "&", "=", "extends")
    if previous == ">":
        # What an arrow leads to is the result of a function type, or of a function that returns a variable.
        return code[before - 2] == "="
    if previous == "?":
        return following in (":", "|", "&", "[")
    if previous == "=":
        if _opening(start, source) == "<":
            return True
        return _ALIAS.search(code, max(0, before - _REACH), before - 1) is not None
    if previous == ",":
        opening = _opening(start, source)
        return opening == "<" or (opening == "[" and following in ("]", ",", "[", "|", "&", "?"))
    if previous == "(":
        # The type in parentheses of `(any)[]`, not an argument or a parameter.
        return following in ("|", "&", "[") or (following == ")" and _GROUPED.match(code, end) is not None)
    if previous == "[":
        return following in ("]", ",", "[", "|", "&", "?")
    return previous == "." and following == "["


def _is_exported_name(start: int, source: Source) -> bool:
    """Tell whether it is a name that something is exported or imported as: `export { anyType as any }`."""
    bracket = _opening_in_reach(start, source)
    if bracket is None or source.code[bracket] == "<":
        bracket = source.enclosing_bracket(start)
    if bracket is None or source.code[bracket] != "{":
        return False
    return _NAMES_END.search(source.code, max(0, bracket - _REACH), bracket) is not None


def _opening(offset: int, source: Source) -> str | None:
    """Return the innermost bracket around the place, `<` for that of a list of types; None where none is."""
    bracket = _opening_in_reach(offset, source)
    if bracket is not None and (source.code[bracket] != "<" or _CLOSING_ANGLE.match(source.code, offset)):
        return source.code[bracket]
    if source.enclosing_type_list(offset) is not None:
        return "<"
    bracket = source.enclosing_bracket(offset)
    return None if bracket is None else source.code[bracket]


def _opening_in_reach(offset: int, source: Source) -> int | None:
    """Return the offset of the bracket that opens last before `offset` and is not closed, `<` among them.

    All brackets of a file take long to find, so they are looked for only where this does not tell.
    """
    near = _last_opening(source.code, max(0, offset - _REACH), offset)
    return near if near is not None else _last_opening(source.code, max(0, offset - _FAR), offset)


def _last_opening(code: str, start: int, end: int) -> int | None:
    closed: list[str] = []
    for token in reversed(list(_BRACKET.finditer(code, start, end))):
        bracket = token[0]
        if bracket in ")]}>":
            closed.append(bracket)
        elif bracket == "<":
            if not closed:
                return token.start()
            if closed[-1] == ">":
                closed.pop()
        elif bracket != "=>":
            while closed and closed[-1] == ">":  # of a comparison
                closed.pop()
            if not closed:
                return token.start()
            closed.pop()
    return None
