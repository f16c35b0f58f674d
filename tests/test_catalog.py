"""The rules are found by walking the packages that hold them."""

from __future__ import annotations

from pathlib import Path

import flake8_prep
from flake8_prep import catalog
from flake8_prep.rule import Language

PACKAGE = Path(flake8_prep.__file__).parent


def test_every_module_of_a_rule_is_found() -> None:
    modules = {
        ".".join(("flake8_prep", *path.relative_to(PACKAGE).with_suffix("").parts))
        for path in PACKAGE.glob("*/rules/*/*.py")
        if path.name != "__init__.py"
    }
    assert {rule.__module__ for rule in catalog.all_rules()} == modules


def test_rules_are_sorted_by_code_and_of_their_language() -> None:
    python, typescript = catalog.python_rules(), catalog.typescript_rules()
    assert {rule.language for rule in python} <= {Language.PYTHON}
    assert {rule.language for rule in typescript} <= {Language.TYPESCRIPT}
    codes = [rule.code for rule in catalog.all_rules()]
    assert codes == sorted([*(rule.code for rule in python), *(rule.code for rule in typescript)])
