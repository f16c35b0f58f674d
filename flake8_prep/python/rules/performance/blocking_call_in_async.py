"""PREP503 blocking-call-in-async."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from flake8_prep.finding import Finding
from flake8_prep.python.callgraph import callers
from flake8_prep.python.calls import argument, passes_zero
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.tree import Function
from flake8_prep.python.values import called_name
from flake8_prep.rule import Severity

_VERBS: Final = ("delete", "get", "head", "options", "patch", "post", "put", "request")
_BLOCKING: Final = frozenset(
    {
        "MySQLdb.connect",
        "builtins.input",
        "ftplib.FTP",
        "ftplib.FTP_TLS",
        *(f"httpx.{verb}" for verb in (*_VERBS, "stream")),
        *(f"httpx.Client.{verb}" for verb in (*_VERBS, "send", "stream")),
        "imaplib.IMAP4",
        "imaplib.IMAP4_SSL",
        "mysql.connector.connect",
        "os.popen",
        "os.system",
        "poplib.POP3",
        "poplib.POP3_SSL",
        "psycopg.Connection.connect",
        "psycopg.connect",
        "psycopg2.connect",
        "pymysql.Connect",
        "pymysql.Connection",
        "pymysql.connect",
        "pymysql.connections.Connection",
        *(f"requests.{verb}" for verb in _VERBS),
        *(f"requests.api.{verb}" for verb in _VERBS),
        *(f"requests.Session.{verb}" for verb in (*_VERBS, "send")),
        "six.moves.urllib.request.urlopen",
        "smtplib.SMTP",
        "smtplib.SMTP_SSL",
        "socket.create_connection",
        "sqlite3.connect",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
        "subprocess.run",
        "time.sleep",
        "urllib.request.urlopen",
        "urllib.request.urlretrieve",
    }
)
# They connect at once only where they are told the server.
_TOLD: Final = frozenset({"ftplib.FTP", "ftplib.FTP_TLS", "smtplib.SMTP", "smtplib.SMTP_SSL"})
# Decorators that leave a function's body to run where it is called. Any other may move it to a thread.
_IN_PLACE: Final = frozenset(
    {
        "abc.abstractmethod",
        "backoff.on_exception",
        "backoff.on_predicate",
        "builtins.classmethod",
        "builtins.staticmethod",
        "functools.cache",
        "functools.lru_cache",
        "functools.wraps",
        "tenacity.retry",
        "typing.no_type_check",
        "typing.override",
        "typing_extensions.override",
    }
)


class _Cause(NamedTuple):
    """A call that blocks: its name, its line from 1, and the plain function that it stands in."""

    call: str
    line: int
    function: str


class BlockingCallInAsync(PythonRule):
    """Calls in async functions that stop the event loop until they are done.

    Why is this bad:
        An event loop runs one task at a time. While a task sleeps, waits for a server or for another process
        without `await`, all other tasks stand still: requests are not answered, timeouts pass, heartbeats are
        missed. It is just as bad, and harder to see, when the call is in a helper that an async function
        calls.

    Example:
        import time

        def pause():
            time.sleep(5)

        async def refresh(cache):
            pause()
            await cache.reload()

    Use instead:
        import asyncio

        async def refresh(cache):
            await asyncio.sleep(5)
            await cache.reload()

    Known limits:
        Helpers are followed within a file, at any depth, if they are plain functions, methods (`self.x()`,
        `cls.x()`, `ClassName.x()`) or an `__init__`; generators are not, and neither is a function whose
        decorator may run it elsewhere. What `asyncio.to_thread`, an executor or the like gets as a value is
        not called here. Further functions that block are named by the option `prep-blocking-calls`.
    """

    code = "PREP503"
    name = "blocking-call-in-async"
    severity = Severity.HIGH
    finding = "5.3"
    message = "'{call}' blocks the event loop{because}"
    triggers = ("async",)

    def visit_Module(self, node: ast.Module, file: PythonFile) -> Iterator[Finding]:
        """Report calls in async functions that block, by themselves or through plain functions."""
        if not file.nodes(ast.AsyncFunctionDef):
            return
        causes: dict[Function, _Cause] = {}
        for call, name in _blocking_calls(file):
            function = file.enclosing_function(call)
            if isinstance(function, ast.AsyncFunctionDef):
                yield self.at(call, call=name, because="")
            elif isinstance(function, ast.FunctionDef):
                causes.setdefault(function, _Cause(name, call.lineno, function.name))
        waiting = [function for function in causes if _runs_in_place(function, file)]
        while waiting:
            blocking = waiting.pop()
            cause = causes[blocking]
            for call, caller in file.once(callers)[blocking]:
                if isinstance(caller, ast.AsyncFunctionDef):
                    if not isinstance(file.parent(call), ast.Await):
                        because = f": '{cause.function}' calls '{cause.call}' on line {cause.line}"
                        yield self.at(call, call=ast.unparse(call.func), because=because)
                elif caller not in causes:
                    causes[caller] = cause
                    if _runs_in_place(caller, file):
                        waiting.append(caller)


def _blocking_calls(file: PythonFile) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls that block by themselves, with their full names; none that is awaited."""
    packages = {module.partition(".")[0] for module in file.imported_modules} | {"builtins"}
    known = {name.rpartition(".")[2] for name in _BLOCKING if name.partition(".")[0] in packages}
    extra = file.settings.blocking_calls
    renamed = file.tree.renamed
    for call in file.nodes(ast.Call):
        last = last_name(call.func)
        if extra or renamed.get(last, last) in known:
            name = called_name(call, file)
            if name is not None and (name in _BLOCKING or _is_named(name, extra)):
                if not isinstance(file.parent(call), ast.Await) and not _is_brief(call, name):
                    yield call, name.removeprefix("builtins.")


def _is_brief(call: ast.Call, name: str) -> bool:
    """Say whether `call` only lets other threads run, or makes something that connects later."""
    if name in _TOLD:
        return argument(call, "host", 0) is None
    return name == "time.sleep" and passes_zero(call)


def _is_named(name: str, names: tuple[str, ...]) -> bool:
    """Say whether `name`, or something that it is in, is one of the qualified `names`."""
    return any(name == each or name.startswith(f"{each}.") for each in names)


def _runs_in_place(function: Function, file: PythonFile) -> bool:
    """Say whether calling the plain `function` runs its body there and then."""
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if file.qualified_name(called) not in _IN_PLACE:
            return False
    return not any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in file.own_nodes(function))
