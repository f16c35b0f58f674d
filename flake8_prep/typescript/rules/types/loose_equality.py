"""Comparisons that convert their operands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_NULL_BEHIND = r"\s*+(?:(null|undefined)(?![\w$]))?"
_UNEQUAL = re.compile(r"(!=)(?!=)(?<![=!]!=)" + _NULL_BEHIND)
_NULL_BEFORE = re.compile(r"(?<![\w$.])(?:null|undefined)\s*\Z")
_REACH = 40


class LooseEquality(TypeScriptRule):
    """Comparisons with `==` and `!=`, which convert their operands before they compare them.

    Why is this bad:
        `"" == 0`, `"0" == false` and `[1] == 1` are all true, by rules that few people know by heart. The
        compiler refuses only what can never be equal, so data that is not what its type says goes through. `x
        == null` is also true where `x` is undefined: what reads like one question asks two. Say `=== null ||
        === undefined`, or use `??`, where both are meant.

    Example:
        if (response.status == "200" || session == null) {
          renew();
        }

    Use instead:
        if (response.status === 200 || session === null || session === undefined) {
          renew();
        }

    Known limits:
        All such comparisons are reported, as by `eqeqeq` of ESLint without options, but for those in files
        whose first comment says that a program has written them. Ignore the rule where `== null` is the
        agreed way to ask for null and undefined at once.
    """

    code = "PREP452"
    name = "loose-equality"
    severity = Severity.LOW
    finding = "4.2"
    message = "{operator} {problem}"
    triggers = ("==", "!=")
    pattern = re.compile(r"(==)(?!=)(?<![=!]==)" + _NULL_BEHIND)

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_generated:
            return
        # Two patterns that begin with plain text are found many times faster than one that does not.
        for pattern in (self.pattern, _UNEQUAL):
            for match in pattern.finditer(source.code):
                start = match.start()
                if match[2] or _NULL_BEFORE.search(source.code, max(0, start - _REACH), start):
                    problem = "does not tell null from undefined"
                else:
                    problem = "converts its operands before it compares them"
                yield self.at(start, source, operator=match[1], problem=problem)
