"""What a rule can ask about a Python file."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar, cast

from flake8_prep.options import Settings
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.names import last_name
from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import COMPREHENSIONS, FUNCTIONS, Function, Tree, children

Node = TypeVar("Node", bound=ast.AST)
Answer = TypeVar("Answer")

_BUILTINS = frozenset(dir(builtins))
# How far up a search for the scope goes before what it finds is kept for all nodes on the way. A sum of
# thousands of terms is as deep as it is long, and so is a chain of `elif`.
_LONG_WAY = 32
# Nodes of which a part is evaluated outside of the scope that the rest is in.
_DIVIDED = (ast.comprehension, ast.arguments)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_TEST_FILE = lazy_pattern(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_tests?|conftest)\.py$")
_MIGRATION_FILE = lazy_pattern(r"(?:^|/)(?:migrations?(?:/|\.py$)|versions/)")


class PythonFile:
    """A parsed Python file, as the rules see it.

    Attributes:
        path: the path of the file, with slashes.
        lines: the lines of the source with their line ends.
        tree: the index of the syntax tree.
        settings: what users have set about the rules.
    """

    def __init__(
        self, module: ast.Module, lines: Sequence[str], path: str = "stdin", settings: Settings | None = None
    ) -> None:
        self.path = path.replace("\\", "/")
        self.lines = lines
        self.tree = Tree(module)
        self.settings = settings or Settings()
        self._answers: dict[tuple[Any, ...], Any] = {}
        self._scopes: dict[ast.AST, Scope] = {}
        self._import_roots: dict[ast.AST, str | None] = {}

    def once(self, question: Callable[..., Answer], *about: Hashable) -> Answer:
        """Return ``question(self, *about)``, worked out when first asked for and then kept."""
        key = (question, *about)
        if key not in self._answers:
            self._answers[key] = question(self, *about)
        answer: Answer = self._answers[key]
        return answer

    # Structure

    def nodes(self, node_type: type[Node]) -> list[Node]:
        """Return all nodes of exactly that type, in the order of the source; names are in scopes instead."""
        return self.tree.nodes.get(node_type, [])

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node right above; None above the module."""
        return self.tree.parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes above `node`, from the nearest to the module."""
        parents = self.tree.parents
        above = parents.get(node)
        while above is not None:
            yield above
            above = parents.get(above)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the nearest statement that is or holds `node`."""
        candidate: ast.AST | None = node
        while candidate is not None and not isinstance(candidate, ast.stmt):
            candidate = self.parent(candidate)
        return candidate

    def enclosing_function(self, node: ast.AST) -> Function | ast.Lambda | None:
        """Return the nearest function or lambda in whose body `node` runs; None in a module or class."""
        for scope in self._scopes_around(node):
            if scope.kind in {ScopeKind.FUNCTION, ScopeKind.LAMBDA}:
                return cast(Function | ast.Lambda, scope.node)
            if scope.kind is ScopeKind.CLASS:
                return None
        return None

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the nearest class around `node`, through functions; none is around its own decorators."""
        for scope in self._scopes_around(node):
            if isinstance(scope.node, ast.ClassDef) and scope.kind is ScopeKind.CLASS:
                return scope.node
        return None

    def enclosing_loop(self, node: ast.AST) -> ast.For | ast.AsyncFor | ast.While | None:
        """Return the nearest loop of the same function whose body (or test, for `while`) holds `node`."""
        child = node
        for above in self.ancestors(node):
            if isinstance(above, _LOOPS):
                # Not `child in above.body`: that takes time for each statement of a long loop.
                outside = (getattr(above, "target", None), getattr(above, "iter", None), *above.orelse)
                if child not in outside:
                    return above
            if isinstance(above, _CLOSED) and _is_inside(above, child):
                return None
            child = above
        return None

    def own_nodes(self, *roots: ast.AST) -> Iterator[ast.AST]:
        """Yield the roots and what is below them, but not the bodies of functions, lambdas and classes there.

        Their decorators, defaults, annotations and bases are yielded. Where a root is itself a function,
        lambda or class, its body is yielded and nothing else of it. The order is that of the source.
        """
        for root in roots:
            yield root
            stack: list[ast.AST] = [*_body(root)] if isinstance(root, _CLOSED) else children(root)
            stack.reverse()
            while stack:
                node = stack.pop()
                yield node
                below = children(node)
                if isinstance(node, _CLOSED):
                    below = [child for child in below if not _is_inside(node, child)]
                stack.extend(reversed(below))

    # Names

    def scope(self, node: ast.AST) -> Scope:
        """Return the scope in which `node` is evaluated; for a definition the one that has its name."""
        tree = self.tree
        passed = []
        child, before = node, None
        for above in self.ancestors(node):
            found = tree.scopes.get(above)
            if found is not None and _is_inside(above, child, before):
                break
            if above in tree.type_scopes and _sees_parameters(above, child, before):  # pragma: >=3.12 cover
                found = tree.type_scopes[above]
                break
            child, before = above, child
            if not isinstance(above, _DIVIDED):
                found = self._scopes.get(above)
                if found is not None:
                    break
                passed.append(above)
        else:
            found = tree.scopes[tree.module]
        if len(passed) > _LONG_WAY:
            self._scopes.update(dict.fromkeys(passed, found))
        return found

    def _scopes_around(self, node: ast.AST) -> Iterator[Scope]:
        scope: Scope | None = self.scope(node)
        while scope is not None:
            yield scope
            scope = scope.parent

    def bindings(self, name: ast.Name) -> list[ast.AST]:
        """Return the nodes that bind what `name` reads, in the order of the source; empty where none does."""
        owner = self.scope(name).binder(name.id)
        return owner.bindings[name.id] if owner is not None else []

    def qualified_name(self, node: ast.AST) -> str | None:
        """Return the full name of what a name or a dotted name stands for, as in ``time.sleep``.

        Imports are followed, builtins are ``builtins.print``, relative imports keep their dots
        (``.log.logger``).

        Returns:
            None for anything else: calls, names bound here by other means, names bound more than once to
            other things.
        """
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        bindings = self.bindings(node)
        if bindings:
            root = self._import_root(bindings)
        else:
            root = f"builtins.{node.id}" if node.id in _BUILTINS else None
        return ".".join((root, *reversed(parts))) if root is not None else None

    def own_name(self, node: ast.AST | None) -> str:
        """Return the last part of a name or dotted name, as the module that it is imported from calls it.

        Of `pick` that is `select` after ``from sqlalchemy import select as pick``; see
        :func:`flake8_prep.python.names.last_name`. Unlike :meth:`qualified_name` it also knows what is bound
        by other means, and does not look at scopes.
        """
        name = last_name(node)
        return self.tree.renamed.get(name, name) if isinstance(node, ast.Name) else name

    def _import_root(self, bindings: Sequence[ast.AST]) -> str | None:
        """Return what all `bindings` of a name import; None where one of them does not, or something else."""
        first = bindings[0]
        if first not in self._import_roots:
            root = self._imported_name(first)
            if root is not None and any(self._imported_name(binding) != root for binding in bindings[1:]):
                root = None
            self._import_roots[first] = root
        return self._import_roots[first]

    def _imported_name(self, binding: ast.AST) -> str | None:
        if not isinstance(binding, ast.alias):
            return None
        statement = self.parent(binding)
        if isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            return module + binding.name if module.endswith(".") else f"{module}.{binding.name}"
        return binding.name if binding.asname else binding.name.partition(".")[0]

    def value_of(self, name: ast.Name) -> ast.expr | None:
        """Return the one expression that `name` is ever bound to, by `=` or `:=`; None where it is not so."""
        bindings = self.bindings(name)
        if len(bindings) != 1:
            return None
        binding = bindings[0]
        assignment = self.parent(binding)
        if isinstance(assignment, ast.Assign) and binding in assignment.targets:
            return assignment.value
        if isinstance(assignment, (ast.AnnAssign, ast.NamedExpr)) and binding is assignment.target:
            return assignment.value
        return None

    def definition_of(self, name: ast.Name) -> Function | ast.ClassDef | None:
        """Return the function or class of this file that `name` stands for; None where it may be another."""
        bindings = self.bindings(name)
        if len(bindings) == 1 and isinstance(bindings[0], (*FUNCTIONS, ast.ClassDef)):
            return bindings[0]
        return None

    @functools.cached_property
    def imported_modules(self) -> frozenset[str]:
        """The dotted names of the modules that the file imports anywhere, relative ones with their dots."""
        names = {alias.name for node in self.nodes(ast.Import) for alias in node.names}
        names.update("." * node.level + (node.module or "") for node in self.nodes(ast.ImportFrom))
        return frozenset(names)

    def imports(self, *packages: str) -> bool:
        """Say whether the file imports one of these top-level packages, or something from inside them."""
        return any(module.partition(".")[0] in packages for module in self.imported_modules)

    # The source

    @functools.cached_property
    def text(self) -> str:
        """The whole source, for a plain search that tells whether a closer look can find anything."""
        return "".join(self.lines)

    @functools.cached_property
    def folded_text(self) -> str:
        """The whole source in lower case, for a plain search that leaves case aside."""
        return self.text.lower()

    # The file

    @functools.cached_property
    def is_test(self) -> bool:
        """Whether the file is a test by its name or folder, as pytest and unittest see it."""
        return _TEST_FILE.search(self.path) is not None

    @functools.cached_property
    def is_migration(self) -> bool:
        """Whether the file changes a database's schema: by its folder, or because it imports alembic."""
        return _MIGRATION_FILE.search(self.path) is not None or self.imports("alembic")

    def character_column(self, line: int, byte_column: int) -> int:
        """Return the column in characters of one in bytes of UTF-8, as :mod:`ast` counts; both from 0."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return byte_column if text.isascii() else len(text.encode()[:byte_column].decode(errors="ignore"))


_CLOSED = (*FUNCTIONS, ast.Lambda, ast.ClassDef)


def _body(node: Function | ast.Lambda | ast.ClassDef) -> Sequence[ast.AST]:
    return [node.body] if isinstance(node, ast.Lambda) else node.body


def _is_inside(opener: ast.AST, child: ast.AST, grandchild: ast.AST | None = None) -> bool:
    """Say whether `child`, a node right below `opener`, is evaluated in the scope that `opener` opens."""
    if isinstance(opener, ast.Lambda):
        return child is opener.body
    if isinstance(opener, COMPREHENSIONS):
        return not (child is opener.generators[0] and grandchild is opener.generators[0].iter)
    return isinstance(child, ast.stmt)


def _sees_parameters(definition: Any, child: ast.AST, below: ast.AST | None) -> bool:  # pragma: >=3.12 cover
    """Say whether `child`, right below a generic `definition`, is in the scope of its type parameters."""
    if isinstance(child, ast.arguments):
        return below not in (*child.defaults, *child.kw_defaults)
    return child not in getattr(definition, "decorator_list", [definition.name])
