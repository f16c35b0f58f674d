"""Recognises statements of SQL in text, and tells them from prose in the same words.

It knows just enough of the grammar for that: "Select a value from the list" must not be taken for a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern

# What stands in a text where a value is filled in. It counts as a letter, so that it can be a part of a name.
PLACEHOLDER: Final = "\N{OBJECT REPLACEMENT CHARACTER}"

_LETTER = rf"[\w{PLACEHOLDER}]"
_PART = rf"""(?:{_LETTER}++|"[^"]*+(?:"|\Z)|`[^`]*+(?:`|\Z)|\{{\w*+\}}|%s|%\(\w++\)s)"""
_TOKEN = lazy_pattern(
    rf"""
      (?P<skipped> --[^\n]*+ | /\*.*?(?:\*/|\Z) | ::\w++ )
    | (?P<text> '[^']*+(?:'|\Z) )
    | (?P<name> {_PART}(?:\.?{_PART})*+ )
    | (?P<parameter> [:@$]\w++ )
    | (?P<mark> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_NAME = lazy_pattern(rf"(?:{_LETTER}|\.)++")

# The patterns below are for skeletons: one space between two tokens, and () for all that stands in
# parentheses, or (SELECT) if that is a query.
_NAME = rf"(?:{_LETTER}|\.)++"
_BRACKETS = r"\((?:SELECT)?\)"
_TABLE = rf"(?P<table>{_NAME}|{_BRACKETS})"
_OBJECT = "(?:TABLE|VIEW|INDEX|SCHEMA|DATABASE|USER|ROLE)"
_FORMS: Final = {
    "SELECT": rf"(?:(?P<columns>.*?)\bFROM {_TABLE}|.*?\(SELECT\))",
    "INSERT": rf"(?:OR \w+ |IGNORE |OVERWRITE )?INTO {_TABLE}",
    "REPLACE": rf"INTO {_TABLE}",
    "UPDATE": rf"(?:OR \w+ |ONLY )?{_TABLE}.*? SET (?:{_LETTER}|\()",
    "DELETE": rf"FROM {_TABLE}",
    "MERGE": rf"INTO {_TABLE}",
    "CREATE": rf"(?:\w+ ){{0,3}}?{_OBJECT} (?:IF NOT EXISTS )?{_TABLE}",
    "ALTER": rf"{_OBJECT} (?:IF EXISTS )?(?:ONLY )?{_TABLE}",
    "DROP": rf"(?:\w+ )?{_OBJECT} (?:\w+ )?(?:IF EXISTS )?{_TABLE}",
    "TRUNCATE": rf"(?:TABLE )?(?P<table>{_NAME})",
}
# Statements about tables themselves: what is filled in there are names, which cannot be parameters.
DEFINING: Final = frozenset({"ALTER", "CREATE", "DROP", "TRUNCATE"})
# Plain substrings; a text has one of them if it is a statement. Only in upper case does `WITH` begin one that
# has no verb that can be seen.
TRIGGERS: Final = (*map(str.lower, _FORMS), "WITH")
_IN_UPPER_CASE: Final = {verb: lazy_pattern(f"{verb} {form}") for verb, form in _FORMS.items()}
_IN_ANY_CASE: Final = {
    verb: lazy_pattern(f"{verb} {form}", re.IGNORECASE) for verb, form in _FORMS.items()
}
# What a text begins with that may begin with a statement: a first, quick test of very many strings.
OPENING: Final = lazy_pattern(
    rf"[\s({PLACEHOLDER}]*+(?:--|/\*|(?:{'|'.join(_FORMS)}|WITH|EXPLAIN)[\s(])", re.IGNORECASE
)
_BEGINNING = lazy_pattern(
    rf"[\"'`}}][\s(]*+(?:--|/\*|(?:{'|'.join(_FORMS)}|WITH|EXPLAIN)\b)", re.IGNORECASE
)
_EXPLAIN = lazy_pattern(r"explain (?:(?:analy[sz]e|verbose|query|plan|for|\(\)) )*+", re.IGNORECASE)
_COMMON_TABLES = lazy_pattern(
    rf"with (?:recursive )?(?:{_NAME} (?:\(\) )?as (?:(?:not )?materialized )?{_BRACKETS} ?,? ?)++",
    re.IGNORECASE,
)
_FIRST_WORD = lazy_pattern(r"\w+")

# What tells prose. Words that have a meaning of their own in a list of columns part the names around them.
_OF_COLUMNS = lazy_pattern(
    r"\b(?:all|and|as|at time zone|between|case|distinct|else|end|in|is|like|not|null|or|over|then|top|when)"
    r"\b",
    re.IGNORECASE,
)
_ARTICLE = "(?:an?|the|this|that|these|those|your|our|my|its|their|each|every|any|one|some|which|what)"
_PROSE_COLUMNS = lazy_pattern(rf"(?<![\w.])(?:{_ARTICLE} \w|[\w.]++ [\w.]++ [\w.])", re.IGNORECASE)
_CLAUSES = (
    "add|alter|as|cascade|change|cross|default|drop|except|fetch|for|force|full|group|having|if|inner"
    "|intersect|join|left|like|limit|modify|natural|offset|on|order|outer|partition|rename|restart|restrict"
    "|returning|right|select|set|union|use|using|values|where|window|with"
)
_PROSE_TABLE = lazy_pattern(
    rf"(?:{_ARTICLE}|by|for|in|of|to|with) (?!(?:{_CLAUSES})\b){_LETTER}", re.IGNORECASE
)
# What can come after the name of a table: an alias, then the end, another table, or a clause.
_AFTER_TABLE = lazy_pattern(
    rf"(?: as)?(?: (?!(?:{_CLAUSES})\b)\w++)?(?:$| (?:[,()]|{PLACEHOLDER}|(?:{_CLAUSES})\b))", re.IGNORECASE
)
# What prose has no use for; where a sentence may begin, as the word has a capital letter, commas and brackets
# say nothing.
_EVIDENCE = lazy_pattern(r"[*=<>]|[:@$]\w")
_EVIDENCE_IN_LOWER_CASE = lazy_pattern(
    r"[*=<>,(]|[:@$]\w|\w\.\w|\b(?:where|values|join|limit|if (?:not )?exists|(?:group|order) by)\b",
    re.IGNORECASE,
)


class Statement(NamedTuple):
    """A statement of SQL that was recognised in a text.

    Attributes:
        verb: the word that it begins with, as in ``SELECT``; after common table expressions that of the main
            statement, or ``WITH`` if that is missing.
        is_certain: whether the text cannot be prose, wherever it is used.
    """

    verb: str
    is_certain: bool


def may_hold_statements(code: str) -> bool:
    """Say whether a string in `code`, or what follows a value in one, may begin a statement; it is fast."""
    return _BEGINNING.search(code) is not None


def statement_in(text: str) -> Statement | None:
    """Return the first statement in `text` that has the structure of one, as ``SELECT .. FROM ..``.

    The text must begin like a statement, and may hold several. For each value in it there is a `PLACEHOLDER`.

    Returns:
        None for prose, and for fragments of a statement.
    """
    if OPENING.match(text):
        for skeleton in _skeletons(text):
            found = _recognise(skeleton)
            if found is not None:
                return found
    return None


def _skeletons(text: str) -> Iterator[str]:
    """Yield the statements of `text` without comments and the contents of quotes and parentheses."""
    start = len(text) - len(text.lstrip(f"( \t\r\n{PLACEHOLDER}"))
    tokens = [PLACEHOLDER] if PLACEHOLDER in text[:start] else []
    depth = 0
    for match in _TOKEN.finditer(text, start):
        token, kind = match[0], match.lastgroup
        if token == ")":
            depth = max(depth - 1, 0)
        elif token == "(":
            depth += 1
            if depth == 1:
                tokens.append("()")
        elif depth == 1 and tokens[-1] == "()" and token.upper() == "SELECT":
            tokens[-1] = "(SELECT)"
        elif depth or kind == "skipped":
            continue
        elif token == ";":
            yield " ".join(tokens)
            tokens = []
        elif kind == "text":
            tokens.append("''")
        else:
            tokens.append("_" if kind == "name" and not _PLAIN_NAME.fullmatch(token) else token)
    yield " ".join(tokens)


def _recognise(skeleton: str) -> Statement | None:
    """Return the statement that has this `skeleton`, if it is one."""
    # A value in front may be the beginning of the statement, or of a sentence: upper case tells them apart.
    follows_value = skeleton.startswith(PLACEHOLDER)
    skeleton = skeleton.removeprefix(PLACEHOLDER).lstrip()
    for prefix in (_EXPLAIN, _COMMON_TABLES):
        match = prefix.match(skeleton)
        if match is not None:
            word, skeleton = skeleton[:4], skeleton[match.end() :]
            if not skeleton and word == "WITH":
                return Statement(word, is_certain=True)
    match = _FIRST_WORD.match(skeleton)
    word = match[0] if match is not None else ""
    verb = word.upper()
    if verb not in _FORMS:
        return None
    if _IN_UPPER_CASE[verb].match(skeleton):
        return Statement(verb, is_certain=True)
    match = _IN_ANY_CASE[verb].match(skeleton)
    if match is None or follows_value or _is_prose(match):
        return None
    evidence = _EVIDENCE if word.istitle() else _EVIDENCE_IN_LOWER_CASE
    return Statement(verb, is_certain=evidence.search(skeleton) is not None)


def _is_prose(match: re.Match[str]) -> bool:
    """Say whether the names in a statement are words of a sentence."""
    columns = match.groupdict().get("columns") or ""
    if _PROSE_COLUMNS.search(_OF_COLUMNS.sub(",", columns)):
        return True
    start, end = match.span("table")
    if start < 0:
        return False
    return (
        _PROSE_TABLE.match(match.string, start) is not None or _AFTER_TABLE.match(match.string, end) is None
    )
