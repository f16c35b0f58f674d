"""A TypeScript file as the rules see it: masked views, and where lines, brackets and functions are."""

from __future__ import annotations

import bisect
import itertools
import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

from flake8_prep.options import Settings
from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.brackets import find_pairs
from flake8_prep.typescript.functions import (
    Function,
    expression_end,
    find_angles,
    find_functions,
    template_end,
)
from flake8_prep.typescript.lexer import Kind, Span, find_spans

Answer = TypeVar("Answer")

_SPACE = lazy_pattern(r"\s*+")
_WORD = lazy_pattern(r"[\w$]++")
# The type arguments of a call are taken in one step, as their commas part no arguments. Their length is
# bounded, so that a line of a thousand `<` is not read a thousand times.
_ARGUMENT_TOKEN = lazy_pattern(r"[,(\[{]|(?<=[\w$])<[\w$\s,.|&\[\]'\"<>]{0,200}>(?=\()")
# Tests, their folders, what a test runner is set up by, and the stories that components are shown by.
_TEST_PATH = lazy_pattern(
    r"\.(?:test|(?:[\w-]+-)?spec|cy|story|stories)(?:\.\w+)?\.[cm]?tsx?$"
    r"|(?:^|/)(?:__tests__|[Tt]ests?|e2e|spec-helpers?|cypress|playwright"
    r"|(?:[\w-]+-)?(?:e2e|end-to-end|functional|integration|smoke|unit)-tests?)/"
    r"|(?:^|/)test[-_]?(?:[Dd]ata|[Ff]ixtures?|[Hh]elpers?|[Mm]ocks?|[Pp]rojects?|[Ss]etup|[Ss]upport"
    r"|[Uu]tils?)(?:/|\.[cm]?tsx?$)"
    r"|(?:^|/)(?:cypress|jest|playwright|vitest)\b[\w.-]*[.-](?:config|setup|teardown|workspace)\b[\w.-]*$"
)
# What the comment above all code says where a program has written the file. Without "do not edit" it has to
# begin a line, as other comments speak of what is generated, too.
_HEADER: Final = 3_000
_GENERATED = lazy_pattern(
    r"@generated\b|\A\W*(?i:(?:auto[- ]?generated|[\w-]+ generated code)\W*)$"
    r"|^\W*(?:[Nn]ote:? |NOTE:? )?(?:(?:This|The) (?:class|code|file|module) (?:is|was|has been) )?"
    r"(?:Code |File )?"
    r"(?:GENERATED|Generated|(?<=[a-z] )generated"
    r"|(?:AUTO|Auto|(?<=[a-z] )auto)(?i:matically)?[- ]?(?i:generated))"
    r" (?:automatically|by|file|from|using|with)\b"
    r"|(?i:\bgenerated\b.{0,300}?\b(?:do not|don't|never) (?:manually )?(?:edit|modify)\b)"
    r"|(?i:\b(?:do not|don't|never) (?:manually )?(?:edit|modify)\b.{0,100}?\b(?:auto)?generated\b)",
    re.DOTALL | re.MULTILINE,
)
_CODE_START = lazy_pattern(r"\S")


class _Nesting:
    """Ranges that lie in each other or apart, and which is the innermost around an offset."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Take ranges that are sorted by their starts; their ends are not in them."""
        # From each offset in the one list on, the range with the index in the other is the innermost; -1 is
        # none.
        self._offsets = offsets = [0]
        self._indices = indices = [-1]
        around: list[tuple[int, int]] = []
        innermost_end = math.inf
        for index, (start, end) in enumerate(ranges):
            while innermost_end <= start:
                offsets.append(around.pop()[0])
                indices.append(around[-1][1] if around else -1)
                innermost_end = around[-1][0] if around else math.inf
            around.append((end, index))
            innermost_end = end
            offsets.append(start)
            indices.append(index)
        while around:
            offsets.append(around.pop()[0])
            indices.append(around[-1][1] if around else -1)

    def innermost(self, offset: int) -> int:
        """Return the index of the innermost range around `offset`, or -1."""
        return self._indices[bisect.bisect_right(self._offsets, offset) - 1]


class Source:
    """A TypeScript file.

    The views `code`, `comments` and `strings` are as long as `text` and have their newlines at the same
    offsets, so that an offset means the same in all of them. What a view leaves out is blanked with spaces.

    Attributes:
        path: the path of the file, with any separators.
        text: the whole file; lines end in a newline character.
        settings: what the user has set about the rules.
    """

    def __init__(self, path: str, text: str, settings: Settings | None = None) -> None:
        self.path = path.replace("\\", "/")
        self.text = text
        self.settings = settings or Settings()
        self._answers: dict[Any, Any] = {}
        self._has: dict[tuple[str, bool], bool] = {}

    def once(self, question: Callable[..., Answer], *about: Hashable) -> Answer:
        """Return ``question(self, *about)``, worked out when first asked for and then kept."""
        key = (question, *about)
        if key not in self._answers:
            self._answers[key] = question(self, *about)
        answer: Answer = self._answers[key]
        return answer

    def has(self, substring: str, in_comments: bool = False) -> bool:
        """Say whether `substring` is in the path, or in the text without its comments, or in those only.

        That each is looked for once makes it cheap.
        """
        found = self._has.get((substring, in_comments))
        if found is None:
            text = self._all_comments if in_comments else self.uncommented
            found = self._has[substring, in_comments] = substring in text or substring in self.path
        return found

    @cached_property
    def uncommented(self) -> str:
        """The text without its comments and without their room, so that it is fast to search."""
        ends = (0, *self._comment_ends, len(self.text))
        return "\n".join([self.text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)])

    @cached_property
    def _all_comments(self) -> str:
        ends = self._comment_ends
        return "\n".join([self.text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)])

    @cached_property
    def _comment_ends(self) -> list[int]:
        """Where comments start and end, in turn."""
        return [at for start, end, kind in self.spans if kind is Kind.COMMENT for at in (start, end)]

    # Views

    @cached_property
    def spans(self) -> list[Span]:
        """The ranges that are not code: comments, strings, templates, regular expressions and JSX text."""
        return find_spans(self.text, jsx=self.path.endswith(".tsx"))

    @cached_property
    def code(self) -> str:
        """The text without comments and the contents of strings, templates, regular expressions and JSX.

        Delimiters stay, as does what stands in `${...}` and in the braces of JSX.
        """
        return _blank(self.text, [(start, end) for start, end, _ in self.spans])

    @cached_property
    def strings(self) -> str:
        """The code with the contents of strings (those of JSX attributes too) and of templates."""
        shown = (Kind.STRING, Kind.TEMPLATE)
        return _blank(self.text, [(start, end) for start, end, kind in self.spans if kind not in shown])

    @cached_property
    def comments(self) -> str:
        """The comments, with their markers, and nothing else."""
        ends = (0, *self._comment_ends, len(self.text))
        return _blank(self.text, list(zip(ends[::2], ends[1::2], strict=True)))

    # Lines

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = map(len, self.text.split("\n"))
        # Each line adds one for its newline.
        return list(map(operator.add, itertools.accumulate(lengths, initial=0), itertools.count()))[:-1]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the line, from 1, and the column, from 0 in characters, of an offset in the text."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1]

    def line(self, number: int) -> str:
        """Return the line with this number, from 1, without its newline.

        Raises:
            IndexError: the file has fewer lines.
        """
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    # Words

    @cached_property
    def _words(self) -> Mapping[str, Sequence[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for match in _WORD.finditer(self.code):
            found[match[0]].append(match.start())
        return found

    def occurrences(self, name: str) -> Sequence[int]:
        """Return the offsets where `name` stands in the code as a whole word, be it that of a member or not.

        To ask for many names reads the code once, as a search for each of them would not.
        """
        return self._words.get(name, ())

    # Brackets

    @cached_property
    def _closing_of(self) -> dict[int, int]:
        return find_pairs(self.code)

    @cached_property
    def _opening_of(self) -> dict[int, int]:
        return {end: start for start, end in self._closing_of.items()}

    @cached_property
    def _brackets(self) -> tuple[list[int], _Nesting]:
        return _nested(self._closing_of)

    def closing(self, offset: int) -> int | None:
        """Return the offset of the bracket that closes the one at `offset`; None where there is none."""
        return self._closing_of.get(offset)

    def opening(self, offset: int) -> int | None:
        """Return the offset of the bracket that the one at `offset` closes; None where there is none."""
        return self._opening_of.get(offset)

    def enclosing_bracket(self, offset: int) -> int | None:
        """Return the offset of the innermost opening bracket whose pair has `offset` between its two."""
        starts, nesting = self._brackets
        index = nesting.innermost(offset)
        return starts[index] if index >= 0 else None

    @cached_property
    def _angles(self) -> dict[int, int]:
        return find_angles(self.code)

    @cached_property
    def _angle_nesting(self) -> tuple[list[int], _Nesting]:
        return _nested(self._angles)

    def enclosing_type_list(self, offset: int) -> int | None:
        """Return the offset of the `<` of the type arguments or parameters that have `offset` in them.

        Two comparisons may look the same, so the answer is only good together with what else stands there.
        """
        starts, nesting = self._angle_nesting
        index = nesting.innermost(offset)
        if index < 0 or starts[index] < (self.enclosing_bracket(offset) or 0):
            return None
        return starts[index]

    def token_end(self, offset: int) -> int:
        """Return the offset behind the last token of the code before `offset`; 0 where there is none."""
        reach = 64
        while offset:
            start = max(0, offset - reach)
            end = start + len(self.code[start:offset].rstrip())
            if end > start:
                return end
            offset, reach = start, reach * 8
        return 0

    def _token_start(self, offset: int) -> int:
        space = _SPACE.match(self.code, offset)
        return space.end() if space else offset

    def arguments(self, open_parenthesis: int) -> list[tuple[int, int]]:
        """Return the ranges of the arguments of the call whose parenthesis opens at this offset.

        They are free of the white space and comments around them. It also parts the elements of an array
        and the members of an object. A call that is never closed has no arguments.
        """
        close = self.closing(open_parenthesis)
        if close is None:
            return []
        ends = []
        at = open_parenthesis + 1
        while match := _ARGUMENT_TOKEN.search(self.code, at, close):
            at = match.end()
            if match[0] == ",":
                ends.append(match.start())
            elif len(match[0]) == 1:
                at = (self.closing(match.start()) or match.start()) + 1
        ranges = []
        start = open_parenthesis + 1
        for end in (*ends, close):
            last = self.token_end(end)
            if last > start:
                ranges.append((self._token_start(start), last))
            start = end + 1
        return ranges

    # Functions

    @cached_property
    def functions(self) -> Sequence[Function]:
        """The functions that have a body, in the order of their bodies."""
        return find_functions(self.code, self._closing_of, self._opening_of, self._angles)

    @cached_property
    def _bodies(self) -> _Nesting:
        return _Nesting((function.body_start, function.body_end) for function in self.functions)

    def enclosing_function(self, offset: int) -> Function | None:
        """Return the innermost function that has `offset` in its body."""
        index = self._bodies.innermost(offset)
        return self.functions[index] if index >= 0 else None

    def expression_end(self, start: int) -> int:
        """Return the offset behind the expression at `start`, which a comma ends."""
        return expression_end(self.code, self._closing_of, start, {})

    def template_end(self, start: int) -> int:
        """Return the offset behind the template whose backtick is at `start`."""
        return template_end(self.code, self._closing_of, start)

    # The file

    @cached_property
    def is_test_file(self) -> bool:
        """Whether the path is that of a test, or of something that only tests use."""
        return _TEST_PATH.search(self.path) is not None

    @cached_property
    def is_generated(self) -> bool:
        """Whether the file says in the comment above all code that a program has written it."""
        code = _CODE_START.search(self.code)
        end = min(code.start() if code else len(self.code), _HEADER)
        return _GENERATED.search(self.comments, 0, end) is not None


def _nested(pairs: Mapping[int, int]) -> tuple[list[int], _Nesting]:
    """Return the offsets of the opening brackets, and how what is between the brackets lies in each other."""
    return list(pairs), _Nesting((start + 1, end + 1) for start, end in pairs.items())


def _blank(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """Return `text` with spaces in these ranges; newlines stay."""
    pieces = []
    at = 0
    for start, end in ranges:
        pieces.append(text[at:start])
        if text.find("\n", start, end) < 0:
            pieces.append(" " * (end - start))
        else:
            pieces.append("\n".join([" " * len(line) for line in text[start:end].split("\n")]))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)
