"""Calls of methods: what they are called on, and what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.operands import before_dot, operand_before
from flake8_prep.typescript.source import Source

_LINK = lazy_pattern(r"[\w$]+|[(\[{<]")
_OPENING: Final = lazy_pattern(r"\(")
_TYPE_ARGUMENTS: Final = r"(?:<[\w$\s,.|&\[\]'\"<>{}:;?]{0,400}>\s*+)?"
_KEYWORDS: Final = frozenset({"await", "new", "return", "typeof", "void"})


class Call(NamedTuple):
    """A call of a method.

    Attributes:
        start: offset of the first character of what the method is called on.
        names: the names in front of the method, without the arguments of calls: `this`, `db`, `users` of
            ``this.db('x').users.find()``.
        method: the name of the method.
        parenthesis: offset of the parenthesis that opens the arguments, or of the backtick of a template.
    """

    start: int
    names: tuple[str, ...]
    method: str
    parenthesis: int

    @property
    def name(self) -> str:
        """The names and the method with dots between them, as for messages."""
        return ".".join((*self.names, self.method))


def method_pattern(methods: Iterable[str], with_templates: bool = False) -> re.Pattern[str]:
    """Return the pattern of calls of `methods`, and as the tags of templates if these are asked for."""
    names = "|".join(re.escape(name) for name in sorted(methods, reverse=True))
    end = r"\(|`" if with_templates else r"\("
    # It begins with plain text, for which `re` searches many times faster than for a question mark before it.
    return re.compile(
        rf"\.\s*+(?P<method>{names})(?![\w$])\s*+(?:\?\.\s*+)?{_TYPE_ARGUMENTS}(?P<open>{end})"
    )


def call_at(match: re.Match[str], source: Source) -> Call | None:
    """Return the call that a match of `method_pattern` is about; None where it is not on names and calls."""
    receiver = operand_before(before_dot(match.start(), source), source)
    if receiver is None:
        return None
    names = tuple(names_in(receiver.start, receiver.end, source))
    if not names or names[0] in _KEYWORDS:
        return None
    return Call(receiver.start, names, match["method"], match.start("open"))


def names_in(start: int, end: int, source: Source) -> Iterator[str]:
    """Yield the names in this range that stand in no brackets."""
    at = start
    while match := _LINK.search(source.code, at, end):
        at = match.end()
        if match[0] in "([{":
            at = max(at, (source.closing(match.start()) or 0) + 1)
        elif match[0] != "<":
            yield match[0]


def before(offset: int, source: Source, reach: int = 40) -> str:
    """Return the code in front of `offset`, as much as `reach` characters, without white space at its end."""
    end = source.token_end(offset)
    return source.code[max(0, end - reach) : end]
