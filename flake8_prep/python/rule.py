"""The base class of the rules for Python."""

from __future__ import annotations

from typing import ClassVar, Protocol

from flake8_prep.finding import Finding
from flake8_prep.rule import Language, Rule


class Place(Protocol):
    """Where something stands, in the terms of :mod:`ast`: line from 1, column from 0 in bytes of UTF-8."""

    @property
    def lineno(self) -> int:
        """The line."""

    @property
    def col_offset(self) -> int:
        """The column."""


class PythonRule(Rule, abstract=True):
    """A rule that looks at nodes of the syntax tree.

    It has methods ``visit_<NodeType>(self, node, file)``, as in ``visit_ExceptHandler``, that yield what
    :meth:`at` makes, or return a list or None. They are called for each node of that type, in the order of
    the source (all nodes of one type, then those of another), and hold no state between calls: what they
    need they ask of the `file`, a :class:`flake8_prep.python.context.PythonFile`.

    Attributes:
        callees: last parts of the names of functions, as in ``{"sleep", "urlopen"}``. `visit_Call` sees only
            calls of these, also where they were imported under another name; None means all calls.
        triggers: plain substrings; the rule does not look at a file that has none of them, and is not even
            imported before there is one that has. Where all letters are small, case does not count. Without
            triggers the rule looks at all files.
    """

    language = Language.PYTHON
    callees: ClassVar[frozenset[str] | None] = None
    triggers: ClassVar[tuple[str, ...]] = ()

    def at(self, place: Place, **fields: object) -> Finding:
        """Return the finding of this rule at `place`, with the `fields` of the message filled in.

        The column is that of `place`, so in bytes; the engine makes it characters, for all rules.
        """
        return Finding(place.lineno, place.col_offset, self.code, self.text(fields))
