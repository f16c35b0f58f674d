"""The types of expressions, where nothing else is possible."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS

# A builtin type by its name, any other by its qualified name, or a class of the file itself.
Type = str | ast.ClassDef

NONE: Final = "None"

_DISPLAYS: Final[dict[type[ast.AST], str]] = {
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.GeneratorExp: "generator",
    ast.JoinedStr: "str",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
}
_RETURNS: Final = {
    "builtins.bool": "bool",
    "builtins.bytearray": "bytearray",
    "builtins.bytes": "bytes",
    "builtins.dict": "dict",
    "builtins.enumerate": "enumerate",
    "builtins.filter": "filter",
    "builtins.float": "float",
    "builtins.frozenset": "frozenset",
    "builtins.int": "int",
    "builtins.isinstance": "bool",
    "builtins.len": "int",
    "builtins.list": "list",
    "builtins.map": "map",
    "builtins.range": "range",
    "builtins.repr": "str",
    "builtins.reversed": "reversed",
    "builtins.set": "set",
    "builtins.sorted": "list",
    "builtins.str": "str",
    "builtins.tuple": "tuple",
    "builtins.zip": "zip",
    "datetime.date": "datetime.date",
    "datetime.date.today": "datetime.date",
    "datetime.datetime": "datetime.datetime",
    "datetime.datetime.fromisoformat": "datetime.datetime",
    "datetime.datetime.now": "datetime.datetime",
    "datetime.datetime.strptime": "datetime.datetime",
    "datetime.datetime.utcnow": "datetime.datetime",
    "datetime.timedelta": "datetime.timedelta",
    "decimal.Decimal": "decimal.Decimal",
    "json.dumps": "str",
    "os.path.join": "str",
    "pathlib.Path": "pathlib.Path",
    "pathlib.Path.cwd": "pathlib.Path",
    "time.monotonic": "float",
    "time.perf_counter": "float",
    "time.time": "float",
    "uuid.UUID": "uuid.UUID",
    "uuid.uuid1": "uuid.UUID",
    "uuid.uuid4": "uuid.UUID",
    "uuid.uuid5": "uuid.UUID",
}
_RETURN_NAMES: Final = frozenset(name.rpartition(".")[2] for name in _RETURNS)
# Methods by the type that they are called on, with what they return.
_METHODS: Final = {
    "str": dict.fromkeys(
        ("capitalize", "format", "join", "lower", "lstrip", "replace", "rstrip", "strip", "title", "upper"),
        "str",
    )
    | {"encode": "bytes", "split": "list", "splitlines": "list", "startswith": "bool", "endswith": "bool"},
    "bytes": dict.fromkeys(("join", "lower", "lstrip", "replace", "rstrip", "strip", "upper"), "bytes")
    | {"decode": "str", "hex": "str", "split": "list", "splitlines": "list"},
}
_ENCODINGS: Final = frozenset({"ascii", "latin-1", "latin1", "utf-8", "utf8"})
# Types whose `+=` gives the same type, whatever stands on its right.
_KEEP_TYPE: Final = frozenset({"bytes", "list", "set", "str"})
# Decorators of classes that give the class back.
_KEEP_CLASS: Final = frozenset({"dataclass", "final", "total_ordering"})
# Bases that make neither a protocol nor a typed dictionary, and that no builtin type inherits from.
_PLAIN_BASES: Final = frozenset({"abc.ABC", "enum.Enum", "enum.Flag", "pydantic.BaseModel", "typing.Generic"})
_RESPONSE: Final = lazy_pattern(r"(?:^|_)resp(?:onse)?$")
_MAX_STEPS: Final = 5
# A name that is bound more often than this is looked at no closer, which keeps the time linear.
_MAX_BINDINGS: Final = 30


def certain_type(node: ast.expr | None, file: PythonFile, steps: int = 0) -> Type | None:
    """Return the type of what `node` evaluates to; None where it is not certain.

    Args:
        node: the expression; None stands for a `return` without one, which gives None.
        file: its file.
        steps: how many expressions have been looked at on the way to it.
    """
    if node is None:
        return NONE
    if steps > _MAX_STEPS:
        return None
    if isinstance(node, ast.Constant):
        return None if node.value is ... else NONE if node.value is None else type(node.value).__name__
    display = _DISPLAYS.get(node.__class__)
    if display is not None:
        return display
    match node:
        case ast.Name():
            return _type_of_name(node, file, steps)
        case ast.Call():
            return _type_of_call(node, file, steps)
        case ast.Await(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="read"), args=[])):
            return "bytes" if _RESPONSE.search(name) else None
        case ast.NamedExpr(value=value):
            return certain_type(value, file, steps + 1)
        case ast.UnaryOp(op=ast.Not()):
            return "bool"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return type(number).__name__
        case ast.Compare(ops=ops) if all(
            isinstance(op, (ast.In, ast.NotIn, ast.Is, ast.IsNot)) for op in ops
        ):
            return "bool"
        case ast.BinOp(left=left, op=ast.Mod()):
            return "str" if certain_type(left, file, steps + 1) == "str" else None
    return None


def _type_of_name(name: ast.Name, file: PythonFile, steps: int) -> Type | None:
    scope = file.scope(name)
    bindings = scope.bindings.get(name.id, ())
    if not 0 < len(bindings) <= _MAX_BINDINGS or not isinstance(scope.node, FUNCTIONS):
        return None
    types: set[Type | None] = set()
    updated = False
    for binding in bindings:
        match file.parent(binding):
            case ast.Assign(targets=targets, value=value) if binding in targets:
                types.add(certain_type(value, file, steps + 1))
            case ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
                types.add(certain_type(value, file, steps + 1))
            case ast.AugAssign():
                updated = True
            case _:
                return None
    found = types.pop() if len(types) == 1 else None
    return None if updated and found not in _KEEP_TYPE else found


def _type_of_call(call: ast.Call, file: PythonFile, steps: int) -> Type | None:
    function = call.func
    name = last_name(function)
    if isinstance(function, ast.Name) and name in file.once(_class_names):
        definition = file.definition_of(function)
        if isinstance(definition, ast.ClassDef):
            return definition if _makes_its_instances(definition, file) else None
    elif isinstance(function, ast.Attribute):
        found = _type_of_method_call(call, function, file, steps)
        if found is not None:
            return found
    if file.own_name(function) not in _RETURN_NAMES:
        return None
    return _RETURNS.get(file.qualified_name(function) or "")


def _class_names(file: PythonFile) -> frozenset[str]:
    return frozenset(class_.name for class_ in file.nodes(ast.ClassDef))


def _type_of_method_call(
    call: ast.Call, function: ast.Attribute, file: PythonFile, steps: int
) -> Type | None:
    method = function.attr
    if method == "hexdigest":
        return "str"
    if method in {"decode", "encode"} and call.args:
        encoding = call.args[0]
        if isinstance(encoding, ast.Constant) and encoding.value in _ENCODINGS:
            return "str" if method == "decode" else "bytes"
    if any(method in methods for methods in _METHODS.values()):
        owner = certain_type(function.value, file, steps + 1)
        return _METHODS.get(owner, {}).get(method) if isinstance(owner, str) else None
    return None


def _makes_its_instances(class_: ast.ClassDef, file: PythonFile) -> bool:
    """Say whether a call of `class_` surely gives an instance of it."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in class_.decorator_list]
    return (
        not class_.keywords
        and all(file.own_name(decorator) in _KEEP_CLASS for decorator in decorators)
        and not any(isinstance(each, FUNCTIONS) and each.name == "__new__" for each in class_.body)
    )


def ancestors(class_: ast.ClassDef, file: PythonFile) -> Iterator[Type | None]:
    """Yield the classes that `class_` inherits from, itself first; None for each base that is not known."""
    waiting, seen = [class_], {class_}
    while waiting:
        current = waiting.pop()
        yield current
        for base in current.bases:
            definition = file.definition_of(base) if isinstance(base, ast.Name) else None
            if isinstance(definition, ast.ClassDef):
                if definition not in seen:
                    seen.add(definition)
                    waiting.append(definition)
            else:
                yield _base_name(base, file)


def _base_name(base: ast.expr, file: PythonFile) -> str | None:
    name = file.qualified_name(base.value if isinstance(base, ast.Subscript) else base) or ""
    if name == "typing.NamedTuple":
        return "tuple"
    return name.removeprefix("builtins.") if name.startswith("builtins.") or name in _PLAIN_BASES else None
