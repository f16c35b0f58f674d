"""See :class:`InternalImport`."""

from __future__ import annotations

import re

from flake8_prep.rule import Severity
from flake8_prep.typescript.rule import TypeScriptRule


class InternalImport(TypeScriptRule):
    """Imports from the inside of another team's package.

    Why is this bad:
        What a package exports at its root is its interface. What lies below `src` changes without notice.

    Example:
        import { round } from "@acme/money/src/round";

    Use instead:
        import { round } from "@acme/money";

    Known limits:
        `require` and `import()` with a path that is not written out.
    """

    code = "ACME151"
    name = "internal-import"
    severity = Severity.LOW
    finding = "2.1"
    message = "{module} is inside of another package"
    triggers = ("@acme/",)
    view = "strings"
    pattern = re.compile(r"\bfrom\s+['\"](?P<module>@acme/[\w-]+/src/[\w./-]+)['\"]")
