"""Variables of the environment that have a default in the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.secrets import is_secret_name
from flake8_prep.typescript.env_fallbacks import Fallback, fallbacks
from flake8_prep.typescript.environment import LOOKUP, TRIGGERS
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.variable_names import is_of_system

# Defaults that say themselves that the variable is not set.
_UNKNOWN: Final = frozenset({"n/a", "na", "not set", "undefined", "unknown", "unset"})
_SETTING = lazy_pattern(r"(?:\|\||\?\?)=")


class EnvDefault(TypeScriptRule):
    """Variables of the environment that have a default in the source.

    Why is this bad:
        Defaults that are scattered over the code cannot be seen together, differ between two places that
        read the same variable, and let a service run in production with the host or the mode of a
        developer's machine.

    Example:
        const host = process.env.REDIS_HOST || 'localhost';

    Use instead:
        import { z } from 'zod';

        export const env = z.object({ REDIS_HOST: z.string().min(1) }).parse(process.env);

    Known limits:
        Empty strings, and the strings that secrets fall back to, are PREP157's. Test files are left alone,
        and so are `Number(process.env.X || '1')`, which PREP951 reports, what the system sets, such as
        `HOME`, and defaults that say that the variable is not set, such as `'unknown'`. Ignore the rule in
        the one module that reads the settings.
    """

    code = "PREP167"
    name = "env-default"
    severity = Severity.LOW
    finding = "1.7"
    message = "{variable} falls back to {literal} where it is not set"
    triggers = TRIGGERS
    pattern = LOOKUP

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each variable that has a default."""
        if source.is_test_file:
            return
        for found in fallbacks(source):
            is_secret = found.is_text and is_secret_name(found.name, source.settings.secret_names)
            if not (found.is_empty or is_secret or _is_right(found, source)):
                yield self.at(found.start, source, variable=found.name, literal=_shown(found.literal))


def _is_right(fallback: Fallback, source: Source) -> bool:
    """Tell whether the fallback says that nothing is known, or stands in for what the system knows."""
    if fallback.literal[1:-1].lower() in _UNKNOWN:
        return True
    # `process.env.TZ ??= "UTC"` makes a setting of it.
    is_set = _SETTING.search(source.code, fallback.start, fallback.end) is not None
    return is_of_system(fallback.name) and not is_set


def _shown(literal: str) -> str:
    shown = " ".join(literal.split())
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
