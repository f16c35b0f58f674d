"""Output that goes past the logger."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program
from flake8_prep.rule import Severity
from flake8_prep.typescript.programs import is_started_by_hand
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_METHOD = re.compile(r"(debug|error|info|log|trace|warn)\b(?!\$)")
_CONFIGURATION = re.compile(r"\.config\.[cm]?tsx?$")
_DECLARATION = re.compile(
    r"\b(?:const|let|var|function|class|namespace)\s+(?:console\b|\{[^{}=]{0,500}\bconsole\s*[,}])"
    r"|\bimport\s+(?:[\w$]+\s*,\s*)?(?:\*\s*as\s+console\b|console\b|\{[^{}]{0,500}\bconsole\s*[,}])"
)
# Bounded, so that the time stays linear; far more than people write.
_MOST_LEVELS = 50
_PARAMETER = re.compile(r"(?:^|[(,{])\s*console\s*(?:[?:,)=}]|$)")


class ConsoleCall(TypeScriptRule):
    """Logging with `console.log`, `info`, `warn`, `error`, `debug` and `trace`.

    Why is this bad:
        What the console prints has no level that can be turned off, no structure that can be searched, and no
        request id that tells which of a hundred requests at a time it belongs to. Objects are printed as they
        are, with the tokens and addresses in them. A logger does all that in one place.

    Example:
        export function onFailure(error: Error): void {
          console.error("payment failed", error);
        }

    Use instead:
        export function onFailure(error: Error): void {
          logger.error({ err: error }, "payment failed");
        }

    Known limits:
        Silent in tests and stories, in `scripts/` and `bin/`, in command lines (`cli.ts`, `cli/`, files that
        begin with `#!`, and those that exit when all is done, read their arguments and exit, or ask whether
        they were started themselves, as by `require.main === module`, but for servers and jobs), in
        `*.config.ts`, and in files with a `console` of their own. A method that is passed on, as in
        `.catch(console.error)`, counts; the other methods of the console do not. Ignore the rule in code for
        the browser only, where there is nothing else to write to.
    """

    code = "PREP156"
    name = "console-call"
    severity = Severity.HIGH
    finding = "1.6"
    message = "console.{method} goes past the logger: without a level, structure or request id"
    triggers = ("console",)
    pattern = re.compile(
        r"console(?:(?<![\w$#@.]console)|(?<=\bglobalThis\.console)|(?<=\bwindow\.console))"
        r"(?<!typeof console)\s*+!?(?:\??\.\s*+(?=[a-z])|(?:\?\.)?\[\s*+['\"`])"
    )

    def check(self, source: Source) -> Iterator[Finding]:
        if source.is_test_file or is_program(source.path) or _CONFIGURATION.search(source.path):
            return
        matches = list(self.pattern.finditer(source.code))
        if not matches or source.text.startswith("#!") or _DECLARATION.search(source.code):
            return
        if source.once(is_started_by_hand):
            return
        has_parameters = _PARAMETER.search(source.code) is not None
        for match in matches:
            method = _METHOD.match(source.text, match.end())
            if method and not (has_parameters and _is_parameter(match.start(), source)):
                yield self.at(match.start(), source, method=method[0])


def _is_parameter(offset: int, source: Source) -> bool:
    """Tell whether `console` is the name of a parameter of a function around `offset`."""
    at = offset
    for _ in range(_MOST_LEVELS):
        function = source.enclosing_function(at)
        if function is None:
            break
        if _PARAMETER.search(source.code[function.start : function.body_start].rstrip("=> ")):
            return True
        at = function.start
    return False
