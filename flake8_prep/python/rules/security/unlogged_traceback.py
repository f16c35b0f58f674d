"""PREP111."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.catchers import BROAD, description
from flake8_prep.python.context import PythonFile
from flake8_prep.python.handlers import Fate, fate
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class UnloggedTraceback(PythonRule):
    """A handler that catches every exception and logs that something failed, but not what.

    Why is this bad:
        The log then says that an upload failed, and whoever is on call at night does not learn whether the
        disk was full, the password had expired, or a name was misspelt: the exception and its traceback are
        gone.

        `logger.exception(..)` logs both, and so does every other method of a logger with `exc_info=True`. The
        exception in the message (`"upload failed: %s", exc`) is the least that helps.

    Example:
        import logging

        logger = logging.getLogger(__name__)

        def archive(path):
            try:
                bucket.upload(path)
            except Exception:
                logger.error("upload of %s failed", path)

    Use instead:
        import logging

        logger = logging.getLogger(__name__)

        def archive(path):
            try:
                bucket.upload(path)
            except Exception:
                logger.exception("upload of %s failed", path)

    Known limits:
        A handler that logs at a level below warning only is taken to know that the failure does not matter.
        What a function of the project does with the exception cannot be seen: the option
        `prep-error-reporters` names those that report it. Handlers that swallow Ctrl-C or a cancellation are
        PREP311.
    """

    code = "PREP111"
    name = "unlogged-traceback"
    severity = Severity.MEDIUM
    finding = "1.1"
    message = "{clause} logs that something failed, but not the exception"
    triggers = BROAD

    def visit_ExceptHandler(self, node: ast.ExceptHandler, file: PythonFile) -> Iterator[Finding]:
        if file.once(fate, node) is Fate.UNLOGGED:
            yield self.at(node, clause=description(node))
