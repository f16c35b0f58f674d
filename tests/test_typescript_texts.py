"""Texts of TypeScript that are put together, and the variables, imports and objects they are read from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_prep import catalog
from flake8_prep.sql import PLACEHOLDER
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.objects import members
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.texts import assemble
from flake8_prep.typescript.variables import parameter_at, variable_at
from tests.checking import check


def assembled(text: str) -> tuple[str, list[str]]:
    """Return the text that is the argument of `run`, with `_` for each value, and the values in it."""
    source = Source("a.ts", text)
    start = text.index("run(") + 3
    found = assemble(*source.arguments(start)[0], source)
    shown = " ".join(found.text.replace(PLACEHOLDER, "_").split())
    return shown, [text[value.start : value.end] for value in found.values]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run('a' + x + \"b\")", ("a_b", ["x"])),
        ("run(`a${x}b${y.z}c`)", ("a_b_c", ["x", "y.z"])),
        ("run(`a${`b${x}`}`)", ("ab_", ["x"])),
        ("run(('a' + (x)))", ("a_", ["x"])),
        ("run(await x as string)", ("_", ["x"])),
        ("run(x!)", ("_", ["x"])),
        ("run(`a${x ? y : z}`)", ("a_", ["y", "z"])),
        ("run(`a${x ? y ? 'b' : w : z}`)", ("a_", ["w", "z"])),
        ("run(`a${x ? y}`)", ("a_", [])),
        ("run(`a${x ?? y}${z && w}`)", ("a__", ["x", "y", "w"])),
        ("run(`a${x + y}${x + 1}${x - y}${x < y}`)", ("a_____", ["x", "y"])),
        ("run(`a${f<T>(x)}${x as T}`)", ("a__", ["x"])),
        ("run(`a${5}${-1}${true}${null}`)", ("a____", [])),
        ("run(['a', x].join(' '))", ("a _", ["x"])),
        ("run(x.concat(y, 'b'))", ("_ _ b", ["x", "y"])),
        ("run(`a${x.trim()}${x.toLowerCase().slice(1)}`)", ("a__", ["x", "x"])),
        ("run(`a${x.replace(/'/g, '')}`)", ("a_", [])),
        ("run(`a ${x}`.replace(/b/g, '').trim())", ("a _", ["x"])),
        ("run('a'.concat(x, `b`))", ("a _ b", ["x"])),
        ("run('a'())", ("_", [])),
        ("run(`a${JSON.stringify({ b: x })}`)", ("a_", ["JSON.stringify({ b: x })"])),
        ("run(a ? `delete from b` : `delete from b where c = ${x}`)", ("delete from b", ["x"])),
        ("run(x ?? `delete from b where c = ${y}`)", ("delete from b where c = _", ["y"])),
        ("run(`a${+x}`)", ("a_", [])),
        ("run(`a${xs.map((x) => `'${x}'`).join(',')}`)", ("a'_'", ["x"])),
        ("run(`a${xs.map((x) => { return x.y; })}`)", ("a_", ["x.y"])),
        ("run(`a${xs.map(async (x): string => x)}${xs.map()}${xs.map(f)}`)", ("a___", ["x", "f"])),
        ("run(`a${COLUMNS.map((x) => x)}`)", ("a_", [])),
        ("run(`a${String(x)}${Number(x)}${f(x)}${x.y(z)}`)", ("a____", ["x"])),
        ("run(`a${request.query('b')}${params.get(x)}`)", ("a__", ["request.query('b')", "params.get(x)"])),
        ("run(`a${(x)[0]}`)", ("a_", [])),
        ("run(`a${(f)()}${[x][0]}${x[`k${y}`]}`)", ("a___", [])),
        ("run(`a${sql`b${x}`}${x.sql`b`}`)", ("a__", [])),
        ("run(`a${MAX}${Kind.FIRST}${x.length}${env.A}${x.quotedName}${tableName}`)", ("a______", [])),
        ("run(`a${request.body['key']}${request.table}`)", ("a__", ["request.body['key']", "request.table"])),
        ("import { x } from 'y'; run(`a${x}${x.z}`)", ("a__", [])),
        ("const f = (limit: number) => run(`a${limit}${o.limit}`)", ("a__", [])),
        ("const f = (s: 'a' | 'b', t: Kind, u: string) => run(`${s}${t}${u}`)", ("___", ["u"])),
        ("run(`a${'b\\n'}`)", ("ab", [])),
        ("run(" + "(" * 50 + "x" + ")" * 50 + ")", ("_", [])),
    ],
)
def test_expressions(text: str, expected: tuple[str, list[str]]) -> None:
    assert assembled(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const a = 'b'; run(a)", ("b", [])),
        ("const a = `b${x}`; run(`${a}c`)", ("b_c", ["x"])),
        ("const a: string = x; run(`b${a}`)", ("b_", ["a"])),
        ("const a = 5; run(`b${a}`)", ("b_", [])),
        ("const f = () => { const a = { b: x }; run(`c${a['b']}${a.b}`) }", ("c__", ["a.b"])),
        ("const a = columns(); run(`c${a.b}`)", ("c_", [])),
        ("let a: string; run(`b${a}`)", ("b_", ["a"])),
        ("let a = 'b'; a += 'c'; a = `${a}d`; run(a)", ("b c d", [])),
        ("const a: string[] = []; a.push(`b${x}`, 'c'); run(a.join())", ("b_ c", ["x"])),
        ("const a = 'b'; { const a = 'c'; run(a) }", ("c", [])),
        ("const a = 'b'; { const a = 'c'; } run(a)", ("b", [])),
        ("for (const a of ['b', 'c']) { run(a) }", ("b c", [])),
        ("for (const a of ['b', 'c']) run(a)", ("_", ["a"])),
        ("const safeName = `b${x}`; run(safeName)", ("b_", [])),
        ("b = 'c'; b.push('d'); run(b)", ("_", ["b"])),
        ("const a = `b\n${x}\nc`;\nrun(a)", ("b _ c", ["x"])),
        ("const f = (a) => run(a); f('b'); f('c')", ("b c", [])),
        ("const f = (a) => run(a); f('b'); f()", ("b", [])),
        ("function f(a: string) { run(a) } f(x)", ("_", ["a"])),
        ("function f(a: string) { run(a) } g(f)", ("_", ["a"])),
        ("function f(a: string) { run(a) } f('b'); other.f('c')", ("b", [])),
        ("export function f(a) { run(a) } f('b')", ("_", ["a"])),
        ("class A { f(a) { run(a) } }", ("_", ["a"])),
        ("const f = function () { return (a) => run(a) }", ("_", ["a"])),
        ("const f = ({ a }, ...b) => run(`${a}${b}`)", ("__", ["a", "b"])),
        ("const f = a => { const g = () => run(a); }; f('b')", ("_", ["a"])),
    ],
)
def test_variables(text: str, expected: tuple[str, list[str]]) -> None:
    assert assembled(text) == expected


def test_names_that_lead_to_each_other_end() -> None:
    names = [f"a{index}" for index in range(30)]
    given = "".join(f"let {name} = `{''.join('${' + other + '}' for other in names)}`;\n" for name in names)
    start = time.perf_counter()
    assembled(given + "run(a0)")
    assert time.perf_counter() - start < 2


def test_variable_of_no_block() -> None:
    text = "(" * 150 + "x" + ")" * 150
    assert variable_at("x", 150, Source("a.ts", text)) is None
    assert parameter_at("x", 150, Source("a.ts", text)) is None
    functions = "(() => " * 150
    assert parameter_at("x", len(functions), Source("a.ts", functions + "x" + ")" * 150)) is None


def test_imports() -> None:
    source = Source(
        "a.ts",
        """import a, { b, c as d, type E } from 'one';
import * as f from "two";
import type { G } from 'three';
const { h, i: j } = require('four');
const k = await import('five');
import l = require('six');
import { default as m } from 'seven';
const { default: n } = await import('eight');
""",
    )
    names = imported(source)
    assert {name: names.get(name) for name in "abdfhjklmnG"} == {
        "a": ("one", "*"),
        "b": ("one", "b"),
        "d": ("one", "c"),
        "f": ("two", "*"),
        "h": ("four", "h"),
        "j": ("four", "i"),
        "k": ("five", "*"),
        "l": ("six", "*"),
        "m": ("seven", "*"),
        "n": ("eight", "*"),
        "G": None,
    }


def test_members_of_an_object() -> None:
    text = "({ a: 1, 'b': f(), c, d() {}, async e() {}, ...g, [h]: 2, \"i\": 3 })"
    found = members(1, Source("a.ts", text))
    assert [(member.name, text[member.start : member.end]) for member in found] == [
        ("a", "1"),
        ("b", "f()"),
        ("c", "c"),
        ("d", "d() {}"),
        ("e", "async e() {}"),
        (None, "...g"),
        (None, "[h]: 2"),
        ("i", "3"),
    ]


CODES = "PREP152 PREP154 PREP158 PREP164 PREP174 PREP265 PREP551 PREP554 PREP651".split()
RULES = [rule for rule in catalog.typescript_rules() if rule.code in CODES]
PIECES = [
    *("await ", "db.query(", "prisma.room.update(", "pool.execute(`", "'SELECT id FROM a'"),
    *("`UPDATE a SET b = ${", "}`", "for (const x of xs) ", "while (", "xs.map(async (x) => ", "if ("),
    *("!x", "rowCount === 0", ") ", "{ ", "} ", ";\n", "const a = ", "a += ", "x.metadata.id", "new Pool("),
    *("async function f(a) ", "'/webhooks'", "return ", "switch (", "else ", "case 1: ", "log.error()"),
    *("res.status(200)", "? ", ": ", ", ", "[", "]", "`", "${", "try ", "catch ", "do ", "a"),
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_text_is_read(pieces: list[str]) -> None:
    found = check(RULES, "".join(pieces), "webhooks.ts")
    assert [finding for finding in found if finding.code == "PREP000"] == []


@pytest.mark.parametrize(
    "piece",
    [
        "const a = a + `${a}`; db.query(a);\n",
        "a = ",
        "await db.query(`SELECT id FROM a WHERE b = ${",
        "for (const x of xs) { await prisma.a.create({});\n",
        "async function f() { await prisma.a.create(); if (x) {} await prisma.b.create();\n",
        "if (!x) { res.sendStatus(200); ",
        "xs.map(async (x) => ",
        "x.metadata.id = x.metadata.id; ",
        "import a ",
        "new Pool({ host: a }), ",
    ],
)
def test_time_grows_with_the_length(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.perf_counter()
        check(RULES, "// webhook\n" + piece * count, "webhooks.ts")
        return time.perf_counter() - start

    short = 5_000 // len(piece)
    assert seconds(4 * short) < 10 * max(seconds(short), 0.2)
