"""What is known of the rules before they are imported."""

# Written by scripts/generate_docs.py; change the rules that it is made from.

from __future__ import annotations

from typing import Final

from flake8_prep.python.listing import Listing

PYTHON: Final = (
    Listing(
        "practice.magic_duration:MagicDuration",
        "PREP001",
        1,
        (
            "BinOp", "Raise",
        ),
    ),
    Listing(
        "practice.todo_without_ticket:TodoWithoutTicket",
        "PREP002",
        1,
        (
            "Module",
        ),
        triggers=(
            "todo", "fixme", "xxx", "hack",
        ),
    ),
    Listing(
        "security.silent_exception:SilentException",
        "PREP101",
        4,
        (
            "Call", "ExceptHandler",
        ),
        callees=(
            "suppress",
        ),
        triggers=(
            "Exception", "KeyboardInterrupt", "SystemExit", "CancelledError", "except:", "except\t",
            "except\f", "except\\", "except :", "except  ", "except \t", "except \f", "except \\",
        ),
    ),
    Listing(
        "security.sql_injection:SqlInjection",
        "PREP102",
        4,
        (
            "Module",
        ),
        triggers=(
            "select", "insert", "replace", "update", "delete", "merge", "create", "alter", "drop",
            "truncate", "WITH",
        ),
    ),
    Listing(
        "security.blocking_poll:BlockingPoll",
        "PREP103",
        3,
        (
            "While",
        ),
    ),
    Listing(
        "security.acknowledged_missing_data:AcknowledgedMissingData",
        "PREP104",
        4,
        (
            "Module",
        ),
        triggers=(
            "hook",
        ),
    ),
    Listing(
        "security.undefined_name:UndefinedName",
        "PREP105",
        4,
        (
            "Module",
        ),
    ),
    Listing(
        "security.print_call:PrintCall",
        "PREP106",
        1,
        (
            "Call",
        ),
        off_by_default=True,
        callees=(
            "print",
        ),
    ),
    Listing(
        "security.env_fallback:EnvFallback",
        "PREP107",
        3,
        (
            "Module",
        ),
        triggers=(
            "environ", "getenv", "decouple", "starlette",
        ),
    ),
    Listing(
        "security.pool_without_limits:PoolWithoutLimits",
        "PREP108",
        3,
        (
            "Call",
        ),
        callees=(
            "AsyncConnectionPool", "ConnectionPool", "create_async_engine", "create_engine",
            "create_pool", "from_url",
        ),
    ),
    Listing(
        "security.unlogged_traceback:UnloggedTraceback",
        "PREP111",
        2,
        (
            "ExceptHandler",
        ),
        triggers=(
            "Exception", "KeyboardInterrupt", "SystemExit", "CancelledError", "except:", "except\t",
            "except\f", "except\\", "except :", "except  ", "except \t", "except \f", "except \\",
        ),
    ),
    Listing(
        "security.raw_sql:RawSql",
        "PREP112",
        2,
        (
            "Call",
        ),
        callees=(
            "text",
        ),
    ),
    Listing(
        "security.unbounded_backoff:UnboundedBackoff",
        "PREP113",
        2,
        (
            "Call",
        ),
        callees=(
            "_sleep", "async_sleep", "sleep", "sleep_fn", "sleep_func", "sleeper",
        ),
    ),
    Listing(
        "security.return_type_mismatch:ReturnTypeMismatch",
        "PREP115",
        4,
        (
            "Return",
        ),
        triggers=(
            "->",
        ),
    ),
    Listing(
        "security.env_default:EnvDefault",
        "PREP117",
        1,
        (
            "Module",
        ),
        off_by_default=True,
        triggers=(
            "environ", "getenv", "decouple", "starlette",
        ),
    ),
    Listing(
        "security.call_without_timeout:CallWithoutTimeout",
        "PREP123",
        3,
        (
            "Call",
        ),
        callees=(
            "AsyncClient", "Client", "ClientSession", "ClientTimeout", "FTP", "FTP_TLS",
            "HTTPConnection", "HTTPSConnection", "IMAP4", "IMAP4_SSL", "LMTP", "POP3", "POP3_SSL",
            "SMTP", "SMTP_SSL", "Timeout", "create_connection", "delete", "get", "head", "options",
            "patch", "post", "put", "request", "send", "stream", "urlopen",
        ),
    ),
    Listing(
        "security.duplicate_definition:DuplicateDefinition",
        "PREP125",
        4,
        (
            "Module",
        ),
    ),
    Listing(
        "security.unbounded_retry:UnboundedRetry",
        "PREP133",
        3,
        (
            "While",
        ),
    ),
    Listing(
        "quality.forgotten_task:ForgottenTask",
        "PREP203",
        2,
        (
            "Expr",
        ),
        triggers=(
            "async", "create_task",
        ),
    ),
    Listing(
        "quality.unreleased_lock:UnreleasedLock",
        "PREP204",
        3,
        (
            "Module",
        ),
        triggers=(
            "acquire",
        ),
    ),
    Listing(
        "quality.null_as_zero:NullAsZero",
        "PREP205",
        3,
        (
            "BoolOp",
        ),
    ),
    Listing(
        "quality.hard_coded_temp_path:HardCodedTempPath",
        "PREP215",
        2,
        (
            "Module",
        ),
        triggers=(
            "tmp", "dev/shm",
        ),
    ),
    Listing(
        "errors.discarded_exception:DiscardedException",
        "PREP301",
        2,
        (
            "ExceptHandler",
        ),
        triggers=(
            "Exception", "KeyboardInterrupt", "SystemExit", "CancelledError", "except:", "except\t",
            "except\f", "except\\", "except :", "except  ", "except \t", "except \f", "except \\",
        ),
    ),
    Listing(
        "errors.swallowed_base_exception:SwallowedBaseException",
        "PREP311",
        3,
        (
            "Call", "ExceptHandler",
        ),
        callees=(
            "suppress",
        ),
        triggers=(
            "Exception", "KeyboardInterrupt", "SystemExit", "CancelledError", "except:", "except\t",
            "except\f", "except\\", "except :", "except  ", "except \t", "except \f", "except \\",
        ),
    ),
    Listing(
        "types.missing_init_return:MissingInitReturn",
        "PREP401",
        2,
        (
            "AsyncFunctionDef", "FunctionDef",
        ),
        triggers=(
            "__init__",
        ),
    ),
    Listing(
        "types.untyped_empty_container:UntypedEmptyContainer",
        "PREP411",
        1,
        (
            "Module",
        ),
        triggers=(
            "__init__",
        ),
    ),
    Listing(
        "performance.query_in_loop:QueryInLoop",
        "PREP501",
        3,
        (
            "Call",
        ),
        callees=(
            "aaggregate", "acount", "acreate", "adelete", "aearliest", "aexists", "afirst", "aget",
            "aget_or_create", "aggregate", "alast", "alatest", "all", "annotate", "aupdate",
            "aupdate_or_create", "count", "count_documents", "create", "delete", "delete_one",
            "distinct", "earliest", "exclude", "exec", "exec_driver_sql", "execute", "exists",
            "fetch", "fetch_all", "fetch_one", "fetch_val", "fetchrow", "fetchval", "filter",
            "filter_by", "find_one", "find_one_and_delete", "find_one_and_replace",
            "find_one_and_update", "first", "first_or_404", "get", "get_or_404", "get_or_create",
            "insert_one", "iterator", "last", "latest", "limit", "one", "one_or_none", "only",
            "order_by", "prefetch_related", "replace_one", "scalar", "scalar_one", "scalars",
            "select_related", "update", "update_one", "update_or_create", "values", "values_list",
        ),
        triggers=(
            ".objects", "session", "db", ".exec", ".query", "_manager", "_one", ".fetch", ".scalar",
            ".count_documents",
        ),
    ),
    Listing(
        "performance.unindexed_foreign_key:UnindexedForeignKey",
        "PREP502",
        2,
        (
            "Call",
        ),
        callees=(
            "Field", "ForeignKey",
        ),
    ),
    Listing(
        "performance.blocking_call_in_async:BlockingCallInAsync",
        "PREP503",
        3,
        (
            "Module",
        ),
        triggers=(
            "async",
        ),
    ),
    Listing(
        "performance.unbounded_query:UnboundedQuery",
        "PREP504",
        2,
        (
            "Call",
        ),
        callees=(
            "all", "fetch", "fetch_all", "fetchall", "order_by",
        ),
        triggers=(
            "_manager", "exec", "fetch", "objects", "query", "scalars",
        ),
    ),
    Listing(
        "resources.client_per_call:ClientPerCall",
        "PREP601",
        2,
        (
            "Call",
        ),
        callees=(
            "Anthropic", "AsyncAnthropic", "AsyncAzureOpenAI", "AsyncClient", "AsyncConnectionPool",
            "AsyncElasticsearch", "AsyncIOMotorClient", "AsyncMongoClient", "AsyncOpenAI",
            "AsyncOpenSearch", "AsyncQdrantClient", "AzureOpenAI", "Client", "ClientSession",
            "ConnectionPool", "Elasticsearch", "MongoClient", "MySQLConnectionPool", "OpenAI",
            "OpenSearch", "QdrantClient", "Redis", "RedisCluster", "Session", "SimpleConnectionPool",
            "StrictRedis", "ThreadedConnectionPool", "connect", "create_async_engine",
            "create_engine", "create_pool", "driver", "from_url", "session",
        ),
    ),
    Listing(
        "testing.untested_lock_failure:UntestedLockFailure",
        "PREP701",
        3,
        (
            "Module",
        ),
        off_by_default=True,
        triggers=(
            "acquire",
        ),
    ),
    Listing(
        "testing.untested_webhook:UntestedWebhook",
        "PREP702",
        3,
        (
            "Module",
        ),
        off_by_default=True,
        triggers=(
            "hook",
        ),
    ),
    Listing(
        "api.missing_request_id:MissingRequestId",
        "PREP801",
        2,
        (
            "Module",
        ),
        off_by_default=True,
        triggers=(
            "fastapi", "flask", "quart", "sanic", "starlette",
        ),
    ),
    Listing(
        "api.missing_rate_limit:MissingRateLimit",
        "PREP802",
        3,
        (
            "Module",
        ),
        off_by_default=True,
        triggers=(
            "fastapi", "flask", "quart", "sanic", "starlette",
        ),
    ),
    Listing(
        "configuration.unvalidated_env_number:UnvalidatedEnvNumber",
        "PREP901",
        3,
        (
            "Call",
        ),
        callees=(
            "bool", "float", "int",
        ),
        triggers=(
            "environ", "getenv", "decouple", "starlette",
        ),
    ),
    Listing(
        "configuration.missing_health_endpoint:MissingHealthEndpoint",
        "PREP902",
        2,
        (
            "Module",
        ),
        off_by_default=True,
        triggers=(
            "fastapi", "flask", "quart", "sanic", "starlette",
        ),
    ),
)

TYPESCRIPT_CODES: Final = (
    "PREP051", "PREP052", "PREP152", "PREP154", "PREP156", "PREP157", "PREP158", "PREP164",
    "PREP167", "PREP174", "PREP251", "PREP252", "PREP253", "PREP254", "PREP255", "PREP265",
    "PREP275", "PREP452", "PREP551", "PREP554", "PREP651", "PREP751", "PREP752", "PREP851",
    "PREP852", "PREP951", "PREP952",
)
