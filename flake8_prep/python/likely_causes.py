"""The mistake that is the likeliest behind an undefined name."""

from __future__ import annotations

import ast
import sys
import typing
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from flake8_prep.python.context import PythonFile
from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import FUNCTIONS
from flake8_prep.python.undefined import UndefinedName

# Names that are mostly imported from their module one by one, so that a missing one is not seen by the
# module's name.
_HOMES: Final = {
    name: module
    for module, names in {
        "abc": ("ABC", "abstractmethod"),
        "argparse": ("ArgumentParser",),
        "collections": ("Counter", "OrderedDict", "defaultdict", "deque", "namedtuple"),
        "contextlib": ("asynccontextmanager", "contextmanager", "suppress"),
        "copy": ("deepcopy",),
        "dataclasses": ("dataclass",),
        "datetime": ("UTC", "timedelta", "timezone"),
        "decimal": ("Decimal",),
        "enum": ("Enum", "IntEnum", "StrEnum"),
        "functools": ("cached_property", "lru_cache", "partial", "reduce", "wraps"),
        "http": ("HTTPStatus",),
        "importlib": ("reload",),
        "io": ("BytesIO", "StringIO"),
        "pathlib": ("Path", "PurePath"),
        "types": ("ModuleType", "SimpleNamespace", "TracebackType"),
        "urllib.parse": ("urlencode", "urljoin", "urlparse"),
        "uuid": ("UUID", "uuid4"),
    }.items()
    for name in names
} | dict.fromkeys(typing.__all__, "typing")
_SHORT_NAMES: Final = {
    "dt": "datetime",
    "np": "numpy",
    "nx": "networkx",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "sa": "sqlalchemy",
    "sns": "seaborn",
    "tf": "tensorflow",
}
_PYTHON_2: Final = frozenset(
    {"basestring", "cmp", "execfile", "file", "long", "raw_input", "unichr", "unicode", "xrange"}
)
_MIN_LENGTH: Final = 3
# A file with more undefined names than this lets us compare is none with a misspelled name.
_MAX_COMPARISONS: Final = 100_000
_SIMILARITY: Final = 0.75


class LikelyCauses:
    """Finds the likeliest cause of each undefined name of one file."""

    def __init__(self, file: PythonFile) -> None:
        self._file = file
        self._near: dict[tuple[Scope, str], str] = {}
        self._comparisons = 0

    def of(self, use: UndefinedName) -> str:
        """Return what the message about `use` shall add, as in ``; did you mean 'attempts'?``; or nothing."""
        if isinstance(use.place, ast.Name) and isinstance(use.place.ctx, ast.Del):
            return "; 'del' needs a name that is bound in this very scope"
        return (
            self._import_under_another_name(use)
            or self._missing_import(use)
            or self._near_name(use, (scope for scope in use.scope.visible() if scope.parent is not None))
            or self._elsewhere(use)
            or self._python_2(use)
            or self._near_name(use, [use.scope.module])
        )

    def _import_under_another_name(self, use: UndefinedName) -> str:
        for imported in self._file.once(_aliases).get(use.name, ()):
            if use.scope.binder(imported) is not None:
                return f"; {use.name!r} is imported as {imported!r}"
        # `_dt.datetime` where `datetime` itself is imported.
        attribute = self._file.parent(use.place)
        if isinstance(attribute, ast.Attribute):
            owner = use.scope.binder(attribute.attr)
            bindings = owner.bindings[attribute.attr] if owner is not None else []
            short = use.name.strip("_").lower()
            for binding in bindings:
                statement = self._file.parent(binding)
                if isinstance(statement, ast.ImportFrom) and _abbreviates(short, statement.module or ""):
                    return f"; {attribute.attr!r} is imported without a prefix"
        module = _SHORT_NAMES.get(use.name.strip("_"))
        if module is not None and use.scope.binder(module) is not None:
            return f"; did you mean {module!r}?"
        return ""

    def _missing_import(self, use: UndefinedName) -> str:
        name = use.name
        parent = self._file.parent(use.place)
        is_owner = isinstance(parent, ast.Attribute)
        is_called = isinstance(parent, ast.Call) and parent.func is use.place
        is_decorator = isinstance(parent, (*FUNCTIONS, ast.ClassDef)) and use.place in parent.decorator_list
        if name in _HOMES and (name[0].isupper() or is_owner or is_called or is_decorator):
            return f"; {name!r} of {_HOMES[name]!r} is not imported"
        if is_owner and (name in sys.stdlib_module_names or name in _SHORT_NAMES):
            return f"; module {_SHORT_NAMES.get(name, name)!r} is not imported"
        return ""

    def _elsewhere(self, use: UndefinedName) -> str:
        around: Scope | None = use.scope
        while around is not None:
            if around.kind is ScopeKind.CLASS and use.name in around.bindings:
                return f"; it belongs to class {_label(around)}"
            around = around.parent
        for scope in self._file.once(_inner_scopes).get(use.name, ()):
            if scope.kind is ScopeKind.COMPREHENSION and scope.parent is use.scope:
                return "; it exists only inside a comprehension"
            if scope.kind is ScopeKind.FUNCTION:
                kind = "parameter" if isinstance(scope.bindings[use.name][0], ast.arg) else "local name"
                return f"; it is a {kind} of {_label(scope)}"
        return ""

    def _python_2(self, use: UndefinedName) -> str:
        return "; it was a builtin of Python 2" if use.name in _PYTHON_2 else ""

    def _near_name(self, use: UndefinedName, scopes: Iterable[Scope]) -> str:
        """Return the name in `scopes` that is spelled nearly like that of `use`."""
        for scope in scopes:
            key = scope, use.name
            if key not in self._near:
                self._comparisons += len(scope.bindings)
                spent = self._comparisons > _MAX_COMPARISONS
                self._near[key] = "" if spent else _nearest(use.name, scope.bindings)
            if self._near[key]:
                return f"; did you mean {self._near[key]!r}?"
        return ""


def _nearest(name: str, candidates: Iterable[str]) -> str:
    if len(name) < _MIN_LENGTH:
        return ""
    plain = _plain(name)
    # The costly comparison is for the few names that begin or end alike.
    few = []
    for candidate in candidates:
        if abs(len(candidate) - len(name)) <= 2 and candidate != name:
            other = _plain(candidate)
            if other == plain:
                return candidate
            if other[:1] == plain[:1] or other[-1:] == plain[-1:]:
                few.append(candidate)
    if not few:
        return ""
    import difflib  # most runs of flake8 find no such name

    return next(iter(difflib.get_close_matches(name, few, 1, _SIMILARITY)), "")


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _abbreviates(short: str, name: str) -> bool:
    """Say whether the letters of `short` are in `name`, in this order and beginning with its first."""
    letters = iter(name)
    return name[:1] == short[:1] and all(letter in letters for letter in short)


def _label(scope: Scope) -> str:
    return repr(getattr(scope.node, "name", ""))


def _aliases(file: PythonFile) -> dict[str, list[str]]:
    """Return for what is imported under another name all those other names."""
    found: dict[str, list[str]] = defaultdict(list)
    for alias in file.nodes(ast.alias):
        if alias.asname is not None:
            found[alias.name].append(alias.asname)
    return found


def _inner_scopes(file: PythonFile) -> dict[str, list[Scope]]:
    """Return for each name the scopes other than the module's that bind it, in the order of the source."""
    found: dict[str, list[Scope]] = defaultdict(list)
    for scope in file.tree.scopes.values():
        if scope.parent is not None:
            for name in scope.bindings:
                found[name].append(scope)
    return found
