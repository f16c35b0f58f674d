"""What flake8 reports, with the source around it."""

from __future__ import annotations

from typing import NamedTuple


class Excerpt(NamedTuple):
    """Some lines of a source file.

    Attributes:
        first: the number of the first of them, from 1.
        lines: the lines, without their ends; very long ones are cut.
    """

    first: int
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """Return the line that has this `number` in the file, from 1; an empty one, if it is not here."""
        index = number - self.first
        return self.lines[index] if 0 <= index < len(self.lines) else ""


NO_EXCERPT = Excerpt(1, ())


class Violation(NamedTuple):
    """One thing that flake8 reports, by our rules or by those of other plugins.

    Violations sort by their place.

    Attributes:
        path: the path of the file, with slashes; from the working directory, if the file is below it.
        line: line number, from 1; flake8 also has 0, for a file as a whole.
        column: column in characters, from 0.
        code: the code of the rule, as in ``PREP101`` or ``E501``.
        message: what is wrong, without the code.
        excerpt: the line and its neighbours; empty, where the source could not be read.
        text: what the line is known by, see :mod:`flake8_prep.report.identity`; empty where excerpt is.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    excerpt: Excerpt = NO_EXCERPT
    text: str = ""

    @property
    def source(self) -> str:
        """The line of the source where it is, without the line's end; empty, where it could not be read."""
        return self.excerpt.line(self.line)
