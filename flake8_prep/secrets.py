"""Tells the names of secrets from the names of other settings."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_prep.patterns import lazy_pattern

_SECRETS = (
    "SECRET",
    "SECRETS",
    "SECRET_KEY",
    "TOKEN",
    "PASSWORD",
    "PASSWORDS",
    "PASSWD",
    "API_KEY",
    "API_KEYS",
    "APIKEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "ACCESS_KEY_ID",
    "CREDENTIAL",
    "CREDENTIALS",
    "DSN",
    "DATABASE_URL",
)

# What may follow the secret without making it something else: DB_PASSWORD_PROD, SECRET_KEY_2.
_QUALIFIERS = frozenset(
    "PROD PRODUCTION DEV DEVELOPMENT STAGING TEST TESTING LIVE SANDBOX LOCAL DEFAULT FALLBACK OLD NEW CURRENT"
    " PREVIOUS PRIMARY SECONDARY BASE BASE64 B64 HEX PEM JSON VALUE".split()
)

# Behind one of these, the value is a flag, a count, or meant to be seen: ALLOW_CREDENTIALS, COST_PER_TOKEN.
_NOT_SECRET_AFTER = frozenset(
    "ALLOW CHECK COUNT DISABLE DISABLED ENABLE ENABLED HAS HIDE IS MASK MAX MIN NUM PER PUBLIC REDACT REQUIRE"
    " REQUIRES SHOW SKIP USE VERIFY".split()
)

_SEPARATORS = lazy_pattern(r"[^A-Z0-9]+")
_NUMBER = lazy_pattern(r"V?[0-9]+")


def is_secret_name(name: str, extra: Iterable[str] = ()) -> bool:
    """Say whether a setting called `name` holds a secret.

    The name must end in the words of a secret: what comes after them is what the value is (`SECRET_NAME`,
    `TOKEN_TIMEOUT`, `PASSWORD_MIN_LENGTH`), and `MAX_TOKENS` is a number of tokens.

    Args:
        name: words with `_` or `-` between them, in either case.
        extra: more names of secrets, as users set them in `prep-secret-names`.
    """
    words = _words(name)
    while words and (words[-1] in _QUALIFIERS or _NUMBER.fullmatch(words[-1])):
        words.pop()
    for secret in map(_words, (*_SECRETS, *extra)):
        if secret and words[-len(secret) :] == secret:
            return _NOT_SECRET_AFTER.isdisjoint(words[: -len(secret)])
    return False


def _words(name: str) -> list[str]:
    return [word for word in _SEPARATORS.split(name.upper()) if word]
