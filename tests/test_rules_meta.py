"""What holds for every rule, and for the layers of the package."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import flake8_prep
from flake8_prep import catalog
from flake8_prep.documentation import documentation_of
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Language, Rule
from flake8_prep.scheme import codes_for, section_of
from flake8_prep.typescript.rule import TypeScriptRule
from scripts import generate_docs
from tests.checking import check
from tests.fixture_cases import code_of, expectations, fixture_paths

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(flake8_prep.__file__).parent
RULES = catalog.all_rules()
SUFFIX = {Language.PYTHON: ".py", Language.TYPESCRIPT: ".ts"}

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
each_module = pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


# Declarations


def test_codes_are_unique() -> None:
    assert repeated(rule.code for rule in RULES) == []


def test_names_are_unique_in_a_language() -> None:
    assert repeated((rule.name, rule.language) for rule in RULES) == []


def test_messages_are_unique_in_a_language() -> None:
    assert repeated((rule.message, rule.language) for rule in RULES) == []


def repeated(values: Iterator[object]) -> list[object]:
    """Return the values that come more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


@each_rule
def test_code_fits_finding_and_language(rule: type[Rule]) -> None:
    assert rule.code in codes_for(rule.language, rule.finding)


@each_rule
def test_module_is_called_like_the_rule_and_lies_in_its_section(rule: type[Rule]) -> None:
    section, name = section_of(rule.finding).package, rule.name.replace("-", "_")
    assert rule.__module__ == f"flake8_prep.{rule.language.value}.rules.{section}.{name}"


@each_rule
def test_fields_of_the_message_are_those_that_are_filled_in(rule: type[Rule]) -> None:
    fields = {name for _, name, _, _ in Formatter().parse(rule.message) if name is not None}
    module = ast.parse(inspect.getsource(inspect.getmodule(rule) or rule))
    filled_in = [
        {keyword.arg for keyword in call.keywords}
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "at"
    ]
    assert all(names in (fields, {None}) for names in filled_in)
    if issubclass(rule, TypeScriptRule) and not filled_in:
        constants = {node.value for node in ast.walk(module) if isinstance(node, ast.Constant)}
        assert fields <= constants | rule.pattern.groupindex.keys()


# Documentation


@each_rule
def test_docstring_is_complete(rule: type[Rule]) -> None:
    documentation = documentation_of(rule)
    for part, text in vars(documentation).items():
        assert text.strip(), part
    assert "\n" not in documentation.summary
    assert not documentation.summary.endswith(".")


@each_rule
def test_example_is_reported(rule: type[Rule]) -> None:
    assert codes_in(documentation_of(rule).example, rule) == {rule.code}


@each_rule
def test_what_to_use_instead_is_not_reported(rule: type[Rule]) -> None:
    assert codes_in(documentation_of(rule).use_instead, rule) == set()


def codes_in(source: str, rule: type[Rule]) -> set[str]:
    """Return the codes that are found when only `rule` runs on `source`; where it fails, that is PREP000."""
    return {finding.code for finding in check([rule], f"{source}\n", f"example{SUFFIX[rule.language]}")}


def test_generated_documentation_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    status = generate_docs.main(["--check"], ROOT)
    assert (status, capsys.readouterr()) == (0, ("", "")), "run scripts/generate_docs.py"


def test_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    head = re.search(r"^## (\S+) - (?:unreleased|\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    assert head is not None
    assert head[1] == flake8_prep.__version__


# Fixtures


@each_rule
def test_fixture_has_lines_that_fire_and_near_misses(rule: type[Rule]) -> None:
    # A further file holds what needs another kind of file: a test, generated code, JSX.
    (fixture,) = (path for path in fixture_paths() if path.stem == rule.code)
    source = fixture.read_text(encoding="utf-8")
    reported = {expectation.line for expectation in expectations(source)}
    assert reported
    assert set(lines_looked_at(rule, source)) - reported, "no line looks like the pattern and is clean"


def test_every_fixture_is_about_a_rule() -> None:
    assert {code_of(path) for path in fixture_paths()} <= {rule.code for rule in RULES}


def lines_looked_at(rule: type[Rule], source: str) -> Iterator[int]:
    """Yield the lines that `rule` has to look at twice: of the nodes that it visits, or with a trigger."""
    if issubclass(rule, TypeScriptRule):
        for number, line in enumerate(source.splitlines(), start=1):
            if any(trigger in line for trigger in rule.triggers):
                yield number
    elif issubclass(rule, PythonRule):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.stmt, ast.expr, ast.ExceptHandler)) and looks_at(rule, node):
                yield node.lineno


def looks_at(rule: type[PythonRule], node: ast.AST) -> bool:
    """Tell whether `node` is one that the rule visits; one that visits the module looks at each statement."""
    if isinstance(node, ast.stmt) and hasattr(rule, "visit_Module"):
        return True
    if isinstance(node, ast.Call) and rule.callees is not None and last_part(node.func) not in rule.callees:
        return False
    return hasattr(rule, f"visit_{type(node).__name__}")


def last_part(name: ast.expr) -> str | None:
    """Return the last part of a name, dotted or not; None for anything else."""
    return getattr(name, "attr", None) or getattr(name, "id", None)


# Layers


@each_module
def test_only_the_plugin_and_the_formatters_import_flake8(path: Path) -> None:
    allowed = path in {PACKAGE / "plugin.py", PACKAGE / "host.py"} or PACKAGE / "report" in path.parents
    assert allowed or "flake8" not in {name.partition(".")[0] for name in imported(path)}


@each_module
def test_rules_import_neither_rules_nor_engines(path: Path) -> None:
    if "rules" in path.relative_to(PACKAGE).parts:
        for name in imported(path):
            assert not re.match(r"flake8_prep\.(?:\w+\.(?:rules|engine)|catalog|session|selection)\b", name)


def imported(path: Path) -> Iterator[str]:
    """Yield the full names of what a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import that is relative does not show the layer it goes to"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
