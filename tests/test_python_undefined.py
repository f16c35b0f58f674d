"""Names that nothing binds: what depends on more than the text of one file, and the causes that are named."""

from __future__ import annotations

import ast
import sys
import textwrap

import pytest

from flake8_prep.options import Settings
from flake8_prep.python.annotations import parse_annotation, quoted_annotations
from flake8_prep.python.context import PythonFile
from flake8_prep.python.likely_causes import LikelyCauses
from flake8_prep.python.undefined import undefined_names


def parse(source: str, path: str = "app.py", settings: Settings | None = None) -> PythonFile:
    """Return the file that holds the dedented `source`."""
    text = textwrap.dedent(source)
    return PythonFile(ast.parse(text), text.splitlines(keepends=True), path, settings)


def undefined(source: str, path: str = "app.py", settings: Settings | None = None) -> list[str]:
    """Return the undefined names in `source`, in the order of the alphabet."""
    return sorted(use.name for use in undefined_names(parse(source, path, settings)))


def cause(source: str) -> str:
    """Return the cause of the only undefined name in `source`."""
    file = parse(source)
    (use,) = undefined_names(file)
    return LikelyCauses(file).of(use).removeprefix("; ")


def test_a_star_import_may_bind_anything() -> None:
    assert undefined("from os import *\nmissing") == []


@pytest.mark.parametrize(
    "setting",
    [
        "define_all(globals())",
        "globals().update(names)",
        "globals().setdefault('a', 1)",
        "globals()[name] = 1",
        "for name in names: globals()['to_' + name] = 1",
    ],
)
def test_nobody_knows_what_others_set(setting: str) -> None:
    assert undefined(f"name = names = define_all = 1\n{setting}\nmissing") == []


@pytest.mark.parametrize(
    "asking", ["print(globals()[name])", "print(globals().get(name))", "self.globals()", "globals()['a'] = 1"]
)
def test_what_asks_for_globals_sets_none(asking: str) -> None:
    assert undefined(f"name = self = 1\n{asking}\nmissing") == ["missing"]


def test_in_a_template_something_else_stands_in_place_of_names() -> None:
    assert undefined("{{ imports }}\ndef load():\n    return missing") == []
    assert undefined("missing\n{(1, 2), frozenset({3})}") == ["missing"]


def test_builtins_of_flake8_are_defined() -> None:
    assert undefined("_('text'); ngettext", settings=Settings(builtins=("_",))) == ["ngettext"]


def test_the_path_of_a_package_is_defined_in_its_init_file() -> None:
    assert undefined("__path__", "pkg/__init__.py") == []
    assert undefined("__path__", "pkg/init.py") == ["__path__"]


def test_a_deleted_or_annotated_builtin_stays_defined() -> None:
    assert undefined("del print, print.x, print[0]\nprint(1)\ninput: str\ninput()") == []


def test_only_the_first_update_of_a_name_is_reported() -> None:
    assert undefined("total += 1\ntotal += 2\nprint(total)") == ["total"]
    assert undefined("def f():\n    total += 1\n    return lambda: total") == ["total"]


def test_handlers_of_other_functions_do_not_guard() -> None:
    assert undefined("try:\n    f = lambda: missing\nexcept NameError: pass") == ["missing"]
    assert undefined("try:\n    pass\nexcept NameError:\n    missing") == ["missing"]
    assert undefined("try:\n    missing\nexcept* NameError: pass") == []
    assert undefined("try:\n    missing\nexcept: pass\n") == ["missing"]


def test_names_in_texts_of_type_parameters() -> None:
    if sys.version_info >= (3, 12):  # pragma: >=3.12 cover
        assert undefined("type Alias[Key: 'Bound'] = 'list[Key, Value]'") == ["Bound", "Value"]
        assert undefined("def f[*Ts, **P, T: int](x: 'T') -> 'Ts': pass") == []
        assert undefined("class Box[T]:\n    item: 'T'\n    other: 'S'") == ["S"]


@pytest.mark.parametrize(
    "source",
    [
        "x: 'class' = 1",
        "x: 'a b' = 1",
        "x: '' = 1",
        "x: '\\0' = 1",
        "x: '{}'.format(1) = 1",
        "from jaxtyping import Float\ndef f(x: Float['batch', 'time']): pass",
        "from typing import NamedTuple, TypedDict, List\n"
        "NamedTuple('A', make()) if False else TypedDict('B'); List[int]\ndef make(): pass",
        "import typing as t\nt = 1\nt['missing']",
        "from typing import cast\ndef f(cast): cast('missing', 1)",
        "from typing import NamedTuple\nNamedTuple('Row', [('a', 'int'), [], ('b',)])",
        "from typing import overload\noverload('missing')",
    ],
)
def test_texts_that_hold_no_undefined_type(source: str) -> None:
    assert undefined(source) == []


def test_a_text_is_read_in_its_scope_and_once() -> None:
    source = """
        import typing
        def f():
            class Inner: pass
            def g(x: "Inner", y: typing.List["Missing"], z: "tuple[1, None]") -> "Inner": pass
        """
    assert undefined(source) == ["Missing"]


def test_a_text_in_a_text_counts_for_the_outer_one() -> None:
    file = parse("x: \"list['Inner | Outer']\" = 1\nOuter = 1")
    assert [ast.unparse(quoted.annotation) for quoted in quoted_annotations(file)] == [
        "list['Inner | Outer']",
        "Inner | Outer",
    ]
    (use,) = undefined_names(file)
    assert (use.name, use.place.lineno, use.place.col_offset) == ("Inner", 1, 3)


def test_annotations_that_are_no_python_are_none() -> None:
    assert parse_annotation("(" * 1000) is None
    assert parse_annotation("a; b") is None
    assert parse_annotation("'\\d'") is not None  # warns about the escape where warnings are errors


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    attempts = 1\n    return attempt", "did you mean 'attempts'?"),
        ("MAX_SIZE = 1\nmaxsize", "did you mean 'MAX_SIZE'?"),
        ("length = 1\nlenght", "did you mean 'length'?"),
        ("alphabet = abcdefgh = 1\nzzz", ""),
        ("ab = 1\na", ""),
        ("import numpy as np\nnumpy.array", "'numpy' is imported as 'np'"),
        ("def f():\n    import numpy as np\nnumpy", ""),
        ("from datetime import datetime\n_dt.datetime", "'datetime' is imported without a prefix"),
        ("import datetime\n_dt.datetime", "did you mean 'datetime'?"),
        ("datetime = 1\n_x.datetime", ""),
        ("from . import log\nx.log", ""),
        ("np.array(1)", "module 'numpy' is not imported"),
        ("json.loads('')", "module 'json' is not imported"),
        ("json", ""),
        ("@wraps\ndef f(): pass", "'wraps' of 'functools' is not imported"),
        ("partial(1)", "'partial' of 'functools' is not imported"),
        ("partial", ""),
        ("x: Optional[int] = 1", "'Optional' of 'typing' is not imported"),
        ("def fetch(base_delay): pass\ndef g(): return base_delay", "it is a parameter of 'fetch'"),
        ("def fetch(): unit = 1\ndef g(): return unit", "it is a local name of 'fetch'"),
        ("class A:\n    size = 1\n    def f(self): return size", "it belongs to class 'A'"),
        ("class A:\n    size = 1\nsize", ""),
        ("[row for row in '']\nrow", "it exists only inside a comprehension"),
        ("unicode", "it was a builtin of Python 2"),
        ("name = 1\ndef f(): del name", "'del' needs a name that is bound in this very scope"),
    ],
)
def test_the_likeliest_cause_is_named(source: str, expected: str) -> None:
    assert cause(source) == expected


def test_the_search_for_near_names_ends() -> None:
    names = [f"name_{number:03}" for number in range(400)]
    file = parse("\n".join([*(f"{name} = 1" for name in names), *(f"{name}_" for name in names)]))
    causes = LikelyCauses(file)
    found = [causes.of(use) for use in undefined_names(file)]
    assert found[0] == "; did you mean 'name_000'?"
    assert found[-1] == ""


def test_each_use_has_its_cause() -> None:
    file = parse("length = 1\nlenght; lenght.size")
    causes = LikelyCauses(file)
    assert [causes.of(use) for use in undefined_names(file)] == ["; did you mean 'length'?"] * 2
