"""Variables of the environment that fall back to an empty string, and secrets that are in the source."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.rule import Severity
from flake8_prep.secrets import is_secret_name
from flake8_prep.typescript.env_fallbacks import fallbacks
from flake8_prep.typescript.environment import LOOKUP, TRIGGERS
from flake8_prep.typescript.noticed import is_noticed
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source
from flake8_prep.variable_names import may_be_empty

# The settings of what packs libraries or deploys contracts by hand, and the environment that a command sets
# up to test something.
_OF_TOOL = lazy_pattern(
    r"(?:^|/)(?:(?:foundry|hardhat|truffle|tsdown|tsup)\.config|testing/[\w./-]+)\.[cm]?ts$"
)


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
        A secret is told from its name: `SECRET`, `TOKEN`, `PASSWORD`, `API_KEY`, `DATABASE_URL` and more, and
        what the option `prep-secret-names` adds. Test files and the settings of tools that pack libraries or
        deploy contracts (`tsup.config.ts`) are left alone, and so is `Number(process.env.X || '')`, which
        PREP951 reports. Silent where the file goes on to ask whether there is a value (`if (!key)`), and
        where the value is a list whose empty parts are filtered out. Variables that the system sets, such as
        `PATH`, and prefixes and suffixes may be empty. Ignore the rule where an empty value is as good as any
        other.
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
        if source.is_test_file or _OF_TOOL.search(source.path):
            return
        for found in fallbacks(source):
            if found.is_empty:
                if may_be_empty(found.name) or is_noticed(found.start, found.end, source):
                    continue
                yield self.at(found.start, source, variable=found.name, fallback="an empty string")
            elif found.is_text and is_secret_name(found.name, source.settings.secret_names):
                yield self.at(found.start, source, variable=found.name, fallback="a secret in the source")
