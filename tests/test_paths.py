"""What paths say about files."""

from __future__ import annotations

import pytest

from flake8_prep.paths import is_program


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
