"""What the path of a file says about it, in either language."""

from __future__ import annotations

import re
from typing import Final

from flake8_prep.patterns import lazy_pattern

# Folders of programs, and files and folders of command lines: `scripts/`, `bin/`, `cli.py`,
# `create-app-cli/`, `release_cli.ts`, `packages/create-app/`, which npm runs to create something.
_PROGRAM: Final = lazy_pattern(
    r"(?:^|/)(?:(?:scripts?|bin|management/commands)/"
    r"|packages/create-[\w-]+/|(?:[\w.-]*[-_])?cli(?:[-_][\w-]+)?(?:/|\.[cm]?tsx?$|\.py$)|script-?runner\b"
    r"|__main__\.py$)"
)
# Folders and files of migrations, and of what fills a database for the first time or for a demonstration.
_PREPARATION: Final = lazy_pattern(
    r"(?-i:(?<=[a-z])(?:Backfill|Migrations(?=/)))"
    r"|(?:^|[/_.-])(?:alterations?|backfills?|demo|fixtures?|migrat(?:e|ions?|or)|playground|playwright"
    r"|populate|samples?|seed(?:s|er|ers|ing)?|test[-_]?(?:containers|data|ing|plugins|setup|utils)"
    r"|(?:dummy|fake|mock|staging)[-_]?data)(?:[/_.-]|$)",
    re.IGNORECASE,
)


def is_program(path: str) -> bool:
    """Say whether the file at `path`, with slashes, is run by hand, so that it prints for whoever runs it."""
    return _PROGRAM.search(path) is not None


def prepares_database(path: str) -> bool:
    """Say whether the file at `path` changes the schema of a database, or fills it with its first rows."""
    return _PREPARATION.search(path) is not None
