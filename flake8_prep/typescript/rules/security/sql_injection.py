"""SQL whose text is put together from values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program, prepares_database
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.sql import DEFINING, OPENING, statement_in
from flake8_prep.typescript.calls import method_pattern
from flake8_prep.typescript.databases import holds_statements, statement_range
from flake8_prep.typescript.plain import (
    is_brought,
    is_checked_before,
    is_from_outside,
    is_of_request,
    names_column,
)
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.texts import Value, assemble
from flake8_prep.typescript.variables import variable_at

# What the database knows about itself is no secret, and the language of Google Ads has no parameters.
_OTHER = lazy_pattern(r"information_schema|\b(?:metrics|segments)\.\w")
# Methods of pg-promise and SQLite. Other things have methods of these names, so that the text must be there.
_SHORT = lazy_pattern(
    r"\.\s*+(?:all|any|each|get|many|manyOrNone|none|one|oneOrNone|run)\s*+(?:<[^()]{0,200}>\s*+)?"
    r"(?P<open>\()\s*+['\"`]"
)
# What stands before a value in single quotes, in a template or in an operand of `+`.
_QUOTE_END = lazy_pattern(r"(?:'%?(?:\$\{|[\"`]\s*\+)|\\'%?'\s*\+)\s*\Z")
# What stands before a value that a column is compared with or given, and what tells that it is a name after
# all: `= ${alias}.id`.
_COMPARED_END = lazy_pattern(
    r"(?:(?<![<>=!-])[=<>]|[<>!]=|<>|\b(?:i?like|between|in\s*\(|values\s*\())"
    r"\s*(?:\$\{|[\"'`]\s*\+)\s*\Z",
    re.IGNORECASE,
)
# A list without quotes around its elements is one of numbers, as it would be no SQL otherwise.
_IN_END = lazy_pattern(r"\bin\s*\(\s*\$\{\s*\Z", re.IGNORECASE)
_LIST_END = lazy_pattern(r"\.\s*(?:join|map)\s*\Z")
_GOES_ON = lazy_pattern(r"\s*\}[\w.\"]|\s*\+\s*[\"'`][\w.]")
# The same for a name of a table, column or type, which cannot be a parameter.
_IDENTIFIER_END = lazy_pattern(r"(?:(?:\"|\\`)\w*|::)\$\{\s*\Z")
_TABLE_END = lazy_pattern(
    r"(?:\b(?:from|into|join|table|update)\s++(?:only\s++)?|(?:schema|table)(?:name)?\s*+=\s*+`)"
    r"[\w.\"]*+(?:\$\{(?:[^{}]*+\}\.\$\{)?|[\"'`]\s*+\+)\s*+\Z",
    re.IGNORECASE,
)
# The same for a column that is compared with a parameter or given one, `SET ${column} = $1`, and for an
# interval with its unit, which is a keyword: `INTERVAL ${interval})`.
_COLUMN_END = lazy_pattern(r"\b(?:set|where|and|or|on)\s++\$\{\s*\Z", re.IGNORECASE)
_GIVEN_PARAMETER = lazy_pattern(r"\s*\}\s*(?:[<>!]?=|<>|[<>]|i?like\s)\s*(?:\?|[$:@][\w/])", re.IGNORECASE)
_INTERVAL_END = lazy_pattern(r"\binterval\s++(?:\$\{|[\"'`]\s*+\+)\s*+\Z", re.IGNORECASE)
_UNIT = lazy_pattern(
    r"\s*+(?:\}|\+\s*+[\"'`])\s*+(?:micro|second|minute|hour|day|week|month|quarter|year)", re.IGNORECASE
)
_REACH = 80


class SqlInjection(TypeScriptRule):
    """SQL whose text is put together from values.

    Why is this bad:
        A value that becomes a part of the text of a statement can end that statement and begin another one.
        Whoever has a say in the value then has a say in the database: `x' OR '1'='1` reads every row,
        `'; DROP TABLE users; --` does worse. A value that is passed as a parameter is never read as SQL.

    Example:
        async function findUser(name: string) {
          const found = await pool.query(`SELECT id, email FROM users WHERE name = '${name}'`);
          return found.rows[0];
        }

    Use instead:
        async function findUser(name: string) {
          const found = await pool.query('SELECT id, email FROM users WHERE name = $1', [name]);
          return found.rows[0];
        }

    Known limits:
        Names of tables and columns cannot be parameters: take them from a constant, or check them against a
        list of what is allowed (`if (!COLUMNS.includes(column)) throw ..`), which this rule accepts, or quote
        them by the driver's own means, as `client.escapeIdentifier`. Silent for tagged templates (`sql`,
        `Prisma.sql`, `$queryRaw`), numbers, lists of placeholders, constants in `UPPER_CASE`, names of tables
        and schemas (also by their place, behind `FROM`), columns and units by their places
        (`SET ${column} = $1`, `INTERVAL ${interval}`), what all callers of a private method write out, names
        in double quotes that come from no request, UUIDs by their names, the results of functions, settings,
        and in tests, migrations and scripts. Names of clauses, columns, orders and limits are reported only
        if they come from a request, or those of orders if they are declared to be any text. A number whose
        type is declared in another file can be taken for a text.
    """

    code = "PREP152"
    name = "sql-injection"
    severity = Severity.CRITICAL
    finding = "1.2"
    message = "'{value}' becomes part of the text of this {verb} statement, and can change what it does"
    triggers = ("query", "exec", "prepare", "raw", "nsafe", "SELECT", "INSERT", "UPDATE", "DELETE")
    pattern = method_pattern(
        {
            *("$executeRawUnsafe", "$queryRawUnsafe", "exec", "execute", "prepare"),
            *("query", "queryRaw", "raw"),
            *("rawQuery", "unsafe"),
        }
    )

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file or prepares_database(source.path) or is_program(source.path):
            return
        reported = set()
        for parenthesis, has_short_name in _calls(self.pattern, source):
            statement = statement_range(parenthesis, source) if holds_statements(source) else None
            if statement is None:
                continue
            text, values, _ = assemble(*statement, source)
            if not values:
                continue
            verb = statement_in(text)
            if verb is None or _OTHER.search(text) or (has_short_name and not verb.is_certain):
                continue
            for value in values:
                if value.text_start not in reported and _may_change(value, verb.verb, source):
                    reported.add(value.text_start)
                    shown = " ".join(source.text[value.start : value.end].split())
                    yield self.at(value.text_start, source, value=shown, verb=verb.verb)


def _calls(pattern: re.Pattern[str], source: Source) -> Iterator[tuple[int, bool]]:
    """Yield the parentheses of calls that may be given statements, and whether other things are called so."""
    for match in pattern.finditer(source.code):
        yield match.start("open"), False
    for match in _SHORT.finditer(source.code):
        if OPENING.match(source.text, match.end()):
            yield match.start("open"), True


def _may_change(value: Value, verb: str, source: Source) -> bool:
    """Tell whether a value can be more than the number, or the name of a column, that it stands for."""
    before = source.text[max(0, value.start - _REACH) : value.start]
    if verb in DEFINING or _is_no_parameter(before, value.end, source):
        may_change = is_of_request(value.start, value.end, source)
    else:
        may_change = (
            _QUOTE_END.search(before) is not None
            or (
                _COMPARED_END.search(before) is not None
                and not _GOES_ON.match(source.text, value.end)
                and not (_IN_END.search(before) and _is_list(value, source))
            )
            or (
                is_from_outside(value.start, value.end, source)
                and not names_column(value.start, value.end, source)
            )
        )
    return (may_change or _is_brought(value, source)) and not _is_checked(value, source)


def _is_list(value: Value, source: Source) -> bool:
    """Tell whether a value is what `join` or `map` gives, also by way of a variable."""
    variable = variable_at(source.code[value.start : value.end], value.start, source)
    given = variable.values if variable is not None else [value.start]
    for start in given:
        end = source.expression_end(start)
        opening = source.opening(end - 1) if source.code[start:end].endswith(")") else None
        if opening is None or not _LIST_END.search(source.code, max(0, opening - _REACH), opening):
            return False
    return bool(given)


def _is_no_parameter(before: str, end: int, source: Source) -> bool:
    """Tell whether a value stands where no parameter can: for a table, a column or a keyword."""
    if _IDENTIFIER_END.search(before) or _TABLE_END.search(before):
        return True
    if _COLUMN_END.search(before) and _GIVEN_PARAMETER.match(source.text, end):
        return True
    return _INTERVAL_END.search(before) is not None and _UNIT.match(source.text, end) is None


def _is_checked(value: Value, source: Source) -> bool:
    """Tell whether a value, or all that a variable was given, is checked before it is used."""
    if is_checked_before(value.start, value.end, source):
        return True
    return bool(value.origins) and all(_is_checked(origin, source) for origin in value.origins)


def _is_brought(value: Value, source: Source) -> bool:
    """Tell whether a value is a part of a request, also by way of variables."""
    if value.origins:
        return any(_is_brought(origin, source) for origin in value.origins)
    return is_brought(value.start, value.end, source) and not _is_checked(value, source)
