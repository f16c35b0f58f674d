"""Strings that are put together from others, and the values that go into them.

A string is put together by an f-string, ``+``, ``%``, ``*``, and the methods ``format``, ``join`` and
``replace``, also from pieces that are kept under names. Nothing here recurses with the length of an
expression, and what is behind a name is worked out once.
"""

from __future__ import annotations

import ast
import builtins
import enum
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.plain import (
    is_checked_name,
    is_checking_function,
    is_clause_name,
    is_constant_name,
    is_guard_name,
    is_naming_function,
    is_parameters_name,
    is_plain_annotation,
    is_plain_attribute,
    is_plain_function,
)
from flake8_prep.python.scopes import Scope, ScopeKind
from flake8_prep.python.tree import COMPREHENSIONS
from flake8_prep.python.variables import Variable, additions, sources_of_target, uses
from flake8_prep.sql import PLACEHOLDER

# The name under which the result of a function is kept.
_RESULT: Final = "return"

# How many names are followed from one to the next, and how much of the text behind a name is kept: the less,
# the more is bound to it, as it may be read as often.
_MAX_DEPTH: Final = 16
_MAX_TEXT: Final = 4000
_MIN_TEXT: Final = 250

_PERCENT_SPEC: Final = re.compile(r"%(?:\(\w++\))?+[#0\- +]*+(?:\d++|\*)?+(?:\.\d++)?+([diouxXeEfFgGcrsa%])")
_FORMAT_FIELD: Final = re.compile(r"\{\{|\}\}|\{[^{}]*+\}")
_NUMERIC: Final = frozenset("diouxXeEfFgG")
# Methods that return their string, changed in ways that do not matter here.
SAME_TEXT: Final = frozenset({"decode", "encode", "lower", "lstrip", "rstrip", "strip", "upper"})
# Functions that return what they are given, or a collection of it.
PASSING: Final = frozenset(
    {
        *("cast", "cleandoc", "dedent", "filter", "frozenset", "list", "repeat", "reversed", "set", "sorted"),
        *("str", "tuple", "zip"),
    }
)
_BUILTINS: Final = frozenset(dir(builtins))
_EXECUTING: Final = frozenset({"execute", "executemany"})
_RETURNS: Final = (ast.Return, ast.Yield, ast.YieldFrom)
_OF_CONTAINERS: Final = frozenset({"copy", "get", "items", "keys", "pop", "values"})


class Assembled(NamedTuple):
    """What is known about a string that is put together.

    Attributes:
        text: the text of its constant parts, with a `PLACEHOLDER` for every value.
        value: the first value that goes in and may hold any text; None if there is none.
    """

    text: str
    value: ast.AST | None


# What nothing is known about.
_UNKNOWN: Final = Assembled(PLACEHOLDER, ast.expr())


class _Mode(enum.Enum):
    """What becomes of the text of a piece.

    Attributes:
        TEXT: it is a part of the string.
        PERCENT: so is what is formatted by it as a template of ``%``.
        FORMAT: so is what is formatted by it as a template of ``str.format``.
        DROPPED: it is no part of the string; values in it are.
    """

    TEXT = enum.auto()
    PERCENT = enum.auto()
    FORMAT = enum.auto()
    DROPPED = enum.auto()


class _Piece(NamedTuple):
    """A part of a string that is still to be looked at.

    Attributes:
        node: the expression; None stands for a value that nothing is known about.
        scope: where it is evaluated.
        mode: what becomes of its text.
        shown: the expression that a value in it is shown as; None for the value itself.
    """

    node: Any
    scope: Scope
    mode: _Mode = _Mode.TEXT
    shown: ast.AST | None = None

    def part(self, node: ast.AST) -> _Piece:
        """Return `node` as a piece that is treated as this one."""
        return self._replace(node=node)

    def dropped(self, node: ast.AST) -> _Piece:
        """Return `node` as a piece whose text is not a part of the string, but whose values are."""
        return self._replace(node=node, mode=_Mode.DROPPED)

    def shown_as_whole(self, node: ast.AST) -> _Piece:
        """Return `node`, from which this piece is looked up, so that a value in it is shown as this piece."""
        return self._replace(node=node, mode=_Mode.DROPPED, shown=self.shown or self.node)


_Parts = Sequence[str | _Piece]


class Strings:
    """The strings of a file.

    Attributes:
        file: the file.
    """

    def __init__(self, file: PythonFile) -> None:
        self.file = file
        self._variables: dict[Variable, Assembled] = {}
        self._depth = 0

    def assemble(
        self, node: ast.expr, known: Collection[Variable] = (), own: Variable | None = None
    ) -> Assembled:
        """Return what `node` is put together from.

        Args:
            node: a string.
            known: values that come in by these variables do not count.
            own: the variable that the string is bound to; values that are in it before do not count either.
        """
        return self._assemble([_Piece(node, self.file.scope(node))], known, own)

    def variable(self, name: ast.Name) -> Variable | None:
        """Return the variable that `name` reads or binds; None where nothing in this file binds it."""
        scope = self.file.scope(name).binder(name.id)
        return (scope, name.id) if scope is not None else None

    def _assemble(
        self, parts: _Parts, known: Collection[Variable] = (), own: Variable | None = None
    ) -> Assembled:
        texts: list[str] = []
        value = None
        stack = [*reversed(parts)]
        while stack:
            piece = stack.pop()
            if isinstance(piece, str):
                texts.append(piece)
                continue
            handler = _HANDLERS.get(piece.node.__class__)
            found = handler(self, piece) if handler is not None else _UNKNOWN
            if isinstance(found, Assembled):
                if value is None and found.value is not None and not self._stands_for(piece, known, own):
                    value = piece.shown or piece.node or found.value
                inner: _Parts = [_converted(found.text, piece.mode)]
            else:
                inner = found
            if piece.mode is _Mode.DROPPED:
                inner = [part for part in inner if not isinstance(part, str)]
            stack += reversed(inner)
        return Assembled("".join(texts), value)

    def _stands_for(self, piece: _Piece, known: Collection[Variable], own: Variable | None) -> bool:
        """Say whether `piece` is the name of one of these variables."""
        if not isinstance(piece.node, ast.Name) or not (known or own):
            return False
        scope = piece.scope.binder(piece.node.id)
        return scope is not None and ((scope, piece.node.id) == own or (scope, piece.node.id) in known)

    def _behind(self, scope: Scope, name: str) -> Assembled:
        """Return what is put together under `name` by all that `scope` binds it to.

        For a class, the `name` can be that of an attribute with a dot before it; for a function, `_RESULT`.
        """
        variable = scope, name
        if variable in self._variables or self._depth == _MAX_DEPTH:
            return self._variables.get(variable, Assembled(PLACEHOLDER, None))
        self._variables[variable] = Assembled("", None)  # what it adds to itself, by `sql = sql + more`
        self._depth += 1
        if name == _RESULT:
            parts = self._returned(scope)
        elif name.startswith("."):
            parts = self._bound_attribute(scope, name[1:])
        else:
            parts = [part for binding in scope.bindings[name] for part in self._bound(binding, scope)]
            for added in additions(variable, self.file):
                parts += [" ", _Piece(added, self.file.scope(added))]
        text, value = self._assemble(parts)
        self._depth -= 1
        is_constant = is_constant_name(name.removeprefix(".")) and scope.kind is not ScopeKind.FUNCTION
        if value is not None and (is_constant or is_checked_name(name) or self._is_guarded(variable)):
            value = None
        kept = max(_MAX_TEXT // (len(parts) or 1), _MIN_TEXT)
        self._variables[variable] = Assembled(_shortened(text, kept), value)
        return self._variables[variable]

    def _returned(self, function: Scope) -> list[str | _Piece]:
        """Return what a function returns, one return statement after the other."""
        returns = [node for node in self.file.own_nodes(function.node) if isinstance(node, _RETURNS)]
        return [_Piece(node.value, function) for node in returns] or [_Piece(None, function)]

    def _bound_attribute(self, class_: Scope, attribute: str) -> list[str | _Piece]:
        """Return what an attribute is bound to in the body of its class, and anywhere in the file."""
        parts: list[str | _Piece] = []
        for binding in class_.bindings.get(attribute, ()):
            match self.file.parent(binding):
                case ast.AnnAssign(annotation=annotation) if not is_plain_annotation(annotation, self.file):
                    parts.append(_Piece(None, class_))  # a field, which the constructor may set
                case _:
                    parts += self._bound(binding, class_)
        for store in self.file.once(_stored_attributes).get(attribute, ()):
            parts += self._bound(store, self.file.scope(store))
        return parts

    def _bound(self, binding: Any, scope: Scope) -> _Parts:
        """Return what the place `binding`, a name or an attribute in `scope`, is bound to."""
        unknown = [_Piece(None, scope)]
        if isinstance(binding, ast.arg):
            return [PLACEHOLDER] if is_plain_annotation(binding.annotation, self.file) else unknown
        if isinstance(binding, ast.alias):
            return [PLACEHOLDER] if is_constant_name(binding.name) else unknown
        match self.file.parent(binding):
            case ast.AnnAssign(value=None) | ast.Delete():
                return []
            case ast.AnnAssign(annotation=annotation) if is_plain_annotation(annotation, self.file):
                return [PLACEHOLDER]
            case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.NamedExpr(value=value):
                return [_Piece(value, scope)]
            case ast.AugAssign(op=ast.Add(), value=value):
                return [_Piece(value, scope)]
            case ast.AugAssign(op=ast.Mod(), value=value):
                return [_Piece(value, scope, _Mode.DROPPED)]
            case ast.AugAssign():
                return []
            case ast.Tuple() as targets if self._comes_with_parameters(targets):
                return [PLACEHOLDER]
        sources = sources_of_target(binding, scope, self.file)
        if sources is None:
            return unknown
        return [PLACEHOLDER, *(_Piece(source, outer, _Mode.DROPPED) for source, outer in sources)]

    def _comes_with_parameters(self, targets: ast.Tuple) -> bool:
        """Say whether `targets` are text and the parameters for it, which a call has separated already."""
        assignment = self.file.parent(targets)
        is_call = isinstance(assignment, ast.Assign) and isinstance(assignment.value, (ast.Call, ast.Await))
        return is_call and any(is_parameters_name(last_name(target)) for target in targets.elts)

    def _is_guarded(self, variable: Variable) -> bool:
        """Say whether the value of `variable` is checked, by a function or against what is allowed."""
        return any(self._is_guard(use) for use in uses(variable, self.file))

    def _is_guard(self, use: ast.Name) -> bool:
        match self.file.parent(use):
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[allowed]):
                return left is use and self.assemble(allowed).value is None
            case ast.Call(args=arguments) as call:
                return use in arguments and is_guard_name(last_name(call.func))
            case ast.Attribute() as method:
                above = self.file.parent(method)
                if not isinstance(above, ast.Call) or above.func is not method:
                    return False
                return is_guard_name(method.attr) if not above.args else _doubles_quotes(above)
        return False

    # One method for each type of expression. Each returns the parts in the order of the text, or what is
    # known already.

    def _name(self, piece: _Piece) -> _Parts | Assembled:
        name = piece.node.id
        owner = piece.scope.binder(name)
        if owner is not None:
            return self._behind(owner, name)
        return [PLACEHOLDER] if is_constant_name(name) or name in _BUILTINS else _UNKNOWN

    def _constant(self, piece: _Piece) -> _Parts:
        value = piece.node.value
        return [_converted(value, piece.mode)] if isinstance(value, str) else [PLACEHOLDER]

    def _number(self, piece: _Piece) -> _Parts:
        return [PLACEHOLDER]

    def _joined(self, piece: _Piece) -> _Parts:
        return [piece.part(value) for value in piece.node.values]

    def _formatted(self, piece: _Piece) -> _Parts:
        match piece.node.format_spec:
            case ast.JoinedStr(values=[ast.Constant(value=str(spec))]) if spec[-1:] in _NUMERIC:
                return [PLACEHOLDER]
        return [piece.part(piece.node.value)]

    def _binary(self, piece: _Piece) -> _Parts:
        node = piece.node
        match node.op:
            case ast.Add():
                return [piece.part(node.left), piece.part(node.right)]
            case ast.Mod():
                return [self._template(piece, node.left, _Mode.PERCENT), *self._arguments_of_percent(piece)]
            case ast.Mult():
                sides = [side for side in (node.left, node.right) if isinstance(side, _REPEATED)]
                return [piece.part(side) for side in sides] or [PLACEHOLDER]
        return [PLACEHOLDER]

    def _template(self, piece: _Piece, node: ast.expr, mode: _Mode) -> _Piece:
        return piece._replace(node=node, mode=_Mode.DROPPED if piece.mode is _Mode.DROPPED else mode)

    def _arguments_of_percent(self, piece: _Piece) -> _Parts:
        left, right = piece.node.left, piece.node.right
        arguments = right.elts if isinstance(right, ast.Tuple) else [right]
        if isinstance(right, ast.Call) and self.file.qualified_name(right.func) == "builtins.dict":
            arguments = [*right.args, *(keyword.value for keyword in right.keywords)]
        if isinstance(left, ast.Name):
            left = self.file.value_of(left)
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            specs = [spec for spec in _PERCENT_SPEC.findall(left.value) if spec != "%"]
            if all(spec in _NUMERIC for spec in specs):
                return []
            if len(specs) == len(arguments):
                arguments = [
                    each for each, spec in zip(arguments, specs, strict=True) if spec not in _NUMERIC
                ]
        return [piece.dropped(argument) for argument in arguments]

    def _either(self, piece: _Piece) -> _Parts:
        node = piece.node
        return [*map(piece.part, (node.body, node.orelse) if isinstance(node, ast.IfExp) else node.values)]

    def _display(self, piece: _Piece) -> _Parts:
        return [part for element in piece.node.elts for part in (piece.part(element), " ")]

    def _dict(self, piece: _Piece) -> _Parts:
        return [piece.dropped(each) for each in (*piece.node.keys, *piece.node.values) if each is not None]

    def _comprehension(self, piece: _Piece) -> _Parts:
        node, inside = piece.node, piece._replace(scope=self.file.tree.scopes[piece.node])
        return [*map(inside.part, (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,))]

    def _lambda(self, piece: _Piece) -> _Parts:
        return [piece._replace(node=piece.node.body, scope=self.file.tree.scopes[piece.node])]

    def _inner(self, piece: _Piece) -> _Parts:
        return [piece.part(piece.node.value)]

    def _subscript(self, piece: _Piece) -> _Parts:
        node = piece.node
        if isinstance(node.slice, ast.Slice):
            return [piece.part(node.value)]
        while isinstance(node, ast.Subscript):
            node = node.value
        return [PLACEHOLDER, piece.shown_as_whole(node)]

    def _attribute(self, piece: _Piece) -> _Parts | Assembled:
        node = piece.node
        class_ = self._class_of(node.value, piece.scope)
        stored = self.file.once(_stored_attributes)
        if class_ is not None and (node.attr in class_.bindings or node.attr in stored):
            return self._behind(class_, f".{node.attr}")
        if is_plain_attribute(node) or self._is_of_connection(node):
            return [PLACEHOLDER]
        while isinstance(node, ast.Attribute):
            node = node.value
        return [PLACEHOLDER, piece.shown_as_whole(node)]

    def _is_of_connection(self, node: ast.Attribute) -> bool:
        """Say whether `node` is what a connection says of itself, ``db.now`` beside ``db.execute(..)``."""
        return isinstance(node.value, ast.Name) and node.value.id in self.file.once(_connections)

    def _class_of(self, node: ast.expr, scope: Scope) -> Scope | None:
        """Return the scope of the class that `node` is, or of which it is an object as `self` is."""
        owner = scope.binder(node.id) if isinstance(node, ast.Name) else None
        bindings = owner.bindings[node.id] if owner is not None and isinstance(node, ast.Name) else []
        match bindings:
            case [ast.ClassDef() as class_]:
                return self.file.tree.scopes[class_]
            case [ast.arg(arg="self" | "cls")] if owner is not None:
                above = self.file.parent(owner.node)
                return self.file.tree.scopes[above] if isinstance(above, ast.ClassDef) else None
        return None

    def _call(self, piece: _Piece) -> _Parts | Assembled:
        call = piece.node
        name = self.file.own_name(call.func)
        if isinstance(call.func, ast.Attribute):
            method = METHODS.get(name)
            if method is not None:
                return method(self, piece)
            if name in SAME_TEXT:
                return [piece.part(call.func.value)]
            if name in _OF_CONTAINERS:
                defaults = map(piece.dropped, call.args[1:])
                return [PLACEHOLDER, piece.shown_as_whole(call.func.value), *defaults]
        if name == "map" and call.args:
            return self._mapped(piece, *call.args)
        if is_checking_function(name):
            return [PLACEHOLDER]
        result = self._result(call.func, piece.scope)
        if result is not None:
            return result
        if self._has_parameters(call.func, piece.scope):
            return [PLACEHOLDER]
        if is_plain_function(name) or is_naming_function(name):
            return [PLACEHOLDER]
        return [piece.part(argument) for argument in call.args] if name in PASSING else _UNKNOWN

    def _result(self, function: ast.expr, scope: Scope) -> Assembled | None:
        """Return what a function or method of this file returns; None for those of other files."""
        owner = None
        if isinstance(function, ast.Name):
            owner = scope.binder(function.id)
        elif isinstance(function, ast.Attribute):
            owner = self._class_of(function.value, scope)
        bindings = owner.bindings.get(last_name(function), []) if owner is not None else []
        match bindings:
            case [ast.FunctionDef() | ast.AsyncFunctionDef() as definition]:
                return self._behind(self.file.tree.scopes[definition], _RESULT)
            case [ast.Name() as name]:
                assignment = self.file.parent(name)
                if isinstance(assignment, ast.Assign) and is_checking_function(last_name(assignment.value)):
                    return Assembled(PLACEHOLDER, None)
        return None if all(isinstance(binding, ast.alias) for binding in bindings) else _UNKNOWN

    def _has_parameters(self, function: ast.expr, scope: Scope) -> bool:
        """Say whether `function` makes a clause: ``filters.where()`` with ``filters.values()`` beside it."""
        match function:
            case ast.Attribute(value=ast.Name(id=name), attr=method) if is_clause_name(method):
                owner = scope.binder(name) if name != "self" else None
                names = uses((owner, name), self.file) if owner is not None else []
                beside = (self.file.parent(each) for each in names)
                return any(is_parameters_name(last_name(each)) for each in beside)
        return False

    def _mapped(self, piece: _Piece, function: ast.expr, *collections: ast.expr) -> _Parts:
        if isinstance(function, ast.Lambda):
            return [piece.part(function)]
        name = self.file.own_name(function)
        if is_checking_function(name) or is_plain_function(name):
            return [PLACEHOLDER]
        if isinstance(function, ast.Attribute):
            return [self._template(piece, function.value, _Mode.FORMAT), *map(piece.dropped, collections)]
        return [piece.part(collection) for collection in collections]

    def _format(self, piece: _Piece) -> _Parts:
        call = piece.node
        values = (*call.args, *(keyword.value for keyword in call.keywords))
        return [self._template(piece, call.func.value, _Mode.FORMAT), *map(piece.dropped, values)]

    def _join(self, piece: _Piece) -> _Parts:
        separator = piece.node.func.value
        parts: list[str | _Piece] = []
        for joined in piece.node.args:
            for element in joined.elts if isinstance(joined, DISPLAYS) else (joined,):
                parts += [piece.part(separator), piece.part(element)]
        return parts[1:]

    def _replace(self, piece: _Piece) -> _Parts:
        call = piece.node
        if _doubles_quotes(call):
            return [PLACEHOLDER]
        return [piece.part(call.func.value), *map(piece.dropped, call.args[1:2])]


DISPLAYS: Final = (ast.List, ast.Tuple, ast.Set)
_REPEATED: Final = (ast.JoinedStr, *DISPLAYS)
METHODS: Final[dict[str, Callable[[Strings, _Piece], _Parts]]] = {
    "format": Strings._format,
    "format_map": Strings._format,
    "join": Strings._join,
    "replace": Strings._replace,
}
_HANDLERS: Final[dict[type[ast.AST], Callable[[Strings, _Piece], _Parts | Assembled]]] = {
    ast.Attribute: Strings._attribute,
    ast.Await: Strings._inner,
    ast.BinOp: Strings._binary,
    ast.BoolOp: Strings._either,
    ast.Call: Strings._call,
    ast.Compare: Strings._number,
    ast.Constant: Strings._constant,
    ast.Dict: Strings._dict,
    ast.FormattedValue: Strings._formatted,
    ast.IfExp: Strings._either,
    ast.JoinedStr: Strings._joined,
    ast.Lambda: Strings._lambda,
    ast.Name: Strings._name,
    ast.NamedExpr: Strings._inner,
    ast.Starred: Strings._inner,
    ast.Subscript: Strings._subscript,
    ast.UnaryOp: Strings._number,
    **dict.fromkeys(DISPLAYS, Strings._display),
    **dict.fromkeys(COMPREHENSIONS, Strings._comprehension),
}


def _converted(text: str, mode: _Mode) -> str:
    """Return `text` with a `PLACEHOLDER` for each place that a value is formatted into."""
    if mode is _Mode.PERCENT:
        return _PERCENT_SPEC.sub(lambda spec: "%" if spec[1] == "%" else PLACEHOLDER, text)
    if mode is _Mode.FORMAT:
        return _FORMAT_FIELD.sub(lambda field: {"{{": "{", "}}": "}"}.get(field[0], PLACEHOLDER), text)
    return text


def _shortened(text: str, length: int) -> str:
    """Return the beginning of `text`, with the brackets that are open there closed again."""
    start = text[:length]
    return start if start == text else start + ")" * (start.count("(") - start.count(")"))


def _doubles_quotes(call: ast.Call) -> bool:
    """Say whether `call` is ``.replace("'", "''")``, or the same of another quote."""
    match call:
        case ast.Call(
            func=ast.Attribute(attr="replace"),
            args=[ast.Constant(value=str(quote)), ast.Constant(value=doubled)],
        ):
            return quote in {"'", '"', "`"} and doubled == 2 * quote
    return False


def _connections(file: PythonFile) -> frozenset[str]:
    """Return the names that statements are run on, as `db` in ``db.execute(..)``; not `self`."""
    receivers = (
        call.func.value
        for call in file.nodes(ast.Call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _EXECUTING
    )
    found = {
        each.id
        for receiver in receivers
        for each in (receiver.values if isinstance(receiver, ast.BoolOp) else [receiver])
        if isinstance(each, ast.Name)
    }
    return frozenset(found - {"self", "cls"})


def _stored_attributes(file: PythonFile) -> dict[str, list[ast.Attribute]]:
    """Return the places that bind an attribute of anything, by its name."""
    found: defaultdict[str, list[ast.Attribute]] = defaultdict(list)
    for node in file.nodes(ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            found[node.attr].append(node)
    return found
