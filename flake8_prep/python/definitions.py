"""Definitions that take the place of an earlier one."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from flake8_prep.python.calls import is_none
from flake8_prep.python.certain_types import ancestors
from flake8_prep.python.context import PythonFile
from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import FUNCTIONS, Function

Definition = Function | ast.ClassDef
Statement = Definition | ast.Assign | ast.AnnAssign

_DEFINITIONS: Final = (*FUNCTIONS, ast.ClassDef)
# Decorators that hand their function or class back, wrapped or marked, but put it nowhere else.
_KEEP_NOTHING: Final = frozenset(
    {
        "abstractmethod",
        "asynccontextmanager",
        "cache",
        "cached_property",
        "classmethod",
        "contextmanager",
        "dataclass",
        "final",
        "fixture",
        "lru_cache",
        "override",
        "property",
        "runtime_checkable",
        "staticmethod",
        "total_ordering",
        "unique",
        "wraps",
        # Of Django.
        *("atomic", "cache_page", "csrf_exempt", "login_required", "never_cache", "permission_required"),
        *("require_GET", "require_POST", "require_http_methods", "require_safe", "staff_member_required"),
        # Of pydantic and SQLAlchemy, which look for them in the class when it is complete.
        *("computed_field", "field_serializer", "field_validator", "hybrid_property", "model_serializer"),
        *("model_validator", "root_validator", "validates"),
        # Of others.
        *("async_to_sync", "deprecated", "njit", "no_type_check", "on_exception", "retry", "sync_to_async"),
        *("typechecked", "validate_call"),
    }
)
# Tests are found by their names, whatever decorates them, except by those that make a function one of
# several.
_MAKE_VARIANTS: Final = frozenset({"overload", "register"})


class Replaced(NamedTuple):
    """Two definitions of one name, of which the first is lost.

    Attributes:
        name: the name.
        lost: the first.
        kept: the one that takes its place.
        scope: the scope that both are in.
    """

    name: str
    lost: Statement
    kept: Statement
    scope: Scope


def replaced_definitions(
    bound_again: Iterable[tuple[Scope, str]], file: PythonFile
) -> Iterator[Replaced]:
    """Yield the definitions that are lost because the next one, in the same block, has the same name.

    They are looked for under the names that are `bound_again` in their scopes. Functions and classes count,
    and in class bodies attributes. Not lost is what a decorator may have put somewhere, and what is used
    between the two; that ``if __name__ == "__main__"`` uses it there does not help the rest of the module.
    """
    for scope, name in bound_again:
        for first, second in pairwise(scope.bindings[name] if name.strip("_") else ()):
            lost, kept = _statement(first, scope, file), _statement(second, scope, file)
            if lost is not None and kept is not None and _is_lost(name, lost, kept, scope, file):
                yield Replaced(name, lost, kept, scope)


def _statement(binding: ast.AST, scope: Scope, file: PythonFile) -> Statement | None:
    """Return the definition, or in a class the assignment of an attribute, that `binding` belongs to."""
    if isinstance(binding, _DEFINITIONS):
        return binding
    statement = file.parent(binding)
    is_attribute = scope.kind is ScopeKind.CLASS and (
        isinstance(statement, ast.AnnAssign)
        or (isinstance(statement, ast.Assign) and binding in statement.targets)
    )
    return statement if is_attribute and isinstance(statement, (ast.AnnAssign, ast.Assign)) else None


def _is_lost(name: str, lost: Statement, kept: Statement, scope: Scope, file: PythonFile) -> bool:
    if isinstance(lost, _DEFINITIONS) is not isinstance(kept, _DEFINITIONS) or not _are_siblings(
        lost, kept, file
    ):
        return False
    if isinstance(lost, _DEFINITIONS):
        if not all(_keeps_nothing(decorator, name, file) for decorator in lost.decorator_list):
            return False
        if isinstance(lost, ast.ClassDef) and _may_be_kept_by_base(lost, file):
            return False
    elif lost is kept or _is_declaration(lost, kept):
        return False
    # What `global` binds elsewhere is in the order of some function's statements, not of this scope's.
    return file.scope(kept) is scope and not _is_used_between(name, lost, kept, scope, file)


def _may_be_kept_by_base(lost: ast.ClassDef, file: PythonFile) -> bool:
    """Say whether a base class of another file may keep a list of its subclasses, as those of pages do."""
    return not file.is_test and (bool(lost.keywords) or None in ancestors(lost, file))


def _is_declaration(first: Statement, second: Statement) -> bool:
    """Say whether `first` only says that there is such an attribute, to which `second` gives its value."""
    value = first.value if isinstance(first, (ast.Assign, ast.AnnAssign)) else None
    return is_none(value) or value is None and isinstance(second, ast.Assign)


def _are_siblings(first: ast.stmt, second: ast.stmt, file: PythonFile) -> bool:
    """Say whether both statements are in the same block, so that one runs whenever the other does."""
    parent = file.parent(first)
    if parent is not file.parent(second):
        return False
    blocks = (getattr(parent, field, ()) for field in ("orelse", "finalbody"))
    return all((first in block) is (second in block) for block in blocks)


def _keeps_nothing(decorator: ast.expr, name: str, file: PythonFile) -> bool:
    decorator = decorator.func if isinstance(decorator, ast.Call) else decorator
    called = file.own_name(decorator)
    return called in _KEEP_NOTHING or (
        name.startswith("test") and file.is_test and called not in _MAKE_VARIANTS
    )


def _is_used_between(name: str, lost: ast.stmt, kept: Statement, scope: Scope, file: PythonFile) -> bool:
    """Say whether code that runs after `lost` and before `kept` takes its place reads `name`."""
    start = lost.end_lineno or 0, lost.end_col_offset or 0
    # The decorators, defaults and bases of a definition are evaluated first, and the value of an assignment,
    # too.
    last = kept.body[0] if isinstance(kept, _DEFINITIONS) else None
    end = (
        (last.lineno, last.col_offset)
        if last is not None
        else (kept.end_lineno or 0, kept.end_col_offset or 0)
    )
    reads = file.once(_reads).get(name, [])
    between = reads[bisect_right(reads, start, key=_position) : bisect_left(reads, end, key=_position)]
    return any(_runs_in(read.scope, scope) and not _is_in_main(read.node, file) for read in between)


class _Read(NamedTuple):
    """A place where a name is read, and the scope that it is in."""

    node: ast.Name
    scope: Scope


def _position(read: _Read) -> tuple[int, int]:
    return read.node.lineno, read.node.col_offset


def _reads(file: PythonFile) -> dict[str, list[_Read]]:
    """Return for each name where it is read, in the order of the source."""
    found: dict[str, list[_Read]] = defaultdict(list)
    for scope in (*file.tree.scopes.values(), *file.tree.type_scopes.values()):
        for name, loads in scope.loads.items():
            found[name] += [_Read(load, scope) for load in loads]
    for reads in found.values():
        reads.sort(key=_position)
    return found


def _runs_in(inner: Scope | None, scope: Scope) -> bool:
    """Say whether what is in `inner` runs together with the statements of `scope`.

    Inside a function, functions between two definitions are taken to be called there, as tests do.
    """
    while inner is not None and inner is not scope:
        if inner.kind in {ScopeKind.FUNCTION, ScopeKind.LAMBDA} and scope.kind is not ScopeKind.FUNCTION:
            return False
        inner = inner.parent
    return inner is scope


def _is_in_main(node: ast.AST, file: PythonFile) -> bool:
    """Say whether `node` is under ``if __name__ == "__main__"``."""
    return any(
        isinstance(above, ast.If)
        and isinstance(above.test, ast.Compare)
        and isinstance(above.test.left, ast.Name)
        and above.test.left.id == "__name__"
        for above in file.ancestors(node)
    )
