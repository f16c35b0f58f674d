"""Which names are those of secrets."""

from __future__ import annotations

import pytest

from flake8_prep.secrets import is_secret_name


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "AUTH_TOKEN",
        "DB_PASSWORD",
        "OPENAI_API_KEY",
        "OPENAI_API_KEYS",
        "mysql_passwd",
        "JWT_PRIVATE_KEY_PEM",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "SENTRY_DSN",
        "DATABASE_URL",
        "SQLALCHEMY_DATABASE_URL",
        "webhook-secret",
        "STRIPE_SECRET_KEY_TEST",
        "API_TOKEN_2",
        "SESSION_SECRET_V2",
        "__TOKEN__",
    ],
)
def test_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "_",
        "PROD",
        "2",
        "MAX_TOKENS",
        "TOKENIZERS_PARALLELISM",
        "TIKTOKEN_CACHE_DIR",
        "PASSWORD_MIN_LENGTH",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        "TOKEN_URL",
        "SECRET_NAME",
        "DATABASE",
        "DATABASE_URL_PREFIX",
        "KEY",
        "REDIS_KEY",
        "STRIPE_PUBLIC_KEY",
        "NEXT_PUBLIC_API_KEY",
        "CORS_ALLOW_CREDENTIALS",
        "ENABLE_TOKEN",
        "COST_PER_TOKEN",
        "LOG_LEVEL",
    ],
)
def test_other_settings(name: str) -> None:
    assert not is_secret_name(name)


def test_names_of_users() -> None:
    assert not is_secret_name("LICENSE_CODE")
    assert is_secret_name("LICENSE_CODE", ["license_code"])
    assert is_secret_name("ACME_LICENSE_CODE", ("PASSPHRASE", "LICENSE_CODE"))
    assert not is_secret_name("LICENSE_CODE_URL", ["LICENSE_CODE"])
    assert not is_secret_name("LOG_LEVEL", ["", "_"])
    assert is_secret_name("LICENSE_CODE_BASE64", ["LICENSE_CODE"])
