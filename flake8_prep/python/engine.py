"""Runs the rules for Python over a file."""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flake8_prep.failure import not_loaded, rule_failure
from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.listing import Listing

if TYPE_CHECKING:
    from flake8_prep.python.rule import PythonRule


class _Handler:
    """A method of a rule that looks at nodes of one type; the rule is imported when there is one."""

    def __init__(self, rule: Listing, method: str) -> None:
        self.rule = rule
        self._method = method

    @functools.cached_property
    def handle(self) -> Callable[[Any, PythonFile], Iterable[Finding] | None]:
        """The method.

        Raises:
            Exception: whatever the import of the rule's module raises.
        """
        handle: Callable[[Any, PythonFile], Iterable[Finding] | None]
        handle = getattr(self.rule.load()(), self._method)
        return handle


class Engine:
    """The enabled rules, arranged by what they look at."""

    def __init__(self, rules: Iterable[Listing | type[PythonRule]]) -> None:
        self._by_type: dict[type[ast.AST], list[_Handler]] = {}
        self._by_callee: defaultdict[str, list[_Handler]] = defaultdict(list)
        for rule in rules:
            listing = rule if isinstance(rule, Listing) else Listing.of(rule)
            for type_name in listing.visits:
                handler = _Handler(listing, f"visit_{type_name}")
                if type_name == "Call" and listing.callees is not None:
                    for callee in listing.callees:
                        self._by_callee[callee].append(handler)
                else:
                    self._by_type.setdefault(getattr(ast, type_name), []).append(handler)

    def check(self, file: PythonFile) -> list[Finding]:
        """Return what the rules find in `file`, in the order of the source, with columns in characters.

        A rule that raises is left out from there on, and reported as PREP000, as is one that cannot be
        imported.
        """
        run = _Run(file)
        for node_type, handlers in self._by_type.items():
            nodes = file.nodes(node_type)
            for handler in handlers if nodes else ():
                run.visit(handler, nodes)
        if self._by_callee:
            for callee, calls in self._calls_of_interest(file).items():
                for handler in self._by_callee[callee]:
                    run.visit(handler, calls)
        return sorted(run.findings)

    def _calls_of_interest(self, file: PythonFile) -> dict[str, list[ast.Call]]:
        renamed, by_callee = file.tree.renamed, self._by_callee
        attribute_type, name_type = ast.Attribute, ast.Name
        found: defaultdict[str, list[ast.Call]] = defaultdict(list)
        for node in file.nodes(ast.Call):
            function: Any = node.func
            if function.__class__ is attribute_type:
                callee = function.attr
            elif function.__class__ is name_type:
                callee = renamed.get(function.id, function.id)
            else:
                continue
            if callee in by_callee:
                found[callee].append(node)
        return found


class _Run:
    """The findings in one file so far, and the rules that failed on it."""

    def __init__(self, file: PythonFile) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.failed: set[Listing] = set()
        self._triggered: dict[tuple[str, ...], bool] = {(): True}

    def visit(self, handler: _Handler, nodes: Sequence[ast.AST]) -> None:
        """Let a rule look at these nodes; it stops at the first one that it fails on."""
        file, rule = self.file, handler.rule
        if rule in self.failed or not self._is_triggered(rule.triggers):
            return
        try:
            handle = handler.handle
        except Exception as error:  # flake8 would blame the file that it checks for a SyntaxError
            self.failed.add(rule)
            self.findings.append(not_loaded(rule.module, error))
            return
        try:
            for node in nodes:
                for finding in handle(node, file) or ():
                    column = file.character_column(finding.line, finding.column)
                    self.findings.append(finding._replace(column=column))
        except Exception as error:  # a rule's bug must not end flake8's whole run
            self.failed.add(rule)
            self.findings.append(rule_failure(rule, error))

    def _is_triggered(self, triggers: tuple[str, ...]) -> bool:
        """Say whether the file has one of `triggers`; rules about the same things have the same ones."""
        found = self._triggered.get(triggers)
        if found is None:
            file = self.file
            found = self._triggered[triggers] = any(
                trigger in (file.folded_text if trigger.islower() else file.text) for trigger in triggers
            )
        return found
