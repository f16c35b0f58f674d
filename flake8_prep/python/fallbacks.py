"""What stands in for an environment variable that is not set."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flake8_prep.money import words_of
from flake8_prep.python.calls import argument
from flake8_prep.paths import is_program
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.comments import comment_on
from flake8_prep.python.context import PythonFile
from flake8_prep.python.environment import Lookup, asks_for, literal_of, lookup, may_have_lookups
from flake8_prep.python.loggers import log_call
from flake8_prep.python.names import last_name
from flake8_prep.secrets import is_secret_name

_ENVIRONMENTS = frozenset({"env", "environ", "environment", "envs"})
_LIST_MAKERS = frozenset({"array", "comma", "csv", "list", "parse", "split"})
_ADDRESSES = frozenset({"dsn", "uri", "url"})
_FLAGS = frozenset({"false", "no", "off", "on", "true", "yes"})
_TRUTH_METHODS = frozenset("endswith isalnum isalpha isdecimal isdigit isnumeric startswith".split())


# What fails at once where it is given an empty text.
_PARSERS = frozenset({"builtins.float", "builtins.int", "decimal.Decimal", "json.loads", "uuid.UUID"})
_ASKING = _PARSERS | {"builtins.filter", "builtins.len"}
# What says in a comment that an empty value is one to choose.
_SAID = lazy_pattern(
    r"\boptional\b|\b(?:if|when|leave|may be|can be)\b.{0,20}\b(?:blank|empty|unset|not set)\b"
    r"|\bempty (?:string )?(?:disables|for|means|to|turns)\b|\bempty\s*(?:=|->)",
    re.IGNORECASE,
)
_MOST_COMMENTS = 10

_Candidate = tuple[Lookup, ast.expr, ast.expr]


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
        is_flag = str(getattr(self.literal, "value", "")).lower() in _FLAGS
        return not is_flag and is_secret_name(self.lookup.variable or "", extra_names)


def fallbacks(file: PythonFile) -> Iterator[Fallback]:
    """Yield the lookups of certain variables that a literal other than None stands in for."""
    if may_have_lookups(file):
        for found, value, whole in (*_in_calls(file), *_in_choices(file), *_in_statements(file)):
            literal = literal_of(value, file)
            if found.variable and literal:
                fallback = Fallback(found, literal, whole)
                # A statement `os.environ.setdefault("X", "x")` sets the variable for others.
                is_used = not isinstance(file.parent(whole), ast.Expr)
                # What a script sets for what it imports is for that run alone.
                is_set = not is_program(file.path) and fallback.stands_for_secret(file.settings.secret_names)
                if is_used or is_set:
                    yield fallback


def is_noticed(fallback: Fallback, file: PythonFile) -> bool:
    """Say whether the code asks if there is a value: before the read, in a comparison, or in a test of truth,
    or fails where there is none, as ``int("")`` does.

    Where the value is bound to a name, its uses in the same function count; those of a name of the module, in
    all functions. A parser of lists knows what an empty text is.
    """
    variable = fallback.lookup.variable
    for around in file.ancestors(fallback.whole):
        if isinstance(around, (ast.If, ast.IfExp)) and asks_for(variable, around.test, file):
            return True
    if (file.enclosing_function(fallback.whole), variable) in file.once(_asked_elsewhere):
        return True
    cast = argument(fallback.lookup.node, "cast") if isinstance(fallback.lookup.node, ast.Call) else None
    value, above = _flow(fallback.whole, file)
    if _makes_list(cast) or _is_tested(value, above, file):
        return True
    if isinstance(above, ast.Dict) and _is_looked_through(above, file):
        return True
    target = above.targets[0] if isinstance(above, ast.Assign) else getattr(above, "target", None)
    uses: list[ast.Name] | list[ast.Attribute] = []
    if isinstance(target, ast.Name):
        uses = _loads(target, file)
    elif isinstance(target, ast.Attribute):
        function = file.enclosing_function(target)
        uses = [
            use
            for use in file.nodes(ast.Attribute)
            if use.attr == target.attr and use is not target and file.enclosing_function(use) is function
        ]
    return any(_is_tested(*_flow(use, file), file) for use in uses)


def _asked_elsewhere(file: PythonFile) -> frozenset[tuple[ast.AST | None, str]]:
    """Return the variables whose presence a function, or the module, asks for in a read of its own.

    That is ``"enabled": bool(os.getenv("X"))``; the choice in ``"" if os.getenv("X") is None else y`` is no
    such read. Each comes with the function, or None.
    """
    reads = (lookup(call, file) for call in file.nodes(ast.Call) if len(call.args) == 1)
    return frozenset(
        (file.enclosing_function(read.node), read.variable)
        for read in reads
        if read and read.variable and not read.default and _is_presence(read.node, file)
    )


def _is_presence(read: ast.expr, file: PythonFile) -> bool:
    value, above = _flow(read, file)
    is_truth = isinstance(above, (ast.BoolOp, ast.Call, ast.If, ast.UnaryOp))
    return is_truth and not _is_replaced(read, file) and _is_tested(value, above, file)


def _is_looked_through(settings: ast.Dict, file: PythonFile) -> bool:
    """Say whether all values of a dictionary are asked for, as by ``all(settings.values())``."""
    assignment = file.parent(settings)
    target = assignment.targets[0] if isinstance(assignment, ast.Assign) else None
    uses = _loads(target, file) if isinstance(target, ast.Name) else []
    return any(getattr(file.parent(use), "attr", "") in {"items", "values"} for use in uses)


def is_shown(fallback: Fallback, file: PythonFile) -> bool:
    """Say whether the value is only shown to whoever reads what is printed or logged."""
    parts = (ast.FormattedValue, ast.JoinedStr)
    around = next(each for each in file.ancestors(fallback.whole) if not isinstance(each, parts))
    if not isinstance(around, ast.Call):
        return False
    return file.qualified_name(around.func) == "builtins.print" or log_call(around, file) is not None


def is_said_to_be_optional(fallback: Fallback, file: PythonFile) -> bool:
    """Say whether a comment beside the fallback, or right above it, says that the value may be empty."""
    line = fallback.whole.lineno
    before = itertools.takewhile(
        lambda above: file.lines[above - 1].lstrip().startswith("#"),
        range(line - 1, max(0, line - _MOST_COMMENTS), -1),
    )
    comments = [comment_on(each, file) for each in (line, *before)]
    return any(comment is not None and _SAID.search(comment.text) for comment in comments)


def _loads(target: ast.Name, file: PythonFile) -> list[ast.Name]:
    """Return where the name is read: in its own scope, and if that is the module's, in all others, too."""
    scope = file.scope(target)
    if scope.node is not file.tree.module:
        return scope.loads.get(target.id, [])
    loads = [load for each in file.tree.scopes.values() for load in each.loads.get(target.id, ())]
    return [load for load in loads if target in file.bindings(load)]


def _in_calls(file: PythonFile) -> Iterator[_Candidate]:
    for call in file.nodes(ast.Call):
        if len(call.args) + len(call.keywords) > 1 and not _is_replaced(call, file):
            found = lookup(call, file)
            if found and found.default:
                yield found, found.default, call


def _in_choices(file: PythonFile) -> Iterator[_Candidate]:
    """Look at ``read or ""`` and ``read if .. else ""``."""
    for choice in file.nodes(ast.BoolOp):
        if isinstance(choice.op, ast.Or) and literal_of(choice.values[-1], file):
            found = lookup(choice.values[-2], file)
            if found:
                yield found, choice.values[-1], choice
    for condition in file.nodes(ast.IfExp):
        for chosen, other in ((condition.body, condition.orelse), (condition.orelse, condition.body)):
            found = lookup(chosen, file)
            if found and asks_for(found.variable, condition.test, file):
                yield found, other, condition


def _in_statements(file: PythonFile) -> Iterator[_Candidate]:
    """Look at ``x = read`` where a handler of KeyError, or an `if` behind it, binds `x` to something else."""
    replaced = [(_value_before(condition, file), condition.body) for condition in file.nodes(ast.If)]
    for handler in file.nodes(ast.ExceptHandler):
        attempt = file.parent(handler)
        if isinstance(attempt, ast.Try) and last_name(handler.type) == "KeyError":
            replaced.append((_only_value(attempt.body), handler.body))
    for wanted, block in replaced:
        found = lookup(wanted, file) if wanted else None
        value = _only_value(block)
        if found and value:
            yield found, value, found.node


def _is_replaced(node: ast.expr, file: PythonFile) -> bool:
    """Say whether the value of `node` is used only where it is true: ``node or other``."""
    choice = file.parent(node)
    return isinstance(choice, ast.BoolOp) and isinstance(choice.op, ast.Or) and node is not choice.values[-1]


def _value_before(condition: ast.If, file: PythonFile) -> ast.expr | None:
    """Return what `x` is bound to above ``if not x: x = ..`` or ``if x is None: x = ..``, if certain."""
    match condition.test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() as name):
            pass
        case ast.Compare(left=ast.Name() as name, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            pass
        case _:
            return None
    match condition:
        case ast.If(body=[ast.Assign(targets=[ast.Name(id=name.id) as target])], orelse=[]):
            others = [binding for binding in file.bindings(name) if binding is not target]
            bound = file.parent(others[0]) if len(others) == 1 else None
            return bound.value if isinstance(bound, (ast.Assign, ast.AnnAssign)) else None
    return None


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
        # What goes on to another process is no setting of this one.
        case ast.Call(func=ast.Attribute(value=owner, attr="setdefault")):
            return _is_environment(owner)
        case ast.Assign(targets=[ast.Subscript(value=owner)]):
            return _is_environment(owner)
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
            # `strtobool` and its likes know what an empty text is, or fail.
            asks = last_name(function).lower().endswith("bool") or file.qualified_name(function) in _ASKING
            return asks or _makes_list(function)
    return False


def _is_environment(node: ast.expr) -> bool:
    return not _ENVIRONMENTS.isdisjoint(words_of(last_name(node)))


def _makes_list(function: ast.expr | None) -> bool:
    """Say whether a function makes a list or a set of a text, by its name: ``parse_hosts``, ``Csv``."""
    words = words_of(last_name(function.func if isinstance(function, ast.Call) else function))
    return not _LIST_MAKERS.isdisjoint(words) and _ADDRESSES.isdisjoint(words)


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or last_name(node).isupper()
