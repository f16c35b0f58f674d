"""Chains of promises that nobody sees fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.typescript.promises import THEN, chain_at, outer_call
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.statements import begins_statement, ends_statement
from flake8_prep.typescript.unfailing import is_never_rejected

_TAKES_REST = re.compile(r"\bprocess\s*\.\s*(?:on|once|addListener)\(\s*['\"`]unhandledRejection['\"`]")


class UnhandledPromiseChain(TypeScriptRule):
    """Chains of `.then` that are not awaited and handle no rejection.

    Why is this bad:
        Nobody waits for such a chain, so nobody learns that it failed: a server that could not listen is a
        process that serves nothing, or one that ends with an unhandled rejection that does not say where it
        comes from. Chains in the callbacks of chains hide that well.

        Await the promise in a `try`. Where nobody can wait for it, end the chain with `.catch`.

    Example:
        openDatabase().then((database) => {
          startServer(database);
        });

    Use instead:
        try {
          startServer(await openDatabase());
        } catch (error) {
          log.fatal({ error }, "the server did not start");
          process.exit(1);
        }

    Known limits:
        Silent in tests, and where the chain is a part of something else: of an expression, an assignment, the
        result of a function, or behind `void`. Any `.catch` counts, wherever in the chain it is. So does a
        `catch` around all that an asynchronous function of the same file does. A `confirm` of a hook, and a
        `window.showWarningMessage` of VS Code, only ask the user, where the callbacks wait for nothing else.
        A file that listens to `unhandledRejection` handles all rejections. A chain in the callback of another
        one is also reported where it is all that the callback returns, handles no rejection, and does not
        need the callback's variables, so that one chain would do.
    """

    code = "PREP253"
    name = "unhandled-promise-chain"
    severity = Severity.MEDIUM
    finding = "2.3"
    message = "the promise chain on {chain} {problem}"
    triggers = ("then",)
    pattern = THEN

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each chain that is a statement, or nested without need."""
        if source.is_test_file:
            return
        seen: set[int] = set()
        reported: set[int] = set()
        for match in self.pattern.finditer(source.code):
            chain = chain_at(match, source) if match.end() - 1 not in seen else None
            if chain is None:
                continue
            seen.update(chain.calls)
            if chain.has_handler:
                continue
            if begins_statement(chain.start, source) and ends_statement(chain.end, source):
                if source.once(_takes_rest) or is_never_rejected(chain, source):
                    continue
                problem = "is not awaited and has no catch, so its errors are lost"
            elif (outer := outer_call(chain, source)) is not None and outer not in reported:
                problem = "is nested in another one, and could follow it"
            else:
                continue
            reported.update(chain.calls)
            yield self.at(chain.start, source, chain=chain.name, problem=problem)


def _takes_rest(source: Source) -> bool:
    """Tell whether the file handles the rejections that nobody else does."""
    return _TAKES_REST.search(source.strings) is not None
