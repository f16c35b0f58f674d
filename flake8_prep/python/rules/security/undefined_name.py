"""PREP105."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.undefined import undefined_names
from flake8_prep.rule import Severity


class UndefinedName(PythonRule):
    """Names that nothing defines.

    Why is this bad:
        The line raises `NameError` as soon as it runs. It often stands where tests seldom come, in the
        handler of an error or behind a rare condition, and there it hides the error that was to be handled.
        The message names the likeliest cause, as a name that is spelled nearly so, a parameter of another
        function, or an import that is missing or has another name.

    Example:
        def retry(fetch, attempts):
            for number in range(attempts):
                try:
                    return fetch()
                except OSError:
                    if number + 1 == attempt:
                        raise

    Use instead:
        def retry(fetch, attempts):
            for number in range(attempts):
                try:
                    return fetch()
                except OSError:
                    if number + 1 == attempts:
                        raise

    Known limits:
        The order of statements is left aside: a name counts as defined where anything in its scope binds it,
        also after the use. Files with a star import are not checked, nor are templates (`{{ name }}`), files
        that hand their `globals()` to somebody, names that a `global` statement declares or that are set as
        `globals()["name"]`, and names in a `try` that catches `NameError`. Names that something else puts
        into the builtins go into the option `builtins` of flake8.
    """

    code = "PREP105"
    name = "undefined-name"
    severity = Severity.CRITICAL
    finding = "1.5, 3.2"
    message = "{name!r} is not defined{cause}"

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        uses = list(undefined_names(file))
        if uses:
            # Most files have no such name.
            from flake8_prep.python.likely_causes import LikelyCauses

            causes = LikelyCauses(file)
            for use in uses:
                yield self.at(use.place, name=use.name, cause=causes.of(use))
