"""Variables of the environment that fall back to an empty string, and secrets that are in the source."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.rule import Severity
from flake8_prep.secrets import is_secret_name
from flake8_prep.typescript.env_fallbacks import fallbacks
from flake8_prep.typescript.environment import LOOKUP, TRIGGERS
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source


class EnvFallback(TypeScriptRule):
    """Variables of the environment that fall back to an empty string, or secrets that do to any string.

    Why is this bad:
        The service starts although a setting is missing, and fails later and elsewhere: a signature that
        never matches, a request to a host without a name. A secret with a value in the source is worse, as
        everyone who can read the code knows it, and nothing tells whether production still runs with it.

    Example:
        const webhookSecret = process.env.STRIPE_WEBHOOK_SECRET || '';

    Use instead:
        import { z } from 'zod';

        const env = z.object({ STRIPE_WEBHOOK_SECRET: z.string().startsWith('whsec_') }).parse(process.env);
        const webhookSecret = env.STRIPE_WEBHOOK_SECRET;

    Known limits:
        A secret is told from its name: `SECRET`, `TOKEN`, `PASSWORD`, `API_KEY`, `DATABASE_URL` and more,
        and what the option `prep-secret-names` adds. Test files are left alone, and so is
        `Number(process.env.X || '')`, which PREP951 reports. Ignore the rule where an empty value means
        that a feature is off.
    """

    code = "PREP157"
    name = "env-fallback"
    severity = Severity.HIGH
    finding = "1.7"
    message = "{variable} falls back to {fallback}, so a missing setting goes unnoticed"
    triggers = TRIGGERS
    pattern = LOOKUP

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each variable that has such a fallback."""
        if source.is_test_file:
            return
        for found in fallbacks(source):
            if found.is_empty:
                yield self.at(found.start, source, variable=found.name, fallback="an empty string")
            elif found.is_text and is_secret_name(found.name, source.settings.secret_names):
                yield self.at(found.start, source, variable=found.name, fallback="a secret in the source")
