"""Names that nothing binds."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterable, Iterator, Set
from typing import Final, NamedTuple

from flake8_prep.python.annotations import quoted_annotations
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import FUNCTIONS

# What every module has beside its builtins; WindowsError is a builtin on Windows only.
_MODULE_NAMES: Final = frozenset(
    {"__annotations__", "__builtins__", "__cached__", "__file__", "WindowsError"}
)
_DEFINED: Final = frozenset(dir(builtins)) | _MODULE_NAMES
# What Python defines in the namespace of a class before its body runs.
_CLASS_NAMES: Final = frozenset({"__firstlineno__", "__module__", "__qualname__"})
_CONDITIONS: Final = (ast.If, ast.IfExp, ast.While)
_TRIES: Final = (ast.Try, ast.TryStar)


class UndefinedName(NamedTuple):
    """A use of a name that nothing binds.

    Attributes:
        name: the name.
        place: the `Name` that uses it, or the text in quotes that holds it.
        scope: the scope in which it is used.
    """

    name: str
    place: ast.Name | ast.Constant
    scope: Scope


def undefined_names(file: PythonFile) -> Iterator[UndefinedName]:
    """Yield the uses of names that no scope binds, scope by scope.

    The order in which statements run does not count: what is bound anywhere in a scope is bound there. A file
    with a star import has no such names, and what any `global` statement declares may be set from elsewhere.
    Neither has a template of a file, in which something else stands in place of ``{{ name }}``, nor a file
    whose globals are set by others.
    """
    if "*" in file.tree.scopes[file.tree.module].bindings or _is_template(file):
        return
    named = _set_through_globals(file) if "globals" in file.text else frozenset()
    if named is not None:
        yield from (use for use in _Search(file).uses() if use.name not in named)


def _set_through_globals(file: PythonFile) -> Set[str] | None:
    """Return the names that are set as in ``globals()["x"] = 1``.

    Returns:
        None where nobody can tell which they are: their names are worked out, or somebody else sets them, as
        in ``define_all(globals())``.
    """
    found = set()
    for call in file.nodes(ast.Call):
        if not (isinstance(call.func, ast.Name) and call.func.id == "globals"):
            continue
        match file.parent(call):
            case ast.Subscript(slice=ast.Constant(value=str() as name), ctx=ast.Store()):
                found.add(name)
            case ast.Subscript(ctx=ast.Store()) | ast.Call() | ast.Attribute(attr="setdefault" | "update"):
                return None
    return found


def _is_template(file: PythonFile) -> bool:
    """Say whether there is a set of a set in `file`, which no program can make."""
    return any(isinstance(part, ast.Set) for outer in file.nodes(ast.Set) for part in outer.elts)


class _Search:
    """What is known about the names of one file.

    Attributes:
        declared: the names that `global` statements declare.
        known: names that are bound wherever they are used.
        hollow: for each scope, names that it has without ever giving them a value: they are deleted or
            annotated only.
        updated: for a scope and a name that only ``x += 1`` gives a value there, the first such target.
        deleted: targets of `del` with their scopes, where nothing else has the name.
    """

    def __init__(self, file: PythonFile) -> None:
        self.file = file
        self.scopes = [*file.tree.scopes.values(), *file.tree.type_scopes.values()]
        self.hollow: dict[Scope, set[str]] = {}
        self.updated: dict[tuple[Scope, str], ast.Name] = {}
        self.deleted: list[tuple[Scope, ast.Name]] = []
        self._find_names_without_value()
        module = self.scopes[0]
        self.declared = {name for statement in file.nodes(ast.Global) for name in statement.names}
        self.known = set(module.bindings) - self.hollow.get(module, set())
        self.known -= {name for scope, name in self.updated if scope is module}
        self.known |= {*_DEFINED, *file.settings.builtins, *self.declared}
        if file.path.rpartition("/")[2] == "__init__.py":
            self.known.add("__path__")

    def _find_names_without_value(self) -> None:
        file = self.file
        empty = {node.target for node in file.nodes(ast.AnnAssign) if node.value is None}
        updates = {node.target for node in file.nodes(ast.AugAssign)}
        deletions = {node for statement in file.nodes(ast.Delete) for node in _deleted(statement.targets)}
        weak: set[ast.AST] = {*empty, *updates, *deletions}
        names = {node.id for node in weak if isinstance(node, ast.Name)}
        for scope in self.scopes if names else ():
            for name in scope.bindings.keys() & names:
                bindings = scope.bindings[name]
                if not all(binding in weak for binding in bindings):
                    continue
                targets = [binding for binding in bindings if isinstance(binding, ast.Name)]
                first_update = next((target for target in targets if target in updates), None)
                if first_update is not None:
                    self.updated[scope, name] = first_update
                    continue
                self.hollow.setdefault(scope, set()).add(name)
                if deletions.issuperset(targets):
                    self.deleted += [(scope, target) for target in targets]

    def uses(self) -> Iterator[UndefinedName]:
        """Yield the undefined names."""
        known = self.known
        for scope in self.scopes:
            bindings, hollow = scope.bindings, self.hollow.get(scope, ())
            unknown = [
                name
                for name in scope.loads
                if name not in known and (name not in bindings or name in hollow)
            ]
            for name in unknown:
                if not self._is_bound(name, scope.visible()) and not _is_special(name, scope):
                    yield from self._unguarded(scope.loads[name], scope)
        for (scope, name), target in self.updated.items():
            outer = (each for each in scope.visible() if each is not scope)
            if name not in self.known and not self._is_bound(name, outer):
                yield from self._unguarded([target], scope)
        for scope, target in self.deleted:
            # `del` takes the name from this very scope, so that another one has it does not help.
            names = self.known if scope.kind is ScopeKind.MODULE else self.declared
            if target.id not in names and not any(
                isinstance(each, _CONDITIONS) for each in self.file.ancestors(target)
            ):
                yield from self._unguarded([target], scope)
        for text, annotation in quoted_annotations(self.file):
            yield from self._in_text(text, annotation)

    def _is_bound(self, name: str, scopes: Iterable[Scope]) -> bool:
        return any(name in scope.bindings and name not in self.hollow.get(scope, ()) for scope in scopes)

    def _unguarded(self, uses: Iterable[ast.Name], scope: Scope) -> Iterator[UndefinedName]:
        return (UndefinedName(use.id, use, scope) for use in uses if not self._expects_name_error(use))

    @functools.cached_property
    def _guards(self) -> dict[ast.AST, set[ast.stmt]]:
        """For each `try` that catches NameError the statements of its body."""
        found: dict[ast.AST, set[ast.stmt]] = {}
        for handler in self.file.nodes(ast.ExceptHandler):
            types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            guard = self.file.parent(handler)
            if any(last_name(each) == "NameError" for each in types) and isinstance(guard, _TRIES):
                found[guard] = set(guard.body)
        return found

    def _expects_name_error(self, use: ast.Name) -> bool:
        """Say whether `use` is in a `try` of the same function that catches NameError."""
        if not self._guards:
            return False
        child: ast.AST = use
        for above in self.file.ancestors(use):
            if child in self._guards.get(above, ()):
                return True
            if isinstance(above, (*FUNCTIONS, ast.Lambda)):
                return False
            child = above
        return False

    def _in_text(self, text: ast.Constant, annotation: ast.expr) -> Iterator[UndefinedName]:
        names = [node for node in ast.walk(annotation) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        for name in dict.fromkeys(
            node.id for node in names if node.id not in self.known and node.id not in bound
        ):
            scope = self.file.scope(text)
            # What is only annotated has no value, but is a name that a type checker knows.
            if not any(name in each.bindings for each in scope.visible()) and not _is_special(name, scope):
                yield UndefinedName(name, text, scope)


def _deleted(targets: Iterable[ast.expr]) -> Iterator[ast.Name]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target
        elif isinstance(target, (ast.List, ast.Tuple)):
            yield from _deleted(target.elts)


def _is_special(name: str, scope: Scope) -> bool:
    """Say whether Python itself defines `name` in `scope`: in a class, or for the methods of one."""
    if name == "__class__":
        around: Scope | None = scope
        while around is not None and around.kind is not ScopeKind.CLASS:
            around = around.parent
        return around is not None
    return scope.kind is ScopeKind.CLASS and name in _CLASS_NAMES
