"""Files that are programs of their own, which somebody starts by hand and which end."""

from __future__ import annotations

import re

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source

# How a module asks whether it was started itself.
_STARTED = lazy_pattern(
    r"\brequire\.main\s*===?\s*module\b|\bimport\.meta\.main\b|\bprocess\.argv\s*\[\s*1\s*\]"
)
# What a command line does with its arguments.
_ARGUMENTS = lazy_pattern(r"\bprocess\.argv\b")
_EXIT = lazy_pattern(r"\bprocess\.exit(?:Code\b|\s*\()")
_DONE = lazy_pattern(r"\bprocess\.exit\s*+\(\s*+(?:0\s*+)?\)")
# A module that others use may end the program of these, as one that checks a license does.
_EXPORT = lazy_pattern(r"^export\b", re.MULTILINE)
# What goes on until it is told to end.
_SERVICE = lazy_pattern(r"\.listen\s*\(|\bcreateServer\s*\(")
_SIGNAL = lazy_pattern(r"\bprocess\.(?:on|once)\s*\(")
_SERVICE_PATH = lazy_pattern(r"(?:^|[/_.-])(?:crons?|jobs?|servers?|workers?)(?:[/_.-])")


def is_started_by_hand(source: Source) -> bool:
    """Tell whether the file is a program of its own that is neither a server nor a job.

    It asks whether it was started itself, reads its arguments and exits, or exits when all is done.
    """
    code = source.code
    if not _STARTED.search(code):
        exits = _EXIT.search(code) is not None
        ends = exits and _DONE.search(code) and not (_SIGNAL.search(code) or _EXPORT.search(code))
        if not ends and not (exits and _ARGUMENTS.search(code)):
            return False
    return not (_SERVICE.search(code) or _SERVICE_PATH.search(source.path))
