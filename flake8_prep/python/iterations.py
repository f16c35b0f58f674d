"""Loops over the elements of a collection whose size is up to the data."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.flow import Exit, exits
from flake8_prep.python.names import last_name
from flake8_prep.python.plain import is_constant_name
from flake8_prep.python.tree import COMPREHENSIONS, FUNCTIONS, Comprehension
from flake8_prep.python.variables import additions

# Functions and methods that pass on the elements that they are given.
_SAME_ELEMENTS: Final = frozenset(
    {
        *("enumerate", "filter", "frozenset", "list", "map", "reversed", "set", "sorted", "tqdm", "track"),
        *("tuple", "zip"),
    }
)
_OF_CONTAINERS: Final = frozenset({"copy", "items", "keys", "values"})
# Loops that take many elements at a time.
_BATCHES: Final = lazy_pattern(
    r"(?:^|_)(?:batch(?:e[ds])?|chunk(?:s|ed|ify|er)?|group(?:by|ed|er)|pages|pagina\w+|partitions|slices"
    r"|splits|windows)(?:_|$)"
)
_BATCH: Final = lazy_pattern(
    r"(?:^|_)(?:batch|chunk|page|partition|shard|slice|split|window)(?:_?(?:ids|no|num|number|rows))?$"
)
# Loops that wait for what comes next.
_STREAMS: Final = lazy_pattern(
    r"(?:^|_)(?:as_completed|consume|consumer|count|cycle|events|islice|iter|listen|messages|poll|queue"
    r"|stream|subscribe|tail|watch)(?:_|$)"
)
# What there are few of, and what each needs a statement of its own for.
_FEW: Final = lazy_pattern(
    r"(?:^|_)(?:alias|attempt|backend|column|conn|connection|database|db|dialect|embedding|engine|index|kind"
    r"|lang|language|locale|migration|model|part|prefix|queries|query|retry|schema|session|setting|sql"
    r"|statement|stmt|suffix|table|tenant|tries|try|vector|version)(?:e?s)?(?:_names?)?$",
    re.IGNORECASE,
)
_MAX_STEPS: Final = 16


class Iteration(NamedTuple):
    """A loop, or a comprehension, that runs something once for each element.

    Attributes:
        loop: the loop or the comprehension.
        iterable: what it runs over.
        targets: the names that are bound to the element.
        names: all names that are bound anew for each element.
    """

    loop: ast.AST
    iterable: ast.expr
    targets: frozenset[str]
    names: frozenset[str]


def iterations(node: ast.AST, file: PythonFile) -> Iterator[Iteration]:
    """Yield the loops that run `node` for each element, the nearest first.

    Nothing is yielded beyond a `while` loop, which pages or waits, and beyond a loop that takes many elements
    at a time. Left out are loops over what is written out, over ranges and streams, and those that are over
    after `node`.
    """
    child, grandchild = node, node
    for above in file.ancestors(node):
        if isinstance(above, (*FUNCTIONS, ast.Lambda, ast.ClassDef, ast.While)):
            return
        loops: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(above, ast.For) and child in above.body and not _is_end(node, above, file):
            loops = [(above.iter, above.target)]
        elif isinstance(above, COMPREHENSIONS):
            loops = [(each.iter, each.target) for each in _around(child, grandchild, above)]
        for iterable, target in loops:
            found = Iteration(above, iterable, file.once(_bound_in, target), file.once(_bound_in, above))
            if _takes_many(found):
                return
            if not _is_limited(found, file):
                yield found
        child, grandchild = above, child


def _around(child: ast.AST, grandchild: ast.AST, comprehension: Comprehension) -> list[ast.comprehension]:
    """Return the loops of a comprehension that run `grandchild`, right below `child`, for each element."""
    generators = comprehension.generators
    if not isinstance(child, ast.comprehension):
        return generators
    index = generators.index(child)
    return generators[: index if grandchild is child.iter else index + 1]


def _bound_in(file: PythonFile, loop: ast.AST) -> frozenset[str]:
    return frozenset(
        each.id for each in ast.walk(loop) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )


def _is_end(node: ast.AST, loop: ast.For, file: PythonFile) -> bool:
    """Say whether the loop is always over after `node`."""
    child = node
    inside = itertools.takewhile(lambda above: above is not loop, file.ancestors(node))
    for above in (*inside, loop):
        if child in file.once(_endings, above):
            return True
        child = above
    return False


def _endings(file: PythonFile, owner: ast.AST) -> frozenset[ast.AST]:
    """Return the statements in the blocks of `owner` from which no path leads round the loop again."""
    found = set()
    for block in (getattr(owner, "body", None), getattr(owner, "orelse", None)):
        onward = Exit.NEXT
        for statement in reversed(block if isinstance(block, list) else []):
            own = exits([statement], file)
            onward = own & ~Exit.NEXT | onward if Exit.NEXT in own else own
            if not onward & (Exit.NEXT | Exit.CONTINUE):
                found.add(statement)
    return frozenset(found)


def _takes_many(iteration: Iteration) -> bool:
    """Say whether the elements are batches."""
    match iteration.iterable:
        case ast.Call(func=ast.Name(id="range"), args=[_, _, _]):
            return True
    return any(_BATCH.search(name) for name in iteration.targets) or any(
        _BATCHES.search(name) for name in _names(iteration.iterable)
    )


def _names(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        name = last_name(each)
        if name:
            yield name.lower()


def _is_limited(iteration: Iteration, file: PythonFile) -> bool:
    """Say whether the number of elements is up to the program, or the elements come one after the other."""
    if any(_FEW.search(name) for name in iteration.targets):
        return True
    if any(_STREAMS.search(name) for name in _names(iteration.iterable)):
        return True
    waiting = [iteration.iterable]
    for _ in range(_MAX_STEPS):
        if not waiting:
            break
        node = waiting.pop()
        match node:
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                if elements and not any(isinstance(element, ast.Starred) for element in elements):
                    return True
            case ast.Dict(keys=keys):
                if keys and None not in keys:
                    return True
            case ast.Constant():
                return True
            case ast.Call(func=ast.Attribute(value=container, attr=method)) if method in _OF_CONTAINERS:
                waiting.append(container)
            case ast.Call(func=function, args=arguments):
                name = last_name(function)
                if _FEW.search(name):
                    return True
                if name == "range":
                    return not any(_is_length(each) for each in arguments)
                if name in _SAME_ELEMENTS:
                    waiting += arguments
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if is_constant_name(name) or name[:1].isupper() or _FEW.search(name):
                    return True
                waiting += _written_out(node, file)
    return False


def _written_out(node: ast.expr, file: PythonFile) -> list[ast.expr]:
    """Return what is bound to the name `node`, if nothing is added to it later."""
    value = file.value_of(node) if isinstance(node, ast.Name) else None
    if value is None or not isinstance(node, ast.Name):
        return []
    owner = file.scope(node).binder(node.id)
    return [value] if owner is not None and not additions((owner, node.id), file) else []


def _is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "len"
