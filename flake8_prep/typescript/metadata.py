"""What is taken out of the metadata of events, the bag of texts that comes with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import variable_at

# What metadata is called, as far as it is read by that name.
NAMES: Final = ("metadata", "meta_data", "custom_data")

_LINKS: Final = r"[A-Za-z_$][\w$]*+(?:\s*+[?!]?\.\s*+[\w$]++|\s*+(?:\?\.)?\[\s*+\d++\s*+\]|\s*+!)*?"
_METADATA: Final = rf"\s*+[?!]?\s*+\.\s*+(?:{'|'.join(NAMES)}|client_reference_id_metadata)\b"
_GIVEN: Final = r"(?<![=!<>])=(?![=>])\s*+(?:\(\s*+)?"
# Behind the metadata: ``(event.metadata as Metadata).id``, ``(event.metadata ?? {})['id']``, or no key.
_REST: Final = (
    r"(?:\s*+(?:as\s[^()=;]{1,80}|(?:\?\?|\|\|)\s*+\{\s*+\})\s*+\))?"
    r"(?:\s*+[?!]?\s*+(?:\.\s*+(?P<key>[\w$]++)"
    r"|(?:\?\.)?\[\s*['\"](?P<space>[ ]*)['\"]\s*\])(?!\s*(?:[\w$.(]*\(|[=!]=))"
    r"|(?P<whole>)(?=[^\S\n]*+(?:[;,)}\n!]|\Z|as\b|\?\?|\|\|))(?!\s*+!?\??\.))"
)
# The values that are read from metadata, or all of it.
METADATA: Final = lazy_pattern(
    rf"{_GIVEN}(?P<chain>{_LINKS}(?:\s++as\s[^()=;]{{1,80}}\))?{_METADATA}){_REST}"
)
_IN_OBJECT: Final = lazy_pattern(
    rf"(?P<name>{'|'.join(NAMES)})" + "".join(rf"(?<![\w$.]{name})" for name in NAMES)
    + r"\s*+(?:(?=[,}=])|:\s*+(?:(?P<as>[\w$]++)|(?P<brace>\{)))"
)
_TARGET_END: Final = lazy_pattern(r"([\w$]+)\s*(?::[^=;,(){}]{0,100})?\Z")
_DECLARATION_END: Final = lazy_pattern(r"(?<![\w$.])(?:const|let|var)\s*\Z")
_ASSIGNED: Final = lazy_pattern(r"\s*+(?::[^=;(){}]{1,200})?=(?![=>])\s*+")
_MEMBER: Final = lazy_pattern(r"([\w$]+)(?:\s*:\s*([\w$]+))?")
# What gives a row of one's own database, whose metadata one has written oneself, or what was checked.
_KNOWN: Final = lazy_pattern(
    r"(?:await\s++)?(?!JSON\b)(?:[\w$]++\s*+(?:\?\.|\.)\s*+){1,8}(?:safeP|p)arse(?:Async)?\s*+\("
    r"|await\s++(?:[\w$]++\s*+(?:\?\.|\.)\s*+){0,8}(?:find[A-Z]\w*|\w+By[A-Z]\w*|query)\s*+"
    r"(?:<[^()]{0,100}>\s*+)?\("
)
_NAME: Final = lazy_pattern(r"[\w$]++")
_MOST_LEVELS: Final = 10


class Taken(NamedTuple):
    """A value that a variable is given out of metadata.

    Attributes:
        start: offset of what is read.
        name: the name of the variable.
        key: the key in the metadata.
        holder: the name of the variable that the metadata was in; `metadata` where it was in none.
    """

    start: int
    name: str
    key: str
    holder: str


def taken_from_metadata(source: Source) -> Iterator[Taken]:
    """Yield what variables are given out of metadata, also by way of one that holds all of it."""
    holders: dict[str, list[int]] = {}
    for match in METADATA.finditer(source.code):
        if _is_known(match.start("chain"), source):
            continue
        yield from _taken(match, NAMES[0], source)
        name = _target(match, source)
        if match["whole"] is not None and name and variable_at(name, match.start(), source):
            holders.setdefault(name, []).append(match.start())
    for match in _IN_OBJECT.finditer(source.code):
        start = _pattern_start(match.start(), source)
        if start is not None and match["brace"]:
            yield from _members(match.start("brace"), NAMES[0], source)
        elif start is not None:
            holders.setdefault(match["as"] or match["name"], []).append(start)
    if holders:
        names = "|".join(map(re.escape, holders))
        pattern = re.compile(rf"{_GIVEN}(?P<chain>(?P<holder>{names})(?![\w$])){_REST}")
        for match in pattern.finditer(source.code):
            if any(_reaches(start, match.start(), source) for start in holders[match["holder"]]):
                yield from _taken(match, match["holder"], source)


def _is_known(start: int, source: Source) -> bool:
    """Tell whether the chain at `start` begins with a row of a database, or what a schema has checked."""
    for _ in range(2):
        name = _NAME.match(source.code, start)
        variable = variable_at(name[0], start, source) if name else None
        if variable is None or not variable.values:
            break
        start = variable.values[0]
        if _KNOWN.match(source.code, start):
            return True
    return False


def _target(match: re.Match[str], source: Source) -> str | None:
    """Return the name of what the match gives a value to."""
    end = source.token_end(match.start())
    target = _TARGET_END.search(source.code, max(0, end - 140), end)
    return target[1] if target else None


def _taken(match: re.Match[str], holder: str, source: Source) -> Iterator[Taken]:
    end = source.token_end(match.start())
    if match["whole"] is None:
        name = _target(match, source)
        key = match["key"] or source.text[match.start("space") : match.end("space")]
        if name is not None:
            yield Taken(match.start("chain"), name, key, holder)
    elif source.code[end - 1 : end] == "}":
        yield from _members(source.opening(end - 1), holder, source)


def _members(brace: int | None, holder: str, source: Source) -> Iterator[Taken]:
    for start, end in source.arguments(brace) if brace is not None else ():
        if member := _MEMBER.match(source.code, start, end):
            yield Taken(start, member[2] or member[1], member[1], holder)


def _pattern_start(offset: int, source: Source) -> int | None:
    """Return where the braces start that a name is taken out by: ``const { data: { metadata } } = event``."""
    bracket = source.enclosing_bracket(offset)
    for _ in range(_MOST_LEVELS):
        if bracket is None or source.code[bracket] not in "{[":
            break
        if _DECLARATION_END.search(source.code, max(0, bracket - 20), bracket):
            given = _ASSIGNED.match(source.code, (source.closing(bracket) or bracket) + 1)
            return bracket if given and not _KNOWN.match(source.code, given.end()) else None
        bracket = source.enclosing_bracket(bracket)
    return None


def _reaches(declared: int, use: int, source: Source) -> bool:
    """Tell whether what is declared at the one offset can be used at the other."""
    block = source.enclosing_bracket(declared)
    return declared < use and (block is None or use < (source.closing(block) or 0))
