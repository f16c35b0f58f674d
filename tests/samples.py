"""Two rules of one name, for the tests of what is made from rules; the catalog does not know them."""

from __future__ import annotations

import re

from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Rule, Severity
from flake8_prep.typescript.rule import TypeScriptRule


class SamplePattern(PythonRule):
    """What the sample | finds.

    Why is this bad:
        The first paragraph of the prose goes on for longer than eighty columns, so it has to be wrapped.

        - an item whose text is continued
          on a second line, see the option `prep-secret-names`
        - another item

    Example:
        if sample:
            reported()

    Use instead:
        accepted()

    Known limits:
        None that matter.
    """

    code = "PREP191"
    name = "sample-pattern"
    severity = Severity.CRITICAL
    finding = "1.1, 3.2"
    message = "{thing} is a sample"
    off_by_default = True


class _InTypeScript:
    class SamplePattern(TypeScriptRule):
        """What the sample finds in TypeScript.

        Why is this bad:
            Prose.

        Example:
            reported();

        Use instead:
            accepted();

        Known limits:
            None that matter.
        """

        code = "PREP291"
        name = "sample-pattern"
        severity = Severity.LOW
        finding = "2.1"
        message = "{thing} is a sample in TypeScript"
        triggers = ("reported(",)
        pattern = re.compile(r"(?P<thing>reported)\(")


SAMPLES: list[type[Rule]] = [SamplePattern, _InTypeScript.SamplePattern]
