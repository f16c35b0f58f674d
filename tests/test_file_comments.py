"""Which files may have a comment that suppresses all that is found in them."""

from __future__ import annotations

import pytest
from flake8 import defaults

from flake8_prep.file_comments import mentions_flake8


@pytest.mark.parametrize(
    "comment", ["# flake8: noqa", "# FLAKE8=NoQA", "  # Flake8: noqa: E501", "# fla\N{KELVIN SIGN}e8: noqa"]
)
def test_all_that_flake8_takes_for_one_is_mentioned(comment: str) -> None:
    assert defaults.NOQA_FILE.match(comment)
    assert mentions_flake8(["import os\n", f"{comment}\n"])


@pytest.mark.parametrize("lines", [[], ["# noqa\n"], ["flake\n", "8\n"]])
def test_other_files_do_not_mention_it(lines: list[str]) -> None:
    assert not mentions_flake8(lines)
