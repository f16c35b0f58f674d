"""Writes to a database that do no harm where they stay alone: they are done again, or undone."""

from __future__ import annotations

import re
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.blocks import condition_of
from flake8_prep.typescript.calls import Call
from flake8_prep.typescript.databases import RUNNING, statement_of
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.tries import tries

_REACH: Final = 200
_BACK: Final = 2_000
_UPSERT: Final = lazy_pattern(
    r"\bon\s+(?:conflict|duplicate\s+key)\b|\binsert\s+(?:or\s+)?ignore\b|\.\s*(?:onConflict|orIgnore\b)"
    r"|\b(?:skipDuplicates|ignoreDuplicates)\s*:\s*true\b|\bupdateOnDuplicate\s*:",
    re.IGNORECASE,
)
# What makes another row, or changes what is there by some amount, each time that it is done.
_ADDING: Final = lazy_pattern(r"\b(?:bulkCreate|create|insert|nativeInsert)|\b(?:decrement|increment)\b")
_ADDING_STATEMENT: Final = lazy_pattern(
    r"\bINSERT\b"
    r"|(?<![\w.\"`])([\w.\"`]++)\s*+=\s*+(?:COALESCE\(\s*+)?(?:\w++\.)?\1\s*+(?:,\s*+0\s*+\)\s*+)?[-+]",
    re.IGNORECASE,
)
# What stands before a row that is added where none was found, without a block.
_MISSING_END: Final = lazy_pattern(
    r"(?:(?<![\w$.])if\s*\(\s*!([\w$]+)\s*\)\s*|([\w$]++)\s*+\?\?\s*+\(?\s*+)await\s*+\Z"
)
# The conditions of a block for what was not found, and of one before `else` for what was.
_ABSENT: Final = lazy_pattern(
    r"!([\w$]++)(?:\[0\]|\.length|\??\.id)?+"
    r"|(?<![\w$])([\w$]++)(?:\.length)?+\s*+===?\s*+(?:null|undefined|0)"
)
_PRESENT: Final = lazy_pattern(r"(?<![\w$])([\w$]++)(?:\[0\]|\.length(?:\s*+>\s*+0)?+)?+")
_ELSE_END: Final = lazy_pattern(r"\}\s*else\s*\Z")
_SKIP: Final = lazy_pattern(r"(?<![\w$.])if\s*\(\s*([\w$]+)\s*\)\s*(?:\{[^{}]{0,200}?)?\bcontinue\b")
# What only says that something has changed, or was seen, and when.
_TOUCH: Final = lazy_pattern(
    r"(?:\bdata:\s*|\bset\(\s*)\{\s*(?:last\w*|\w+Last[A-Z]\w*|updated_?[aA]t)\s*:[^,{}]*,?\s*\}"
)
# The handler of a write that may fail.
_CAUGHT: Final = lazy_pattern(r"\)\s*\.\s*catch\s*\(")
# What tells that something is dealt with, and is written last so that it is dealt with again until then.
_MARK: Final = lazy_pattern(r"\bprocessed(?:At|_at)?\s*:")
_TABLE: Final = lazy_pattern(r"['\"]?([\w$.]+)['\"]?")
_UPDATE: Final = lazy_pattern(r"\s*+UPDATE\s++([\w.\"`]++)", re.IGNORECASE)
_MANY: Final = frozenset({"deleteMany", "updateMany"})
_BY_FILTER: Final = frozenset({"deleteMany", "nativeDelete"})
_REPOSITORY: Final = lazy_pattern(r"\w*(?:[rR]epo|[rR]epository)")
# What deletes all rows but those that were written before.
_REST: Final = lazy_pattern(r"\b(?:notIn|NOT)\s*:")


def is_repeatable(call: Call, source: Source) -> bool:
    """Tell whether a write leaves the same rows when it is done again: an upsert."""
    if call.method == "upsert":
        return True
    end = source.expression_end(call.start)
    if _UPSERT.search(source.strings, call.parenthesis, end):
        return True
    # The statement may be in a variable.
    return call.method in RUNNING and _UPSERT.search(statement_of(call, source) or "") is not None


def adds(call: Call, source: Source) -> bool:
    """Tell whether each time that a write is done there is another row, or more of something."""
    if call.method in RUNNING:
        return _ADDING_STATEMENT.search(statement_of(call, source) or "") is not None
    end = source.expression_end(call.start)
    return _ADDING.search(source.code, call.parenthesis - len(call.method), end) is not None


def adds_missing(call: Call, source: Source) -> bool:
    """Tell whether a row is added where it was looked for and not found."""
    condition = _MISSING_END.search(source.code, max(0, call.start - _REACH), call.start)
    block = source.enclosing_bracket(call.start)
    if condition is None and block is not None and source.code[block] == "{":
        condition = _condition(block, _ABSENT, source)
        if condition is None and (end := _ELSE_END.search(source.code, max(0, block - _REACH), block)):
            condition = _condition(source.opening(end.start()), _PRESENT, source)
    if condition is None:
        return False
    name = re.escape(next(filter(None, condition.groups())))
    return _is_looked_for(name, max(0, condition.start() - _BACK), condition.start(), source)


def _condition(block: int | None, pattern: re.Pattern[str], source: Source) -> re.Match[str] | None:
    """Return the match of the whole condition of a block; None where it has none, or another."""
    opening = condition_of(block, source) if block is not None else None
    conditions = source.arguments(opening) if opening is not None else []
    return pattern.fullmatch(source.code, *conditions[0]) if len(conditions) == 1 else None


def adds_missing_element(call: Call, body: tuple[int, int], source: Source) -> bool:
    """Tell whether a loop with this body goes on to the next element where a row of this one is found."""
    return any(
        _is_looked_for(re.escape(skip[1]), body[0], skip.start(), source)
        for skip in _SKIP.finditer(source.code, body[0], call.start)
    )


def _is_looked_for(name: str, start: int, end: int, source: Source) -> bool:
    """Tell whether a name, escaped, is given what something was waited for."""
    given = rf"(?<![\w$.]){name}\s*[\]}}]?\s*(?::[^=;]{{1,80}})?=\s*\(?\s*await\b"
    return re.compile(given).search(source.code, start, end) is not None


def may_fail(call: Call, source: Source) -> bool:
    """Tell whether a write is of no consequence: it only says when, or its failure is caught at once."""
    end = source.expression_end(call.start)
    if _TOUCH.search(source.code, call.parenthesis, end):
        return True
    caught = _CAUGHT.search(source.code, call.parenthesis, end)
    return caught is not None and "throw" not in source.code[caught.end() : end]


def is_complete_later(first: Call, second: Call, source: Source) -> bool:
    """Tell whether the next run of the function does what is missing where only the first call has run."""
    if is_repeatable(first, source) or adds_missing(first, source):
        return True
    # What is deleted by a filter need not be found.
    if {first.method, second.method} <= _BY_FILTER:
        return True
    if not _updates(first, source) or adds(first, source):
        return False
    end = source.expression_end(second.start)
    return adds_missing(second, source) or _MARK.search(source.code, second.parenthesis, end) is not None


def _updates(call: Call, source: Source) -> bool:
    """Tell whether a call changes rows that are there."""
    if call.method in RUNNING:
        return _UPDATE.match(statement_of(call, source) or "") is not None
    return call.method.startswith("update") or call.method == "nativeUpdate"


def is_of_same_rows(first: Call, second: Call, source: Source) -> bool:
    """Tell whether both calls update rows of one table, or write some and delete others."""
    if first.names != second.names:
        return False
    if second.method == "deleteMany" and (first.method == "create" or _deletes_the_rest(second, source)):
        return True
    statements = [statement_of(call, source) if call.method in RUNNING else None for call in (first, second)]
    updated = [_UPDATE.match(statement) if statement else None for statement in statements]
    if updated[0] and updated[1]:
        return updated[0][1] == updated[1][1]
    if {first.method, second.method} <= _MANY or _save_the_same(first, second, source):
        return True
    if not (_updates(first, source) and _updates(second, source)):
        return False
    if _REPOSITORY.fullmatch(first.names[-1]):
        return True
    # The first argument of some is the table; of others, what is to be changed.
    tables = {
        source.text[start:end]
        for each in (first, second)
        for start, end in source.arguments(each.parenthesis)[:1]
    }
    return len(tables) == 1 or all(table.startswith("{") for table in tables)


def _deletes_the_rest(call: Call, source: Source) -> bool:
    return _REST.search(source.code, call.parenthesis, source.expression_end(call.start)) is not None


def table_names(call: Call, source: Source) -> list[str]:
    """Return what a call is on, and what it is given first where that is a table: ``db.insert(users)``."""
    names = [*call.names]
    for start, end in source.arguments(call.parenthesis)[:1]:
        if table := _TABLE.fullmatch(source.text, start, end):
            names.append(table[1])
    return names


def _save_the_same(first: Call, second: Call, source: Source) -> bool:
    """Tell whether both calls save one object."""
    if {first.method, second.method} != {"save"}:
        return False
    given = [source.arguments(call.parenthesis)[:1] for call in (first, second)]
    one, other = ([source.code[start:end] for start, end in each] for each in given)
    return one == other


def is_undone(first: Call, second: Call, source: Source) -> bool:
    """Tell whether what the first call has added is deleted where the second fails."""
    names = re.escape(".".join(first.names))
    undoing = re.compile(rf"(?<![\w$.]){names}\s*\.\s*(?:delete|destroy|remove)\w*\s*\(")
    return any(
        attempt.block[0] < second.start < attempt.block[1]
        and attempt.handler is not None
        and undoing.search(source.code, *attempt.handler)
        for attempt in source.once(tries)
    )
