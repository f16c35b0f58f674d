"""Paths and URIs of files, as reports have them."""

from __future__ import annotations

import os


def portable(path: str) -> str:
    """Return `path` with slashes, from the working directory if it is below it."""
    below = os.path.abspath(path).removeprefix(os.getcwd() + os.sep)
    return (os.path.normpath(path) if os.path.isabs(below) else below).replace(os.sep, "/")
