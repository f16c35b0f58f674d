"""What a database is reached by: sessions, cursors, connections, pools, collections, managers of models."""

from __future__ import annotations

import ast
import re
from typing import Final, NamedTuple

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.values import origins, type_of

# Packages whose objects, as far as they run statements, talk to a database.
_PACKAGES: Final = frozenset(
    {
        *("MySQLdb", "aiomysql", "aiopg", "aiosqlite", "asyncpg", "cx_Oracle", "databases"),
        *("flask_sqlalchemy", "mysql", "oracledb", "psycopg", "psycopg2", "psycopg_pool", "pymysql"),
        *("pyodbc", "sqlalchemy", "sqlite3", "sqlmodel"),
    }
)
_DOCUMENT_PACKAGES: Final = ("motor", "pymongo")
# Packages that have a session, a connection, a pool or a database of another kind.
_OTHER_PACKAGES: Final = frozenset(
    {
        *("aiobotocore", "aiohttp", "aiokafka", "aioredis", "asyncssh", "boto3", "botocore", "concurrent"),
        *("curl_cffi", "gql", "grpc", "http", "httpx", "ldap3", "multiprocessing", "niquests", "paramiko"),
        *("pika", "pyspark", "redis", "requests", "requests_oauthlib", "snowflake", "tensorflow", "urllib3"),
        "weakref",
    }
)
_BY_NAME: Final = lazy_pattern(
    r"(?:^|_)(?:con|conn|connection|cr|cur|curs|cursor|database|db|dbconn|dbsession|engine|pool|sess|session"
    r"|transaction|tx|txn)$",
    re.IGNORECASE,
)
# Methods of such an object that return another one.
_OPENERS: Final = frozenset({"acquire", "begin", "connect", "connection", "cursor"})
# How many of them are followed from one to the next.
_MAX_OPENERS: Final = 3
# A function that returns such an object is called after it, with one of these in front.
_GETTER: Final = lazy_pattern(r"^_*(?:acquire|get|make|new|open)_")
_COLLECTION_BY_NAME: Final = lazy_pattern(r"(?:^|_)(?:coll|collection)$", re.IGNORECASE)
_MANAGERS: Final = frozenset({"_base_manager", "_default_manager", "all_objects", "objects"})
_ANY_MODEL: Final = lazy_pattern(r"cls|get_user_model|(?:\w+_)?model")
_FILLING: Final = lazy_pattern(
    r"(?:^|[/_])(?:backfills?|deltas?|demo|dummy|factor(?:y|ies)|fakes?|fix(?:es|tures?)|initdb|populate"
    r"|random|samples?|seeds?|seeding)(?:[/_.]|$)"
)
_MAX_LINKS: Final = 64
_MAX_PREFIX: Final = 4


class Link(NamedTuple):
    """A link of a chain of attributes and methods.

    Attributes:
        name: the name of the attribute or method.
        call: the call of it; None where it is not called.
    """

    name: str
    call: ast.Call | None


class Chain(NamedTuple):
    """An expression such as ``select(User).where(..).limit(5)``.

    Attributes:
        root: what it begins with, which is ``select(User)`` here.
        links: what comes after, in the order of the source; empty also where there is too much to look at.
    """

    root: ast.expr
    links: tuple[Link, ...]


def chain(node: ast.expr) -> Chain:
    """Return `node` as a chain; what is awaited in between counts as if it were not."""
    links: list[Link] = []
    call: ast.Call | None = None
    root = node
    while len(links) < _MAX_LINKS:
        if isinstance(node, ast.Call) and call is None:
            root = call = node
            node = node.func
        elif isinstance(node, ast.Attribute):
            links.append(Link(node.attr, call))
            call = None
            root = node = node.value
        elif isinstance(node, ast.Await) and call is None:
            root = node = node.value
        else:
            return Chain(root, tuple(reversed(links)))
    return Chain(root, ())


def called_first(whole: Chain) -> tuple[ast.Call | None, tuple[Link, ...]]:
    """Return the first call of a chain, ``select(..)`` also in ``sa.select(..)``, and the links after it."""
    root, links = whole
    if isinstance(root, ast.Call):
        return root, links
    return (links[0].call, links[1:]) if links else (None, ())


def is_database(node: ast.expr, file: PythonFile, opened: int = 0) -> bool:
    """Say whether `node` is a session, cursor, connection, engine or pool of SQL, by type or by name.

    What one of them opens is another: `c` in ``with connection.cursor() as c``.

    Args:
        node: the expression.
        file: its file.
        opened: how many objects have been opened from it on the way to the one that was asked about.
    """
    while isinstance(node, ast.Await):
        node = node.value
    type_name = type_of(node, file)
    package = type_name.partition(".")[0] if type_name is not None else ""
    if package in _PACKAGES:
        return True
    if package in _OTHER_PACKAGES:
        return False
    if _BY_NAME.search(_GETTER.sub("", _called_or_named(node))) is not None:
        return True
    if not isinstance(node, (ast.Name, ast.Attribute)) or opened == _MAX_OPENERS:
        return False
    owners = [_opened_from(origin.call) for origin in origins(node, file)]
    return bool(owners) and all(each is not None and is_database(each, file, opened + 1) for each in owners)


def _opened_from(call: ast.Call | None) -> ast.expr | None:
    """Return `pool` for ``pool.acquire()``."""
    function = call.func if call is not None else None
    return function.value if isinstance(function, ast.Attribute) and function.attr in _OPENERS else None


def _called_or_named(node: ast.expr) -> str:
    return last_name(node.func if isinstance(node, ast.Call) else node)


def is_collection(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` is a collection of a document database (pymongo, motor), by type or by name."""
    type_name = type_of(node, file)
    if type_name is not None and type_name.partition(".")[0] in _DOCUMENT_PACKAGES:
        return True
    if isinstance(node, (ast.Attribute, ast.Subscript)) and _BY_NAME.search(last_name(node.value)):
        return True
    return file.imports(*_DOCUMENT_PACKAGES) or _COLLECTION_BY_NAME.search(last_name(node)) is not None


def is_model(node: ast.expr) -> bool:
    """Say whether `node` is a class by the way it is written, as ``User`` or ``models.User``."""
    return is_class_name(last_name(node))


def is_class_name(name: str) -> bool:
    """Say whether something called so is a class by convention, as ``User``; ``USER`` is a constant."""
    return name[:1].isupper() and not name.isupper()


class Manager(NamedTuple):
    """The manager of a model of Django, as ``User.objects``, and what is asked of it.

    Attributes:
        model: the name of the model, or of what holds one of several, as ``cls`` or ``self.model``.
        links: the links of the chain after the manager.
    """

    model: str
    links: tuple[Link, ...]


def manager(whole: Chain) -> Manager | None:
    """Return the manager that a chain begins with; None where it begins with anything else."""
    for index, link in enumerate(whole.links[:_MAX_PREFIX]):
        if link.call is not None:
            return None
        if link.name in _MANAGERS:
            model = whole.links[index - 1].name if index else _called_or_named(whole.root)
            is_one = is_class_name(model) or _ANY_MODEL.fullmatch(model)
            return Manager(model, whole.links[index + 1 :]) if is_one else None
    return None


def fills_tables(file: PythonFile) -> bool:
    """Say whether the file, by its path, fills tables for a test, a demonstration or a new version."""
    return _FILLING.search(file.path) is not None
