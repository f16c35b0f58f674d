"""PREP123 call-without-timeout."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from flake8_prep.finding import Finding
from flake8_prep.python.calls import argument, has_unpacking, is_none
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.rule import PythonRule
from flake8_prep.python.values import called_name, origins, type_of
from flake8_prep.rule import Severity

_PACKAGES: Final = (
    *("aiohttp", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "six", "smtplib", "socket"),
    "urllib",
)
_VERBS: Final = ("delete", "get", "head", "options", "patch", "post", "put", "request")

# Calls that wait for ever unless they are told otherwise, with the position of `timeout` where it can be
# passed by position.
_ENDLESS_BY_DEFAULT: Final[dict[str, int | None]] = {
    **{f"requests.{verb}": None for verb in _VERBS},
    **{f"requests.api.{verb}": None for verb in _VERBS},
    **{f"requests.Session.{verb}": None for verb in (*_VERBS, "send")},
    "ftplib.FTP": 4,
    "ftplib.FTP_TLS": 7,
    "http.client.HTTPConnection": 2,
    "http.client.HTTPSConnection": 4,
    "imaplib.IMAP4": 2,
    "imaplib.IMAP4_SSL": 5,
    "poplib.POP3": 2,
    "poplib.POP3_SSL": 4,
    "six.moves.urllib.request.urlopen": 2,
    "smtplib.LMTP": 4,
    "smtplib.SMTP": 3,
    "smtplib.SMTP_SSL": 5,
    "socket.create_connection": 1,
    "urllib.request.urlopen": 2,
}
# Calls that have a limit unless it is taken away.
_ENDLESS_ON_REQUEST: Final = frozenset(
    {
        *(f"httpx.{verb}" for verb in (*_VERBS, "stream")),
        *(f"httpx.{client}" for client in ("Client", "AsyncClient")),
        *(f"httpx.{client}.{verb}" for client in ("Client", "AsyncClient") for verb in (*_VERBS, "stream")),
        "aiohttp.ClientSession",
        "aiohttp.request",
        *(f"aiohttp.ClientSession.{verb}" for verb in _VERBS),
    }
)


class CallWithoutTimeout(PythonRule):
    """Network calls that wait for an answer without a limit.

    Why is this bad:
        A server that accepts the connection and never answers keeps the caller waiting for ever: the thread
        is lost, and after enough of them the whole service. `requests`, `urllib`, `socket`, `smtplib`,
        `imaplib`, `poplib`, `ftplib` and `http.client` have no limit unless they are given one; `httpx` and
        `aiohttp` have one that `None` takes away.

    Example:
        import requests

        def load(url):
            return requests.get(url).json()

    Use instead:
        import requests

        def load(url):
            return requests.get(url, timeout=10).json()

    Known limits:
        A session is recognised where the same file makes it. It is left alone if it is of a subclass, has an
        adapter of its own mounted, or one of its methods is replaced, because any of these may set a limit.
        After `socket.setdefaulttimeout(...)` only `requests`, `httpx` and `aiohttp` are reported.
        `aiohttp.ClientTimeout` is reported where neither `total` nor `sock_read` sets a limit.
    """

    code = "PREP123"
    name = "call-without-timeout"
    severity = Severity.HIGH
    finding = "1.3"
    message = "'{call}' has no time limit: it can wait for ever"
    callees = frozenset(
        {name.rpartition(".")[2] for name in (*_ENDLESS_BY_DEFAULT, *_ENDLESS_ON_REQUEST)}
        | {"ClientTimeout", "Timeout"}
    )

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report a network call that nothing limits."""
        if not file.once(_may_call_network) or has_unpacking(node):
            return
        name = called_name(node, file)
        if name is None:
            return
        if name in _ENDLESS_BY_DEFAULT:
            timeout = argument(node, "timeout", _ENDLESS_BY_DEFAULT[name])
            endless = (timeout is None or is_none(timeout)) and not _is_limited_elsewhere(node, name, file)
        elif name in _ENDLESS_ON_REQUEST:
            endless = is_none(argument(node, "timeout"))
        else:
            endless = _is_endless_timeout(node, name)
        if endless:
            yield self.at(node, call=name)


def _may_call_network(file: PythonFile) -> bool:
    return file.imports(*_PACKAGES)


def _is_endless_timeout(call: ast.Call, name: str) -> bool:
    """Say whether `call` makes an object that stands for "no limit"."""
    if name == "httpx.Timeout":
        return is_none(argument(call, "timeout", 0)) and len(call.args) + len(call.keywords) == 1
    if name == "aiohttp.ClientTimeout":
        limits = (argument(call, "total", 0), argument(call, "sock_read", 2))
        return all(limit is None or isinstance(limit, ast.Constant) and not limit.value for limit in limits)
    return False


def _is_limited_elsewhere(call: ast.Call, name: str, file: PythonFile) -> bool:
    """Say whether `call`, which passes no timeout itself, may get one by other means."""
    if name.startswith("ftplib.") and not call.args and argument(call, "host") is None:
        # Nothing is dialled yet, and `connect` takes a timeout of its own.
        return True
    if not name.startswith("requests."):
        return file.once(_sets_default_timeout)
    if not name.startswith("requests.Session.") or not isinstance(call.func, ast.Attribute):
        return False
    customized = file.once(_customized_sessions)
    return any(origin.call is None or origin.call in customized for origin in origins(call.func.value, file))


def _sets_default_timeout(file: PythonFile) -> bool:
    return any(
        last_name(call.func) == "setdefaulttimeout" and not any(is_none(each) for each in call.args)
        for call in file.nodes(ast.Call)
    )


def _customized_sessions(file: PythonFile) -> frozenset[ast.Call]:
    """Return the calls that make objects which then get an adapter, or a method, that may set a timeout."""
    receivers = [
        call.func.value
        for call in file.nodes(ast.Call)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "mount"
        and not _mounts_plain_adapter(call, file)
    ]
    receivers += [
        node.value
        for node in file.nodes(ast.Attribute)
        if isinstance(node.ctx, ast.Store) and node.attr in (*_VERBS, "send")
    ]
    return frozenset(
        origin.call for each in receivers for origin in origins(each, file) if origin.call is not None
    )


def _mounts_plain_adapter(call: ast.Call, file: PythonFile) -> bool:
    adapter = argument(call, "adapter", 1)
    return adapter is not None and type_of(adapter, file) == "requests.adapters.HTTPAdapter"
