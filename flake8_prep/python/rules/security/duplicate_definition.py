"""PREP125."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.scopes import ScopeKind
from flake8_prep.python.tree import FUNCTIONS
from flake8_prep.rule import Severity


_DEFINITIONS = frozenset({ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef})


class DuplicateDefinition(PythonRule):
    """Functions, classes and class attributes that a second definition of the name replaces.

    Why is this bad:
        Python keeps the last definition only, without a word. Callers that were written for the first one get
        the other, and a test whose name is used twice never runs. Most are left over from copying or from a
        merge.

    Example:
        def main():
            return serve(port=8080)


        if __name__ == "__main__":
            main()


        def main():
            return migrate()

    Use instead:
        def main():
            return serve(port=8080)


        def migrate_schema():
            return migrate()


        if __name__ == "__main__":
            main()

    Known limits:
        Only definitions in one block are compared, not those of different branches. The first counts as used,
        so as not lost, where code that runs before the second reads it, or where a decorator, or outside of
        tests a base class of another file, may have registered it somewhere.
    """

    code = "PREP125"
    name = "duplicate-definition"
    severity = Severity.CRITICAL
    finding = "1.5"
    message = "{kind} {name!r} replaces the one on line {line}, which is lost"

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        bound_again = [
            (scope, name)
            for scope in file.tree.scopes.values()
            for name, bindings in scope.bindings.items()
            if len(bindings) > 1
            and (scope.kind is ScopeKind.CLASS or any(each.__class__ in _DEFINITIONS for each in bindings))
        ]
        if not bound_again:
            return
        # A small file, as editors check it, seldom gets to here.
        from flake8_prep.python.definitions import replaced_definitions

        for name, lost, kept, scope in replaced_definitions(bound_again, file):
            if isinstance(kept, FUNCTIONS):
                kind = "method" if scope.kind is ScopeKind.CLASS else "function"
            else:
                kind = "class" if isinstance(kept, ast.ClassDef) else "attribute"
            yield self.at(kept, kind=kind, name=name, line=lost.lineno)
