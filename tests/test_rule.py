"""A rule with a bad declaration is refused when its class is made."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flake8_prep.finding import Finding
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Language, Rule, Severity
from flake8_prep.scheme import SECTIONS, codes_for, section_of
from flake8_prep.typescript.rule import TypeScriptRule

GOOD: dict[str, Any] = {
    "code": "PREP199",
    "name": "some-pattern",
    "severity": Severity.HIGH,
    "finding": "1.9",
    "message": "{thing} is wrong here",
}


def declare(changes: dict[str, Any], base: type[Rule] = Rule, class_name: str = "SomePattern") -> type[Rule]:
    """Make a rule from the good declaration with `changes`; the value None leaves an attribute out."""
    attributes = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return type(class_name, (base,), attributes)


def test_good_declaration_is_taken() -> None:
    rule = declare({})
    assert not rule.off_by_default
    assert declare({"finding": "1.5, 3.2"}).finding == "1.5, 3.2"
    assert declare({"finding": "10.1", "off_by_default": True}).off_by_default


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("code", None),
        ("code", 199),
        ("code", "prep199"),
        ("code", "PREP"),
        ("code", "PREP199 "),
        ("name", None),
        ("name", "Some-Pattern"),
        ("name", "some_pattern"),
        ("name", "some--pattern"),
        ("name", "no-pattern"),
        ("name", "avoid-pattern"),
        ("name", "prefer-pattern"),
        ("name", "use-pattern"),
        ("severity", None),
        ("severity", "high"),
        ("severity", 3),
        ("finding", None),
        ("finding", "1"),
        ("finding", "1.5,3.2"),
        ("finding", 1.5),
        ("message", None),
        ("message", ""),
        ("message", "two\nlines"),
        ("message", "a final dot."),
        ("message", b"bytes"),
    ],
)
def test_bad_declaration_is_refused(attribute: str, value: object) -> None:
    with pytest.raises(TypeError, match=rf"SomePattern\.{attribute}"):
        declare({attribute: value})


def test_class_is_called_like_the_rule() -> None:
    with pytest.raises(TypeError, match="its class must be called SomePattern"):
        declare({}, class_name="Other")


def test_abstract_rule_declares_nothing() -> None:
    class Base(Rule, abstract=True):
        """A base."""

    assert not hasattr(Base, "code")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"triggers": ("x",)},
        {"pattern": re.compile("x")},
        {"triggers": (), "pattern": re.compile("x")},
        {"triggers": ("x",), "pattern": "x"},
    ],
)
def test_rule_for_typescript_needs_triggers_and_pattern(changes: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="SomePattern needs triggers and a compiled pattern"):
        declare(changes, TypeScriptRule)


def test_abstract_rule_for_typescript_needs_neither() -> None:
    class Base(TypeScriptRule, abstract=True):
        """A base."""

    assert Base.language is Language.TYPESCRIPT


def test_match_is_accepted_with_its_groups_as_fields() -> None:
    pattern = re.compile(r"(?P<thing>\w+)\(")
    rule = declare({"triggers": ("(",), "pattern": pattern}, TypeScriptRule)
    match = pattern.search("call(")
    assert match is not None
    instance: Any = rule()
    assert instance.accept(match, None) == {"thing": "call"}


def test_finding_of_a_python_rule_stands_where_its_node_does() -> None:
    class Place:
        lineno = 3
        col_offset = 7

    instance: Any = declare({}, PythonRule)()
    assert instance.at(Place(), thing="x") == Finding(3, 7, "PREP199", "x is wrong here")
    with pytest.raises(KeyError):
        instance.at(Place())


def test_findings_sort_in_the_order_of_the_file() -> None:
    findings = [Finding(1, 9, "PREP2", "a"), Finding(2, 0, "PREP9", "a"), Finding(2, 4, "PREP1", "a")]
    assert sorted(reversed(findings)) == findings


def test_severities_are_ordered_and_have_labels() -> None:
    assert [severity.label for severity in sorted(Severity)] == ["low", "medium", "high", "critical"]


@pytest.mark.parametrize(
    ("language", "finding", "first", "last"),
    [
        (Language.PYTHON, "1.7", "PREP107", "PREP147"),
        (Language.TYPESCRIPT, "1.7", "PREP157", "PREP197"),
        (Language.PYTHON, "10.2", "PREP002", "PREP042"),
        (Language.TYPESCRIPT, "1.5, 3.2", "PREP155", "PREP195"),
    ],
)
def test_codes_follow_from_finding_and_language(
    language: Language, finding: str, first: str, last: str
) -> None:
    codes = list(codes_for(language, finding))
    assert (codes[0], codes[-1], len(codes)) == (first, last, 5)


@pytest.mark.parametrize("finding", ["0.1", "11.1", "1", "1.x", "", "security", "1.0", "1.10"])
def test_finding_without_a_code_is_refused(finding: str) -> None:
    with pytest.raises(ValueError, match="is no finding|has no code"):
        list(codes_for(Language.PYTHON, finding))


def test_sections_are_numbered_from_one() -> None:
    assert [section.number for section in SECTIONS] == list(range(1, 11))
    assert section_of("10.1").package == "practice"
    assert section_of("1.5, 3.2").title == "Security"


def test_message_is_one_line_that_a_terminal_can_be_sent() -> None:
    rule = declare({})()
    assert rule.text({"thing": "plain"}) == "plain is wrong here"
    assert rule.text({"thing": "a\n\x1b[0m\ud800"}) == "a\\n\\x1b[0m\\ud800 is wrong here"
