"""Whether a lock that a function takes is given back where the function fails."""

from __future__ import annotations

import ast
import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.python.classes import class_of_self
from flake8_prep.python.context import PythonFile
from flake8_prep.python.entry import runs_as_program
from flake8_prep.python.exceptions import caught
from flake8_prep.python.flow import Exit, exits
from flake8_prep.python.locks import Acquisition, acquisitions, takes_for_callers
from flake8_prep.python.loggers import log_call
from flake8_prep.python.names import last_name
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.python.values import origins
from flake8_prep.python.variables import uses

_RELEASING_WORDS: Final = frozenset({"release", "releases", "unlock"})
# Words in the names of what a transaction or a lease is taken from, or how long that lasts.
_OF_TRANSACTIONS: Final = frozenset(
    "atomic begin conn connection cursor db dal expire expires lease session timeout"
    " transaction ttl tx".split()
)
# What can raise, as far as that can be seen.
_RISKS: Final = (ast.Await, ast.Call, ast.Raise, ast.Subscript, ast.Yield, ast.YieldFrom)

_PLAIN: Final = frozenset({"builtins.dict", "builtins.print", "builtins.repr", "builtins.str"})

_Position = tuple[int, int]


class Release(NamedTuple):
    """A place that gives a lock back, or hands on the function that does.

    Attributes:
        node: the name or attribute that is the function.
        lock: the lock as it is written; None where it cannot be told, as in ``self._release_all()``.
    """

    node: ast.Name | ast.Attribute
    lock: str | None


class Leak(NamedTuple):
    """A lock that stays taken where something fails.

    Attributes:
        release: what gives it back where nothing fails; None where nothing ever does.
    """

    release: ast.Name | ast.Attribute | None


def leak_of(taken: Acquisition, function: Function, file: PythonFile) -> Leak | None:
    """Return how the lock that `function` takes stays taken; None where it does not, or that is unknown."""
    if _is_for_later(taken.call, function, file):
        return None
    names = {taken.name, taken.result or taken.name}
    all_taken = file.once(acquisitions)[function]
    # What is given back but not taken here may be our lock under another name.
    others = {each.name for each in all_taken} - names
    inside = [
        each
        for each in file.once(_by_function).get(function, ())
        if each.lock not in others and not _is_for_some_errors(each.node, function, file)
    ]
    if not inside:
        return Leak(None) if _is_never_released(taken, function, file) else None
    if any(_is_handed_on(each.node, file) or _is_for_later(each.node, function, file) for each in inside):
        return None
    ours = [each for each in inside if each.lock in names or each.lock is None and _fits(each, taken)]
    if not ours or _is_kept(taken, ours, file) and _others_release(taken, ours, function, file):
        return None
    start = _end(taken.call)
    same = (_start(each.call) for each in all_taken if each.name == taken.name)
    again = min((position for position in same if position > start), default=None)
    after = [each.node for each in ours if _start(each.node) > start]
    before_again = [node for node in after if again is None or _start(node) < again]
    last = max(before_again or after, key=_start, default=None)
    return Leak(last) if last is not None and _may_fail(start, _start(last), function, file) else None


def _fits(release: Release, taken: Acquisition) -> bool:
    """Say whether the function's name is of no other lock: ``release_lock`` fits ``acquire_room_lock``."""
    return _words_of_lock(release) <= frozenset(words_of(taken.name))


def _words_of_lock(release: Release) -> frozenset[str]:
    return frozenset(words_of(last_name(release.node))) - _RELEASING_WORDS


def gives_back(function: Function, file: PythonFile) -> bool:
    """Say whether `function`, or one inside it, gives back any lock."""
    return bool(file.once(_by_function).get(function))


def _releases(file: PythonFile) -> list[Release]:
    found: list[Release] = []
    for node in file.nodes(ast.Attribute):
        if node.attr == "release":
            found.append(Release(node, ast.unparse(node.value)))
        elif _is_releasing(node.attr):
            found.append(Release(node, None))
    for scope in file.tree.scopes.values():
        for name, loads in scope.loads.items():
            if _is_releasing(name):
                found += [Release(load, None) for load in loads]
    return found


def _is_releasing(name: str) -> bool:
    return name in {"__exit__", "__aexit__"} or not _RELEASING_WORDS.isdisjoint(words_of(name))


def _by_function(file: PythonFile) -> dict[Function, list[Release]]:
    """Return the places that give back a lock, by each of the functions around them."""
    found: dict[Function, list[Release]] = defaultdict(list)
    for release in file.once(_releases):
        for above in file.ancestors(release.node):
            if isinstance(above, FUNCTIONS):
                found[above].append(release)
    return found


def _released_locks(file: PythonFile) -> Counter[str]:
    """Return how often a lock of each name is given back, by the last part of the name."""
    return Counter(_last_part(each.lock) for each in file.once(_releases) if each.lock is not None)


def _releasing_functions(file: PythonFile) -> frozenset[frozenset[str]]:
    """Return the words of the functions that give back a lock: {"room", "lock"} of ``release_room_lock``."""
    return frozenset(_words_of_lock(each) for each in file.once(_releases) if each.lock is None)


def _last_part(name: str) -> str:
    """Return `locks` of ``self.locks[key]``."""
    return name.partition("[")[0].rpartition(".")[2]


def _is_kept(taken: Acquisition, inside: Sequence[Release], file: PythonFile) -> bool:
    """Say whether the lock is still taken at the end of the block in which it was taken."""
    blocks = set(file.ancestors(taken.call))
    for release in inside:
        above = file.parent(file.statement(release.node) or release.node)
        while isinstance(above, (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)) and above not in blocks:
            above = file.parent(above)
        if above in blocks:
            return False
    return True


def _others_release(
    taken: Acquisition, inside: Sequence[Release], function: Function, file: PythonFile
) -> bool:
    """Say whether others than `function`, which does so at the places `inside`, may give back a lock."""
    if isinstance(taken.lock, ast.Name) and _escapes(taken.lock.id, function, file):
        return True
    name = _last_part(taken.name)
    known = [each for each in inside if each.lock is not None and _last_part(each.lock) == name]
    return file.once(_released_locks)[name] > len(known)


def _is_never_released(taken: Acquisition, function: Function, file: PythonFile) -> bool:
    """Say whether nobody is seen to give back a lock that `function` does not give back."""
    if takes_for_callers(function) or runs_as_program(taken.call, file):
        return False
    if _is_for_one_turn(taken, function, file) or _ends_with_transaction(taken.call, function, file):
        return False
    if _escapes(taken.result, function, file):
        return False
    lock = taken.lock
    if lock is None:
        words = frozenset(words_of(taken.name))
        return not any(function_words <= words for function_words in file.once(_releasing_functions))
    if file.once(_released_locks)[_last_part(taken.name)]:
        return False
    if isinstance(lock, ast.Name):
        is_ours = not _escapes(lock.id, function, file)
    else:
        owner = lock.value if isinstance(lock, ast.Attribute) else None
        is_ours = isinstance(owner, ast.Name) and class_of_self(owner, file) is not None
    return is_ours and any(origin.call is not None for origin in origins(lock, file))


def _is_for_one_turn(taken: Acquisition, function: Function, file: PythonFile) -> bool:
    """Say whether whoever does not get the lock goes without: it says whose turn it is, until it expires."""
    places: list[ast.AST] = [taken.call]
    owner = file.tree.scopes[function].binder(taken.result) if taken.result else None
    if owner is not None and taken.result is not None:
        places += uses((owner, taken.result), file)
    for place in places:
        statement = file.statement(place)
        if isinstance(statement, ast.If) and exits(statement.body, file) != Exit.RAISE:
            return True
    return False


def _ends_with_transaction(taken: ast.Call, function: Function, file: PythonFile) -> bool:
    """Say whether the lock may be one of a transaction or a lease, which end by themselves."""
    if isinstance(taken.func, ast.Attribute) and taken.func.attr == "acquire":
        return False
    names = [last_name(argument) for argument in taken.args]
    names += [name for keyword in taken.keywords for name in (keyword.arg or "", last_name(keyword.value))]
    for above in file.ancestors(taken):
        if isinstance(above, (ast.With, ast.AsyncWith)):
            names += [last_name(getattr(item.context_expr, "func", None)) for item in above.items]
    return not (taken.args or taken.keywords) or any(
        not _OF_TRANSACTIONS.isdisjoint(words_of(name)) for name in names
    )


def _escapes(name: str | None, function: Function, file: PythonFile) -> bool:
    """Say whether what the variable `name` holds is passed on, so that others can give it back."""
    owner = file.tree.scopes[function].binder(name) if name else None
    if owner is None or name is None:
        return False
    tests = (ast.Attribute, ast.BoolOp, ast.Compare, ast.If, ast.UnaryOp, ast.While)
    return not all(isinstance(file.parent(use), tests) for use in uses((owner, name), file))


def _is_handed_on(release: ast.Name | ast.Attribute, file: PythonFile) -> bool:
    """Say whether the function that `release` is, is not called, but given to what will call it."""
    above = file.parent(release)
    return not isinstance(above, ast.Call) or above.func is not release


def _is_for_later(node: ast.AST, function: Function, file: PythonFile) -> bool:
    """Say whether `node` is in a function inside `function`, or in a handler or a ``finally`` of it."""
    child = node
    for above in takewhile(lambda each: each is not function, file.ancestors(node)):
        if isinstance(above, (*FUNCTIONS, ast.Lambda, ast.ExceptHandler)):
            return True
        if isinstance(above, (ast.Try, ast.TryStar)) and child in above.finalbody:
            return True
        child = above
    return False


def _is_for_some_errors(node: ast.AST, function: Function, file: PythonFile) -> bool:
    """Say whether `node` is in a handler of `function` that is not for all errors."""
    return any(
        isinstance(above, ast.ExceptHandler) and not caught([above.type], file).everything
        for above in takewhile(lambda each: each is not function, file.ancestors(node))
    )


def _may_fail(start: _Position, end: _Position, function: Function, file: PythonFile) -> bool:
    """Say whether `function` may be left by an exception between two positions."""
    risks = file.once(_risks, function)
    index = bisect.bisect(risks, start)
    return index < len(risks) and risks[index] < end


def _risks(file: PythonFile, function: Function) -> list[_Position]:
    """Return the positions, in the order of the source, of what may raise and is not caught."""
    released = {release.node for release in file.once(_by_function).get(function, ())}
    taking = {node for taken in file.once(acquisitions)[function] for node in ast.walk(taken.call)}
    return sorted(
        _start(node)
        for node in file.own_nodes(function)
        if isinstance(node, _RISKS)
        and node not in taking
        and not (isinstance(node, ast.Call) and node.func in released)
        and not (isinstance(node, ast.Await) and isinstance(node.value, ast.Call))
        and not (isinstance(node, ast.Call) and _only_tells(node, file))
        and not _is_caught(node, function, file)
    )


def _only_tells(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` logs, or makes a plain object of what is there."""
    return file.qualified_name(call.func) in _PLAIN or log_call(call, file) is not None


def _is_caught(node: ast.AST, function: Function, file: PythonFile) -> bool:
    """Say whether an exception at `node` ends in a handler, after which all goes on."""
    child = node
    for above in takewhile(lambda each: each is not function, file.ancestors(node)):
        if isinstance(above, ast.Try) and child in above.body:
            for handler in above.handlers:
                if caught([handler.type], file).everything and exits(handler.body, file) == Exit.NEXT:
                    return True
        child = above
    return False


def _start(node: ast.expr | ast.stmt) -> _Position:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> _Position:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
