"""Where the text of a statement goes: to a database, under a name, or into a message."""

from __future__ import annotations

import ast
import enum
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.names import last_name
from flake8_prep.python.strings import Strings
from flake8_prep.python.variables import Variable, uses
from flake8_prep.python.whole_strings import returns_its_strings


class Destination(enum.IntEnum):
    """Where a string goes; where it goes to several places, the greatest counts.

    What is kept, returned or passed on may go anywhere, so it is not a message.
    """

    MESSAGE = 1
    ELSEWHERE = 2
    DATABASE = 3


# What runs a statement, or takes its text to be run later.
_RUNNING: Final = frozenset(
    {
        *("RawSQL", "exec_driver_sql", "execute", "execute_fetchall", "execute_insert", "executemany"),
        *("executescript", "extra", "fetch", "fetch_all", "fetch_one", "fetch_val", "fetchall", "fetchmany"),
        *("fetchrow", "fetchval", "raw", "read_sql", "read_sql_query", "text"),
    }
)
# What shows a text to people, or compares it, by its name.
_MESSAGES: Final = lazy_pattern(
    r"_*+(?:assert\w*|critical|debug|echo|error|exception|fail|fatal|info|log|log_\w+|msg|p?print|print_\w+"
    r"|secho|skip|trace|warn|warning|\w*(?:Error|Exception|Warning))"
)
_ADDING: Final = frozenset({"add", "append", "appendleft", "extend", "insert", "put"})
# What looks at a value, and keeps nothing of it.
_LOOKING: Final = (ast.Compare, ast.Expr, ast.If, ast.While)
# Expressions that pass on a string in them, or a collection of strings.
_PASSING: Final = (
    *(ast.Attribute, ast.Await, ast.BinOp, ast.BoolOp, ast.Dict, ast.DictComp, ast.FormattedValue),
    *(ast.GeneratorExp, ast.IfExp, ast.JoinedStr, ast.List, ast.ListComp, ast.Set, ast.SetComp, ast.Starred),
    *(ast.Subscript, ast.Tuple, ast.keyword),
)
_MAX_DEPTH: Final = 16


class Destinations:
    """Where the strings of a file go."""

    def __init__(self, strings: Strings) -> None:
        self._strings = strings
        self._file = strings.file
        self._ends: dict[ast.AST, ast.AST] = {}
        self._variables: dict[Variable, Destination] = {}
        self._depth = 0

    def of(self, node: ast.AST) -> Destination:
        """Return where the string `node` goes, through wrappers, collections, other strings, and names."""
        way: list[ast.AST] = []
        child = self._ends.get(node, node)
        while (found := self._of_child(child)) is None:
            way.append(child)
            above = self._file.tree.parents[child]
            child = self._ends.get(above, above)
        self._ends.update(dict.fromkeys(way, child))
        return found

    def _of_child(self, child: ast.AST) -> Destination | None:
        """Return where the expression `child` goes; None where that is where its parent goes."""
        parent = self._file.parent(child)
        match parent:
            case ast.Call(func=function):
                return None if function is child else self._of_argument(parent, child)
            case ast.Assign(targets=targets):
                return max(map(self._of_target, targets))
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                return self._of_target(target)
            case ast.NamedExpr(target=target):
                kept = self._of_target(target)
                goes_no_further = isinstance(self._file.parent(parent), _LOOKING)
                return kept if goes_no_further or kept is Destination.DATABASE else None
            case ast.For() | ast.AsyncFor() | ast.comprehension() if child is parent.iter:
                return self._of_target(parent.target)
            case ast.Return() | ast.Lambda() | ast.Yield() | ast.YieldFrom():
                return Destination.ELSEWHERE
            case ast.stmt() | ast.Compare():
                return Destination.MESSAGE
        return None if isinstance(parent, _PASSING) else Destination.ELSEWHERE

    def _of_argument(self, call: ast.Call, argument: ast.AST) -> Destination | None:
        name = last_name(call.func)
        if _MESSAGES.fullmatch(name):
            return Destination.MESSAGE
        if name in _RUNNING:
            return Destination.DATABASE
        if isinstance(call.func, ast.Attribute) and name in _ADDING:
            return self._of_target(call.func.value)
        return None if returns_its_strings(call, self._file) else Destination.ELSEWHERE

    def _of_target(self, target: ast.AST) -> Destination:
        if isinstance(target, (ast.Tuple, ast.List)):
            return max(map(self._of_target, target.elts), default=Destination.ELSEWHERE)
        variable = self._strings.variable(target) if isinstance(target, ast.Name) else None
        return self._of_variable(variable) if variable is not None else Destination.ELSEWHERE

    def _of_variable(self, variable: Variable) -> Destination:
        if variable in self._variables or self._depth == _MAX_DEPTH:
            return self._variables.get(variable, Destination.ELSEWHERE)
        self._variables[variable] = Destination.MESSAGE
        self._depth += 1
        found = max(map(self.of, uses(variable, self._file)), default=Destination.ELSEWHERE)
        self._depth -= 1
        self._variables[variable] = found
        return found
