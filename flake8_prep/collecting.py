"""Keeps the garbage collector from looking at what is no garbage."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def not_collecting() -> Iterator[None]:
    """Let the search for garbage in cycles wait until the block has ended; it is on again if it was on.

    It is for the work on one file. A tree is so many objects that the collector would look through it again
    and again while it grows, and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
