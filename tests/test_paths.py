"""What paths say about files."""

from __future__ import annotations

import pytest

from flake8_prep.paths import is_program, prepares_database


@pytest.mark.parametrize(
    "path",
    [
        "scripts/seed.ts",
        "tools/bin/run.py",
        "src/cli.ts",
        "src/cli/index.ts",
        "packages/create-app-cli/src/x.ts",
        "release_cli.py",
        "core/_cli.py",
        "cli-utils.mts",
        "app/__main__.py",
        "shop/management/commands/sync.py",
    ],
)
def test_programs(path: str) -> None:
    assert is_program(path)


@pytest.mark.parametrize(
    "path",
    ["src/client.ts", "src/clients/x.ts", "binary/x.py", "descripts.py", "src/clip.ts", "main.py", "cli.txt"],
)
def test_other_files(path: str) -> None:
    assert not is_program(path)


@pytest.mark.parametrize(
    "path",
    [
        "db/migrations/1.py", "src/seed.ts", "create_test_data.py", "staging-data.ts", "demo/fill.py",
        "src/builtInMigrations/index.ts",
    ],
)  # fmt: skip
def test_what_fills_a_database_at_first(path: str) -> None:
    assert prepares_database(path)


@pytest.mark.parametrize(
    "path",
    ["src/data.py", "src/latest_database.ts", "attestation/data.py", "src/orderMigrations.ts"],
)
def test_what_works_with_data_fills_no_database(path: str) -> None:
    assert not prepares_database(path)
