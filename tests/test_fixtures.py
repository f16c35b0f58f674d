"""Every rule against its fixture: each marked line is found, with its column, and no other line is."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_prep import catalog
from flake8_prep.finding import Finding
from tests.checking import check
from tests.fixture_cases import FIXTURES, code_of, expectations, fixture_paths


def findings(path: Path, source: str) -> list[Finding]:
    """Return what the rule that the fixture is about finds in it, and PREP000."""
    code = code_of(path)
    rules = [rule for rule in catalog.all_rules() if rule.code == code]
    assert rules, f"no rule has the code {code}"
    return check(rules, source, path.relative_to(FIXTURES).as_posix())


@pytest.mark.parametrize("path", fixture_paths(), ids=lambda path: path.name)
def test_fixture(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    expected = sorted(expectations(source))
    found = findings(path, source)
    assert [(each.line, each.column, each.code) for each in found] == [
        (each.line, each.column, each.code) for each in expected
    ]
    for each, wanted in zip(found, expected, strict=True):
        for text in wanted.texts:
            assert text in each.message, f"line {each.line}"
