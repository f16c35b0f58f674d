"""Reads of environment variables, and what stands in for one that is not set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from flake8_prep.python.calls import argument
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.secrets import is_secret_name

_READER_MODULES: Final = frozenset({"decouple", "environ", "environs", "starlette.config"})
_READS = frozenset({"get", "pop", "setdefault"})
# Classes whose instances are called with the name of a variable.
_READERS = frozenset({"decouple.AutoConfig", "decouple.Config", "starlette.config.Config"})
# Those that also have a method for each type, and check and convert what they read.
_CONVERTING_READERS = frozenset(
    {"environ.Env", "environ.FileAwareEnv", "environs.Env", "environs.FileAwareEnv"}
)
_NOT_LOOKUPS = frozenset({"add_parser", "dump", "parser_for", "prefixed", "read_env", "seal"})
_TRUTH_METHODS = frozenset("endswith isalnum isalpha isdecimal isdigit isnumeric startswith".split())
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.BinOp, ast.UnaryOp)
_LITERAL_PARTS = (*_DISPLAYS, ast.Constant, ast.operator, ast.unaryop, ast.expr_context)

_OF_SYSTEM = re.compile(
    r"""(?:PYTHON|XDG_|LC_|DYLD_|LD_|SLURM_|CONDA_|VIRTUAL_ENV).* | (?:MAN|CLASS|PKG_CONFIG_)?PATH | .*_PROXY
    | CI | [CL]?FLAGS | COLUMNS | COLORTERM | COMSPEC | DISPLAY | EDITOR | FORCE_COLOR | HOME | HOSTNAME
    | LANG | LANGUAGE | LINES | LOGNAME | NO_COLOR | PATHEXT | PWD | SHELL | TERM | TERM_PROGRAM
    | TEMP | TMP | TMPDIR | TZ | USER | USERNAME | VISUAL | WAYLAND_DISPLAY""",
    re.VERBOSE,
)


class Lookup(NamedTuple):
    """A read of an environment variable.

    Attributes:
        node: the call or subscript that reads it.
        variable: its name, or that of the constant which holds it; ``*_TOKEN`` where it is put together; None
            where any variable may be meant.
        default: what the call is told to return where the variable is not set.
        converts: whether the reader itself checks and converts the text.
    """

    node: ast.expr
    variable: str | None
    default: ast.expr | None = None
    converts: bool = False

    @property
    def is_of_system(self) -> bool:
        """Whether the operating system, or whoever starts the process, sets the variable, if anybody does."""
        return self.variable is not None and _OF_SYSTEM.fullmatch(self.variable.upper()) is not None


class Fallback(NamedTuple):
    """A lookup with a literal that takes the place of a variable that is not set.

    Attributes:
        lookup: the lookup.
        literal: a constant, or a display of constants; never None.
        whole: the expression that gives the one or the other; the lookup, where a handler gives the literal.
    """

    lookup: Lookup
    literal: ast.expr
    whole: ast.expr

    @property
    def is_empty(self) -> bool:
        """Whether the literal is an empty or blank string."""
        value = getattr(self.literal, "value", None)
        return isinstance(value, (str, bytes)) and not value.strip()

    def stands_for_secret(self, extra_names: Iterable[str]) -> bool:
        """Say whether the variable is a secret, also by users' `extra_names`, and the literal is no flag."""
        is_flag = isinstance(getattr(self.literal, "value", None), bool)
        return not is_flag and is_secret_name(self.lookup.variable or "", extra_names)


def lookup(node: ast.AST, file: PythonFile) -> Lookup | None:
    """Return what `node` reads from the environment; None where it is no call or subscript that does so."""
    if isinstance(node, ast.Subscript):
        if isinstance(node.ctx, ast.Load) and _is_environ(node.value, file):
            return Lookup(node, _variable(node.slice, file))
        return None
    if not isinstance(node, ast.Call) or not node.args:
        return None
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in _READS:
        # A statement that only removes a variable does not read it.
        is_read = function.attr != "pop" or not isinstance(file.parent(node), ast.Expr)
        return _lookup_by_call(node, file) if is_read and _is_environ(function.value, file) else None
    name = last_name(function)
    if file.tree.renamed.get(name, name) == "getenv" and file.qualified_name(function) == "os.getenv":
        return _lookup_by_call(node, file)
    if not _imports_reader(file):
        return None
    if file.qualified_name(function) == "decouple.config" or _reader(function, file) in _READERS:
        return _lookup_by_call(node, file, converts=argument(node, "cast") is not None)
    if isinstance(function, ast.Attribute) and function.attr not in _NOT_LOOKUPS:
        function = function.value
    if _reader(function, file) in _CONVERTING_READERS:
        return _lookup_by_call(node, file, converts=True)
    return None


def fallbacks(file: PythonFile) -> Iterator[Fallback]:
    """Yield the lookups of certain variables that a literal other than None stands in for.

    A statement ``os.environ.setdefault("X", "x")`` sets the variable for others: it counts for secrets only.
    """
    if not _imports_reader(file) and not (file.imports("os") and _mentions_environment(file)):
        return
    for call in file.nodes(ast.Call):
        if len(call.args) + len(call.keywords) > 1 and not _is_replaced(call, file):
            found = lookup(call, file)
            if found and found.default:
                is_statement = isinstance(file.parent(call), ast.Expr)
                for fallback in _fallback(found, found.default, call, file):
                    if not is_statement or fallback.stands_for_secret(file.settings.secret_names):
                        yield fallback
    for choice in file.nodes(ast.BoolOp):
        if isinstance(choice.op, ast.Or) and _literal(choice.values[-1], file):
            yield from _fallback(lookup(choice.values[-2], file), choice.values[-1], choice, file)
    for condition in file.nodes(ast.IfExp):
        for chosen, other in ((condition.body, condition.orelse), (condition.orelse, condition.body)):
            found = lookup(chosen, file)
            if found and _asks_for(found.variable, condition.test, file):
                yield from _fallback(found, other, condition, file)
    for handler in file.nodes(ast.ExceptHandler):
        attempt = file.parent(handler)
        wanted = _only_value(attempt.body) if isinstance(attempt, ast.Try) else None
        instead = _only_value(handler.body)
        if wanted and instead and last_name(handler.type) == "KeyError":
            yield from _fallback(lookup(wanted, file), instead, wanted, file)


def is_noticed(fallback: Fallback, file: PythonFile) -> bool:
    """Say whether the code asks if there is a value: before the read, in a comparison, or in a test of truth.

    Where the value is bound to a name, its uses in the same function, or at the level of the module, count.
    """
    variable = fallback.lookup.variable
    for around in file.ancestors(fallback.whole):
        if isinstance(around, (ast.If, ast.IfExp)) and _asks_for(variable, around.test, file):
            return True
    value, above = _flow(fallback.whole, file)
    if _is_tested(value, above, file):
        return True
    target = above.targets[0] if isinstance(above, ast.Assign) else getattr(above, "target", None)
    uses: list[ast.Name] | list[ast.Attribute] = []
    if isinstance(target, ast.Name):
        uses = file.scope(target).loads.get(target.id, [])
    elif isinstance(target, ast.Attribute):
        function = file.enclosing_function(target)
        uses = [
            use
            for use in file.nodes(ast.Attribute)
            if use.attr == target.attr and use is not target and file.enclosing_function(use) is function
        ]
    return any(_is_tested(*_flow(use, file), file) for use in uses)


def _imports_reader(file: PythonFile) -> bool:
    return not _READER_MODULES.isdisjoint(file.imported_modules)


def _mentions_environment(file: PythonFile) -> bool:
    return any("environ" in line or "getenv" in line for line in file.lines)


def _reader(node: ast.expr, file: PythonFile) -> str | None:
    """Return the class of the object that reads the environment, if `node` is one."""
    if file.qualified_name(node) == "environs.env":
        return "environs.Env"
    made = file.value_of(node) if isinstance(node, ast.Name) else None
    return file.qualified_name(made.func) if isinstance(made, ast.Call) else None


def _lookup_by_call(call: ast.Call, file: PythonFile, *, converts: bool = False) -> Lookup:
    return Lookup(call, _variable(call.args[0], file), argument(call, "default", 1), converts)


def _is_environ(node: ast.expr, file: PythonFile) -> bool:
    if isinstance(node, ast.Name):
        node = file.value_of(node) or node
    return file.qualified_name(node) == "os.environ"


def _variable(node: ast.expr, file: PythonFile) -> str | None:
    if isinstance(node, (ast.JoinedStr, ast.BinOp)):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node.left, node.right]
        name = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
        return name if name.strip("*_") else None
    literal = _literal(node, file)
    if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
        return literal.value
    return dotted_name(node) if last_name(node).isupper() else None


def _literal(node: ast.expr, file: PythonFile) -> ast.expr | None:
    """Return `node`, or the constant of this file that it names, if it is a literal other than None."""
    if isinstance(node, ast.Name):
        value = file.value_of(node)
        node = value if isinstance(value, ast.Constant) else node
    if isinstance(node, ast.Constant):
        return node if node.value is not None else None
    if isinstance(node, _DISPLAYS) and all(isinstance(part, _LITERAL_PARTS) for part in ast.walk(node)):
        return node
    return None


def _fallback(found: Lookup | None, value: ast.expr, whole: ast.expr, file: PythonFile) -> Iterator[Fallback]:
    literal = _literal(value, file)
    if found and found.variable and literal:
        yield Fallback(found, literal, whole)


def _is_replaced(node: ast.expr, file: PythonFile) -> bool:
    """Say whether the value of `node` is used only where it is true: ``node or other``."""
    choice = file.parent(node)
    return isinstance(choice, ast.BoolOp) and isinstance(choice.op, ast.Or) and node is not choice.values[-1]


def _asks_for(variable: str | None, test: ast.expr, file: PythonFile) -> bool:
    """Say whether `test` looks at the environment variable, as in ``"X" in os.environ``."""
    for part in ast.walk(test):
        if isinstance(part, ast.Compare) and _is_environ(part.comparators[0], file):
            asked = _variable(part.left, file)
        else:
            found = lookup(part, file)
            asked = found.variable if found else None
        if asked is not None and asked == variable:
            return True
    return False


def _only_value(block: list[ast.stmt]) -> ast.expr | None:
    """Return what the one statement of `block` assigns or returns."""
    only = block[0]
    return only.value if len(block) == 1 and isinstance(only, (ast.Assign, ast.Return)) else None


def _flow(node: ast.expr, file: PythonFile) -> tuple[ast.expr, ast.AST | None]:
    """Follow the value of `node` through its methods and choices; return where it ends and what is above."""
    above = file.parent(node)
    while True:
        if isinstance(above, ast.Attribute) and isinstance(call := file.parent(above), ast.Call):
            node, above = call, file.parent(call)
        elif isinstance(above, ast.BoolOp) and node is above.values[-1]:
            node, above = above, file.parent(above)
        elif isinstance(above, ast.IfExp) and node is not above.test:
            node, above = above, file.parent(above)
        else:
            return node, above


def _is_tested(value: ast.expr, above: ast.AST | None, file: PythonFile) -> bool:
    """Say whether `value`, right below `above`, is compared with constants or asked whether it is empty."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        method = value.func.attr
        if method in _TRUTH_METHODS or (method == "split" and not value.args):
            return True
    match above:
        case ast.Compare(left=left, ops=[operator, *_], comparators=[right, *_]):
            is_membership = isinstance(operator, (ast.In, ast.NotIn))
            return is_membership or _is_constant(right if value is left else left)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return value is test
        case ast.UnaryOp(op=ast.Not()) | ast.BoolOp() | ast.Match():
            return True
        case ast.comprehension(ifs=conditions):
            # Parts of a text that is split: the filter leaves the empty one out.
            return bool(conditions)
        case ast.NamedExpr():
            return _is_tested(*_flow(above, file), file)
        case ast.Call(func=function):
            return file.qualified_name(function) in {"builtins.bool", "builtins.filter", "builtins.len"}
    return False


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or last_name(node).isupper()
