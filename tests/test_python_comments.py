"""The comments of a Python file, and where it runs as a program."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

from flake8_prep.python.comments import comment_on
from flake8_prep.python.context import PythonFile
from flake8_prep.python.entry import is_below_main_guard, runs_as_program


def python_file(source: str) -> PythonFile:
    return PythonFile(ast.parse(source), io.StringIO(source).readlines())


COMMENTED = '''\
é = "# no"  # été
x = f(
    # plain
)
"""A text with # in it
# and more
"""  # behind a text
y = ("one"  # beside é
     # below é
     "two # no")  # at last
z = f"# no {x!r:#>{y}}" + """
# no""" ""  # after all
no_comment = 1
"# " '# ' r"#"
'''


def test_comments_with_columns_in_bytes() -> None:
    file = python_file(COMMENTED)
    comments = [comment_on(line, file) for line in range(1, len(file.lines) + 1)]
    assert [tuple(comment) for comment in comments if comment is not None] == [
        (1, 13, "# été"),
        (3, 4, "# plain"),
        (7, 5, "# behind a text"),
        (8, 12, "# beside é"),
        (9, 5, "# below é"),
        (10, 18, "# at last"),
        (12, 12, "# after all"),
    ]


def test_comments_are_those_of_the_tokenizer() -> None:
    for path in sorted(Path(__file__).parent.glob("**/*.py")):
        source = path.read_text("utf-8")
        file = python_file(source)
        expected = {
            token.start[0]: token.string
            for token in tokenize.generate_tokens(iter(file.lines).__next__)
            if token.type == tokenize.COMMENT
        }
        found = {line: comment_on(line, file) for line in range(1, len(file.lines) + 1)}
        assert {line: comment.text for line, comment in found.items() if comment} == expected, path


def test_part_of_a_string_that_the_tokenizer_refuses() -> None:
    # The lines are not those of the tree, as none are known that the parser takes and the tokenizer refuses.
    file = PythonFile(ast.parse('x = """\n#"""'), ['x = """\n', "#\n"])
    assert comment_on(2, file) is None


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
