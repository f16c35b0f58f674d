"""Finds the rules: every module of the rule packages that declares one."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from flake8_prep.rule import Rule

if TYPE_CHECKING:
    from flake8_prep.python.rule import PythonRule
    from flake8_prep.typescript.rule import TypeScriptRule

AnyRule = TypeVar("AnyRule", bound=Rule)


@functools.cache
def python_rules() -> tuple[type[PythonRule], ...]:
    """Return the rules for Python, by code."""
    from flake8_prep.python import rules
    from flake8_prep.python.rule import PythonRule

    return _rules_in(rules, PythonRule)


@functools.cache
def typescript_rules() -> tuple[type[TypeScriptRule], ...]:
    """Return the rules for TypeScript, by code."""
    from flake8_prep.typescript import rules
    from flake8_prep.typescript.rule import TypeScriptRule

    return _rules_in(rules, TypeScriptRule)


def all_rules() -> list[type[Rule]]:
    """Return the rules for both languages, by code."""
    return sorted((*python_rules(), *typescript_rules()), key=lambda rule: rule.code)


def known_rules() -> list[type[Rule]]:
    """Return the rules for both languages, and behind them the house rules that are installed."""
    from flake8_prep.house.rules import house_rules

    house = house_rules()
    return [*all_rules(), *sorted((*house.python, *house.typescript), key=lambda rule: rule.code)]


def _rules_in(package: ModuleType, base: type[AnyRule]) -> tuple[type[AnyRule], ...]:
    found = [
        declared
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for declared in vars(importlib.import_module(module.name)).values()
        if isinstance(declared, type) and issubclass(declared, base) and declared.__module__ == module.name
    ]
    return tuple(sorted(found, key=lambda rule: rule.code))
