"""Queries for all the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.sql import PLACEHOLDER, statement_in
from flake8_prep.tables import grows
from flake8_prep.typescript.calls import Call, call_at, method_pattern
from flake8_prep.typescript.databases import RUNNING, is_database, is_query, statement_of
from flake8_prep.typescript.objects import members
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

# What limits the rows of a query: their number, one row for many, or the keys of the rows.
_KEYS = (
    r"id|uuid|guid|key|slug|email|token|code|name|\w*(?:number|reference)|url|phone|username"
    r"|\w+(?-i:I[dD]s?|Num)|\w*(?:address|link|path|domain|host|handle|sku|hash|fingerprint)"
    r"|\w+_(?:id|key|uuid|slug|token|code|name)"
)
_LIMITED = lazy_pattern(
    r"\b(?:limit|fetch\s+(?:first|next)|top\s*+\(?\s*+\d+|rownum|group\s+by|having|select\s+distinct"
    r"|distinct\s+on|for\s+update|into|union)\b"
    r"|(?<!\bnot )\bexists\s*\("
    r"|\b(?:count|sum|avg|min|max|array_agg|json_agg|jsonb_agg|json_build_object|bool_or|bool_and"
    r"|string_agg|row_number|coalesce)\s*\("
    # The columns of the tables that Prisma makes for many-to-many relations are called A and B.
    r"|=\s*any\s*\(|\"[AB]\"\s*(?:=|in\b)"
    rf"|\bselect\s+(?:1|true)\b|\bfrom\s+(?:\(|\"?(?:information_schema|pg_\w+|sqlite_master|sys|system"
    rf"|mysql)\b|[\w.\"{PLACEHOLDER}]+\()"
    rf"|\b(?:{_KEYS})[\"`]?\s*(?:::\w+\s*)?(?:[=<>]+|in\b|between\b|i?like\b)"
    rf"\s*(?:[$?:@'\d(]|{PLACEHOLDER}|any\b|lower\b|%s)"
    # A member of JSON that is a key by its name, and what is one by its type.
    rf"|->>\s*'\w*(?:[iI]d|key|KEY)'\s*+(?:\)\s*+)?=|{PLACEHOLDER}\s*::\s*uuid\b"
    # A column whose name is filled in, a name in any case, and a list of keys.
    rf"|{PLACEHOLDER}[\"`]?+\s*+(?:=|\bin\s*+\()\s*+(?:{PLACEHOLDER}|:\w*?(?-i:[iI]ds?)\b)"
    rf"|\blower\(\s*+(?:trim\(\s*+)?[\"`]?+(?:{_KEYS})[\"`]?+\s*+\)[\s)]*+="
    r"|\bin\s*+\(\s*+:\w*(?:[iI]ds|Hashes|Keys)\b"
    # Those who run the program, and what is on its way to another state, are few.
    r"|\brole\w*[\"`]?\s*+=\s*+'|=\s*+'(?:pending|processing|provisioning|queued|running)'"
    # What has come since a time that is given.
    rf"|\b\w*(?-i:At|_at|Date|_date|Time|_time|date|time)[\"`]?\s*+>=?\s*+(?:\$\d|\?|:\w|{PLACEHOLDER})",
    re.IGNORECASE,
)
_FROM = lazy_pattern(r"\bfrom\b", re.IGNORECASE)
# A query for a column, or for what must not be there: what limits its rows does not limit those around it.
_INNER = lazy_pattern(r"(?:,|\bselect|\bnot exists|\bnot in) ?+(?P<open>\( ?+select\b)", re.IGNORECASE)
_PARENTHESIS = lazy_pattern(r"[()]")
# A value that is not compared with anything may be a clause.
_MAY_BE_CLAUSE = lazy_pattern(rf"(?<![=<>(,.\"'%\s])\s*{PLACEHOLDER}(?!\.)")
# Not the time that a part is taken from, as in `extract(epoch from paid_at)`.
_TABLE = lazy_pattern(
    r"(?<!epoch )(?<!year )(?<!month )(?<!day )(?<!hour )\bfrom\s+"
    rf"(?:[\"`]?{PLACEHOLDER}[\"`]?\.|[\"`]\w+[\"`]\.)?[\"`]?([\w.]+)",
    re.IGNORECASE,
)
_FIRST_ROW = lazy_pattern(
    r"\s*+\)?\s*+(?:\.\s*+rows\s*+)?\??\.?\s*+\[\s*+0\s*+\]|\s*+\)?\s*+\.\s*+rowCount\b"
)
_DESTRUCTURED_END = lazy_pattern(
    r"(?:const|let|var)\s+(?:\[\s*(?:([\w$]+)|\{[^{}]{0,80}\})\s*,?\s*\]"
    r"|\{\s*rows\s*:\s*\[\s*[\w$]+\s*\]\s*\})\s*(?::[^=]{1,100})?=\s*(?:await\s*)?\Z"
)
_ROWS = lazy_pattern(r"[\w$]*[^s]s|data|list")
_TARGET_END = lazy_pattern(r"(?:const|let|var)\s+([\w$]+)\s*(?::[^=;]{1,100})?=\s*(?:await\s*)?\Z")
# A check for rows that must not be there finds few.
_CHECK = lazy_pattern(r"(?:check|validate|verify)[A-Z_]\w*")
# A template that is sent when it is waited for, as postgres.js does, and a prepared statement that is run.
_TAGGED = lazy_pattern(r"await(?<![\w$.]await)\s+(?P<tag>sql)\s*(?:<[^`()]{0,200}>\s*)?`")
_ALL = lazy_pattern(r"\s*+\.\s*+all\s*+(?:<[^()]{0,100}>\s*+)?\(")
# What is read once, by hand or into another program, and pages of who works here.
_ONCE = lazy_pattern(r"(?:^|/)(?:(?:imports?|prisma|settings|tmp)/|test-[\w-]+\.[cm]?ts$)")
# Methods of pg-promise and Slonik that refuse more than one row.
_OF_ONE = frozenset({"maybeOne", "none", "one", "oneOrNone"})
_BOUNDING = frozenset({"distinct", "where", "take", "limit", "first", "last", "cursor"})
_TEMPORARY = lazy_pattern(
    r"\btemp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?[\"`]?([\w.]+)", re.IGNORECASE
)


class UnboundedQuery(TypeScriptRule):
    """Queries that read all rows of a table into memory.

    Why is this bad:
        The query is quick while the table is small, which it is on the day it is written. A year later the
        same line reads a million rows into memory, one process of the service after the other runs out of it,
        and the first one to notice is a customer. Read pages of a known size, or a stream.

    Example:
        async function openBookings() {
          return (await pool.query('SELECT id, price FROM bookings WHERE paid_at IS NULL')).rows;
        }

    Use instead:
        async function openBookings(after: string) {
          const page = 'SELECT id, price FROM bookings WHERE id > $1 AND paid_at IS NULL LIMIT 500';
          return (await pool.query(page, [after])).rows;
        }

    Known limits:
        Only tables that grow with use are reported, as far as their names say: `orders`, `users`, `auditLog`
        do, `settings` and `cities` do not. Silent for aggregates, queries that ask for a key (`id = $1`,
        `user_id = $1`, an e-mail address) or for what has come since a time that is given, queries of which
        only the first row is used, texts with a value that may be a clause, and in functions that look for
        wrong data by their names (`checkAmounts`). Of templates with the tag `sql` only those that are waited
        for are reported; of Prisma, `findMany` without `take` and `where`. Ignore the rule where a condition
        leaves few rows.
    """

    code = "PREP554"
    name = "unbounded-query"
    severity = Severity.MEDIUM
    finding = "5.4"
    message = "'{query}' reads every row that there is{table}: nothing limits how many"
    triggers = ("SELECT", "select", "Select", "findMany")
    pattern = method_pattern({*RUNNING - _OF_ONE, "all", "findMany", "prepare"}, with_templates=True)

    def check(self, source: Source) -> Iterator[Finding]:
        path = source.path
        if source.is_test_file or prepares_database(path) or is_program(path) or _ONCE.search(path):
            return
        for call in _calls(self.pattern, source):
            if call.method == "findMany":
                if _finds_all(call, source):
                    yield self.at(call.start, source, query=call.name, table="")
                continue
            statement = statement_of(call, source) if _takes_all(call, source) else None
            if statement is None or not _is_unbounded(statement):
                continue
            table = _TABLE.search(_without_inner(" ".join(statement.split())))
            name = table[1] if table else ""
            if not grows(name) or _is_temporary(name, source) or _is_one_row(call, source):
                continue
            function = source.enclosing_function(call.start)
            if function is None or not _CHECK.fullmatch(function.name or ""):
                yield self.at(call.start, source, query=call.name, table=f" in '{name}'")


def _calls(pattern: re.Pattern[str], source: Source) -> Iterator[Call]:
    """Yield what may be queries: calls of methods, and templates with the tag `sql` that are waited for."""
    for match in pattern.finditer(source.code):
        call = call_at(match, source)
        if call is not None:
            yield call
    for match in _TAGGED.finditer(source.code):
        yield Call(match.start("tag"), (), match["tag"], match.end() - 1)


def _takes_all(call: Call, source: Source) -> bool:
    """Tell whether a call sends a query, and takes all rows that it finds."""
    if not call.names:
        return True
    if call.method == "prepare":
        end = source.closing(call.parenthesis)
        return end is not None and _ALL.match(source.code, end + 1) is not None
    return is_query(call, source)


def _finds_all(call: Call, source: Source) -> bool:
    """Tell whether a call of Prisma's `findMany` has nothing that limits what is found."""
    if not is_database(call.names, source) or len(call.names) < 2 or source.code[call.parenthesis] != "(":
        return False
    if not grows(call.names[-1]):
        return False
    arguments = source.arguments(call.parenthesis)
    if not arguments:
        return True
    if len(arguments) > 1 or source.code[arguments[0][0]] != "{":
        return False
    names = {member.name for member in members(arguments[0][0], source)}
    return None not in names and not names & _BOUNDING


def _is_unbounded(statement: str) -> bool:
    found = statement_in(statement)
    if found is None or found.verb != "SELECT":
        return False
    text = _without_inner(" ".join(statement.split()))
    origin = _FROM.search(text)
    return origin is not None and not _LIMITED.search(text) and not _MAY_BE_CLAUSE.search(text)


def _without_inner(text: str) -> str:
    """Return the text of a query without those in it that do not limit its rows."""
    pieces = []
    at = 0
    while match := _INNER.search(text, at):
        start = match.start("open") + 1
        depth = 1
        pieces.append(text[at:start])
        at = len(text)
        for parenthesis in _PARENTHESIS.finditer(text, start):
            depth += 1 if parenthesis[0] == "(" else -1
            if depth == 0:
                at = parenthesis.start()
                break
    pieces.append(text[at:])
    return "".join(pieces)


def _is_one_row(call: Call, source: Source) -> bool:
    """Tell whether only the first row of the answer is used."""
    end = source.closing(call.parenthesis) if source.code[call.parenthesis] == "(" else None
    if end is None:
        end = source.expression_end(call.parenthesis) - 1
    if _FIRST_ROW.match(source.code, end + 1):
        return True
    start = max(0, call.start - 200)
    if destructured := _DESTRUCTURED_END.search(source.code, start, call.start):
        # The drivers of MySQL answer with a pair, of which the first is all rows.
        name = destructured[1] or ""
        if name != "rows" and not (source.has("mysql") and _ROWS.fullmatch(name)):
            return True
    target = destructured or _TARGET_END.search(source.code, start, call.start)
    if target is None:
        return False
    function = source.enclosing_function(call.start)
    stop = function.body_end if function else len(source.code)
    first = re.compile(
        rf"(?<![\w$.]){re.escape(target[1])}(?:\.rows)?\s*\??\.?\s*(?:\[\s*0\s*\]|\.\s*rowCount\b|\.at\(0\))"
    )
    return first.search(source.code, end, stop) is not None


def _is_temporary(table: str, source: Source) -> bool:
    """Tell whether a table has only what the file puts into it for a moment."""
    return table.lower() in source.once(_temporary_tables)


def _temporary_tables(source: Source) -> Set[str]:
    return {match[1].lower() for match in _TEMPORARY.finditer(source.uncommented)}
