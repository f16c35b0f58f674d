"""Regular expressions that are compiled when they are first used.

To compile all of those of the rules takes longer than to check a small file, as editors have flake8 do on
each save, and most files need few of them.
"""

from __future__ import annotations

import functools
import re
from typing import Any, cast


def lazy_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what can be used in the place of ``re.compile(expression, flags)``, but for its type.

    What is wrong with the expression raises :exc:`re.error` at the first use.
    """
    return cast("re.Pattern[str]", _LazyPattern(expression, flags))


def is_pattern(value: object) -> bool:
    """Say whether `value` is a regular expression, compiled or not."""
    return isinstance(value, (re.Pattern, _LazyPattern))


class _LazyPattern:
    def __init__(self, expression: str, flags: int) -> None:
        self._expression = expression
        self._flags = flags

    @functools.cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._expression, self._flags)

    def __getattr__(self, name: str) -> Any:
        # Python asks here for what it has not found; next time it finds it.
        attribute = getattr(self._compiled, name)
        setattr(self, name, attribute)
        return attribute
