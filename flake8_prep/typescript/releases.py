"""Whether a lock that a function takes is given back where the function fails."""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final, NamedTuple, TypeVar

from flake8_prep.money import words_of
from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.blocks import Guard, guards
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.locks import Acquisition, acquisitions, named_function
from flake8_prep.typescript.operands import operand_before
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.tries import Range, Try, tries

Place = TypeVar("Place")

_AWAIT_END = lazy_pattern(r"(?<![\w$.])await[\s(]*\Z")
# What the lock may be given to, or tested by; all else hands it over to somebody.
_TARGET_END = lazy_pattern(
    r"(?:(?P<using>\busing)\s+)?(?P<target>[\w$.#]+|\{[^{}=;]{1,100}\}|\[[^\[\]=;]{1,100}\])\s*"
    r"(?::[^=;(){}\n]{1,100})?(?<![=!<>])=[\s(!]*\Z"
)
_TEST_END = lazy_pattern(r"(?:[;{}]|\n|(?<![\w$.])(?:if|while)\s*\(|&&|\|\|)[\s(!]*\Z")
_DECLARATION = lazy_pattern(
    r"(?<![\w$.])(?:const|let|var)\s+(?P<name>[\w$]+)\s*=(?![=>])(?P<value>[^;\n]{0,200})"
)
_CALLBACK = lazy_pattern(r"=>|(?<![\w$.])function\b")
_NAME = lazy_pattern(r"[\w$]+")
_RELEASE = lazy_pattern(
    r"(?<![\w$])(?P<name>[\w$]*?(?:[rR]elease|[uU]nlock)[\w$]*+"
    r"|(?:clear|delete|destroy|drop|free|remove)\w*?(?:Lock|Mutex)\w*+"
    r"|del|eval|evalsha|unlink)(?![\w$])"
)
_CERTAIN = lazy_pattern(
    r"_*(?:(?:safely|try|force)_?)?(?:[rR]elease|[uU]nlock|clear|delete|destroy|drop|free|remove)"
)
_DOT_END = lazy_pattern(r"[?!]*\.\s*#?\Z")
_CALL = lazy_pattern(r"\s*+(?:\?\.\s*+)?\(")
_CALLED = lazy_pattern(r"(?<![\w$])([\w$]+)\s*\(")
_RISK = lazy_pattern(
    r"(?<![\w$.])(?:await|throw)\b|(?<![\w$.?!#])(?!(?:catch|for|if|switch|while)\b)[\w$.?!#]++\s*+\("
)
_LEAVING = lazy_pattern(r"(?<![\w$.])(?:break|continue|return|throw)\b|\bexit\s*\(")
_THROW = lazy_pattern(r"(?<![\w$.])throw\b")
# What stands around the name of a lock, or of whether it was taken, where that is only looked at.
_TEST_BEFORE = lazy_pattern(r"(?:!|&&|\|\||(?<![\w$.])(?:if|while)\s*\(|(?<![\w$.])typeof)\s*\Z")
_TEST_AFTER = lazy_pattern(r"\s*(?:[!=]==?|&&|\|\||\?|!?\.|=(?![=>])|;)")
_RETURN_END = lazy_pattern(r"(?<![\w$.])return\b[^;\n]*\Z")
_LOCK = lazy_pattern(r"(?<![bc])lock|mutex|sema|^sem$", re.IGNORECASE)
# Words in the names of functions that take a lock for their callers.
_TAKING: Final = frozenset("acquire enter hold lock locks obtain take".split())
# The last words in the names of what locks of transactions are taken with; they end with those.
_OF_TRANSACTIONS: Final = frozenset("client conn connection db transaction trx tx".split())
# Words in the names of functions that give back something else.
_OF_POOLS: Final = frozenset("client conn connection connections runner".split())
# How a key of Redis that is a lock is deleted, by itself or in a script.
_KEYED: Final = frozenset({"del", "eval", "evalsha", "unlink"})
_REACH: Final = 200
# How many locks a function takes that is looked at. Bounded, so that the time stays linear.
_MOST: Final = 20


class Release(NamedTuple):
    """A place that gives a lock back.

    Attributes:
        start: offset of the first character of what is called.
        is_certain: whether it is called there, and does nothing else, as far as its name tells.
        end: offset behind what it is called with; where it is not called, that of its start.
    """

    start: int
    is_certain: bool
    end: int


class Leak(NamedTuple):
    """A lock that stays taken where something fails.

    Attributes:
        release: offset of what gives it back where nothing fails; None where nothing does.
    """

    release: int | None


def leak_of(taken: Acquisition, source: Source) -> Leak | None:
    """Return how a lock stays taken where its function fails; None where it does not, or in doubt."""
    function = source.enclosing_function(taken.start)
    names = _result(taken, source)
    close = source.closing(taken.parenthesis)
    if function is None or names is None or close is None or _ends_by_itself(taken, close, source):
        return None
    if source.once(_taken_by_function)[function.body_start] > _MOST:
        return None
    end = close + 1
    names |= _derived(names, (end, function.body_end), source)
    own_tries = [each for each in source.once(_tries_of)[function.body_start] if each.end > end]
    inside = list(_releases(taken, names, (end, function.body_end), source))
    if any(_is_for_later(each, function, own_tries, source) for each in inside):
        return None
    if _escapes(names, (end, function.body_end), inside, source):
        return None
    own_guards = source.once(_guards_of)[function.body_start]
    tests = [guard for guard in own_guards if _is_about(guard, taken, names, source)]
    if inside:
        last = inside[-1].start
        return Leak(last) if _may_fail(end, last, own_tries, tests, source) else None
    return Leak(None) if _is_never_released(taken, end, own_tries, tests, source) else None


def _taken_by_function(source: Source) -> Mapping[int, int]:
    """Return how many locks each function takes, by the offset of its body."""
    functions = [source.enclosing_function(each.start) for each in source.once(acquisitions)]
    return Counter(each.body_start for each in functions if each)


def _result(taken: Acquisition, source: Source) -> Set[str] | None:
    """Return the names of the variables that a lock is given to; None where it is not up to them alone."""
    code = source.code
    awaited = _AWAIT_END.search(code, max(0, taken.start - _REACH), taken.start)
    if awaited is None:
        return None
    start = max(0, awaited.start() - _REACH)
    if target := _TARGET_END.search(code, start, awaited.start()):
        is_kept = target["using"] or (target["target"][0] not in "{[" and "." in target["target"])
        return None if is_kept else frozenset(_NAME.findall(target["target"]))
    return frozenset() if _TEST_END.search(code, start, awaited.start()) else None


def _derived(names: Set[str], within: Range, source: Source) -> Set[str]:
    """Return the variables that say whether the lock was taken: `isOurs` of ``isOurs = lock === "OK"``."""
    return {
        match["name"]
        for match in _DECLARATION.finditer(source.code, *within)
        if not names.isdisjoint(_NAME.findall(match["value"]))
    }


def _ends_by_itself(taken: Acquisition, close: int, source: Source) -> bool:
    """Tell whether a lock is one of a transaction, or of the time that a callback takes."""
    arguments = source.code[taken.parenthesis : close]
    words = {word for name in _NAME.findall(arguments) for word in words_of(name)[-1:]}
    return _CALLBACK.search(arguments) is not None or not _OF_TRANSACTIONS.isdisjoint(words)


# Releases


def _releases(
    taken: Acquisition, names: Set[str], within: Range, source: Source
) -> Iterator[Release]:
    """Yield the places in a range that give the lock back, or may do so, in their order."""
    code = source.code
    releasing = source.once(_releasing_functions)
    key = source.text[slice(*(source.arguments(taken.parenthesis) or [(0, 0)])[0])]
    found = []
    for match in _RELEASE.finditer(code, *within):
        dot = _DOT_END.search(code, max(0, match.start() - _REACH), match.start())
        receiver = operand_before(dot.start(), source) if dot else None
        start = receiver.start if receiver else match.start()
        if dot is None or _gives_back(match, code[start : dot.start()], taken, names, key, source):
            is_certain = match["name"] in _KEYED or _CERTAIN.match(match["name"]) is not None
            call = _CALL.match(code, match.end())
            end = source.closing(call.end() - 1) if call else None
            found.append(Release(start, is_certain and call is not None, end or start))
    for match in _CALLED.finditer(code, *within):
        if (match[1] in names or match[1] in releasing) and not _RELEASE.fullmatch(match[1]):
            found.append(Release(match.start(), match[1] in names, match.start()))
    yield from sorted(found)


def _gives_back(
    match: re.Match[str], receiver: str, taken: Acquisition, names: Set[str], key: str, source: Source
) -> bool:
    """Tell whether the method with this name gives back the lock, not something else."""
    method = match["name"]
    if method in _KEYED:
        close = source.closing(source.code.find("(", match.end()))
        arguments = source.text[match.end() : close or match.end()]
        return bool(key and key in arguments) or _LOCK.search(arguments) is not None
    if method == "release":
        parts = _NAME.findall(receiver)
        owner = taken.name.rpartition(".")[0]
        return receiver == owner or bool(parts and (parts[0] in names or _LOCK.search(parts[-1])))
    return _OF_POOLS.isdisjoint(words_of(method))


def _releasing_functions(source: Source) -> frozenset[str]:
    """Return the names of the functions of a file in which a lock may be given back."""
    return frozenset(
        function.name
        for match in _RELEASE.finditer(source.code)
        if match["name"] not in _KEYED
        and match["name"] != "release"
        and _OF_POOLS.isdisjoint(words_of(match["name"]))
        and (function := named_function(match.start(), source))
        and function.name
    )


def _is_for_later(release: Release, function: Function, own: Sequence[Try], source: Source) -> bool:
    """Tell whether the lock is given back by a handler, a `finally`, or a function inside `function`."""
    if not release.is_certain or source.enclosing_function(release.start) is not function:
        return True
    blocks = [block for each in own for block in (each.handler, each.final) if block]
    return any(start < release.start < end for start, end in blocks)


def _escapes(names: Set[str], within: Range, releases: Sequence[Release], source: Source) -> bool:
    """Tell whether what holds the lock is passed on to anything but a release, which could give it back."""
    code = source.code
    starts = [each.start for each in releases]
    for match in _NAME.finditer(code, *within):
        if match[0] not in names or code[match.start() - 1] == ".":
            continue
        nearest = bisect.bisect_right(starts, match.start()) - 1
        if nearest >= 0 and match.start() < releases[nearest].end:
            continue
        before = code[max(within[0], match.start() - _REACH) : match.start()]
        if _RETURN_END.search(before):
            return True
        is_called = _CALL.match(code, match.end())
        if not (is_called or _TEST_BEFORE.search(before) or _TEST_AFTER.match(code, match.end())):
            return True
    return False


# Failures


def _tries_of(source: Source) -> Mapping[int, list[Try]]:
    """Return the `try` statements of each function, by the offset of its body."""
    return _by_function(((each.start, each) for each in tries(source)), source)


def _guards_of(source: Source) -> Mapping[int, list[Guard]]:
    """Return the `if` statements of each function, by the offset of its body."""
    return _by_function(((each.start, each) for each in guards(source)), source)


def _by_function(places: Iterable[tuple[int, Place]], source: Source) -> Mapping[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    for offset, place in places:
        function = source.enclosing_function(offset)
        found[function.body_start if function else -1].append(place)
    return found


def _is_about(guard: Guard, taken: Acquisition, names: Set[str], source: Source) -> bool:
    """Tell whether an `if` asks whether the lock was taken."""
    start, end = guard.condition
    if end < taken.start:
        return False
    return start <= taken.start or not names.isdisjoint(_NAME.findall(source.code, start, end))


def _may_fail(start: int, end: int, own: Sequence[Try], tests: Sequence[Guard], source: Source) -> bool:
    """Tell whether the function may be left between the two offsets with the lock taken."""
    at = start
    code = source.code
    # What follows a `try` whose `catch` goes on is reached whatever happens in it.
    passed = [(each.start, each.end) for each in own if each.handler and not _leaves(each.handler, code)]
    passed += [guard.block for guard in tests if _leaves(guard.block, code)]
    for skipped_start, skipped_end in sorted(each for each in passed if start <= each[0] and each[1] <= end):
        if _RISK.search(code, at, skipped_start):
            return True
        at = max(at, skipped_end)
    return _RISK.search(code[at:end].rstrip().removesuffix("await")) is not None


def _leaves(block: Range, code: str) -> bool:
    return _LEAVING.search(code, *block) is not None


def _is_never_released(
    taken: Acquisition, end: int, own: Sequence[Try], tests: Sequence[Guard], source: Source
) -> bool:
    """Tell whether a function that may fail with the lock taken is one that should give it back."""
    code = source.code
    function = named_function(taken.start, source)
    if function is not None and function.name and not _TAKING.isdisjoint(words_of(function.name)):
        return False
    # Who goes without where the lock is taken already uses it to take turns: it then expires.
    if any(not _THROW.search(code, *guard.block) for guard in tests):
        return False
    return any(_RISK.search(code, max(end, each.block[0]), each.block[1]) for each in own)
