"""The lines that flake8 looks at for `noqa`, as the fast path finds them."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest
from flake8.processor import FileProcessor

from flake8_prep import host
from flake8_prep.python.physical_lines import joined_lines

SOURCE = '''\
"""On
two lines."""
plain = 1  # a comment
call(
    first,
    "one" "two"
    "three",
)
text = f"{plain}" + """
  {not a field}
""" + f"""{
    plain
}
"""  # noqa
total = 1 + \\
    2
if plain: \\
    \\
    call()
@call("""a
b""")
def short(): ...
last = 1'''


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_those_of_flake8(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(SOURCE.replace("\n", end).encode())
    options = argparse.Namespace(
        hang_closing=False, indent_size=4, max_doc_length=None, max_line_length=79, verbose=0
    )
    by_tokens, without = FileProcessor(str(path), options), FileProcessor(str(path), options)
    tree = ast.parse(SOURCE)
    host._find_lines_without_tokens(without, tree)
    numbers = range(len(by_tokens.lines) + 2)
    assert [without.noqa_line_for(number) for number in numbers] == [
        by_tokens.noqa_line_for(number) for number in numbers
    ]


def test_plain_lines_stand_alone() -> None:
    found = joined_lines(ast.parse(SOURCE), SOURCE.splitlines(keepends=True))
    assert found.isdisjoint({3, 4, 5, 8, 22, 23})
    assert {1, 2, *range(9, 22)} <= found
