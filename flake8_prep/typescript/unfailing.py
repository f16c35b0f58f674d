"""Which chains of promises cannot be rejected: nothing in them fails without being handled there."""

from __future__ import annotations

from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.hooks import is_of_hook
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.promises import Chain
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.tries import tries
from flake8_prep.typescript.variables import variable_at

_CALLED = lazy_pattern(r"([\w$]++)\s*+\(")
# What asks the user in an extension of an editor; the `Thenable` that it returns has no `catch`.
_ASKED = lazy_pattern(r"(?:[\w$]++\s*+\.\s*+)?window\s*+\.\s*+show(?:Error|Information|Warning)Message\s*+\(")
_THEN = lazy_pattern(r"\s*+\.\s*+then\b")
# What may reject in a function, outside of its `try`.
_RISK = lazy_pattern(r"(?<![\w$.])(?:await|throw)\b|(?<![\w$.])return\s[^;\n]*\(")
# A callback that gives its chain nothing to wait for: what sets the state of a component, or has a block.
_SETTER = lazy_pattern(r"set[A-Z]\w*")
_BLOCK = lazy_pattern(r"(?:\([^()]*\)|[\w$]+)\s*=>\s*\{|function\b")
_ASYNC = lazy_pattern(r"(?<![\w$.])async\b")
_ASYNC_END = lazy_pattern(r"(?<![\w$.])async\s*\Z")
_ASYNC_VALUE = lazy_pattern(r"(?:(?:React\s*\.\s*)?useCallback\s*\(\s*)?async\b")
_QUESTION: Final = "confirm"
_REACH: Final = 20


def is_never_rejected(chain: Chain, source: Source) -> bool:
    """Tell whether a chain begins with a call that handles its own errors, and waits for nothing else."""
    asked = _ASKED.match(source.code, chain.start)
    called = asked or _CALLED.match(source.code, chain.start)
    close = source.closing(called.end() - 1) if called else None
    if called is None or close is None or not _THEN.match(source.code, close + 1):
        return False
    callbacks = (range_ for call in chain.calls for range_ in source.arguments(call)[:1])
    if not all(_is_harmless(*range_, source) for range_ in callbacks):
        return False
    # It waits for the user's answer, and does nothing else.
    if asked is not None:
        return "vscode" in {module for module, _ in imported(source).values()}
    if called[1] == _QUESTION and is_of_hook(_QUESTION, called.start(), source):
        return True
    function = _function(called[1], called.start(), source)
    return function is not None and _handles_all(function, source)


def _is_harmless(start: int, end: int, source: Source) -> bool:
    code = source.code[start:end]
    if _SETTER.fullmatch(code):
        return True
    return _BLOCK.match(code) is not None and not (_ASYNC.search(code) or _RISK.search(code))


def _function(name: str, offset: int, source: Source) -> Function | None:
    """Return the asynchronous function that `name` stands for."""
    if variable := variable_at(name, offset, source):
        value = variable.values[0] if len(variable.values) == 1 else variable.declared
        is_async = _ASYNC_VALUE.match(source.code, value) is not None
        return next((each for each in source.functions if each.start > value), None) if is_async else None
    named = [each for each in source.functions if each.name == name and each.kind == "function"]
    if len(named) != 1:
        return None
    start = named[0].start
    return named[0] if _ASYNC_END.search(source.code, max(0, start - _REACH), start) else None


def _handles_all(function: Function, source: Source) -> bool:
    """Tell whether all that a function waits for is in a `try` whose `catch` handles the error for good."""
    at = function.body_start
    own = [each for each in source.once(tries) if function.body_start < each.start < function.body_end]
    for each in own:
        if each.start < at or source.enclosing_function(each.start) is not function:
            continue
        if each.handler is None or _RISK.search(source.code, at, each.start):
            return False
        if _RISK.search(source.code, each.handler[0], each.end):
            return False
        at = each.end
    return bool(own) and _RISK.search(source.code, at, function.body_end) is None
