"""Texts that are statements, and texts that only use their words."""

from __future__ import annotations

import time

import pytest

from flake8_prep.sql import PLACEHOLDER, Statement, statement_in

# `@` stands for a value.
STATEMENTS = [
    ("SELECT * FROM users", "SELECT"),
    ("SELECT @ FROM @", "SELECT"),
    ("SELECT a value FROM users", "SELECT"),
    ("SELECT EXTRACT(YEAR FROM day) FROM jobs", "SELECT"),
    ("SELECT EXISTS (SELECT 1 FROM jobs)", "SELECT"),
    ("select count(*) from users", "SELECT"),
    ("select u.id from users u", "SELECT"),
    ("select id, name from users", "SELECT"),
    ("select exists (select 1 from users)", "SELECT"),
    ("select id from users where @", "SELECT"),
    ("Select * from users", "SELECT"),
    ("Select id From users Where id = @", "SELECT"),
    ("\n  -- all of them\n  /* really */ SELECT id -- key\n FROM users", "SELECT"),
    ("SELECT ';' FROM users", "SELECT"),
    ('SELECT "from" FROM "user ""x"""', "SELECT"),
    ("SELECT `a b` FROM `app`.`users`", "SELECT"),
    ("SELECT id::text FROM users", "SELECT"),
    ("SELECT id FROM tenant_@.users", "SELECT"),
    ("SELECT id FROM {table}", "SELECT"),
    ("SELECT id FROM %s WHERE id = %(id)s", "SELECT"),
    ("(SELECT id FROM users) UNION (SELECT 1)", "SELECT"),
    ("@ SELECT id FROM users", "SELECT"),
    ("EXPLAIN QUERY PLAN SELECT id FROM users", "SELECT"),
    ("explain (analyze, verbose) select * from users", "SELECT"),
    ("SELECT 1; DELETE FROM users", "DELETE"),
    ("WITH a AS (SELECT 1), b (x) AS NOT MATERIALIZED (SELECT 2) UPDATE users SET seen = 1", "UPDATE"),
    ("with recursive a as (select 1) select * from a", "SELECT"),
    ("WITH a AS (SELECT 1 FROM b", "WITH"),
    ("INSERT INTO users", "INSERT"),
    ("insert or replace into users (id) values (1)", "INSERT"),
    ("REPLACE INTO users VALUES (1)", "REPLACE"),
    ("UPDATE users u JOIN jobs j ON u.id = j.id SET seen = 1", "UPDATE"),
    ("update @ set @ where id = 1", "UPDATE"),
    ("DELETE FROM users", "DELETE"),
    ("delete from users where id = :id", "DELETE"),
    ("MERGE INTO users USING fresh ON (true)", "MERGE"),
    ("CREATE OR REPLACE TEMP VIEW v AS @", "CREATE"),
    ("create table if not exists t (id int)", "CREATE"),
    ("ALTER TABLE IF EXISTS ONLY users ADD seen bool", "ALTER"),
    ("DROP INDEX CONCURRENTLY IF EXISTS users_id", "DROP"),
    ("TRUNCATE users", "TRUNCATE"),
]
UNCERTAIN = [
    ("select id from users", "SELECT"),
    ("Select name, city from users", "SELECT"),
    ("select created at time zone 'utc' as day from users", "SELECT"),
    ("Update users set seen", "UPDATE"),
    ("Delete from @", "DELETE"),
    ("drop table users", "DROP"),
]
OTHER_TEXTS = [
    "",
    "SELECT",
    "SELECT 1",
    "SELECT @",
    "WHERE id = 1",
    "selected from users",
    "Please select a value from @",
    "Select a value from @",
    "Select a valid asset from @",
    "Select one of the items from the menu",
    "Select the @ from the list",
    "Select users from @ to continue",
    "Don't select from the list",
    "select all items that are left from @",
    "@: select id from users where 1",
    "delete from cache: invalid key @",
    "Delete from @.",
    "Delete from @?",
    "Delete from the guild @",
    "has been delete from the guild",
    "Update on @",
    "Update the @ set of colors",
    "Update your settings, then set the color",
    "Insert into @ the card",
    "Replace NA values with @",
    "Create table of @ contents",
    "Merge into @ failed again",
    "With care, select from @",
    "WITH @ AS A KEY",
    "EXPLAIN @",
    "TRUNCATE(x, 2) / 100",
    "-- SELECT id FROM users",
    "/* SELECT id FROM users",
    "select 'from users",
    ";",
    "(",
]


def with_values(text: str) -> str:
    """Return `text` with placeholders."""
    return text.replace("@", PLACEHOLDER)


@pytest.mark.parametrize(("text", "verb"), STATEMENTS)
def test_statement(text: str, verb: str) -> None:
    assert statement_in(with_values(text)) == Statement(verb, is_certain=True)


@pytest.mark.parametrize(("text", "verb"), UNCERTAIN)
def test_statement_that_may_be_prose(text: str, verb: str) -> None:
    assert statement_in(with_values(text)) == Statement(verb, is_certain=False)


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_other_text(text: str) -> None:
    assert statement_in(with_values(text)) is None


@pytest.mark.parametrize(
    "unit",
    ["a", "a.", "a ", "FROM ", "/*", "--", "'", '"', "(", "{", "%(", "WITH x AS (", "x as (), ", " set", ";"],
)
@pytest.mark.parametrize("start", ["SELECT ", "select a from b", "update a ", "with ", "CREATE ", "("])
def test_long_text_takes_linear_time(start: str, unit: str) -> None:
    started = time.process_time()
    statement_in(start + unit * 10_000)
    assert time.process_time() - started < 2
