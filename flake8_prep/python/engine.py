"""Runs the rules for Python over a file."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flake8_prep.failure import rule_failure
from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule

_Handler = tuple[type[PythonRule], Callable[[Any, PythonFile], Iterable[Finding] | None]]


class Engine:
    """The enabled rules, arranged by what they look at."""

    def __init__(self, rules: Iterable[type[PythonRule]]) -> None:
        self._by_type: dict[type[ast.AST], list[_Handler]] = {}
        self._by_callee: defaultdict[str, list[_Handler]] = defaultdict(list)
        for rule in rules:
            instance = rule()
            for attribute in dir(rule):
                prefix, _, type_name = attribute.partition("visit_")
                if prefix or not type_name:
                    continue
                handler = (rule, getattr(instance, attribute))
                if type_name == "Call" and rule.callees is not None:
                    for callee in rule.callees:
                        self._by_callee[callee].append(handler)
                else:
                    self._by_type.setdefault(getattr(ast, type_name), []).append(handler)

    def check(self, file: PythonFile) -> list[Finding]:
        """Return what the rules find in `file`, in the order of the source, with columns in characters.

        A rule that raises is left out from there on, and reported as PREP000.
        """
        run = _Run(file)
        for node_type, handlers in self._by_type.items():
            nodes = file.nodes(node_type)
            for handler in handlers:
                run.visit(handler, nodes)
        if self._by_callee:
            for callee, calls in self._calls_of_interest(file).items():
                for handler in self._by_callee[callee]:
                    run.visit(handler, calls)
        return sorted(run.findings)

    def _calls_of_interest(self, file: PythonFile) -> dict[str, list[ast.Call]]:
        renamed, by_callee = file.tree.renamed, self._by_callee
        found: defaultdict[str, list[ast.Call]] = defaultdict(list)
        for node in file.nodes(ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                callee = function.attr
            elif isinstance(function, ast.Name):
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
        self.failed: set[type[PythonRule]] = set()

    def visit(self, handler: _Handler, nodes: Sequence[ast.AST]) -> None:
        """Let a rule look at these nodes; it stops at the first one that it fails on."""
        rule, handle = handler
        if rule in self.failed:
            return
        file = self.file
        try:
            for node in nodes:
                for finding in handle(node, file) or ():
                    column = file.character_column(finding.line, finding.column)
                    self.findings.append(finding._replace(column=column))
        except Exception as error:  # a rule's bug must not end flake8's whole run
            self.failed.add(rule)
            self.findings.append(rule_failure(rule, error))
