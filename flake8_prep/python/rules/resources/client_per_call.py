"""PREP601 client-per-call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.paths import is_program
from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.entry import thread_targets
from flake8_prep.python.flow import Exit, exits
from flake8_prep.python.lifetimes import Fate, fate
from flake8_prep.python.names import dotted_name, last_name
from flake8_prep.python.pools import POOLS
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import FUNCTIONS, Function
from flake8_prep.python.variables import uses
from flake8_prep.rule import Severity

_REDIS_CLUSTERS: Final = tuple(
    f"redis.{module}RedisCluster" for module in ("", "asyncio.", "asyncio.cluster.", "cluster.")
)
_CLIENTS: Final = frozenset(
    {
        *POOLS,
        *("aiohttp.ClientSession", "aiohttp.client.ClientSession", "httpx.AsyncClient", "httpx.Client"),
        *("elasticsearch.AsyncElasticsearch", "elasticsearch.Elasticsearch"),
        *("motor.motor_asyncio.AsyncIOMotorClient", "pymongo.AsyncMongoClient", "pymongo.MongoClient"),
        *(f"redis.{module}Redis" for module in ("", "asyncio.", "client.")),
        *(f"redis.{module}Redis.from_url" for module in ("", "asyncio.", "client.")),
        *("requests.Session", "requests.session", "requests.sessions.Session", "anthropic.Anthropic"),
        *("anthropic.AsyncAnthropic", "openai.AsyncAzureOpenAI", "openai.AsyncOpenAI", "openai.AzureOpenAI"),
        *("openai.OpenAI", "redis.StrictRedis", "redis.asyncio.from_url", "redis.from_url"),
        *("MySQLdb.connect", "aiomysql.connect", "asyncpg.connect", "mysql.connector.connect"),
        *("oracledb.connect", "psycopg.AsyncConnection.connect", "psycopg.connect", "psycopg2.connect"),
        *("pymysql.connect", "pyodbc.connect", "mysql.connector.pooling.MySQLConnectionPool"),
        *("psycopg2.pool.SimpleConnectionPool", "psycopg2.pool.ThreadedConnectionPool"),
        *_REDIS_CLUSTERS,
        *(f"{cluster}.from_url" for cluster in _REDIS_CLUSTERS),
        *("neo4j.AsyncGraphDatabase.driver", "neo4j.GraphDatabase.driver"),
        *("opensearchpy.AsyncOpenSearch", "opensearchpy.OpenSearch", "qdrant_client.AsyncQdrantClient"),
        "qdrant_client.QdrantClient",
    }
)
# Functions that run once in the life of a program, by their names.
_RUNS_ONCE: Final = lazy_pattern(
    r"^(?:__\w+__|_*+(?:(?:async_)?main|(?:async_|on_)?(?:boot|bootstrap|configure|connect|init|initialise"
    r"|initialize|lifespan|setup|set_up|shutdown|start|startup)(?:_\w+)?|\w+_(?:lifespan|startup)|run"
    r"|run_(?:app|forever|server|worker)|serve))$"
)
# Words of decorators that make a function run once, or by hand.
_DECORATORS: Final = lazy_pattern(r"cache|callback|command|fixture|main|memo|on_event|once|singleton|startup")


class ClientPerCall(PythonRule):
    """Clients and pools of connections that a function makes anew for each call, and never closes.

    Why is this bad:
        A client is made to be shared: it keeps connections open so that the next request need not open one.
        Where each call makes its own, each call pays for new connections, and they stay open until the
        garbage collector gets to the client, if it ever does. Under load the server runs out of connections.

    Example:
        import redis

        def remember(key, value):
            client = redis.Redis(host="cache")
            client.set(key, value)

    Use instead:
        import redis

        client = redis.Redis(host="cache")

        def remember(key, value):
            client.set(key, value)

    Known limits:
        Silent where the function closes the client (also by `with`), returns or yields it, hands it to
        another function, or keeps it anywhere else; in functions that run once by their names or decorators
        (`main`, `lifespan`, handlers of `startup`), in commands, scripts and tests.
    """

    code = "PREP601"
    name = "client-per-call"
    severity = Severity.MEDIUM
    finding = "6.1"
    message = "each call of '{function}' makes a '{client}' of its own and never closes it"
    callees = frozenset(name.rpartition(".")[2] for name in _CLIENTS)

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a client that is lost at the end of the function that makes it."""
        if file.qualified_name(node.func) not in _CLIENTS:
            return
        if file.is_test or file.is_migration or is_program(file.path):
            return
        function = file.enclosing_function(node)
        if not isinstance(function, FUNCTIONS) or _RUNS_ONCE.match(function.name):
            return
        if any(_DECORATORS.search(_decorator_name(decorator)) for decorator in function.decorator_list):
            return
        if fate(node, file) is Fate.LOST and not file.once(_runs_once, function):
            yield self.at(node, function=function.name, client=dotted_name(node.func))


def _runs_once(file: PythonFile, function: Function) -> bool:
    """Say whether `function` never ends, or is used only where the module runs, or by what runs once.

    What a thread runs ends when its loop is told so.
    """
    loops = [node for node in file.own_nodes(function) if isinstance(node, ast.While)]
    if any(_is_endless(loop, file) for loop in loops) or loops and function.name in file.once(thread_targets):
        return True
    users = [file.enclosing_function(use) for use in uses((file.scope(function), function.name), file)]
    names = ["main" if user is None else getattr(user, "name", "") for user in users]
    return bool(names) and all(map(_RUNS_ONCE.match, names))


def _is_endless(loop: ast.While, file: PythonFile) -> bool:
    return isinstance(loop.test, ast.Constant) and not exits(loop.body, file) & (Exit.BREAK | Exit.RETURN)


def _decorator_name(decorator: ast.expr) -> str:
    return last_name(decorator.func if isinstance(decorator, ast.Call) else decorator)
