"""The masked views of TypeScript, and where its lines, brackets and functions are."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_prep.options import Settings
from flake8_prep.typescript.lexer import Kind, find_spans
from flake8_prep.typescript.source import Source

_PIECES = [
    "'", '"', "`", "${", "{", "}", "(", ")", "[", "]", "<", ">", "</", "/>", "/", "//", "/*", "*/",
    "\\", "\n", " "]
_PIECES += [
    "=>", "=", ":", ";", ",", ".", "!", "++", "a", "return", "if", "<b>", "</b>", "<T,>", "#!", "é",
    "😀", "function", "T"]


def spans(text: str, jsx: bool = False) -> list[tuple[str, str]]:
    """Return the kind and the text of each span that is not empty."""
    found = find_spans(text, jsx)
    return [(kind.name.lower(), text[start:end]) for start, end, kind in found if end > start]


def code(text: str, path: str = "a.ts") -> str:
    """Return the code with runs of spaces made one."""
    return re.sub(" +", " ", Source(path, text).code)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("// a 'b\nc", [("comment", "// a 'b")]),
        ("/* a\n ' */ b /**/", [("comment", "/* a\n ' */"), ("comment", "/**/")]),
        ("a /* b", [("comment", "/* b")]),
        ("#!/usr/bin/env node's\na", [("comment", "#!/usr/bin/env node's")]),
        ("#!", [("comment", "#!")]),
        (r"'a\'b' + 'c'", [("string", r"a\'b"), ("string", "c")]),
        ("'a\\\nb'", [("string", "a\\\nb")]),
        ("'a\nb", [("string", "a")]),
        ('"//" + x', [("string", "//")]),
        ("'a\\", [("string", "a\\")]),
        ("`a\\`b` + c", [("template", "a\\`b")]),
        ("`a$b`", [("template", "a$b")]),
        ("`a${b + `c${d}e`}f` + 'g'", [("template", each) for each in "acef"] + [("string", "g")]),
        ("`${ {a: '}'} }b`", [("string", "}"), ("template", "b")]),
        ("`a", [("template", "a")]),
        ("`a${b}", [("template", "a")]),
        ("<!-- a", []),
    ],
)
def test_comments_strings_and_templates(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    "before",
    [
        "", "a = ", "f(", "return ", "case ", "a && ", "x = y;\n/* c */ // d\n", "if (a) ", "while (f(a)) ",
        "for await (a of b) ",
        "if (a) {} ", "{}\n", "() => {}\n", "else {} ", "a; {} ", "!", "[...", "a < ", "typeof ", "}",
        "a / ", "(a + b)\n", "a ? ",
    ],
)  # fmt: skip
def test_regular_expression(before: str) -> None:
    starts = before != "(a + b)\n"
    assert (("regular_expression", "[/']b\\/") in spans(f"{before}/[/']b\\//g.test(c)")) is starts


@pytest.mark.parametrize(
    "before",
    [
        "a", "a.return", "f(a)", "a[0]", "'a'", "`a`", "1", "1.", "a++", "a--", "a!", "f()!", "({})",
        "x = {}",
        "return {}", ")", "/a/"],
)
def test_division(before: str) -> None:
    assert ("string", "b") in spans(f"{before} / 2; 'b' / 1")


def test_slashes_that_nothing_closes() -> None:
    assert spans("a = /[b/; = /c; 'd'\n = /e/") == [("string", "d"), ("regular_expression", "e")]
    assert spans("= /[") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Don't</p>; 'a'", [("jsx_text", "Don't"), ("string", "a")]),
        ("<>//a{b /* c */}/* d */</>", [("jsx_text", "//a"), ("comment", "/* c */"), (
            "jsx_text",
            "/* d */")]),
        ("<A b='c\\' d=\"e\nf\" g={'h'} />; 'i'", [("string", s) for s in ("c\\", "e\nf", "h", "i")]),
        ("<A /* b */ // c\n d />; 'e'", [("comment", "/* b */"), ("comment", "// c"), ("string", "e")]),
        ("<A b='c\n/>", [("string", "c")]),
        ("<A<'b' | \"c\"> d='e'>f</A>", [("string", "b"), ("string", "c"), ("string", "e"), (
            "jsx_text",
            "f")]),
        (
            "<A<B<C>, { a: 'b' }, () => /* c */ void, /> d='e' />",
            [("string", "b"), ("comment", "/* c */"), ("string", "e")],
        ),
        ("<A b=<c>d</c> e='f' />", [("jsx_text", "d"), ("string", "f")]),
        ("<a>b<c/>d<e>f</e></a> ", [("jsx_text", each) for each in "bdf"]),
        ("<a.b:c-d />; 'e'", [("string", "e")]),
        ("return <a>b</a>", [("jsx_text", "b")]),
        ("x = `${<a>b{`c`}</a>}d`", [("jsx_text", "b"), ("template", "c"), ("template", "d")]),
        # No elements.
        ("const a = <T,>(b: T) => 'c'", [("string", "c")]),
        ("const a = <T extends B>(b: T) => 'c'", [("string", "c")]),
        ("const a = <const T>(b: T) => 'c'", [("string", "c")]),
        ("type A = <T>(b: T) => 'c'", [("string", "c")]),
        ("interface A { <T>(b: T): 'c' }", [("string", "c")]),
        ("a < b; c << d; e <f; 'g'", [("string", "g")]),
        ("f<T>('a'); b as <T>() => void", [("string", "a")]),
        ("(a) <b> 'c'", [("string", "c")]),
        # What is never closed.
        ("<a b", []),
        ("<a b>c", [("jsx_text", "c")]),
        ("<A<b", []),
        ("= <a b>{", []),
        ("<a /", []),
        ("<a b>c</", [("jsx_text", "c")]),
    ],
)
def test_jsx(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text, jsx=True) == expected


def test_type_assertion_is_no_element_outside_jsx() -> None:
    assert spans("a = <T>b; 'c'") == [("string", "c")]


def test_views() -> None:
    source = Source("a.tsx", "f('a', `b${c}`, /d'/, <p q='r'>s{'t'}</p>) // u\n/* v\n w */")
    assert source.code == "f(' ', ` ${c}`, /  /, <p q=' '> {' '}</p>)     \n    \n     "
    assert source.strings == "f('a', `b${c}`, /  /, <p q='r'> {'t'}</p>)     \n    \n     "
    assert source.comments == " " * 43 + "// u\n/* v\n w */"


def test_lines() -> None:
    source = Source("a.ts", "é😀\n\nb")
    assert [source.line_column(offset) for offset in range(6)] == [
        (1, 0), (1, 1), (1, 2), (2, 0), (3, 0),
        (3, 1)]
    assert [source.line(number) for number in (1, 2, 3)] == ["é😀", "", "b"]
    with pytest.raises(IndexError):
        source.line(4)


def test_brackets() -> None:
    text = "a(b[c], {d: ')'}) ] (e { f )"
    source = Source("a.ts", text)
    assert source.closing(1) == 16
    assert source.opening(16) == 1
    assert source.closing(text.index("(e")) == len(text) - 1
    assert source.closing(text.index("{ f")) is None
    assert source.opening(18) is None
    assert source.enclosing_bracket(0) is None
    assert source.enclosing_bracket(4) == 3
    assert source.enclosing_bracket(7) == 1
    assert source.enclosing_bracket(18) is None


def test_type_lists() -> None:
    text = "f<A, B>(c); g<D[]>(e); if (h < i) {} [Map<a, b>]"
    source = Source("a.ts", text)
    assert source.enclosing_type_list(text.index("B")) == 1
    assert source.enclosing_type_list(text.index("c")) is None
    assert source.enclosing_type_list(text.index("i)")) is None
    assert source.enclosing_type_list(text.index("b>]")) == text.index("<a,")


def test_token_end() -> None:
    source = Source("a.ts", f"  a {' ' * 3000}/* b */ c")
    assert source.token_end(len(source.text) - 1) == 3
    assert source.token_end(2) == 0


def test_arguments() -> None:
    text = "f( a /* b */, g(c, d), new Map<string, number>(), [e, ')'], (x < y), )"
    source = Source("a.ts", text)
    assert [text[start:end] for start, end in source.arguments(1)] == [
        "a", "g(c, d)", "new Map<string, number>()", "[e, ')']", "(x < y)",
    ]  # fmt: skip
    assert Source("a.ts", "f( )").arguments(1) == []
    assert Source("a.ts", "f(a").arguments(1) == []
    assert Source("a.ts", "f(a [ b)").arguments(1) == [(2, 7)]


FUNCTIONS = """
export async function one<T>(a: number, b = {x: 1}): Promise<Map<string, T>> {
  const two = async (c: string): Promise<void> => { await c; };
  return a => b => g(a, b);
}
class A extends mix(B) {
  private async *three(x) { if (x) { y() } else { while (x) { } } }
  get four(): string | { a: 1 } { return 'x' }
  five = <T,>(x: T) => x
  six: Handler = function () { }
  [Symbol.iterator]() { }
  'seven'(): "a" | 'b' { }
  is(x): x is readonly A[] { }
  typed(): (a: B) => C { }
  later(): void;
  generic<T extends B<C>>(): typeof a & keyof T {}
}
const o = { eight: function () { return 1 }, nine(a) { for (const x of a) { } }, ten: x => <b>y</b> }
switch (f(a)) { case f(b): { } }
new Thing(a) { }
const eleven = (a) =>
  a
    .b
foo()
const twelve = (a) => a as
  B, c = 1
a ? (b) : c
f((d) => {
"""


def test_functions() -> None:
    source = Source("a.tsx", FUNCTIONS)
    found = [(each.name, each.kind, FUNCTIONS[each.body_start : each.body_end]) for each in source.functions]
    assert [name for name, _, _ in found] == [
        "one", "two", None, None, "three", "four", "five", "six", None, None, "is", "typed", "generic",
        "eight", "nine", "ten", "eleven", "twelve", None,
    ]  # fmt: skip
    bodies = {name: body for name, _, body in found if name}
    assert bodies["two"] == "{ await c; }"
    assert bodies["four"] == "{ return 'x' }"
    assert bodies["five"] == "x"
    assert bodies["is"] == "{ }"
    assert bodies["eleven"] == "a\n    .b"
    assert bodies["twelve"] == "a as\n  B"
    assert bodies["ten"] == "<b>y</b> "
    assert found[2][2] == found[3][2].join(["b => ", ""]) == "b => g(a, b)"
    assert {kind for _, kind, _ in found} == {"function", "method", "arrow"}


def test_enclosing_function() -> None:
    source = Source("a.ts", FUNCTIONS)

    def name_at(text: str) -> str | None:
        function = source.enclosing_function(FUNCTIONS.index(text))
        return function.name if function else "none"

    assert name_at("await c") == "two"
    assert name_at("const two") == "one"
    assert name_at("export") == "none"
    assert name_at("class A") == "none"
    assert name_at("return 1") == "eight"


@pytest.mark.parametrize(
    "text",
    [
        "f(a): return {}", "(a): b c {}", "(a): A<", "(a): (", ") {", "a = > => b", "=> a", "f(): {", "f() {",
        "(a): <", "f() => ) {}",
        "> (a) => b", "= (a) => b", "x == (a) => b", "(a): 'b' {}", "f(a) ? b : (c) => d", "(a): ; {}",
        "a => (b", "] {", "= (a) {}", "a => 'b' => c", "a => b +\n c", "(a): " + "A|" * 300,
        f"f(a): {{{'b: c; ' * 100}}}{{}}",
    ],
)  # fmt: skip
def test_functions_of_what_is_no_code(text: str) -> None:
    for function in Source("a.ts", text).functions:
        assert 0 <= function.start <= function.body_start <= function.body_end <= len(text)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a.test.ts", True), ("a.spec.tsx", True), ("src/__tests__/a.ts", True), ("tests/a.ts", True),
        ("test/a.ts", True),
        ("e2e/a.ts", True), ("src\\tests\\a.ts", True), ("src/contest/a.ts", False), ("src/test.ts", False),
        ("latest/a.ts", False), ("src/a.spec.db.ts", True), ("src/spec.db.ts", False),
        ("App/Tests/a.ts", True), ("playwright/pages/a.ts", True), ("scripts/smoke-tests/run.ts", True),
        ("src/ab-tests/a.ts", False), ("src/Button.stories.tsx", True), ("src/a.story.tsx", True),
        ("src/stories.ts", False), ("src/test-utils/db.ts", True), ("src/testHelpers.ts", True),
        ("src/test-harness.ts", False), ("src/testimonials.ts", False), ("src/testing-support.ts", False),
        ("jest.setup.ts", True), ("a/vitest-global-setup.ts", True), ("playwright.v2.config.ts", True),
        ("jest.config-unit.mts", True), ("src/jest-worker.ts", False), ("src/cypress.ts", False),
    ],
)  # fmt: skip
def test_is_test_file(path: str, expected: bool) -> None:
    assert Source(path, "").is_test_file is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("// @generated by a compiler\nlet a", True),
        ("'use client'; // @generated", False),
        ("// autogenerated\n\nlet a", True),
        ("// our-compiler generated code\nlet a", True),
        ("/* eslint-disable */\n\n/**\n * Generated from bookings.proto\n */", True),
        ("/* NOTE: This class is auto generated by a program. */", True),
        ("// File generated from our description of the API", True),
        ("// AUTO-GENERATED FILE. DO NOT EDIT.", True),
        ("// DO NOT MODIFY: the file is autogenerated", True),
        ("// Version 2, generated by hand:\n// don't edit it", True),
        ("// What a coverage report will be generated for", False),
        ("// Ids are\n// generated by the database", False),
        ("// The types are generated by a program and exported here", False),
        ("// Do not edit the order of the rows", False),
        ("export const a = 1;\n// Generated by a program. Do not edit.", False),
        (f"/* {'a ' * 2_000} Generated by a program. Do not edit. */", False),
    ],
)
def test_is_generated(text: str, expected: bool) -> None:
    assert Source("a.ts", text).is_generated is expected


def test_settings() -> None:
    assert Source("a.ts", "").settings == Settings()
    assert Source("a.ts", "", Settings(secret_names=("PIN",))).settings.secret_names == ("PIN",)


@given(st.lists(st.sampled_from(_PIECES)).map("".join) | st.text(), st.sampled_from(["a.ts", "a.tsx"]))
@settings(deadline=None, max_examples=150)
def test_any_text(text: str, path: str) -> None:
    source = Source(path, text)
    newlines = [match.start() for match in re.finditer("\n", text)]
    for view in (source.code, source.strings, source.comments):
        assert len(view) == len(text)
        assert [match.start() for match in re.finditer("\n", view)] == newlines
        assert all(shown in (" ", is_) for shown, is_ in zip(view, text, strict=True))
    ends = [0]
    for start, end, kind in source.spans:
        assert ends[-1] <= start <= end
        assert isinstance(kind, Kind)
        ends.append(end)
    for offset, character in enumerate(source.code):
        source.enclosing_function(offset)
        source.enclosing_type_list(offset)
        bracket = source.enclosing_bracket(offset)
        assert bracket is None or bracket < offset <= (source.closing(bracket) or 0)
        if character in "([{":
            for start, end in source.arguments(offset):
                assert offset < start < end


_N = 20_000
_HUGE = {
    "parentheses": "(" * _N, "braces": "{" * _N, "angles": "<" * _N, "slashes": "/ " * _N,
    "classes": "/[" * _N,
    "nested templates": "`${" * 2000, "open comment": "/*" + "* " * _N, "open template": "`" + "$\\" * _N,
    "open JSX": "<a>" * _N, "tags": "".join(f"<a{number}>" for number in range(_N)),
    "attributes": "<a '" * _N,
    "divisions": "(" * _N + "a)/b" * _N, "blocks": "{}/a/;" * _N, "comments": "/**/ " * _N + "/ a",
    "arrows": "a=>" * _N,
    "types": "(a):A<" * _N, "one line": "const a = 'b' + c / d; " * _N, "spaces": " " * _N * 10 + "/",
    "mismatched": "([{" * _N + "})]" * _N,
}  # fmt: skip


@pytest.mark.parametrize("name", _HUGE)
def test_time_is_linear(name: str) -> None:
    text = _HUGE[name]
    start = time.process_time()
    source = Source("a.tsx", text)
    assert len(source.code) == len(source.comments) == len(source.strings) == len(text)
    source.enclosing_function(len(text))
    source.enclosing_bracket(len(text))
    source.enclosing_type_list(len(text))
    # What is quadratic takes minutes.
    assert time.process_time() - start < 20


def test_end_of_a_template_that_is_never_closed() -> None:
    assert Source("a.ts", "`a${b}`;").template_end(0) == 7
    assert Source("a.ts", "`a${b").template_end(0) == 1
    assert Source("a.ts", "`a").template_end(0) == 1
