"""What the names of functions, middleware and routers tell about what they add to an application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flake8_prep.money import words_of

# Words in the names of functions that are given an app to add something to it.
ADDING: Final = frozenset(
    "add apply attach bind bootstrap build configure create enable include init initialize install instrument"
    " installer initializer load mount prepare register set setup use wire wrap".split()
)
# Words that say nothing about what it is that is added.
_GENERAL: Final = frozenset(
    "all api app application apps base blueprint blueprints bp common components config core"
    " default endpoints express extension extensions fastapi fastify flask hono hooks index koa"
    " main module modules plugin plugins root router routers routes server service settings site"
    " sub up v v1 v2 views web".split()
)


def may_be_about(words: frozenset[str], names: Iterable[str]) -> bool:
    """Say whether one of `names` has one of `words`, or does not tell what it is about: ``setup_app``."""
    for name in names:
        told = {word for word in words_of(name) if not word.isdigit()} - ADDING - _GENERAL
        if not told or told & words:
            return True
    return False
