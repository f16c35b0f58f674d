"""Paths of files, as reports have them, and their URIs."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, unquote, urlsplit

_DRIVE = re.compile(r"[A-Za-z]:/")


def portable(path: str) -> str:
    """Return `path` with slashes, from the working directory if it is that or below it."""
    here, absolute = os.getcwd(), os.path.abspath(path)
    if absolute == here:
        return "."
    below = absolute.removeprefix(here + os.sep)
    return (os.path.normpath(path) if os.path.isabs(below) else below).replace(os.sep, "/")


def uri_of(path: str) -> str:
    """Return the URI of a path with slashes: one with ``file:``, if it is absolute, else a relative one.

    File names that are not text keep their bytes.
    """
    if _DRIVE.match(path):
        path = f"/{path}"
    # A colon would make the start of a relative one a scheme.
    return f"file://{_quoted(path, '/:')}" if path.startswith("/") else _quoted(path, "/")


def path_of(uri: str) -> str:
    """Return the path that `uri` stands for, with slashes, from the working directory if it is below it.

    Raises:
        ValueError: it is not the URI of a file.
    """
    scheme, _, path, *_ = urlsplit(uri)
    if scheme not in ("", "file") or not path:
        raise ValueError(f"{uri!r} is not the URI of a file")
    path = unquote(path, errors="surrogateescape")
    if _DRIVE.match(path, 1):
        path = path[1:]
    return portable(path) if scheme else path


def _quoted(path: str, safe: str) -> str:
    return quote(path, safe, errors="surrogateescape")
