"""What is taken for a database, a loop, a transaction and a pool, where the fixtures do not reach."""

from __future__ import annotations

import pytest

from flake8_prep import catalog
from tests.checking import check


def count(code: str, text: str, path: str = "src/orders.ts") -> int:
    """Return how often the rule with this code finds something in a text."""
    return len(check([rule for rule in catalog.typescript_rules() if rule.code == code], text, path))


ALL_FILES = "await db.query(`SELECT id FROM a WHERE b = '${req.query.b}'`);"
IN_LOOP = "for (const id of ids) { await prisma.room.delete({ where: { id } }); }"
TWICE = "async function f() { await prisma.a.create({}); await prisma.b.create({}); }"
POOL = "import { Pool } from 'pg'; const f = () => { const p = new Pool({ host: 'a' }); p.query('b'); };"
CASES = [
    ("PREP152", ALL_FILES),
    ("PREP154", "app.post('/webhook', (req, res) => { if (!req.body.id) { res.sendStatus(200); } });"),
    ("PREP158", POOL),
    ("PREP265", TWICE),
    ("PREP551", IN_LOOP),
    ("PREP554", "await db.query('SELECT id FROM bookings');"),
    ("PREP651", POOL),
]


@pytest.mark.parametrize(("code", "text"), CASES)
def test_service(code: str, text: str) -> None:
    assert count(code, text) == 1


@pytest.mark.parametrize("path", ["src/orders.test.ts", "tests/orders.ts", "src/__tests__/orders.ts"])
@pytest.mark.parametrize(("code", "text"), CASES)
def test_tests_are_left_alone(code: str, text: str, path: str) -> None:
    assert count(code, text, path) == 0


@pytest.mark.parametrize(
    "path", ["db/migrations/1_rooms.ts", "prisma/seed.ts", "src/migrate.ts", "test-utils/db.ts"]
)
@pytest.mark.parametrize(("code", "text"), [case for case in CASES if case[0] != "PREP154"])
def test_what_prepares_a_database_is_left_alone(code: str, text: str, path: str) -> None:
    assert count(code, text, path) == 0


# Receivers


@pytest.mark.parametrize("declaration", ["depot: Pool", "depot?: PoolClient", "depot = new Pool()"])
def test_names_by_their_types(declaration: str) -> None:
    query = "for (const id of ids) { await depot.query('SELECT a FROM b WHERE id = $1', [id]); }"
    assert count("PREP551", f"let {declaration};\n{query}") == 1
    # A type that belongs to no name.
    assert count("PREP551", f"type Depots = {{ [name: string]: Pool }};\n{query}") == 0


@pytest.mark.parametrize(
    "call",
    [
        "db.query('DELETE FROM a WHERE id = $1', [id])",
        "this.client.query('DELETE FROM a WHERE id = $1', [id])",
        "conn.execute(`DELETE FROM a WHERE id = ?`, [id])",
        "sequelize.query('DELETE FROM a WHERE id = ?')",
        "ctx.db.insert(rooms).values({ id })",
        "dbWrite.room.update({ where: { id } })",
        "this.userRepository.save({ id })",
        "dataSource.getRepository(Room).save({ id })",
        "knex<Room>('rooms').where({ id }).update({ open: true })",
        "db!.room.delete({ where: { id } })",
        "this.#prisma.room.delete({ where: { id } })",
        "User.findByPk(id)",
    ],
)
def test_databases(call: str) -> None:
    assert count("PREP551", f"for (const id of ids) {{ await {call}; }}") == 1


@pytest.mark.parametrize(
    "call",
    [
        "client.query(ROOM)",
        "client.query()",
        "other.query('DELETE FROM a WHERE id = $1')",
        "api.execute('DELETE FROM a WHERE id = $1')",
        "db.query({ name: 'a' })",
        "room.save()",
        "rooms.find(id)",
        "Room.create({ id })",
        "user.findOne(id)",
        "redisDb.delete(id)",
        "(await open()).query('DELETE FROM a WHERE id = $1')",
        "'a'.query('DELETE FROM a WHERE id = $1')",
        "[db].update(id)",
        "db.query('CREATE TABLE a (id int)')",
        "db.query('SAVEPOINT a')",
    ],
)
def test_other_receivers(call: str) -> None:
    assert count("PREP551", f"for (const id of ids) {{ await {call}; }}") == 0


@pytest.mark.parametrize(
    ("declaration", "number"),
    [
        ("private readonly rooms: Repository<Room>", 1),
        ("private rooms!: EntityManager", 1),
        ("const rooms = drizzle(url)", 1),
        ("const rooms = await source.getRepository(Room)", 1),
        ("private readonly rooms: RoomList", 0),
    ],
)
def test_databases_by_type(declaration: str, number: int) -> None:
    assert count("PREP551", f"{declaration}; for (const id of ids) {{ await rooms.delete(id); }}") == number


# Loops


@pytest.mark.parametrize(
    "loop",
    [
        "for (const id of ids.filter(Boolean))",
        "for (const id of Object.keys(rooms))",
        "for (const [id, room] of Object.entries(rooms))",
        "for (const id of [...ids, other])",
        "for (const id of found.rows.reverse())",
        "for (const id of await load())",
        "for (let i = 0, id = ids[0]; i < ids.length; i += 1)",
        "while (ids.length)",
        "for (const id of list)",
    ],
)
def test_loops(loop: str) -> None:
    text = f"const list = await load();\n{loop} {{ await prisma.room.delete({{ id }}); }}"
    assert count("PREP551", text) == 1


@pytest.mark.parametrize(
    "loop",
    [
        "for (const id of ['a', 'b'].filter(Boolean))",
        "for (const id of Object.keys({ a: 1 }))",
        "for (const [id] of Object.entries(FIELDS))",
        "for (const id of Kinds.all)",
        "for (const id of list)",
        "for (const id of fields)",
        "for (const id of this.tables)",
        "for (let i = 0; i < 3; i++)",
        "for (let i = ids.length; i > 0; i -= size)",
        "for (;;)",
        "while (true)",
        "do",
        "if (ids.length)",
        "for await (const ids of pages)",
        "for await (const id of queue)",
        "for await (id of ids)",
        "switch (id)",
        "",
    ],
)
def test_no_loops_over_many_elements(loop: str) -> None:
    given = "const list = ['a', 'b']; const fields = { a: 1 };\n"
    assert count("PREP551", f"{given}{loop} {{ await prisma.room.delete({{ id }}); }}") == 0


def test_list_that_is_filled_later_is_of_any_length() -> None:
    text = "const list = []; list.push(...ids); for (const id of list) { await prisma.room.delete({ id }); }"
    assert count("PREP551", text) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("await Promise.all(ids.map((id) => prisma.a.delete({ id })));", 1),
        ("await Promise.all(ids.map(async (id) => { await prisma.a.delete({ id }); }));", 1),
        ("const all = ids.map((id) => prisma.a.delete({ id }));", 0),
        ("ids.sort(async (id) => { await prisma.a.delete({ id }); });", 0),
        ("run(async (id) => { await prisma.a.delete({ id }); });", 0),
        ("ids.map(f, async (id) => { await prisma.a.delete({ id }); });", 0),
        ("const f = async (id) => { await prisma.a.delete({ id }); };", 0),
        ("ids.map(async (batch) => { await prisma.a.delete({ batch }); });", 0),
        ("['a'].map(async (id) => { await prisma.a.delete({ id }); });", 0),
        ("['a'].map(async (id) => { for (const x of xs) { await prisma.a.delete({ x }); } });", 1),
        ("(x).map(async () => { await prisma.a.delete(); });", 1),
        ("for (const x of xs) { ids.map(async (id) => { if (id) { await prisma.a.delete(); } }); }", 1),
        ("for (const x of xs) { (y) => { await prisma.a.delete(); } }", 0),
        ("for (const x of xs) { for (const id of ['a']) { await prisma.a.delete(); } }", 1),
        ("for (const x of xs) " + "(" * 150 + "await prisma.a.delete()" + ")" * 150, 0),
        ("for (const x of ['a']" + ".filter(f)" * 5 + ") { await prisma.a.delete(); }", 1),
        ("for (const x of load(1).rows) { await prisma.a.delete(); }", 1),
        ("for (const x of 'abc') { await prisma.a.delete(); }", 0),
        ("for (const x of xs) { if (x) { for (const y of ys) { await prisma.a.delete(); } } }", 1),
        ("for (const x of xs) { prisma.a.delete(); }", 0),
    ],
)
def test_callbacks(text: str, number: int) -> None:
    assert count("PREP551", text) == number


def test_long_collection_is_cut() -> None:
    text = f"for (const x of {'a' * 99}) {{ await prisma.a.delete({{ x }}); }}"
    rules = [rule for rule in catalog.typescript_rules() if rule.code == "PREP551"]
    assert check(rules, text, "a.ts")[0].message.endswith(f"'{'a' * 40}..'")


# Transactions


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("await prisma.a.create(); await prisma.b.create();", 1),
        ("if (x) { await prisma.a.create(); } await prisma.b.create();", 1),
        ("if (x) { await prisma.a.create(); } if (y) { await prisma.b.create(); }", 1),
        ("if (x) await prisma.a.create(); await prisma.b.create();", 1),
        ("if (x) { await prisma.a.create(); return; log(); } await prisma.b.create();", 1),
        ("(await prisma.a.create()); await prisma.b.create();", 1),
        ("if (x) { return; } await prisma.a.create(); await prisma.b.create();", 1),
        ("if (x) { if (y) { return; } await prisma.a.create(); } await prisma.b.create();", 1),
        ("const [a] = await prisma.a.create(); if (z) { log(); } await prisma.b.create();", 1),
        ("await prisma.a.create(); await User.findOne(); await prisma.b.create();", 1),
        ("for (const x of xs) { await prisma.a.create(); await prisma.b.create(); }", 1),
        ("if (x) { await prisma.a.create(); throw error; } await prisma.b.create();", 0),
        ("if (x) { await prisma.a.create(); } else { await prisma.b.create(); }", 0),
        ("if (x) { await prisma.a.create(); } else if (y) { await prisma.b.create(); }", 0),
        ("try { await prisma.a.create(); } finally { } await prisma.b.create();", 0),
        ("await prisma.a.create(); try { await prisma.b.create(); } catch (error) { }", 0),
        ("await prisma.a.create(); await send(); await prisma.b.create();", 0),
        ("await prisma.a.upsert(); await prisma.b.create();", 0),
        ("await prisma.a.create(); await prisma.$transaction([]); await prisma.b.create();", 0),
        ("await prisma.session.create(); await prisma.token.create();", 0),
        ("await tx.a.create(); await tx.b.create();", 0),
        ("await prisma.a.update(); await prisma.a.update();", 0),
        ("await db.update(a); await db.update(b);", 1),
        ("const [a] = await prisma.a.create(); if (!a) return; await prisma.b.create();", 0),
        ("switch (x) { case 1: await prisma.a.create(); default: await prisma.b.create(); }", 0),
        ("x ? await prisma.a.create() : await prisma.b.create();", 0),
    ],
)
def test_writes(body: str, number: int) -> None:
    assert count("PREP265", f"async function f(x) {{ {body} }}") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("await prisma.a.create(); await prisma.b.create();", 0),
        ("db.transaction(async () => { await prisma.a.create(); await prisma.b.create(); });", 0),
        ("function g(tx) { " + TWICE + " }", 0),
        ("function g() { db.query('BEGIN'); " + TWICE + " }", 0),
        ("function g() { h(() => db.query('BEGIN')); " + TWICE + " }", 1),
        ("function g() { h(() => db.transaction(x)); " + TWICE + " }", 1),
        ("class A { @Transactional() " + TWICE.removeprefix("async function ") + " }", 0),
        ("async function f() { await prisma.a.create(); (" * 60, 0),
    ],
)
def test_transactions(text: str, number: int) -> None:
    assert count("PREP265", text) == number


# Pools


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("const p = new Pool({ connectionString: url });", 1),
        ("const p = new Pool({ size: 4 });", 0),
        ("const p = new Pool();", 0),
        ("const p = new Pool(url);", 0),
        ("class Pool {} const p = new Pool({ host: 'a' });", 0),
        ("import { Pool } from 'undici'; const p = new Pool({ host: 'a' });", 0),
        ("import { Pool as P } from 'pg'; const p = new Pool({ size: 'a' });", 0),
        ("const p = Pool({ host: 'a' });", 0),
        ("const p = new pg.Pool({ size: 4 });", 1),
        ("const p = new workers.Pool({ host: 'a' });", 0),
        ("const p = new createPool({ host: 'a' });", 0),
        ("const p = createPool({ host: 'a' });", 0),
        ("const p = new Redis({ host: 'a' });", 0),
    ],
)
def test_pools(text: str, number: int) -> None:
    assert count("PREP158", text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("const f = async () => { const a = new PrismaClient(); await a.b.count(); }", 1),
        (
            "class PrismaClient {} const f = () => { const a = new PrismaClient(); a.b.count(); }",
            0,
        ),
        (
            "import { PrismaClient } from '../prisma'; const f = () => new PrismaClient().a.count();",
            1,
        ),
        ("import { PrismaClient } from './fake'; const f = () => new PrismaClient().a.count();", 0),
        ("const f = () => { const a = new PrismaClient(); };", 0),
        ("const f = () => { use(new PrismaClient()); };", 0),
        ("const f = () => { const a = new Redis(url); a.get('b'); };", 0),
    ],
)
def test_pools_per_call(text: str, number: int) -> None:
    assert count("PREP651", text) == number


# Other rules


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("PREP152", "db.query(`DROP TABLE ${req.query.a}`);", 1),
        ("PREP152", "db.query(`DROP TABLE ${a}`);", 0),
        ("PREP152", "db.query(`SELECT a FROM b ORDER BY ${c}`);", 0),
        ("PREP152", "db.query(); db.query(`${a} and ${req.query.b}`);", 0),
        ("PREP174", "/* webhook */ app.post('/webhook', f); if (rowCount === 0) { log.error( }", 0),
        ("PREP174", "app.post('/webhook', f); if (rowCount === 0", 0),
        (
            "PREP164",
            "app.post('/webhook', f); a[b] = c.metadata.id; [{ d }] = c.metadata; ({ ...e } = c.metadata);",
            0,
        ),
        ("PREP554", "client.query(); db.findMany(); [prisma].findMany(); 'a'.findMany();", 0),
        ("PREP554", "prisma.a.findMany`b`; prisma.bookings.findMany(); prisma.settings.findMany();", 1),
    ],
)
def test_what_only_looks_alike(code: str, text: str, number: int) -> None:
    assert count(code, text) == number


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ("import { Pool as Depot } from 'pg'; const depot = new Depot();", 1),
        ("import { Shop as Depot } from 'shops'; const pool = Pool; const depot = new Depot();", 0),
        ("const depot = new Depot();", 0),
        ("this.depot = new Pool();", 0),
    ],
)
def test_names_by_what_is_made_for_them(made: str, found: int) -> None:
    query = "for (const id of ids) { await depot.query('SELECT a FROM b WHERE id = $1', [id]); }"
    assert count("PREP551", f"{made}\n{query}") == found
