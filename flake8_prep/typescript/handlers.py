"""Functions that are called for each request."""

from __future__ import annotations

from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.functions import Function
from flake8_prep.typescript.source import Source

# What Next.js, SvelteKit and others call the function for a method of a route.
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_REQUEST = lazy_pattern(
    r"[(,{]\s*(?:@\w+\(\)\s*)?_?(?:req|request)\s*(?=[?:,)}])|\A(?:async\s+)?(?:req|request)\s*=>"
)
_REGISTERING_END = lazy_pattern(r"\.\s*(?:all|delete|get|patch|post|put)\s*(?:<[^()]{0,300}>\s*)?\Z")
_PATH = lazy_pattern(r"\(\s*['\"`]/")
_REACH: Final = 400


def answers_requests(function: Function, source: Source) -> bool:
    """Tell whether a function is called for each request.

    It is one that has the request for a parameter, that is registered for a path, or that is named after a
    method of HTTP.
    """
    if function.name in _METHODS:
        return True
    header = source.code[function.start : min(function.body_start, function.start + _REACH)]
    return _REQUEST.search(header) is not None or _is_registered(function, source)


def _is_registered(function: Function, source: Source) -> bool:
    bracket = source.enclosing_bracket(function.start)
    return (
        bracket is not None
        and _PATH.match(source.strings, bracket) is not None
        and _REGISTERING_END.search(source.code, max(0, bracket - _REACH), bracket) is not None
    )
