"""Transforms that keep what a program does leave what is found in it unchanged."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flake8_prep import catalog
from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.scopes import ScopeKind
from flake8_prep.rule import Rule, Severity
from tests.checking import check
from tests.fixture_cases import code_of, fixture_paths

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="ast-tools needs node types that ast has no more in Python 3.14"
)

FIXTURES = [path for path in fixture_paths() if path.suffix == ".py"]

# Words in names that tell a rule what kind of thing it has before it: such a name is left as it is. Where a
# rule judges by another word, the test fails: the word is to be added, or the rule should not judge by it.
MEANINGFUL = re.compile(
    # logging, locks, secrets
    r"log|lock|mutex|sem|secret|token|passw|key|credential|dsn"
    # money, and what makes a total one of money
    r"|amount|total|price|cost|fee|balance|payout|tax|cents|refund|revenue|basket|bill|booking|cart|charge"
    r"|checkout|commission|currency|deposit|discount|grand|gross|invoice|net|order|paid|payment|purchase"
    r"|receipt|sale|salary|shipping|spen[dt]|subscription|vat|wage"
    # databases, and what is safe to put into SQL
    r"|batch|chunk|page|sess|cur|conn|\bcon\b"
    r"|pool|engine|db|database|tx|transaction|coll|redis|sql|query|stmt"
    r"|allow|args|arguments|bind|param|placeholder|quot|escap|safe|sanit|val"
    # what there are never many of
    r"|backend|column|dialect|index|migration|model|part|schema|shard|statement|table|tenant"
    # what ends a loop, or waits in one
    r"|attempt|budget|cancel|clos|count|deadline|elapsed|left|limit|max|now|quit|remain|retr|running|shut"
    r"|stop|time|tries|queue|inbox|channel|sleep"
    # the network, and what handlers of requests get
    r"|body|client|created|data|handler|payload|resp|webhook|event|type|app|self|cls",
    re.IGNORECASE,
)


def tools() -> Any:
    """Return the transformers of ast-tools, and libcst, on which they work."""
    with warnings.catch_warnings():
        # It says that it was made for Python 3.9, and touches node types that are deprecated.
        warnings.simplefilter("ignore")
        transformers = importlib.import_module("ast_tools.transformers")
        symbol_replacer = importlib.import_module("ast_tools.transformers.symbol_replacer")
    return SimpleNamespace(
        **vars(transformers),
        replace_symbols=symbol_replacer.replace_symbols,
        cst=importlib.import_module("libcst"),
    )


# Transforms: from source to source


def elif_to_else(source: str) -> str:
    """Write each `elif` as an `if` in an `else`."""
    return _visit(source, tools().ElifToElse())


def normalize_blocks(source: str) -> str:
    """Move the body of a compound statement on one line to lines of its own."""
    return _visit(source, tools().NormalizeBlocks())


def normalize_lines(source: str) -> str:
    """Give each simple statement a line of its own."""
    return _visit(source, tools().NormalizeLines())


def rename_in_ast(source: str) -> str:
    """Rename local variables in the syntax tree, and write that out without comments and in one layout."""
    names = renamed(source, (ast.Name,))
    return ast.unparse(tools().Renamer(names).visit(ast.parse(source)))


def rename_in_source(source: str) -> str:
    """Rename local variables, parameters, and the names of caught exceptions in the source text."""
    cst = tools().cst
    names = {
        old: cst.Name(new) for old, new in renamed(source, (ast.Name, ast.arg, ast.ExceptHandler)).items()
    }
    code: str = tools().replace_symbols(_parse(source), names).code
    return code


# PREP002 is about comments, and PREP107 asks them whether a setting is optional.
UNSUITABLE: dict[tuple[str, Callable[[str], str]], str] = {
    (code, transform): "the transform drops comments"
    for code, transforms in {
        "PREP002": (normalize_blocks, normalize_lines, rename_in_ast),
        "PREP107": (normalize_lines, rename_in_ast),
        "PREP411": (normalize_lines, rename_in_ast),
    }.items()
    for transform in transforms
}

TRANSFORMS = (elif_to_else, normalize_blocks, normalize_lines, rename_in_ast, rename_in_source)


def _visit(source: str, transformer: Any) -> str:
    code: str = _parse(source).visit(transformer).code
    return code


def _parse(source: str) -> Any:
    cst = tools().cst
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError as error:
        pytest.skip(f"libcst cannot parse this file: {error.message}")


def renamed(source: str, bound_by: tuple[type[ast.AST], ...]) -> dict[str, str]:
    """Return the names that can be changed all over the file without changing what it does, with new names.

    They are bound in functions only, by nodes of these types, and are not used in any other way.
    """
    tree = PythonFile(ast.parse(source), source.splitlines(keepends=True)).tree
    local = (ScopeKind.FUNCTION, ScopeKind.LAMBDA, ScopeKind.COMPREHENSION)
    names: set[str] = set()
    fixed = {*dir(builtins), *_other_words(tree.module)}
    for scope in tree.scopes.values():
        for name, bindings in scope.bindings.items():
            if scope.kind in local and all(isinstance(binding, bound_by) for binding in bindings):
                names.add(name)
            else:
                fixed.add(name)
    free = sorted(name for name in names - fixed if name.islower() and not MEANINGFUL.search(name))
    return {name: f"renamed_{number}" for number, name in enumerate(free)}


def _other_words(module: ast.Module) -> Iterator[str]:
    """Yield the words that stand for something else than variables: attributes, keywords, text in strings."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg is not None:
            yield node.arg
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value)


# The property


def codes_in(source: str, path: str, rules: Sequence[type[Rule]]) -> Counter[str]:
    """Return how often each code is found."""
    return Counter(finding.code for finding in check(rules, source, path))


def changed_codes(
    source: str, path: str, transform: Callable[[str], str], rules: Sequence[type[Rule]]
) -> dict[str, tuple[int, int]]:
    """Return the codes that are found more or less often after the transform, with both numbers."""
    before, after = codes_in(source, path, rules), codes_in(transform(source), path, rules)
    return {code: (before[code], after[code]) for code in {*before, *after} if before[code] != after[code]}


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda transform: transform.__name__)
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_same_codes_are_found(path: Path, transform: Callable[[str], str]) -> None:
    reason = UNSUITABLE.get((code_of(path), transform))
    if reason is not None:
        pytest.skip(reason)
    source = path.read_text(encoding="utf-8")
    assert changed_codes(source, f"python/{path.name}", transform, catalog.python_rules()) == {}


# The tests of the test

SAMPLE = """\
import logging

LIMIT = 3


def run(items, *, session):
    first = 0; second = [item for item in items]
    try:
        if first: return first
        elif second: second.pop(); return LIMIT
    except ValueError as error:
        logging.info("%s and first", error)
    return session.run(second=second)
"""


@pytest.mark.parametrize(
    ("transform", "lines"),
    [
        (elif_to_else, ("        else:", "            if second: second.pop(); return LIMIT")),
        (normalize_blocks, ("        if first:", "            return first")),
        (normalize_lines, ("    first = 0; ", "    second = [item for item in items]")),
        (normalize_lines, ("        elif second:", "            second.pop(); ", "            return LIMIT")),
        (rename_in_ast, ("    second = [renamed_0 for renamed_0 in items]",)),
        (rename_in_source, ("def run(renamed_2, *, session):",)),
        (rename_in_source, ("    first = 0; second = [renamed_1 for renamed_1 in renamed_2]",)),
        (rename_in_source, ("    except ValueError as renamed_0:",)),
    ],
)
def test_transform_does_what_it_says(transform: Callable[[str], str], lines: Sequence[str]) -> None:
    wanted = "".join(f"{line}\n" for line in lines)
    assert wanted not in SAMPLE
    assert wanted in transform(SAMPLE)


def test_only_plain_names_of_locals_are_changed() -> None:
    assert renamed(SAMPLE, (ast.Name, ast.arg, ast.ExceptHandler)).keys() == {"error", "item", "items"}


class LayoutReader(PythonRule):
    """A rule that makes the mistakes which the property is there to find."""

    code = "PREP999"
    name = "layout-reader"
    severity = Severity.LOW
    finding = "1.1"
    message = "found"

    def visit_If(self, node: ast.If, file: PythonFile) -> Iterator[Finding]:
        """Look at the text instead of the tree."""
        if file.lines[node.lineno - 1].lstrip().startswith("elif"):
            yield self.at(node)

    def visit_Return(self, node: ast.Return, file: PythonFile) -> Iterator[Finding]:
        """Take for granted that a block has lines of its own."""
        above = file.parent(node)
        if isinstance(above, ast.If) and node.lineno == above.lineno:
            yield self.at(node)

    def visit_comprehension(self, node: ast.comprehension, file: PythonFile) -> Iterator[Finding]:
        """Judge by a name that means nothing."""
        if isinstance(node.target, ast.Name) and node.target.id == "item":
            yield self.at(node.target)


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda transform: transform.__name__)
def test_rule_that_depends_on_layout_or_names_is_found_out(transform: Callable[[str], str]) -> None:
    assert codes_in(SAMPLE, "sample.py", [LayoutReader]) == {"PREP999": 4}
    changes = changed_codes(SAMPLE, "sample.py", transform, [LayoutReader])
    assert changes["PREP999"][1] < 4
