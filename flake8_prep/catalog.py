"""Finds the rules: every module of the rule packages that declares one.

A module that cannot be imported leaves the others in use.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from flake8_prep.failure import not_loaded
from flake8_prep.rule import Rule

if TYPE_CHECKING:
    from flake8_prep.finding import Finding
    from flake8_prep.python.rule import PythonRule
    from flake8_prep.typescript.rule import TypeScriptRule

AnyRule = TypeVar("AnyRule", bound=Rule)


class Catalog(NamedTuple, Generic[AnyRule]):
    """The rules for one language.

    Attributes:
        rules: the classes, by code.
        problems: one finding, about no file, for each module that cannot be imported.
    """

    rules: tuple[type[AnyRule], ...]
    problems: tuple[Finding, ...]


@functools.cache
def python_catalog() -> Catalog[PythonRule]:
    """Return the rules for Python; they are imported when this is called for the first time."""
    from flake8_prep.python import rules
    from flake8_prep.python.rule import PythonRule

    return _catalog_of(rules, PythonRule)


@functools.cache
def typescript_catalog() -> Catalog[TypeScriptRule]:
    """Return the rules for TypeScript; they are imported when this is called for the first time."""
    from flake8_prep.typescript import rules
    from flake8_prep.typescript.rule import TypeScriptRule

    return _catalog_of(rules, TypeScriptRule)


def python_rules() -> tuple[type[PythonRule], ...]:
    """Return the rules for Python, by code."""
    return python_catalog().rules


def typescript_rules() -> tuple[type[TypeScriptRule], ...]:
    """Return the rules for TypeScript, by code."""
    return typescript_catalog().rules


def all_rules() -> list[type[Rule]]:
    """Return the rules for both languages, by code."""
    return sorted((*python_rules(), *typescript_rules()), key=lambda rule: rule.code)


def known_rules() -> list[type[Rule]]:
    """Return the rules for both languages, and behind them the house rules that are installed."""
    from flake8_prep.house.rules import house_rules

    house = house_rules()
    return [*all_rules(), *sorted((*house.python, *house.typescript), key=lambda rule: rule.code)]


def _catalog_of(package: ModuleType, base: type[AnyRule]) -> Catalog[AnyRule]:
    found: list[type[AnyRule]] = []
    problems: list[Finding] = []
    # What is wrong with a package is said below; here, it must not end the walk.
    for _, name, _ in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=str):
        try:
            module = importlib.import_module(name)
        except Exception as error:  # flake8 would blame the file that it checks for a SyntaxError
            problems.append(not_loaded(name, error))
        else:
            found += _declared_in(module, base)
    return Catalog(tuple(sorted(found, key=lambda rule: rule.code)), tuple(problems))


def _declared_in(module: ModuleType, base: type[AnyRule]) -> list[type[AnyRule]]:
    """Return the rules that a module declares, without those that it imports."""
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, base) and each.__module__ == module.__name__
    ]
