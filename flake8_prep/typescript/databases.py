"""What a database is reached by: pools, clients, connections, transactions, repositories and models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.sql import may_hold_statements, statement_in
from flake8_prep.typescript.calls import Call, method_pattern
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.objects import members
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.texts import assemble
from flake8_prep.typescript.variables import variable_at

# Methods that run a statement, which they are given as text.
RUNNING: Final = frozenset(
    {
        *("$executeRaw", "$executeRawUnsafe", "$queryRaw", "$queryRawUnsafe", "any"),
        *("execute", "many", "manyOrNone", "maybeOne", "none"),
        *("one", "oneOrNone", "query"),
    }
)
# Methods that read rows, and methods that write them.
READING: Final = frozenset(
    {
        *("aggregate", "count", "find", "findAll", "findBy"),
        *("findById", "findByPk", "findFirst", "findFirstOrThrow"),
        *("findMany", "findOne", "findOneBy", "findOneByOrFail"),
        *("findOneOrFail", "findUnique", "findUniqueOrThrow"),
    }
)
WRITING: Final = frozenset(
    {
        *("bulkCreate", "create", "createMany", "createManyAndReturn", "decrement", "delete"),
        *("deleteMany", "destroy", "increment", "insert"),
        *("remove", "save", "softDelete", "update", "updateMany", "upsert"),
    }
)
# Methods that begin a query of Drizzle, Knex or Kysely, or end one of Knex.
_BUILDING: Final = frozenset({"first", "select", "selectDistinct", "selectFrom"})
# Methods that begin a write of Kysely, and those of MikroORM that write at once.
BUILDING_WRITES: Final = frozenset(
    {
        *("deleteFrom", "insertInto", "mergeInto", "replaceInto", "updateTable"),
        *("nativeDelete", "nativeInsert", "nativeUpdate"),
    }
)
# Of models, which are classes; what other classes have too is left out.
_OF_MODELS: Final = frozenset(
    {
        *("bulkCreate", "countDocuments", "deleteMany", "deleteOne", "findAll", "findAndCountAll"),
        *("findByIdAndDelete", "findByIdAndUpdate", "findByPk", "findOne"),
        *("findOneAndDelete", "findOneAndUpdate", "findOrCreate", "updateMany", "updateOne"),
    }
)
# Of the repositories of MikroORM and TypeORM, beside the others.
_OF_REPOSITORIES: Final = frozenset({"findAndCount"})

TRIGGERS: Final = (
    *("query", "execute", "find", "create", "update", "delete", "insert", "save", "remove", "upsert", "Raw"),
    "crement",
)
QUERIES: Final = method_pattern(
    {*RUNNING, *READING, *WRITING, *_BUILDING, *BUILDING_WRITES, *_OF_MODELS, *_OF_REPOSITORIES},
    with_templates=True,
)

_DATABASE: Final = lazy_pattern(
    r"(?:^|_|(?<=[a-z\d]))(?:[dD]b|[dD]atabase|[dD]rizzle|[kK]nex|[kK]ysely|[pP]risma|[pP]g|[tT]rx|[tT]x"
    r"|[tT]xn)"
    r"(?:Client|Pool|Conn|Connection|Read|Write|Replica|Primary)?$"
    r"|^(?:db|database|dbClient|dbRead|dbWrite|prisma)(?:[A-Z]\w*)?$"
)
_ENTITIES: Final = lazy_pattern(
    r"(?:^|(?<=[a-z\d]))(?:[rR]epository|[rR]epo|[eE]ntityManager|[qQ]ueryRunner|[dD]ataSource)$|^em$"
    r"|^manager$"
)
_CONNECTION: Final = lazy_pattern(
    r"(?:^|_|(?<=[a-z\d]))(?:[cC]lient|[cC]onn|[cC]onnection|[pP]ool|[sS]equelize|[sS]ql|[tT]ransaction"
    r"|[sS]ession)$"
)
# Types and values that databases have. They begin with plain text, for which `re` searches many times faster
# than for the names before them.
_TYPE: Final = lazy_pattern(
    r":\s*(?:Repository<|EntityManager\b|DataSource\b|QueryRunner\b|PrismaClient\b"
    r"|PrismaService\b"
    r"|Kysely<|Knex\b|PoolClient\b|Pool\b|Prisma\.TransactionClient\b|NodePgDatabase\b|PostgresJsDatabase\b)"
)
_MADE: Final = lazy_pattern(
    r"=\s*+(?:await\s+)?(?:new\s+(?:pg\.)?(?P<class>[\w$]+)|drizzle\(|knex\(|[\w$.]+\.getRepository\()"
)
_CLASSES: Final = frozenset({"DataSource", "Kysely", "Pool", "PrismaClient"})
_TYPED_END: Final = lazy_pattern(r"(?<![\w$])([\w$]++)\s*[!?]?\Z")
_DECLARED_END: Final = lazy_pattern(r"(?:const|let|var)\s+([\w$]+)\s*\Z")
_REACH: Final = 200
# The tag of a template that makes a statement, and the members of an object that hold one.
_TAG: Final = lazy_pattern(r"(?:[\w$]+\s*\.\s*)*(?:sql|SQL)\s*(?:<[^`()]{0,200}>)?`")
_STATEMENT: Final = frozenset({"query", "sql", "sqlText", "statement", "text"})
# How many names at the beginning of a chain may be that of a database.
_MOST_NAMES: Final = 4
# What is called like a database, or has one in its name, and is none.
_OTHER: Final = lazy_pattern(
    r"(?i:apollo|cache|chroma|elastic|github|graphql|http|ipfs|kv|localstorage|octokit|opensearch|pinecone"
    r"|qdrant|redis|s3|stripe|supabase|vector|weaviate|ydoc|query ?client)"
)

# A transaction of IndexedDB is given the names of its stores.
_OF_BROWSER: Final = lazy_pattern(r"(?:await\s+)?[\w$.]+\.transaction\(\s*[\"'\[]")


def is_query(call: Call, source: Source) -> bool:
    """Tell whether a call sends a query to a database, as far as names and types say."""
    if any(_OTHER.search(name) for name in call.names):
        return False
    if call.method in RUNNING:
        if not is_database(call.names, source) and not _CONNECTION.search(call.names[-1]):
            return False
        return statement_of(call, source) is not None
    if call.names[-1][0].isupper():
        # Models are classes, or members of an object that has all of them, which nothing else has.
        is_member = len(call.names) > 1 and call.names[-2] == "models"
        if is_member or (call.method in _OF_MODELS and len(call.names) == 1):
            return True
    variable = variable_at(call.names[0], call.start, source) if call.names[0] in ("tx", "trx") else None
    if variable is not None and any(_OF_BROWSER.match(source.code, each) for each in variable.values):
        return False
    if call.method == "create":
        # Repositories of TypeORM make an object by it, which `save` writes.
        made = source.once(_made)
        first = call.names[:_MOST_NAMES]
        return any(_DATABASE.search(name) or made.get(name) == "PrismaClient" for name in first)
    return is_database(call.names, source)


def is_database(names: Sequence[str], source: Source) -> bool:
    """Tell whether something is a database, or a repository or table of one, by names and types."""
    typed = source.once(_typed)
    first = names[:_MOST_NAMES]
    return any(_DATABASE.search(name) or _ENTITIES.search(name) or name in typed for name in first)


def holds_statements(source: Source) -> bool:
    """Tell whether any text in the file may be that of a statement."""
    return source.once(_may_hold_statements)


def _may_hold_statements(source: Source) -> bool:
    return may_hold_statements(source.uncommented)


def statement_range(parenthesis: int, source: Source) -> tuple[int, int] | None:
    """Return the range of the statement that a call is given, also as a member of an object."""
    arguments = source.arguments(parenthesis)
    if not arguments:
        return None
    start, end = arguments[0]
    variable = variable_at(source.code[start:end], start, source)
    brace = variable.values[0] if variable and len(variable.values) == 1 else start
    if not source.code.startswith("{", brace):
        return start, end
    given = (member for member in members(brace, source) if member.name in _STATEMENT)
    return next(((member.start, member.end) for member in given), None)


def statement_of(call: Call, source: Source) -> str | None:
    """Return the text of the statement that a call runs; None where it is no statement."""
    if not holds_statements(source):
        return None
    if source.code[call.parenthesis] == "`":
        found: tuple[int, int] | None = call.parenthesis, source.template_end(call.parenthesis)
    else:
        found = statement_range(call.parenthesis, source)
    if found is None:
        return None
    tag = _TAG.match(source.code, *found)
    text = assemble(tag.end() - 1 if tag else found[0], found[1], source).text
    return text if statement_in(text) is not None else None


def _typed(source: Source) -> Set[str]:
    """Return the names that are declared to be databases."""
    found = set(source.once(_made))
    for match in _TYPE.finditer(source.code):
        at = match.start()
        if name := _TYPED_END.search(source.code, max(0, at - _REACH), at):
            found.add(name[1])
    return found


def _made(source: Source) -> Mapping[str, str]:
    """Return the names of databases that are made, with their classes; empty where a function makes one."""
    found = {}
    for match in _MADE.finditer(source.code):
        start = max(0, match.start() - _REACH)
        declared = _DECLARED_END.search(source.code, start, match.start())
        if declared is None:
            continue
        name = match["class"]
        if name is None:
            found[declared[1]] = ""
        elif name in _CLASSES:
            found[declared[1]] = name
        elif any(map(source.has, _CLASSES)):  # under another name
            original = imported(source).get(name, ("", name))[1]
            if original in _CLASSES:
                found[declared[1]] = original
    return found
