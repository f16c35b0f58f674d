"""Tells from names whether a path is one on another machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flake8_prep.money import words_of

# Files about these run on, or write to, a machine of their own.
_MACHINES: Final = frozenset(
    "container containers lambda lambdas pod pods remote sagemaker sandbox sandboxes shim shims ssh"
    " tmpfs".split()
)
# What is given such a name is no path of this machine, or nothing is written there.
_OTHERS: Final = _MACHINES | frozenset("dry example examples expected explain mock mocked mocks".split())


def is_elsewhere(path: str, names: Iterable[str]) -> bool:
    """Say whether a path that is written out is one on another machine, or made up.

    Args:
        path: the path of the file that it is in.
        names: what stands around it: the code of its line, conditions, the name of its function.
    """
    # A folder further up is a part of a program, of which most runs here.
    nearest = "/".join(path.split("/")[-2:])
    if not _MACHINES.isdisjoint(words_of(nearest)):
        return True
    return any(not _OTHERS.isdisjoint(words_of(name)) for name in names)
