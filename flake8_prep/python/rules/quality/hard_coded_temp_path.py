"""Paths of temporary files that are written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.patterns import lazy_pattern
from flake8_prep.places import is_elsewhere
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS
from flake8_prep.rule import Severity

# As the value of an item, or the member of a set, such a folder alone is the home or a mount of a container.
_ROOTS = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: PREP215
_TEMPORARY = lazy_pattern(r"/(?:var/)?tmp(?:/|\Z)|/dev/shm/")
# They make a file or folder that is new, or the mount of a container.
_MAKERS = lazy_pattern(r"(?i:temporary|tempfile|volume|mount)|^mk[ds]?temp")
# They only ask about a path.
_QUESTIONS = frozenset(
    "disk_usage endswith exists is_relative_to isdir isfile removeprefix startswith".split()
)
# They take a pattern rather than a path.
_PATTERNS = ("fnmatch.", "re.")


class HardCodedTempPath(PythonRule):
    """Paths in `/tmp`, `/var/tmp` and `/dev/shm` that are written out.

    Why is this bad:
        Everybody on the machine can write there: whoever makes the file or a link of that name first decides
        where the data goes. Two runs at a time overwrite each other's file. In a container the folder is gone
        with the next restart, or is not there, as on Windows. Make a file or folder of its own with
        `tempfile`, or keep what is to last in a storage that lasts.

    Example:
        with open("/tmp/payouts.csv", "w") as report:
            report.write(rows)

    Use instead:
        import tempfile

        with tempfile.NamedTemporaryFile("w", prefix="payouts-", suffix=".csv") as report:
            report.write(rows)

    Known limits:
        Only the beginning of a string is looked at, so `cd /tmp && make` is left alone. Silent in tests and
        docstrings, in calls of `tempfile`, and where a path is only asked about (`path.startswith("/tmp/")`)
        or is the key of a dict, and where the name of the file, of the folder that it is in, of the function
        or of the variable says that the path is in a container, a sandbox or on another machine. Ignore the
        rule where that is so without saying.
    """

    code = "PREP215"
    name = "hard-coded-temp-path"
    severity = Severity.MEDIUM
    finding = "2.5"
    message = "{path} is a fixed path in a folder that every user and every run shares"
    triggers = ("tmp", "dev/shm")

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        if file.is_test:
            return
        for constant in file.nodes(ast.Constant):
            path = constant.value
            if isinstance(path, bytes):
                path = path.decode(errors="replace")
            if isinstance(path, str) and path[:1] == "/" and _TEMPORARY.match(path):
                string = _whole_string(constant, file)
                if string is None or _is_harmless(string, path, file):
                    continue
                if not is_elsewhere(file.path, _names_around(string, file)):
                    yield self.at(string, path=path)


def _whole_string(constant: ast.Constant, file: PythonFile) -> ast.expr | None:
    """Return the string that `constant` begins, itself or an f-string; None where it begins none."""
    parent = file.parent(constant)
    if not isinstance(parent, ast.JoinedStr):
        return constant
    is_format = isinstance(file.parent(parent), ast.FormattedValue)
    return parent if parent.values[0] is constant and not is_format else None


def _names_around(string: ast.expr, file: PythonFile) -> Iterator[str]:
    yield file.lines[string.lineno - 1][: string.col_offset]
    for above in file.ancestors(string):
        if isinstance(above, ast.If):
            yield ast.unparse(above.test)
    yield file.lines[(file.statement(string) or string).lineno - 1]
    function = file.enclosing_function(string)
    if isinstance(function, FUNCTIONS):
        yield function.name


def _is_harmless(string: ast.expr, path: str, file: PythonFile) -> bool:
    """Say whether no file is made there: it is documentation, a key, asked about, or for `tempfile`."""
    child: ast.AST = string
    above = file.parent(string)
    while isinstance(above, (ast.Tuple, ast.List, ast.Set, ast.keyword)):
        if isinstance(above, ast.List) and any(_ends_options(part) for part in above.elts):
            return True
        child, above = above, file.parent(above)
    match above:
        case ast.Expr() | ast.Compare() | ast.MatchValue():
            return True
        case ast.Dict(keys=keys):
            return child in keys or path in _ROOTS
        case ast.Assign(targets=[ast.Subscript()]):
            return path in _ROOTS
        case ast.Assign(targets=[ast.Name() as name]):
            uses = file.scope(name).loads.get(name.id, [])
            return bool(uses) and all(_is_for_maker(use, file) for use in uses)
        case ast.Call(func=ast.Attribute(attr="add" | "setdefault")) if path in _ROOTS:
            return True
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            asking = file.parent(above)
            return isinstance(asking, ast.Call) and last_name(asking.func) in _QUESTIONS
        case ast.Call(func=function):
            is_pattern = (file.qualified_name(function) or "").startswith(_PATTERNS)
            return is_pattern or last_name(function) in _QUESTIONS or _makes_new(function, file)
    return False


def _ends_options(part: ast.expr) -> bool:
    """Say whether it is what a command for another place stands behind, as in ``exec pod -- python x``."""
    return isinstance(part, ast.Constant) and part.value == "--"


def _is_for_maker(use: ast.Name, file: PythonFile) -> bool:
    argument = file.parent(use)
    call = file.parent(argument) if isinstance(argument, ast.keyword) else argument
    return isinstance(call, ast.Call) and _makes_new(call.func, file)


def _makes_new(function: ast.expr, file: PythonFile) -> bool:
    """Say whether the function makes a file or folder that is new."""
    if _MAKERS.search(last_name(function)):
        return True
    return (file.qualified_name(function) or "").startswith("tempfile.")
