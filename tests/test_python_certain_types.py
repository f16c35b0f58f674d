"""What is certain about the types of expressions, and what annotations allow."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_prep.python.certain_types import certain_type
from flake8_prep.python.context import PythonFile
from flake8_prep.python.definitions import Replaced, replaced_definitions
from flake8_prep.python.return_types import allowed_types, allows
from flake8_prep.python.tree import Function


def parse(source: str) -> PythonFile:
    """Return the file that holds the dedented `source`."""
    text = textwrap.dedent(source)
    return PythonFile(ast.parse(text), text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", "int"),
        ("1.0", "float"),
        ("1j", "complex"),
        ("True", "bool"),
        ("None", "None"),
        ("...", None),
        ("'a'", "str"),
        ("f''", "str"),
        ("b''", "bytes"),
        ("()", "tuple"),
        ("{}", "dict"),
        ("{1}", "set"),
        ("(x for x in y)", "generator"),
        ("x", None),
        ("x.y", None),
        ("f()()", None),
        ("x < y", None),
        ("x is not y", "bool"),
        ("x in y < z", None),
        ("not x", "bool"),
        ("-1", "int"),
        ("-1.5", "float"),
        ("-x", None),
        ("+x", None),
        ("(x := 1)", "int"),
        ("map(str, x)", "map"),
        ("zip(x, y)", "zip"),
        ("'' % x", "str"),
        ("x % y", None),
        ("str(x)", "str"),
        ("len(x)", "int"),
        ("','.join(x).split()", "list"),
        ("x.split(',')", None),
        ("x.encode()", None),
        ("x.encode('utf-8')", "bytes"),
        ("x.decode('utf8')", "str"),
        ("x.decode(y)", None),
        ("x.encode('rot13')", None),
        ("b''.decode(y)", "str"),
        ("x.hexdigest()", "str"),
        ("await resp.read()", "bytes"),
        ("await x.read()", None),
        ("await resp.read(1)", None),
        ("1 .join(x)", None),
    ],
)
def test_certain_type(expression: str, expected: str | None) -> None:
    file = parse(f"async def f():\n    return {expression}")
    (statement,) = file.nodes(ast.Return)
    assert certain_type(statement.value, file) == expected


@pytest.mark.parametrize("again", ["class Menu: size = 1", "Menu = make()"])
def test_a_class_with_two_definitions_is_not_certain(again: str) -> None:
    file = parse(f"class Menu: pass\n{again}\ndef f():\n    return Menu()")
    assert certain_type(file.nodes(ast.Return)[0].value, file) is None


def test_a_return_without_a_value_gives_none() -> None:
    assert certain_type(None, parse("")) == "None"


def test_a_long_chain_is_not_certain() -> None:
    file = parse("x = " + "'' % a" + " % a" * 900)
    assert certain_type(file.nodes(ast.Assign)[0].value, file) is None


def annotated(annotation: str) -> tuple[Function, PythonFile]:
    """Return a function with that annotation, and its file."""
    file = parse(f"""
        import typing
        from abc import ABC
        from shop import Order, Invoice, Base
        class Plain(ABC): pass
        class Left(Plain): pass
        class Right(Plain): pass
        class Both(Left, Right): pass
        class Text(str): pass
        class Special(metaclass=Meta): pass
        class Generic(typing.Generic[T]): pass
        class Unknown(Base): pass
        Order(1, 2)
        missing(1, 2).Order
        make()(1, 2)
        Missing(1, 2)
        def f() -> {annotation}: pass
        """)
    return file.nodes(ast.FunctionDef)[0], file


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("str", ["str"]),
        ("typing.List[int]", ["list"]),
        ("list[int] | None", ["None", "list"]),
        ("'str | int'", ["int", "str"]),
        ("Order", ["shop.Order"]),
        ("typing.Literal['a', None]", ["None", "str"]),
        ("typing.Optional['bytes']", ["bytes", "None"]),
        ("typing.Union[int, str]", ["int", "str"]),
        ("typing.Annotated[int, 1]", ["int"]),
        ("Plain", ["Plain"]),
        ("Both", ["Both"]),
        ("Generic[int]", ["Generic"]),
        ("Invoice", None),
        ("Special", None),
        ("Unknown", None),
        ("typing.Any", None),
        ("object", None),
        ("typing.Union[int, T]", None),
        ("typing.Optional[T]", None),
        ("'a b'", None),
        ("typing.Literal[x]", None),
        ("f()", None),
        ("int | typing.Sequence", None),
        ("missing.Name", None),
    ],
)
def test_allowed_types(annotation: str, expected: list[str] | None) -> None:
    function, file = annotated(annotation)
    allowed = allowed_types(function, file)
    names = (
        None if allowed is None else sorted(each if isinstance(each, str) else each.name for each in allowed)
    )
    assert names == (None if expected is None else sorted(expected))


def test_a_function_without_an_annotation_may_return_anything() -> None:
    file = parse("def f(): pass")
    assert allowed_types(file.nodes(ast.FunctionDef)[0], file) is None


@pytest.mark.parametrize(
    ("annotation", "found", "allowed"),
    [
        ("Plain", "Both", True),
        ("Left", "Both", True),
        ("Both", "Left", False),
        ("str", "Text", True),
        ("int", "Text", False),
        ("Plain", "Unknown", True),
        ("int", "Plain", False),
        ("Order", "Plain", True),
        ("float", "bool", True),
        ("int", "float", False),
        ("str", "pathlib.Path", False),
        ("Order", "pathlib.Path", True),
        ("Plain", "pathlib.Path", True),
    ],
)
def test_allows(annotation: str, found: str, allowed: bool) -> None:
    function, file = annotated(annotation)
    types = allowed_types(function, file)
    classes = {each.name: each for each in file.nodes(ast.ClassDef)}
    assert types is not None
    assert allows(types, classes.get(found, found), file) is allowed


def test_a_use_in_a_function_does_not_keep_a_definition_of_the_module() -> None:
    source = "def f(): pass\ndef g(): return f()\nh = lambda: f()\ndef f(): pass"
    (replaced,) = replaced_in(source)
    assert (replaced.name, replaced.lost.lineno, replaced.kept.lineno) == ("f", 1, 4)
    assert replaced_in("def f(): pass\nclass A: g = f\ndef f(): pass") == []


def replaced_in(source: str) -> list[Replaced]:
    """Return the definitions of `f` that are lost."""
    file = parse(source)
    return list(replaced_definitions([(file.tree.scopes[file.tree.module], "f")], file))
