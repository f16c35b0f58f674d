"""Imports house rules, and refuses those that would not work."""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final, TypeGuard

from flake8_prep.documentation import documentation_of
from flake8_prep.failure import described
from flake8_prep.house.entry_points import HouseRules, RuleEntryPoint, rule_entry_points
from flake8_prep.printable import printable
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Rule
from flake8_prep.scheme import section_of
from flake8_prep.selection import PREFIX
from flake8_prep.typescript.rule import TypeScriptRule

_CODE: Final = re.compile(r"[A-Z]+[0-9]{3}")
# What packages of others can raise when they are imported: they may even leave the process.
_ANY_ERROR: Final = (Exception, SystemExit)


@functools.cache
def house_rules() -> HouseRules:
    """Return the house rules; they are imported when this is called for the first time."""
    accepted: dict[str, type[Rule]] = {}
    problems: list[str] = []
    for source in rule_entry_points():
        for rule in _rules_of(source, problems):
            reason = _objection(rule, source.entry_point.name, accepted)
            if reason is None:
                accepted[rule.code] = rule
            else:
                problems.append(_problem(source, reason, _place(rule)))
    rules = [accepted[code] for code in sorted(accepted)]
    return HouseRules(
        tuple(rule for rule in rules if issubclass(rule, PythonRule)),
        tuple(rule for rule in rules if issubclass(rule, TypeScriptRule)),
        tuple(problems),
    )


def _rules_of(source: RuleEntryPoint, problems: list[str]) -> list[type[Rule]]:
    """Return the rules that an entry point leads to; what does not import is added to `problems`."""
    if not source.letters:
        problems.append(
            _problem(
                source,
                f"the name of the entry point, {source.entry_point.name}, must be what its codes begin with: "
                f"three or more capital letters and up to three digits, but not {PREFIX[:3]} or {PREFIX}",
            )
        )
        return []
    try:
        loaded = source.entry_point.load()
    except _ANY_ERROR as error:
        problems.append(_problem(source, described(error)))
        return []
    if isinstance(loaded, ModuleType):
        rules = [rule for module in _modules(loaded, source, problems) for rule in _declared_in(module)]
    else:
        rules = [loaded] if _is_rule(loaded) else []
    if not rules:
        problems.append(_problem(source, "there is no rule in it"))
    return rules


def _modules(module: ModuleType, source: RuleEntryPoint, problems: list[str]) -> Iterator[ModuleType]:
    """Yield a module and, where it is a package, all that is in it but what ``python -m`` would run."""
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{module.__name__}."):
        if found.name.endswith(".__main__"):
            continue
        try:
            inner = importlib.import_module(found.name)
        except _ANY_ERROR as error:
            problems.append(_problem(source, described(error), found.name))
        else:
            yield from _modules(inner, source, problems)


def _declared_in(module: ModuleType) -> list[type[Rule]]:
    """Return the rules that a module declares, without those that it imports."""
    return [each for each in vars(module).values() if _is_rule(each) and each.__module__ == module.__name__]


def _is_rule(value: object) -> TypeGuard[type[Rule]]:
    """Say whether `value` is the class of a rule; those that rules are derived from have no code."""
    return isinstance(value, type) and issubclass(value, Rule) and hasattr(value, "code")


def _objection(rule: type[Rule], beginning: str, accepted: Mapping[str, type[Rule]]) -> str | None:
    """Return what is wrong with a rule, beyond what its class refuses itself; None where nothing is."""
    if not issubclass(rule, (PythonRule, TypeScriptRule)):
        return "it is neither a PythonRule nor a TypeScriptRule"
    if not _CODE.fullmatch(rule.code) or not rule.code.startswith(beginning):
        return f"its code is {rule.code}, which must begin with {beginning} and end in three digits"
    if rule.code in accepted:
        return f"its code {rule.code} is that of {_place(accepted[rule.code])}"
    for attribute in dir(rule):
        prefix, _, node_type = attribute.partition("visit_")
        if not prefix and node_type and not hasattr(ast, node_type):
            return f"{attribute} is about a node that this version of Python does not have"
    try:
        section_of(rule.finding)
        documentation_of(rule)
        rule()
    except Exception as error:
        return described(error)
    return None


def _place(rule: type[Rule]) -> str:
    return f"{rule.__module__}:{rule.__qualname__}"


def _problem(source: RuleEntryPoint, reason: str, place: str | None = None) -> str:
    place = place or source.entry_point.value
    return printable(f"house rules not loaded: {place} ({source.package}): {reason}")
