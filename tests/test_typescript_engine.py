"""How the rules for TypeScript are run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_prep.finding import Finding
from flake8_prep.options import Settings
from flake8_prep.rule import Severity
from flake8_prep.typescript import engine
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.rules.quality.empty_catch import EmptyCatch
from flake8_prep.typescript.rules.quality.explicit_any import ExplicitAny
from flake8_prep.typescript.rules.security.env_default import EnvDefault
from flake8_prep.typescript.rules.security.env_fallback import EnvFallback
from flake8_prep.typescript.source import Source


class Word(TypeScriptRule):
    """Finds a word."""

    code = "PREP191"
    name = "word"
    severity = Severity.LOW
    finding = "1.1"
    message = "{word} is here"
    triggers = ("alpha", "beta")
    pattern = re.compile(r"(?P<word>alpha|beta)\s+(?P<at>\w+)")

    def accept(self, match: re.Match[str], source: Source) -> Mapping[str, object] | None:
        """Take all but one."""
        return None if match["at"] == "none" else super().accept(match, source)


class Comment(TypeScriptRule):
    """Finds a comment."""

    code = "PREP192"
    name = "comment"
    severity = Severity.LOW
    finding = "1.1"
    message = "a comment"
    triggers = ("//",)
    pattern = re.compile("//")
    view = "comments"


class Failing(TypeScriptRule):
    """Finds one place, and fails."""

    code = "PREP193"
    name = "failing"
    severity = Severity.LOW
    finding = "1.1"
    message = "found"
    triggers = ("alpha",)
    pattern = re.compile("alpha")

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield one finding and raise an error."""
        yield self.at(0, source)
        raise ValueError("no\nmore")


RULES = [Word, Comment, Failing]


def test_findings_are_sorted() -> None:
    source = Source("a.ts", "alpha none\n'alpha x'; alpha  one // c\nbeta two")
    assert engine.check(source, [Comment, Word]) == [
        Finding(2, 18, "PREP191", "alpha is here"),
        Finding(2, 22, "PREP192", "a comment"),
        Finding(3, 5, "PREP191", "beta is here"),
    ]


def test_rule_without_a_trigger_is_not_run() -> None:
    assert engine.check(Source("a.ts", "gamma"), RULES) == []


class Awaited(Word):
    """Finds a word in files that have two others."""

    code = "PREP194"
    name = "awaited"
    needs = ("await", "then")


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("a.ts", "alpha one; 'await, then'", 1),
        ("then/a.ts", "alpha one; await", 1),
        ("a.ts", "alpha one; await", 0),
        ("a.ts", "alpha one; then", 0),
        ("a.ts", "gamma one; await, then", 0),
        ("a.ts", "alpha one; await // then", 0),
    ],
)
def test_rule_needs_all_of_what_it_names_and_a_trigger(path: str, text: str, count: int) -> None:
    assert len(engine.check(Source(path, text), [Awaited])) == count


def test_substring_is_looked_for_once() -> None:
    source = Source("folder/a.ts", "alpha /* beta */")
    answers = [source.has(word) for word in ("alpha", "folder", "beta")]
    source.path = source.uncommented = ""
    assert [source.has(word) for word in ("alpha", "folder", "beta")] == answers == [True, True, False]


def test_substring_in_comments_only() -> None:
    source = Source("folder/a.ts", "alpha /* beta */ gamma // delta")
    assert [source.has(word, in_comments=True) for word in ("alpha", "beta", "folder", "delta")] == [
        *(False, True, True, True)
    ]


def test_rule_that_raises_keeps_what_it_found() -> None:
    assert engine.check(Source("a.ts", "\nalpha one"), RULES) == [
        Finding(1, 0, "PREP000", "rule PREP193 failed on this file: ValueError: no more"),
        Finding(1, 0, "PREP193", "found"),
        Finding(2, 6, "PREP191", "alpha is here"),
    ]


def test_declaration_without_triggers() -> None:
    with pytest.raises(TypeError, match="needs triggers"):
        type("Word", (Word,), {"triggers": ()})
    with pytest.raises(TypeError, match="needs triggers"):
        type("Word", (Word,), {"pattern": "text"})


@pytest.mark.parametrize(
    ("text", "checked"),
    [
        ("", True),
        ("const a = 1;\n", True),
        ("const key = a + '\0' + b;\n", True),
        ("\x1b\x01\x02\x03", True),
        ("\t\n\f\v\x1b\0\x01" + " " * 200, True),
        ("\t\n\f\v\x1b\0\x01" + " " * 100, False),
        ("c\0o\0n\0s\0t\0", False),
        ("x" * 990 + "\0" * 11, False),
    ],
)
def test_not_checked(text: str, checked: bool) -> None:
    reason = engine.not_checked(text)
    assert (reason is None) is checked
    assert checked or "UTF-8" in (reason or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1">', True),
        ("\ufeff\n<!DOCTYPE TS><TS>", True),
        (("G" + "\0" * 187) * 3, True),
        ("G" + "x" * 187 + "Gx", True),
        ("G", False),
        ("G" + "x" * 400, False),
        ("const a = <T>b;", False),
        ("", False),
    ],
)
def test_other_formats(text: str, expected: bool) -> None:
    assert engine.is_other_format(text) is expected


def test_secret_names_of_the_user() -> None:
    text = "const a = process.env.DOOR_PIN || '0000';"
    assert [each.code for each in engine.check(Source("a.ts", text), [
        EnvFallback,
        EnvDefault])] == ["PREP167"]
    source = Source("a.ts", text, Settings(secret_names=("PIN",)))
    assert [each.code for each in engine.check(source, [EnvFallback, EnvDefault])] == ["PREP157"]


def test_tests_may_have_defaults() -> None:
    text = "const a = process.env.HOST || ''; const b = process.env.HOST || 'b';"
    assert engine.check(Source("src/a.test.ts", text), [EnvFallback, EnvDefault]) == []


_PIECES = [
    "process.env", ".A", "['B']", "||", "??", "''", "'x'", "? ", ": ", "= ", "{", "}", "(", ")",
    "any", "<", ">", ",", "[", "]"]
_PIECES += [
    " ", "\n", "catch", "try", ".catch(", ".then(", "() => ", "{}", "as ", "type T ", "|",
    "Number(", "+", "const {A = '' "]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
@settings(deadline=None, max_examples=150)
def test_rules_on_any_text(text: str) -> None:
    found = engine.check(Source("a.tsx", text), [EmptyCatch, ExplicitAny, EnvDefault, EnvFallback])
    assert "PREP000" not in {each.code for each in found}
