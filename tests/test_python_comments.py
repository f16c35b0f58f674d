"""The comments of a Python file, and where it runs as a program."""

from __future__ import annotations

import ast

from flake8_prep.python.context import PythonFile
from flake8_prep.python.entry import is_below_main_guard, runs_as_program


def python_file(source: str) -> PythonFile:
    return PythonFile(ast.parse(source), source.splitlines(keepends=True))


def test_comments_with_columns_in_bytes() -> None:
    file = python_file('é = "# no"  # été\nx = f(\n    # last\n)')
    assert [tuple(comment) for comment in file.comments] == [(1, 13, "# été"), (3, 4, "# last")]
    assert file.text.startswith("é")


def test_comments_up_to_what_cannot_be_read() -> None:
    file = PythonFile(ast.parse(""), ["# first\n", "x = (\n"])
    assert [comment.text for comment in file.comments] == ["# first"]


PROGRAM = """\
import click
helper()

@click.command()
def command():
    inside()

@decorator
def main():
    inside()
    other()

def other():
    inside()

run(lambda: inside())

if __name__ == "__main__":
    main()
    [helper() for _ in ()]
"""


def test_what_runs_as_a_program() -> None:
    file = python_file(PROGRAM)
    calls = {node.lineno: node for node in file.nodes(ast.Call)}
    assert [line for line, call in calls.items() if is_below_main_guard(call, file)] == [19, 20]
    assert [line for line, call in calls.items() if runs_as_program(call, file)] == [6, 10, 11, 19, 20]
