"""Statements of SQL whose text is put together from values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flake8_prep.python.context import PythonFile
from flake8_prep.python.destinations import Destination, Destinations
from flake8_prep.python.strings import Strings
from flake8_prep.python.variables import Variable, uses
from flake8_prep.python.whole_strings import whole_string
from flake8_prep.sql import statement_in


class Injection(NamedTuple):
    """A place where a value is put into the text of a statement.

    Attributes:
        string: the string that is put together there.
        value: what is put in.
        verb: the word that the statement begins with, as in ``SELECT``.
    """

    string: ast.expr
    value: ast.AST
    verb: str


def injections(openings: Iterable[ast.Constant], file: PythonFile) -> Iterator[Injection]:
    """Yield the places where a value that may hold any text is put into a statement that goes to a database.

    Each begins with one of `openings`, constants that begin like a statement; from there on it is followed to
    the string that it is the start of, to the name that this is bound to, to what is added there, and to the
    strings that the name is the start of.
    """
    search = _Search(file)
    for opening in openings:
        yield from search.follow(opening)


class _Binding(NamedTuple):
    """A place that binds a variable.

    Attributes:
        before: what the variable is bound to before that place; None where that is no expression.
        added: what is added by `+=` to that, or to what is bound here, before the variable is bound anew.
        start: from where on `added` comes after this place.
    """

    before: ast.expr | None
    added: list[ast.expr]
    start: int

    def take_additions(self) -> list[ast.expr]:
        """Return what is added from here on, once: what was taken before is left out."""
        taken = self.added[self.start :]
        del self.added[self.start :]
        return taken


class _Search:
    """What was found so far in a file."""

    def __init__(self, file: PythonFile) -> None:
        self._file = file
        self._strings = Strings(file)
        self._destinations = Destinations(self._strings)
        self._seen: set[ast.AST] = set()
        self._followed: set[Variable] = set()
        self._reported: set[Variable] = set()
        self._found: set[ast.expr] = set()
        self._bindings: dict[ast.AST, _Binding] = {}

    def follow(self, opening: ast.expr) -> Iterator[Injection]:
        """Yield what is put into the statements that begin with `opening`."""
        waiting: list[ast.expr] = [opening]
        while waiting:
            string = whole_string(waiting.pop(), self._file, self._seen)
            if string is None:
                continue
            target = self._target(string)
            variable = self._strings.variable(target) if target is not None else None
            if target is None or variable is None:
                yield from self._injections([string])
                continue
            if variable not in self._followed:
                self._followed.add(variable)
                self._bindings.update(self._bindings_of(variable))
                waiting += reversed(uses(variable, self._file))
            before = self._bindings[target].before
            pieces = [string, *self._bindings[target].take_additions()]
            # What the variable held before was looked at on its own, if that was a string.
            yield from self._injections(pieces, variable, is_continued=before in self._seen)

    def _target(self, string: ast.expr) -> ast.Name | None:
        """Return the name that is bound to `string`, or to a choice or a list that holds it."""
        child: ast.AST = string
        parent = self._file.parent(child)
        while isinstance(parent, (ast.IfExp, ast.BoolOp, ast.List, ast.Tuple)):
            child, parent = parent, self._file.parent(parent)
        match parent:
            case ast.Assign(targets=[ast.Name() as target]):
                return target
            case ast.AnnAssign(target=ast.Name() as target) | ast.AugAssign(target=ast.Name() as target):
                return target
            case ast.NamedExpr(target=target):
                return target
        return None

    def _bindings_of(self, variable: Variable) -> Iterator[tuple[ast.AST, _Binding]]:
        """Yield the places that bind `variable`, with what happens to it around them."""
        scope, name = variable
        value: ast.expr | None = None
        added: list[ast.expr] = []
        for binding in scope.bindings[name]:
            statement = self._file.parent(binding)
            before = value
            if isinstance(statement, ast.AugAssign):
                added.append(statement.value)
            else:
                added = []
                value = getattr(statement, "value", None)
            yield binding, _Binding(before, added, len(added))

    def _injections(
        self, pieces: list[ast.expr], variable: Variable | None = None, *, is_continued: bool = False
    ) -> Iterator[Injection]:
        """Yield the places where a value gets in, if `pieces` are a statement that goes to a database."""
        own = variable if is_continued else None
        assembled = [self._strings.assemble(piece, self._reported, own) for piece in pieces]
        if isinstance(pieces[0], ast.Name):
            assembled[0] = assembled[0]._replace(value=None)  # an alias puts nothing together
        if all(each.value is None for each in assembled):
            return
        statement = statement_in("".join(each.text for each in assembled))
        if statement is None:
            return
        destination = self._destinations.of(pieces[0])
        is_certain = statement.is_certain and destination is Destination.ELSEWHERE
        if is_certain or destination is Destination.DATABASE:
            if variable is not None:
                self._reported.add(variable)
            for piece, (_, value) in zip(pieces, assembled, strict=True):
                if value is not None and piece not in self._found:
                    self._found.add(piece)
                    yield Injection(piece, value, statement.verb)
