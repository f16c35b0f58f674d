"""What makes a pool of connections, or a client that keeps some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.objects import members
from flake8_prep.typescript.source import Source

TRIGGERS: Final = ("Pool", "edis", "createClient", "PrismaClient")
_MAKER: Final = (
    r"(?<![\w$.])(?P<at>(?P<new>new\s+)?(?:(?P<package>[\w$]+)\s*\.\s*)?(?P<name>%s))"
    r"\s*(?:<[^()]{0,100}>)?(?P<open>\()"
)
# Names mostly end so also where they are renamed: `import { Pool as PgPool }`.
MAKERS: Final = lazy_pattern(_MAKER % r"[\w$]*?(?:Pool|Redis|createClient|createCluster|PrismaClient)")
# The end of the above, which takes much less time to look for.
_MADE: Final = lazy_pattern(r"(?:Pool|Redis|createClient|createCluster|PrismaClient)\s*+[<(]")
# Where something of these is given another name, which few files do.
_RENAMED: Final = lazy_pattern(r"(?:Pool|Redis|createClient|createCluster|PrismaClient)\s*+(?:as\b|:)")
_DEFAULT_REDIS: Final = ("ioredis", "*")
_CLASS: Final = lazy_pattern(r"(?<![\w$.])class\s+([\w$]+)")
_PACKAGES: Final = {
    "Pool": frozenset({"@neondatabase/serverless", "pg", "pg-pool"}),
    "IORedis": frozenset({"ioredis"}),
    "PrismaClient": frozenset({"@prisma/client", "@prisma/client/edge"}),
    "Redis": frozenset({"ioredis"}),
    "createClient": frozenset({"@redis/client", "redis"}),
    "createCluster": frozenset({"@redis/client", "redis"}),
    "createPool": frozenset({"mariadb", "mysql", "mysql2", "mysql2/promise"}),
}
# Names of packages as they are imported, where the import is not in sight.
_PACKAGE_NAMES: Final = {"Pool": frozenset({"pg"}), "createPool": frozenset({"mysql", "mysql2", "mariadb"})}
# The members that say where the server is.
_ADDRESSES: Final = frozenset({"connectionString", "database", "host", "password", "uri", "user"})


class Maker(NamedTuple):
    """A call that makes a pool or a client.

    Attributes:
        name: how it is called, without the package.
        start: offset of the call.
        parenthesis: offset of the parenthesis of its arguments.
    """

    name: str
    start: int
    parenthesis: int


def maker_matches(source: Source) -> Iterator[re.Match[str]]:
    """Yield the matches of `MAKERS` in the code of a file, and of what they are called in the file."""
    if _MADE.search(source.code):
        yield from MAKERS.finditer(source.code)
    if renamed := "|".join(map(re.escape, source.once(_renamed))):
        yield from re.finditer(_MAKER % renamed, source.code)


def maker_at(match: re.Match[str], source: Source) -> Maker | None:
    """Return what a match of `MAKERS` makes, if that is of a package that is known."""
    name, package = match["name"], match["package"]
    origin = imported(source).get(package or name)
    if name not in _PACKAGES:
        # The default export of `ioredis` is its class.
        original = origin and ("Redis" if origin == _DEFAULT_REDIS else origin[1])
        if package is not None or original not in _PACKAGES:
            return None
        name = original
    if (match["new"] is None) is not name.startswith("create"):
        return None
    found = Maker(name, match.start("at"), match.start("open"))
    if origin is not None:
        return found if origin[0] in _PACKAGES[name] or _is_generated_prisma(name, origin[0]) else None
    if package is not None:
        return found if package in _PACKAGE_NAMES.get(name, ()) else None
    # A fragment, or a global: what it is given must say that it connects to a database.
    return found if name in ("Pool", "PrismaClient") and _names_server(found, source) else None


def _renamed(source: Source) -> Set[str]:
    """Return the names of imports that make pools, and do not end like those of `MAKERS`."""
    if not (source.has("ioredis") or _RENAMED.search(source.code)):
        return frozenset()
    return {
        name
        for name, (module, member) in imported(source).items()
        if (module in _PACKAGES.get(member, ()) or (module, member) == _DEFAULT_REDIS)
        and not _MADE.search(f"{name}(")
    }


def _is_generated_prisma(name: str, module: str) -> bool:
    return name == "PrismaClient" and "prisma" in module


def _names_server(maker: Maker, source: Source) -> bool:
    if maker.name in source.once(_classes):
        return False
    if maker.name == "PrismaClient":
        return True
    arguments = source.arguments(maker.parenthesis)
    if not arguments or source.code[arguments[0][0]] != "{":
        return False
    return any(member.name in _ADDRESSES for member in members(arguments[0][0], source))


def _classes(source: Source) -> Set[str]:
    """Return the names of the classes that the file declares."""
    return {match[1] for match in _CLASS.finditer(source.code)}
