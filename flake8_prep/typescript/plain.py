"""Values that hold no text of anybody's choice: numbers, one of a few texts, and what was checked or
quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import taken_from, variable_at

_CONSTANT: Final = lazy_pattern(r"_*[A-Z][A-Z0-9_]*")
_WORD: Final = r"(?:^|_|(?<=[a-z\d])(?=[A-Z]))(?i:{})(?![a-z])"
_CHECKED: Final = lazy_pattern(
    _WORD.format("allowed|enum|escaped?|placeholders?|quoted?|safe|saniti[sz]ed|valid|validated")
)
# Words of names in the schema of a database, and of pieces of SQL that are put together elsewhere.
_OF_SQL: Final = lazy_pattern(
    _WORD.format(
        "schema|tables?|ident(?:ifier)?s?|clauses?|conditions?|ctes?|expr(?:ession)?s?|filters?|fragments?"
        "|joins?|operators?|order_?by|predicates?|query|select|sql|statement|where"
    )
)
_COLUMN: Final = lazy_pattern(_WORD.format("col(?:umn)?s?|fields?|group_?by"))
_LAST_NAME: Final = lazy_pattern(r"[\w$]++(?=[^\w$]*\Z)")
# What a program is started with, which no request changes.
_SETTINGS: Final = lazy_pattern(r"(?:^|\.)(?:\w*[cC]onfig|env|[sS]ettings)\b|^this\.\w*[oO]pt(?:ion)?s\b")
_NUMBERS: Final = frozenset({"count", "length", "rowCount", "size"})
# What is a number where a function is given it together with others; in a request it is a text.
_PAGING: Final = frozenset({"limit", "offset", "pageSize", "skip", "take"})
_ARGUMENTS: Final = frozenset({"args", "filter", "filters", "input", "options", "opts", "params"})
# A whole name. It begins with a class of characters, so that `re` skips all others, such as blanked comments.
# White space between a name and a colon is that of `a ? b : c`.
_NAME: Final = r"([\w$](?<![\w$.][\w$])[\w$]*+)"
# The names of what holds no other text: `limit: number`, `order?: 'asc' | 'desc'`, `limit: z.number()`; a
# type with a name of its own is that of an enumeration or a union, since an object makes no sense in a text.
_LIMITED: Final = lazy_pattern(
    rf"{_NAME}[?!]?:\s*(?:readonly\s+)?"
    r"(?:(?:number|bigint|boolean|[A-Z][A-Z\d_$]*+[a-z][\w$]*+)(?:\[\])*+(?=\s*[|,;)=}\n])"
    r"|['\"][ ]*['\"]\s*[|,;)}\n]"
    r"|(?:z|v|t|Type)\s*\.\s*(?:coerce\s*\.\s*)?(?:bigint|boolean|date|enum|int|literal|nativeEnum|number"
    r"|uuid"
    r"|Boolean|Enum|Integer|Literal|Number)\s*\()"
)
_ANY_TEXT: Final = lazy_pattern(
    rf"{_NAME}[?!]?:\s*(?:string\b|any\b|unknown\b|z\s*\.\s*string\(\)(?!\s*\.\s*uuid\())"
)
# What a request is read from.
_OF_REQUESTS: Final = lazy_pattern(
    r"(?:this\.)?(?:(?:_?req|request|event|args|params|query|body|input|payload|searchParams|headers)\b[.?\[]"
    r"|(?:c|ctx|context)\.(?:args|body|event|input|params|query|req|request)\b)"
)
# What a variable is given, if it holds a part of a request: less than the above, as a name in the middle of
# a function says less than an expression in a statement.
_BROUGHT: Final = lazy_pattern(
    r"[\s(]*+(?:await\s++)?[\s(]*+(?:(?:_?req|request|(?:c|ctx|context)\.(?:req|request))\s*+\??\.\s*+"
    r"(?:body|formData|headers?|json|nextUrl|param|params|queries|query(?!\s*+\()|text)\b"
    r"|c\.req\.query\("
    r"|(?:formData|searchParams)\s*+\.\s*+get(?:All)?\("
    r"|event\.(?:body|pathParameters|queryStringParameters)\b)"
)
_FIRST_NAME: Final = lazy_pattern(r"[\w$]++(?!\s*+\()")
_CHECKS: Final = (
    r"(?:\b(?:has|includes|indexOf|match|some|test)|(?<![iI]n)[vV]alid\w*|\b(?:assert|check|ensure"
    r"|is[A-Z])\w*)"
    r"\s*\(\s*(?:[^()\n]{0,80}[,(\s+])?"
)
# Other ways to ask: `!SORTS[sort]`, `switch (sort)`, and behind it `sort in SORTS`, `sort !== 'name'`.
_LOOKED_UP: Final = r"!\s*[\w$.]{1,80}\[\s*|\bswitch\s*\(\s*"
_ASKED_BEHIND: Final = r"(?:\s+in\s|\s*!==?\s*['\"][ ]+['\"])"
_REACH: Final = 20_000


def is_constant_name(name: str) -> bool:
    """Tell whether something called so is a constant by convention, as ``MAX_ROWS``."""
    return _CONSTANT.fullmatch(name) is not None


def is_checked_name(name: str) -> bool:
    """Tell whether something called so was checked or quoted, as ``quotedName``."""
    return _CHECKED.search(name) is not None


def is_plain(names: Sequence[str], last: str, source: Source) -> bool:
    """Tell whether a value cannot be a text of somebody's choice.

    Args:
        names: what it is read from, one after the other: `request`, `body` and `name` of
            ``request.body.name``.
        last: the last of the names, or the key.
        source: the file.
    """
    if last in _NUMBERS or any(is_constant_name(name) for name in names) or is_checked_name(last):
        return True
    if last not in source.once(_texts):
        if last in _PAGING and names[0] in _ARGUMENTS:
            return True
        is_name = len(names) > 1 and names[0] not in _ARGUMENTS and _COLUMN.search(last)
        if (is_name or last.lower().endswith("uuid")) and not _OF_REQUESTS.match(".".join(names)):
            return True
    path = ".".join(names)
    if _OF_SQL.search(last) and names[0] not in ("req", "request"):
        return True
    return _SETTINGS.search(path) is not None or last in source.once(_limited_names)


def names_column(start: int, end: int, source: Source) -> bool:
    """Tell whether the last name in this range is that of columns: `sorting.columnName`."""
    name = _LAST_NAME.search(source.code, start, end)
    return name is not None and _COLUMN.search(name[0]) is not None


def is_checked_before(start: int, end: int, source: Source) -> bool:
    """Tell whether something is asked about the value in this range: `ALLOWED.includes(order)`."""
    function = source.enclosing_function(start)
    body = max(function.body_start if function else 0, start - _REACH)
    value = re.escape(source.code[start:end])
    check = re.compile(rf"(?:{_CHECKS}|{_LOOKED_UP}){value}(?![\w$.])|(?<![\w$.]){value}{_ASKED_BEHIND}")
    return check.search(source.code, body, start) is not None


def is_of_request(start: int, end: int, source: Source) -> bool:
    """Tell whether the value in this range is read from a request."""
    return _OF_REQUESTS.match(source.code, start, end) is not None


def is_brought(start: int, end: int, source: Source) -> bool:
    """Tell whether the value in this range is read from a request, or from a variable that was."""
    if _BROUGHT.match(source.code, start, end):
        return True
    name = _FIRST_NAME.match(source.code, start, end)
    if name is None:
        return False
    given = [taken_from(name[0], start, source)]
    if name.end() < end and (variable := variable_at(name[0], start, source)):
        given = [*variable.values]
    return any(each is not None and _BROUGHT.match(source.code, each) for each in given)


def is_from_outside(start: int, end: int, source: Source) -> bool:
    """Tell whether the value in this range is read from a request, or its name is declared to be any text."""
    if is_of_request(start, end, source):
        return True
    return source.code[start:end].rpartition(".")[2] in source.once(_texts)


def _texts(source: Source) -> Set[str]:
    return {match[1] for match in _ANY_TEXT.finditer(source.code)}


def _limited_names(source: Source) -> Set[str]:
    limited = {match[1] for match in _LIMITED.finditer(source.code)}
    return limited - source.once(_texts)
