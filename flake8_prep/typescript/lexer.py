"""The lexical pass over TypeScript: where comments, strings, templates, regular expressions and JSX text are.

It is one loop over the matches of a master pattern. The pattern stops only where one of those may start
and, inside `${...}` and JSX, at braces. What encloses the current place is kept on a stack, so that no
depth costs recursion.

Two questions cannot be answered by looking forward: whether a `/` divides or starts a regular expression, and
whether a `<` compares or starts a JSX element. Both ask whether an expression may start there, which the
token before it decides. For `)` and `}` it takes the matching bracket; brackets are paired when that first
happens.
"""

from __future__ import annotations

import bisect
import enum
import operator
import re
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern

_COMMENT_REST = r"/[^\n\u2028\u2029]*+|\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?"
_TEMPLATE_TEXT = r"[^`\\$]*+(?:(?:\\.?|\$(?!\{))[^`\\$]*+)*+"
# A backslash takes the next character along, also a line's end; at the end of the file there is none.
_SINGLE_QUOTED = r"[^'\\\n]*+(?:\\.?[^'\\\n]*+)*+"
_DOUBLE_QUOTED = _SINGLE_QUOTED.replace("'", '"')
# Each alternative starts with a plain character, so that `re` jumps from one of these characters to the next.
_LITERALS = (
    rf"'({_SINGLE_QUOTED})'?"
    rf'|"({_DOUBLE_QUOTED})"?'
    rf"|`({_TEMPLATE_TEXT})(?:`|(\$\{{))?"
    rf"|/(?:({_COMMENT_REST}))?"
)
_BRACES = r"|\{()|\}()"
# A `<` right behind an operand or a name compares or starts type arguments, never an element.
_ANGLE = r"|<(?<![\w$)\]<]<)"

# The numbers of the last groups of the alternatives; a match without a group is a bare slash.
_SUBSTITUTION: Final = 4
_COMMENT: Final = 5
_OPEN: Final = 6
_CLOSE: Final = 7

_CODE = lazy_pattern(_LITERALS, re.DOTALL)
_NESTED = lazy_pattern(_LITERALS + _BRACES, re.DOTALL)
_CODE_WITH_JSX = lazy_pattern(_LITERALS + _ANGLE + "()()()", re.DOTALL)
_NESTED_WITH_JSX = lazy_pattern(_LITERALS + _BRACES + _ANGLE + "()", re.DOTALL)

_TEMPLATE_REST = lazy_pattern(rf"({_TEMPLATE_TEXT})(?:`|(\$\{{))?", re.DOTALL)
_REGULAR_EXPRESSION = lazy_pattern(r"/((?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\])++)/")

_TAG_START = lazy_pattern(r"<\s*+(?:(>)|([\w$][\w$.:-]*+)(\s*+>)?)")
_TYPE_PARAMETERS = lazy_pattern(r"<\s*+(?:const\s|[\w$]++\s*+(?:,|=|extends\s++[^=/>]))")
_CLOSING_TAG = lazy_pattern(r"</\s*+([\w$.:-]*+)\s*+>")
# In a tag, strings have no escapes and may go on over several lines.
_TAG_TOKEN = lazy_pattern(
    rf"""'([^']*+)'|"([^"]*+)"|['"]([^\n]*+)|/(?:({_COMMENT_REST})|(>))?|(>)|(\{{)|(=\s*+<)|(<)""", re.DOTALL
)
_TYPE_TOKEN = lazy_pattern(
    rf"""'({_SINGLE_QUOTED})'?|"({_DOUBLE_QUOTED})"?|/(?:({_COMMENT_REST}))?|=>|(<)|(>)|(\{{)""", re.DOTALL
)
_CHILDREN = lazy_pattern(r"([^{<]*+)(?:(\{)|(</[^>]*+>?)|(<))?")

_BRACKET = lazy_pattern(r"[()\[\]{}]")
_LAST_WORD = lazy_pattern(r"(?<![\w$.])[\w$]+\Z")
_WORDS_BEFORE_EXPRESSIONS = frozenset(
    "await case default delete do else in instanceof of return throw typeof void yield".split()
)
_WORDS_BEFORE_OBJECTS = _WORDS_BEFORE_EXPRESSIONS - {"do", "else"}
_CONDITIONS = frozenset(["await", "for", "if", "while", "with"])
# A little more than the longest word above, so that what stands before the word is seen too.
_REACH = len("instanceof") + 2


class Kind(enum.Enum):
    """What a span of the source is."""

    COMMENT = enum.auto()
    STRING = enum.auto()
    TEMPLATE = enum.auto()
    REGULAR_EXPRESSION = enum.auto()
    JSX_TEXT = enum.auto()


class Span(NamedTuple):
    """A range of the source that is not code; it may be empty.

    Attributes:
        start: offset of its first character, a comment's marker or what follows the delimiter that opens
            the others.
        end: offset behind its last character; delimiters that close it are not in it, those of comments are.
        kind: what it is.
    """

    start: int
    end: int
    kind: Kind


_START = operator.attrgetter("start")


class _Inside(enum.Enum):
    """What encloses a place."""

    BRACES = enum.auto()  # in code that something else encloses
    SUBSTITUTION = enum.auto()  # ${...}
    CONTAINER = enum.auto()  # {...} in JSX
    TAG = enum.auto()
    TYPE_ARGUMENTS = enum.auto()  # of a tag
    CHILDREN = enum.auto()  # between an element's tags


def find_spans(text: str, jsx: bool) -> list[Span]:
    """Return the spans of `text` that are not code, in their order and without overlaps.

    Args:
        text: TypeScript, or any other text: what is not closed ends with its line, or with the text if it
            may go on over several lines. Lines end in a newline character.
        jsx: whether `<` may start an element.
    """
    return _Lexer(text, jsx).run()


class _Lexer:
    """The state of the pass; the methods that read take an offset, and return where they have ended."""

    def __init__(self, text: str, jsx: bool) -> None:
        self._text = text
        self._outer, self._nested = (_CODE_WITH_JSX, _NESTED_WITH_JSX) if jsx else (_CODE, _NESTED)
        self._spans: list[Span] = []
        self._inside: list[_Inside] = []
        self._regular_expression_end = -1
        self._all_divide_before = 0
        self._closing_tags: dict[str, int] | None = None
        self._openers: dict[int, int] = {}
        self._unclosed: list[int] = []
        self._paired_to = 0
        self._paired_spans = 0

    def run(self) -> list[Span]:
        at = 0
        if self._text.startswith("#!"):
            at = self._line_end(0)
            self._spans.append(Span(0, at, Kind.COMMENT))
        read = {
            _Inside.TAG: self._read_tag,
            _Inside.TYPE_ARGUMENTS: self._read_type_arguments,
            _Inside.CHILDREN: self._read_children,
        }
        while at < len(self._text):
            at = read.get(self._inside[-1], self._read_code)(at) if self._inside else self._read_code(at)
        return self._spans

    def _read_code(self, at: int) -> int:
        kinds = (Kind.STRING, Kind.STRING, Kind.STRING, Kind.TEMPLATE)
        found, inside = self._spans, self._inside
        for match in (self._nested if inside else self._outer).finditer(self._text, at):
            group = match.lastindex
            if group is None:
                end = self._regular_expression(match.start())
                if end is not None:
                    return end
            elif group < _SUBSTITUTION:
                found.append(Span(*match.span(group), kinds[group]))
            elif group == _COMMENT:
                found.append(Span(*match.span(), Kind.COMMENT))
            elif group == _OPEN:
                inside.append(_Inside.BRACES)
            elif group == _CLOSE:
                closed = inside.pop()
                if closed is _Inside.SUBSTITUTION:
                    return self._read_template(match.end())
                if closed is _Inside.CONTAINER:
                    return match.end()
            elif group == _SUBSTITUTION:
                found.append(Span(*match.span(3), Kind.TEMPLATE))
                inside.append(_Inside.SUBSTITUTION)
                return match.end()
            elif self._is_element(match.start()):
                return self._open_tag(match.start())
        return len(self._text)

    def _read_template(self, at: int) -> int:
        """Read a template's text from where a substitution has ended."""
        match = _TEMPLATE_REST.match(self._text, at)
        assert match is not None, "the pattern matches anywhere"
        self._spans.append(Span(*match.span(1), Kind.TEMPLATE))
        if match[2]:
            self._inside.append(_Inside.SUBSTITUTION)
        return match.end()

    def _regular_expression(self, at: int) -> int | None:
        """Return the end of the regular expression that starts at `at`, or None where that slash divides."""
        if at < self._all_divide_before or not self._expression_may_start(at):
            return None
        match = _REGULAR_EXPRESSION.match(self._text, at)
        if match is None:
            # So that a line full of slashes is not searched to its end for each.
            self._all_divide_before = self._line_end(at)
            return None
        self._spans.append(Span(*match.span(1), Kind.REGULAR_EXPRESSION))
        self._regular_expression_end = match.end()
        return match.end()

    def _is_element(self, at: int) -> bool:
        """Tell whether the `<` at `at` starts a JSX element, not type parameters, and compares nothing."""
        match = _TAG_START.match(self._text, at)
        if match is None or _TYPE_PARAMETERS.match(self._text, at) or not self._expression_may_start(at):
            return False
        if match[1] or match[3]:
            # `<T>` of a function type looks like a tag, but nothing closes it.
            return self._last_closing_tag(match[2] or "") > at
        return True

    def _last_closing_tag(self, name: str) -> int:
        if self._closing_tags is None:
            self._closing_tags = {match[1]: match.start() for match in _CLOSING_TAG.finditer(self._text)}
        return self._closing_tags.get(name, -1)

    def _open_tag(self, at: int) -> int:
        """Enter the tag whose `<` is at `at`."""
        self._inside.append(_Inside.TAG)
        return at + 1

    def _read_tag(self, at: int) -> int:
        found, inside = self._spans, self._inside
        for match in _TAG_TOKEN.finditer(self._text, at):
            group = match.lastindex
            if group is None:
                continue
            if group <= 3:
                found.append(Span(*match.span(group), Kind.STRING))
            elif group == 4:
                found.append(Span(*match.span(), Kind.COMMENT))
            elif group == 5:
                inside.pop()
                return match.end()
            elif group == 6:
                inside[-1] = _Inside.CHILDREN
                return match.end()
            elif group == 7:
                inside.append(_Inside.CONTAINER)
                return match.end()
            elif group == 8:
                return self._open_tag(match.end() - 1)
            else:
                inside.append(_Inside.TYPE_ARGUMENTS)
                return match.end()
        return len(self._text)

    def _read_type_arguments(self, at: int) -> int:
        found, inside = self._spans, self._inside
        for match in _TYPE_TOKEN.finditer(self._text, at):
            group = match.lastindex
            if group is None:
                continue
            if group <= 2:
                found.append(Span(*match.span(group), Kind.STRING))
            elif group == 3:
                found.append(Span(*match.span(), Kind.COMMENT))
            elif group == 4:
                inside.append(_Inside.TYPE_ARGUMENTS)
            else:
                if group == 5:
                    inside.pop()
                else:
                    inside.append(_Inside.CONTAINER)
                return match.end()
        return len(self._text)

    def _read_children(self, at: int) -> int:
        match = _CHILDREN.match(self._text, at)
        assert match is not None, "the pattern matches anywhere"
        self._spans.append(Span(*match.span(1), Kind.JSX_TEXT))
        if match[2]:
            self._inside.append(_Inside.CONTAINER)
        elif match[3]:
            self._inside.pop()
        elif match[4]:
            return self._open_tag(match.start(4))
        return match.end()

    def _expression_may_start(self, at: int) -> bool:
        """Tell whether the token before `at` is one that an expression may follow."""
        at = self._code_end(at)
        if at == 0:
            return True
        text = self._text
        last = text[at - 1]
        if last.isalnum() or last in "_$":
            return self._word_before(at) in _WORDS_BEFORE_EXPRESSIONS
        if last in "]\"'`":
            return False
        if last == "/":
            return at != self._regular_expression_end
        if last == ")":
            opener = self._opener(at - 1)
            return opener is not None and self._word_before(self._code_end(opener)) in _CONDITIONS
        if last == "}":
            return self._closes_block(at - 1)
        if last in "+-":
            return text[at - 2 : at] != last * 2
        if last == "!":
            # The assertion that something is not null stands right behind its operand.
            return not re.match(r"[\w$)\]]", text[at - 2 : at - 1])
        if last == ".":
            return text[at - 3 : at] == "..."
        return True

    def _closes_block(self, at: int) -> bool:
        """Tell whether the `}` at `at` closes a block, not an object."""
        opener = self._opener(at)
        end = self._code_end(opener) if opener else 0
        if end == 0:
            return True
        if self._text[end - 1] in "=(,[?&|+-*%^~!<":
            return False
        return self._word_before(end) not in _WORDS_BEFORE_OBJECTS

    def _code_end(self, at: int) -> int:
        """Return the offset behind the last token before `at`, which is neither white space nor a comment."""
        text, found = self._text, self._spans
        index = bisect.bisect_left(found, at, key=_START)
        while at:
            if text[at - 1].isspace():
                at -= 1
            elif index and found[index - 1].end == at and found[index - 1].kind is Kind.COMMENT:
                index -= 1
                at = found[index].start
            else:
                break
        return at

    def _word_before(self, at: int) -> str:
        """Return the word that ends at `at`, or an empty string where it is the name of a property."""
        match = _LAST_WORD.search(self._text[max(0, at - _REACH) : at])
        return match[0] if match else ""

    def _opener(self, at: int) -> int | None:
        """Return the offset of the bracket that the one at `at` closes."""
        found = self._spans
        while self._paired_to <= at:
            span = found[self._paired_spans] if self._paired_spans < len(found) else None
            end = at + 1 if span is None else min(span.start, at + 1)
            for match in _BRACKET.finditer(self._text, self._paired_to, end):
                if match[0] in "([{":
                    self._unclosed.append(match.start())
                elif self._unclosed:
                    self._openers[match.start()] = self._unclosed.pop()
            if span is None or span.start > at:
                self._paired_to = end
            else:
                self._paired_to = span.end
                self._paired_spans += 1
        return self._openers.get(at)

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end
