"""Scopes and the names that they bind."""

from __future__ import annotations

import ast
import enum
from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Final

# Few scopes declare names, and most of those that a tree has are functions.
_NONE: Final[Set[str]] = frozenset()


class ScopeKind(enum.Enum):
    """What opens a scope; see the reference manual, section 4.2, and PEP 695."""

    MODULE = enum.auto()
    CLASS = enum.auto()
    FUNCTION = enum.auto()
    LAMBDA = enum.auto()
    COMPREHENSION = enum.auto()
    TYPE_PARAMETERS = enum.auto()


class Scope:
    """A region of the source in which names are bound.

    Attributes:
        node: the module, class, function, lambda or comprehension, or what the type parameters belong to.
        parent: the scope around it; None for the module.
        kind: what opens it.
        bindings: for each name that is bound here the nodes that bind it, in the order of the source. Such a
            node is a `Name` with a store or delete context, an `alias` of an import, an `arg`, a function or
            class definition, an `ExceptHandler`, a pattern that captures, or a type parameter.
        loads: for each name that is read here the `Name` nodes.
        global_names: names that a `global` statement declares here.
        nonlocal_names: names that a `nonlocal` statement declares here.
    """

    __slots__ = ("bindings", "global_names", "kind", "loads", "node", "nonlocal_names", "parent")

    def __init__(self, node: ast.AST, parent: Scope | None, kind: ScopeKind) -> None:
        self.node = node
        self.parent = parent
        self.kind = kind
        self.bindings: defaultdict[str, list[ast.AST]] = defaultdict(list)
        self.loads: defaultdict[str, list[ast.Name]] = defaultdict(list)
        self.global_names: Set[str] = _NONE
        self.nonlocal_names: Set[str] = _NONE

    def __repr__(self) -> str:
        return f"<Scope {self.kind.name.lower()} {getattr(self.node, 'name', '')}>"

    @property
    def module(self) -> Scope:
        """The scope of the whole module."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def visible(self) -> Iterator[Scope]:
        """Yield the scopes in which a name that is read here is looked up, innermost first.

        Class scopes are seen from their own statements, and from the type parameters right below them, only.
        """
        yield self
        direct = self.kind is ScopeKind.TYPE_PARAMETERS
        scope = self.parent
        while scope is not None:
            if scope.kind is not ScopeKind.CLASS or direct:
                yield scope
            direct = direct and scope.kind is ScopeKind.TYPE_PARAMETERS
            scope = scope.parent

    def binder(self, name: str) -> Scope | None:
        """Return the scope that binds `name` where it is read in this scope, or None if none does."""
        for scope in self.visible():
            if name in scope.global_names:
                module = scope.module
                return module if name in module.bindings else None
            if name in scope.bindings:
                return scope
        return None
