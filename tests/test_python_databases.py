"""What is known about databases and their clients, where the fixtures of the rules do not reach."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.python.context import PythonFile
from flake8_prep.python.databases import chain, fills_tables, is_collection, is_database, manager
from flake8_prep.python.engine import Engine
from flake8_prep.python.iterations import iterations
from flake8_prep.python.lifetimes import Fate, fate
from flake8_prep.python.rules.performance.query_in_loop import QueryInLoop
from flake8_prep.python.rules.performance.unbounded_query import UnboundedQuery
from flake8_prep.python.rules.performance.unindexed_foreign_key import UnindexedForeignKey
from flake8_prep.python.rules.resources.client_per_call import ClientPerCall
from flake8_prep.python.rules.security.pool_without_limits import PoolWithoutLimits

RULES = [ClientPerCall, PoolWithoutLimits, QueryInLoop, UnboundedQuery, UnindexedForeignKey]
PROBLEMS = """
import redis
from sqlalchemy import Column, ForeignKey, create_engine

engine = create_engine(URL)

class Invoice(Base):
    customer_id = Column(ForeignKey("customers.id"))

def load(cursor, ids):
    redis.Redis().ping()
    for id in ids:
        cursor.execute("SELECT name FROM customers WHERE id = %s", (id,))
    cursor.execute("SELECT name FROM customers")
    return cursor.fetchall()
"""


def parsed(source: str, path: str = "shop/database.py") -> PythonFile:
    """Return the file that has this source."""
    return PythonFile(ast.parse(source), source.splitlines(keepends=True), path)


def expression(source: str) -> ast.expr:
    """Return the expression that has this source."""
    return ast.parse(source, mode="eval").body


def codes(source: str, path: str = "shop/database.py") -> list[str]:
    """Return the codes of what the rules find in the source, sorted."""
    return sorted(found.code for found in Engine(RULES).check(parsed(source, path)))


def test_chain() -> None:
    root, links = chain(expression("(await session.execute(query)).scalars().first"))
    assert ast.unparse(root) == "session"
    assert [(link.name, link.call is not None) for link in links] == [
        ("execute", True),
        ("scalars", True),
        ("first", False),
    ]


@pytest.mark.parametrize("source", ["session.query()()", "rows[0].query()", "f'{x}'.join(rows)", "name"])
def test_chain_begins_with_what_is_no_link(source: str) -> None:
    root, links = chain(expression(source))
    assert len(links) <= 1
    assert isinstance(root, ast.expr)


def test_chain_that_is_too_long_has_no_links() -> None:
    assert chain(expression("query" + ".filter()" * 100)).links == ()


@pytest.mark.parametrize(
    "source", ["user_model.objects", "models.User.objects.all()", "self.model.objects.get(id=1)"]
)
def test_manager(source: str) -> None:
    assert manager(chain(expression(source))) is not None


@pytest.mark.parametrize(
    "source", ["objects", "scene.objects", "User.find().objects", "a.b.c.d.e.f.objects", "f(x)"]
)
def test_no_manager(source: str) -> None:
    assert manager(chain(expression(source))) is None


@pytest.mark.parametrize(
    "source",
    ["session", "self.db_session", "get_connection()", "await pool", "link", "app.state.pool", "open_cur()"],
)
def test_database(source: str) -> None:
    file = parsed(f"import asyncpg\nlink = asyncpg.connect()\nasync def f(): return {source}\n")
    (found,) = file.nodes(ast.Return)
    assert found.value is not None
    assert is_database(found.value, file)


@pytest.mark.parametrize("source", ["executor", "client", "session", "possession", "rows[0]", "f()()"])
def test_no_database(source: str) -> None:
    file = parsed(f"import requests\nsession = requests.Session()\nvalue = {source}\n")
    assert not is_database(file.nodes(ast.Assign)[1].value, file)


@pytest.mark.parametrize("source", ["people", "db.people", "db['people']", "collection", "user_coll"])
def test_collection(source: str) -> None:
    file = parsed(f"def f(people: motor.Collection): return {source}\nimport motor\n")
    (found,) = file.nodes(ast.Return)
    assert found.value is not None
    assert is_collection(found.value, file)


@pytest.mark.parametrize(
    ("source", "expected"), [("db.people", True), ("collection", True), ("people", False)]
)
def test_collection_by_name(source: str, expected: bool) -> None:
    file = parsed(f"value = {source}\n")
    assert is_collection(file.nodes(ast.Assign)[0].value, file) is expected


@pytest.mark.parametrize(
    "path", ["shop/seeds/users.py", "shop/demo_data.py", "db/fixtures.py", "user_factory.py"]
)
def test_files_that_fill_tables(path: str) -> None:
    assert fills_tables(parsed("", path))


@pytest.mark.parametrize("path", ["shop/models.py", "shop/democracy.py", "proceeds/views.py"])
def test_files_that_do_not_fill_tables(path: str) -> None:
    assert not fills_tables(parsed("", path))


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        ("for x in xs: call()", ["xs"]),
        ("for x in xs:\n  for y in x.ys: call()", ["x.ys", "xs"]),
        ("for x in xs:\n  while x: call()", []),
        ("for x in xs:\n  if x: pass\n  else: call()", ["xs"]),
        ("for x in xs:\n  if x: pass\n  else:\n    call()\n    break", []),
        ("for x in xs: pass\nelse: call()", []),
        ("for x in call(): pass", []),
        ("class A:\n  call()", []),
        ("[call() for x in xs for y in x.ys]", ["xs", "x.ys"]),
        ("[x for x in xs for y in call(x)]", ["xs"]),
        ("[x for x in xs if call(x) for y in x.ys]", ["xs"]),
        ("[x for x in call()]", []),
        ("for x in [1, *xs]: call()", ["[1, *xs]"]),
        ("for x in {**xs}: call()", ["{**xs}"]),
        ("for x in load(xs): call()", ["load(xs)"]),
        ("for x in range(10): call()", []),
        ("for i in range(len(xs)): call()", ["range(len(xs))"]),
        ("for i in range(0, len(xs), 9): call()", []),
        ("for x in batched(xs, 9): call()", []),
        ("for chunk in xs: call()", []),
        ("for x in xs, ys: call()", []),
        ("for x in list(zip(KINDS, xs)): call()", []),
        ("for x in a(b(c))[0]: call()", ["a(b(c))[0]"]),
        ("for x in " + "list(" * 20 + "xs" + ")" * 20 + ": call()", ["list(" * 20 + "xs" + ")" * 20]),
    ],
)
def test_iterations(loop: str, expected: list[str]) -> None:
    file = parsed(f"{loop}\n")
    call = next(node for node in file.nodes(ast.Call) if ast.unparse(node.func) == "call")
    assert [ast.unparse(iteration.iterable) for iteration in iterations(call, file)] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("make().get()", Fate.LOST),
        ("x = make()\n  x.headers['a'] = x.timeout = 1\n  del x.headers\n  x.get()", Fate.LOST),
        ("x = make()\n  for y in x: print(y)", Fate.LOST),
        ("x = make()\n  z = x\n  x = z\n  x.get()", Fate.LOST),
        ("x = make()\n  return x.connect()", Fate.LENT),
        ("x = make()\n  with x.connect(): pass", Fate.LOST),
        ("x = make()\n  with x.connect() as z: z.get()", Fate.LOST),
        ("x = make()\n  return x.pool", Fate.LENT),
        ("x = make()\n  return x", Fate.KEPT),
        ("return (x := make())", Fate.KEPT),
        ("x: Any = make()\n  x.close()", Fate.CLOSED),
        ("x = make()\n  atexit.register(x.close)\n  return x", Fate.CLOSED),
        ("x = make()\n  x.connect().close()", Fate.LOST),
        ("with make() as x: pass", Fate.CLOSED),
        ("with make().connect(): pass", Fate.LOST),
        ("closing(make())", Fate.CLOSED),
        ("print(make())", Fate.LOST),
        ("print(Session(bind=make()))", Fate.LOST),
        ("return Session(make())", Fate.KEPT),
        ("return Session(make())()", Fate.LENT),
        ("x = make()\n  def f(): x.get()", Fate.KEPT),
        ("global x\n  x = make()", Fate.KEPT),
        ("y = make()", Fate.KEPT),
        ("x = make()\n" + "  x.get()\n" * 300, Fate.KEPT),
        ("x = [make()]", Fate.KEPT),
        ("x = f'{make()}'", Fate.LOST),
    ],
)
def test_fate(body: str, expected: Fate) -> None:
    file = parsed(f"def function(y=None):\n  {body}\n")
    call = next(node for node in file.nodes(ast.Call) if ast.unparse(node.func) == "make")
    assert fate(call, file) is expected


def test_problems() -> None:
    assert codes(PROBLEMS) == ["PREP108", "PREP501", "PREP502", "PREP504", "PREP601"]


@pytest.mark.parametrize("path", ["tests/test_database.py", "shop/migrations/0001_initial.py"])
def test_tests_and_migrations_are_left_alone(path: str) -> None:
    assert not codes(PROBLEMS, path)


def test_scripts_and_seeds_are_left_alone() -> None:
    assert codes(PROBLEMS, "scripts/report.py") == ["PREP501", "PREP502"]
    assert codes(PROBLEMS, "shop/seeds.py") == ["PREP108", "PREP502", "PREP601"]


def test_sqlite_by_the_path() -> None:
    assert "PREP108" not in codes(PROBLEMS, "shop/sqlite.py")


@pytest.mark.parametrize(
    "extra", ["from sqlalchemy.dialects.mysql import BIGINT", 'ARGS = {"mysql_engine": "InnoDB"}']
)
def test_mysql_has_indexes_for_foreign_keys(extra: str) -> None:
    assert "PREP502" not in codes(f"{PROBLEMS}\n{extra}\n")
    assert "PREP502" in codes(f"{PROBLEMS}\n{extra.replace('mysql', 'oracle')}\n")


def test_module_level_query_in_no_loop() -> None:
    assert not codes('cursor.execute("SELECT name FROM customers WHERE id = 1", (x,))\n')
