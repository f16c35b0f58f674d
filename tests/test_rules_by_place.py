"""What rules make of where a file is, and of how it begins."""

from __future__ import annotations

import ast
import time

import pytest

from flake8_prep import catalog
from flake8_prep.python.context import PythonFile
from flake8_prep.python.webhooks import webhook_routes
from tests.checking import check

OFFENCES = {
    "PREP001": "wait(60 * 60)\nraise ValueError('30 days')\n",
    "PREP106": "print(1)\n",
    "PREP204": "def work(lock):\n    lock.acquire()\n    run()\n    lock.release()\n",
    "PREP215": "open('/tmp/a.csv')\n",
    "PREP051": "wait(60 * 60);\nthrow new RangeError('30 days');\n",
    "PREP156": "console.log(1);\n",
    "PREP255": "const sum = row.price ?? 0;\n",
    "PREP275": "open('/tmp/a.csv');\n",
    "PREP951": "const size = Number(process.env.SIZE);\n",
}


def codes_in(code: str, source: str, path: str) -> set[str]:
    """Return what the rule with this code finds in a source; the path has no suffix."""
    rule = next(rule for rule in catalog.all_rules() if rule.code == code)
    suffix = ".py" if rule.language.value == "python" else ".ts"
    return {finding.code for finding in check([rule], source, path + suffix)}


@pytest.mark.parametrize(("code", "source"), OFFENCES.items())
def test_tests_are_left_alone(code: str, source: str) -> None:
    assert codes_in(code, source, "src/box") == {code}
    assert codes_in(code, source, "tests/box") == set()


@pytest.mark.parametrize("code", ["PREP106", "PREP156"])
def test_programs_print(code: str) -> None:
    assert codes_in(code, OFFENCES[code], "src/cli") == set()
    assert codes_in(code, OFFENCES[code], "scripts/seed") == set()
    assert codes_in(code, OFFENCES[code], "packages/create-app/src/main") == set()
    assert codes_in(code, OFFENCES[code], "src/create-order/main") == {code}
    assert codes_in(code, f"#!/usr/bin/env x\n{OFFENCES[code]}", "src/box") == set()


def test_scripts_may_put_sql_together() -> None:
    query = "const find = (name: string) => pool.query(`SELECT id FROM rooms WHERE name = '${name}'`);\n"
    assert codes_in("PREP152", query, "src/box") == {"PREP152"}
    assert codes_in("PREP152", query, "scripts/box") == set()


def test_migrations_put_names_of_tables_together() -> None:
    drop = "def drop(op, name):\n    op.execute(f'DROP TABLE {name}')\n"
    fill = "def fill(op, name):\n    op.execute(f\"UPDATE rooms SET name = '{name}'\")\n"
    assert codes_in("PREP102", drop, "src/box") == {"PREP102"}
    assert codes_in("PREP102", fill, "src/migrations/1") == {"PREP102"}
    assert codes_in("PREP102", drop, "src/migrations/1") == set()


def test_scripts_set_variables_for_themselves() -> None:
    preset = "import os\nos.environ.setdefault('DATABASE_URL', 'sqlite://')\n"
    assert codes_in("PREP107", preset, "src/box") == {"PREP107"}
    assert codes_in("PREP107", preset, "scripts/box") == set()


def test_what_serves_no_users_needs_no_transaction() -> None:
    writes = "async function f() { await db.room.update({ a: 1 }); await db.owner.create({ b: 2 }); }\n"
    assert codes_in("PREP265", writes, "src/box") == {"PREP265"}
    for path in (
        "src/startup/box", "api/dev/box", "api/test-db/route", "src/orders.int-spec", "api/auto-cleanup/box",
        "src/script-runner.service",
    ):  # fmt: skip
        assert codes_in("PREP265", writes, path) == set()


def test_jobs_are_done_again() -> None:
    function = "async function f(id) {{ await db.{}; await db.query('{}', [id]); }}\n"
    again = function.format("room.delete({ id })", "UPDATE rates SET sum = 1")
    upsert = "INSERT INTO a (id) VALUES (1) ON CONFLICT DO NOTHING"
    for writes, expected in (
        (again, set()),
        (function.format("query('UPDATE a SET b = $1', [1])", "DELETE FROM rates"), set()),
        (function.format("room.delete({ id })", upsert), set()),
        (function.format("room.delete({ id })", "INSERT INTO rates (id) VALUES ($1)"), {"PREP265"}),
        (function.format("room.delete({ id })", "UPDATE rates SET status = 1"), {"PREP265"}),
        (function.format("room.update({ id, owner: 1 })", "UPDATE rates SET sum = 1"), {"PREP265"}),
    ):
        assert codes_in("PREP265", writes, "src/jobs/box") == expected
        assert codes_in("PREP265", writes, "src/box.worker") == expected
    assert codes_in("PREP265", again, "src/box") == {"PREP265"}


def test_what_sends_to_webhooks_receives_none() -> None:
    metadata = "function tell(data: Told) { const id = data.metadata.order_id; post(id); }\n"
    assert codes_in("PREP164", metadata, "src/payment-webhook") == {"PREP164"}
    for path in ("src/discord-webhook", "src/webhookSender", "src/outgoing_webhooks"):
        assert codes_in("PREP164", metadata, path) == set()


def test_tools_have_settings_of_their_own() -> None:
    key = "export const key = process.env.SCAN_API_KEY ?? '';\n"
    assert codes_in("PREP157", key, "src/box.config") == {"PREP157"}
    for path in ("contracts/hardhat.config", "packages/core/tsup.config", "src/testing/box"):
        assert codes_in("PREP157", key, path) == set()


@pytest.mark.parametrize("code", ["PREP551", "PREP265"])
def test_programs_that_end_do_their_writes_once(code: str) -> None:
    fill = (
        "async function fill(rooms: string[]) {\n  for (const room of rooms) {\n"
        "    await db.query('INSERT INTO rooms (id) VALUES ($1)', [room]);\n  }\n}\n"
    )
    ending = "fill(rooms).then(() => process.exit(0));\n"
    assert codes_in(code, fill, "src/fill") == {code}
    assert codes_in(code, fill + ending, "src/fill") == set()
    assert codes_in(code, fill + ending, "src/jobs/fill") == {code}
    assert codes_in(code, f"export {fill}{ending}", "src/fill") == {code}
    assert codes_in(code, fill + "process.on('SIGTERM', () => process.exit(0));\n", "src/fill") == {code}
    assert codes_in(code, fill + "fill(rooms).catch(() => process.exit(1));\n", "src/fill") == {code}


def test_probes_open_a_connection_to_see() -> None:
    route = (
        "import { Pool } from 'pg';\nexport async function GET() {\n"
        "  const pool = new Pool({ host: 'db' });\n  await check(pool);\n}\n"
    )
    assert codes_in("PREP651", route, "api/rooms/route") == {"PREP651"}
    assert codes_in("PREP651", route, "api/health/route") == set()


def test_scripts_that_prepare_a_database_read_whole_tables() -> None:
    query = "def fix(session):\n    return session.query(Order).all()\n"
    assert codes_in("PREP504", query, "src/box") == {"PREP504"}
    for path in ("migrate_orders", "scripts/box", "src/create_test_data", "check_orders", "db/review_orders"):
        assert codes_in("PREP504", query, path) == set()


def test_what_is_read_once_may_be_whole() -> None:
    query = "const f = () => prisma.order.findMany();\n"
    assert codes_in("PREP554", query, "src/box") == {"PREP554"}
    for path in ("src/import/box", "api/settings/users", "tmp/box", "src/orderHashBackfill", "test-db"):
        assert codes_in("PREP554", query, path) == set()


def test_programs_print_whole_tables() -> None:
    query = "def show(session):\n    print(session.query(Order).all())\n"
    main = "if __name__ == '__main__':\n    show(connect())\n"
    quiet = "def load(session):\n    return session.query(Order).all()\n"
    assert codes_in("PREP504", query + main, "src/box") == set()
    assert codes_in("PREP504", query, "src/box") == {"PREP504"}
    assert codes_in("PREP504", quiet + query + main, "src/box") == {"PREP504"}


def test_routes_are_no_scripts() -> None:
    route = "@app.get('/orders')\ndef orders(session):\n    return session.query(Order).all()\n"
    assert codes_in("PREP504", route, "src/check_orders") == {"PREP504"}


@pytest.mark.parametrize(
    ("question", "place", "is_reported"),
    [
        ("require.main === module", "tools/check", False),
        ("import.meta.main", "tools/check", False),
        ("process.argv[1] === here", "tools/check", False),
        ("process.argv[2] === here", "tools/check", True),
        ("process.argv[2] || process.exit(1)", "tools/check", False),
        ("process.argv[2] || process.exit(1)", "src/server", True),
        ("process.exit(1)", "tools/check", True),
        ("// require.main === module\ntrue", "tools/check", True),
        ("require.main === module", "src/worker", True),
        ("require.main === module", "cron/monthly/settle", True),
        ("require.main === module && app.listen(80)", "src/index", True),
    ],
)
def test_console_of_program(question: str, place: str, is_reported: bool) -> None:
    text = f"if ({question}) run();\nconsole.log(1);\n".replace("if (//", "//").replace("\ntrue)", "\n(true)")
    assert codes_in("PREP156", text, place) == ({"PREP156"} if is_reported else set())


def test_consoles_of_configurations_and_of_the_file() -> None:
    assert codes_in("PREP156", "console.log(1);\n", "vite.config") == set()
    for declaration in (
        "import console from 'node:console'",
        "import * as console from 'node:console'",
        "import { x, console } from 'y'",
        "const { console } = window",
        "const console = x",
    ):
        assert codes_in("PREP156", f"{declaration};\nconsole.log(1);\n", "src/box") == set()


def test_hooks_that_are_no_webhooks() -> None:
    source = """\
from fastapi import FastAPI
app = FastAPI()
@app.post('/webhook/box')
def on_event(event: dict):
    if not event.get('id'):
        return {}
"""
    assert codes_in("PREP104", source, "src/box") == {"PREP104"}
    for text, paths in ((source, ["/webhook/box"]), (source.replace("webhook", "git-hook"), [])):
        file = PythonFile(ast.parse(text), text.splitlines(keepends=True))
        assert [route.path for route in webhook_routes(file)] == paths
    assert codes_in("PREP104", source.replace("webhook", "git-hook"), "src/box") == set()


@pytest.mark.parametrize("code", ["PREP157", "PREP167", "PREP951"])
def test_comments_about_the_environment(code: str) -> None:
    sources = {
        "PREP157": "process.env.HOST || '';",
        "PREP167": "process.env.HOST || 'a';",
        "PREP951": "Number(process.env.PORT);",
    }
    assert codes_in(code, f"const a = {sources[code]}\n", "src/box") == {code}
    assert codes_in(code, f"// {sources[code]}\n", "src/box") == set()


def test_locks_are_looked_for_where_something_takes_them() -> None:
    take = "async () => { await redis.set('lock', 1, 'NX'); await save(); await redis.del('lock'); };\n"
    assert codes_in("PREP254", take, "src/box") == {"PREP254"}
    assert codes_in("PREP254", "const nx = 'acquire';\n", "src/box") == set()


@pytest.mark.parametrize("code", ["PREP002", "PREP215"])
def test_other_files_are_not_searched(code: str) -> None:
    assert codes_in(code, "x = 1  # a comment\n", "src/box") == set()


def test_last_line_can_be_a_note() -> None:
    assert codes_in("PREP052", "// TODO: x", "src/box") == {"PREP052"}
    assert codes_in("PREP052", "// TODO: x\n// #1", "src/box") == set()
    assert codes_in("PREP002", "# TODO: x", "src/box") == {"PREP002"}


def test_deep_nesting_is_read_to_a_limit() -> None:
    assert codes_in("PREP051", f"const MAX = {'(' * 50}60 * 60{')' * 50};", "src/box") == {"PREP051"}
    deep = f"Number({'(' * 50}process.env.SIZE{')' * 50})"
    assert codes_in("PREP951", deep, "src/box") == set()
    inner = f"{'(() => {' * 60}console.log(1){'})' * 60}"
    assert codes_in("PREP156", f"((console) => {{{inner}}})", "src/box") == {"PREP156"}
    assert codes_in("PREP951", f"isNaN({'[' * 50}+process.env.SIZE{']' * 50})", "src/box") == {"PREP951"}


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("PREP051", "x = 60 * 60 + " * 10_000),
        ("PREP051", "new Error('30 days', " * 5_000),
        ("PREP051", "60 * " * 20_000),
        ("PREP052", "// TODO: x\n" * 10_000),
        ("PREP052", "/* TODO: x */ " * 10_000),
        ("PREP156", "console.log(console => console.log(" * 3_000),
        ("PREP255", "amount || 0;" * 10_000),
        ("PREP275", "'/tmp/a' + " * 10_000),
        ("PREP452", "a == b && " * 10_000),
        ("PREP951", "const size = Number(process.env.SIZE);" * 3_000),
        ("PREP951", "Number(" * 5_000 + "process.env.SIZE"),
        ("PREP001", f"x = {'60 * ' * 900}60\n" * 10),
        ("PREP002", "# TODO: x\n" * 10_000),
    ],
)
def test_time_grows_with_the_file(code: str, source: str) -> None:
    start = time.process_time()
    codes_in(code, source, "src/box")
    assert time.process_time() - start < 5


def test_paths_for_other_machines() -> None:
    for code in ("PREP215", "PREP275"):
        for path in ("src/ssh/box", "src/sandbox_files", "src/shims/box"):
            assert codes_in(code, OFFENCES[code], path) == set()
        # What is below a folder of such a name may run anywhere.
        assert codes_in(code, OFFENCES[code], "remote/src/box") == {code}


def test_names_around_a_path_are_those_nearby() -> None:
    nested = "function save() {\n  f([[[[['/tmp/a.csv']]]]]);\n}\n"
    assert codes_in("PREP275", nested, "src/box") == {"PREP275"}
    assert codes_in("PREP275", nested.replace("save", "mockSave"), "src/box") == set()


def test_long_chains_behind_a_variable() -> None:
    chain = "const name = (process.env.NAME || '')" + ".trim()" * 50 + ";\n"
    assert codes_in("PREP157", chain, "src/box") == {"PREP157"}
