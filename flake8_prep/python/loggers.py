"""Calls that write to a log: at what level, and whether they pass on the exception that is being handled."""

from __future__ import annotations

import ast
import logging
from typing import Final, NamedTuple

from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.values import origins, type_of

# The methods of logging, absl, loguru, structlog and Twisted, and their levels; None where an argument says.
_LEVELS: Final = {
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "verbose": logging.DEBUG,
    "info": logging.INFO,
    "msg": logging.INFO,
    "notice": logging.INFO,
    "success": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
    "err": logging.ERROR,
    "error": logging.ERROR,
    "exception": logging.ERROR,
    "failure": logging.ERROR,
    "critical": logging.CRITICAL,
    "fatal": logging.CRITICAL,
    "log": None,
}
# structlog has each method with an `a` before its name, to be awaited.
_METHODS: Final = _LEVELS | {f"a{name}": level for name, level in _LEVELS.items()}
# These log the exception that is being handled unless they are told not to.
_OF_EXCEPTIONS: Final = frozenset({"aexception", "err", "exception", "failure"})
_LEVELS_BY_NAME: Final = logging.getLevelNamesMapping()
# Keyword arguments that ask for the exception: of logging and structlog, of loguru's `opt`.
_EXCEPTION_KEYWORDS: Final = frozenset({"exc_info", "exception"})
_OTHER_WORDS_IN_LOG: Final = ("analog", "backlog", "blog", "catalog", "changelog", "dialog", "prolog")
_LOGARITHMS: Final = frozenset({"cmath.log", "jax.numpy.log", "math.log", "numpy.log", "torch.log"})


class LogCall(NamedTuple):
    """A call that writes to a log.

    Attributes:
        level: the level, as a number of :mod:`logging`; None where it cannot be known. carries_exception:
        whether the record is given the exception that is being handled, with its traceback. One
            that is only an argument of the message does not count.
    """

    level: int | None
    carries_exception: bool


def log_call(call: ast.Call, file: PythonFile) -> LogCall | None:
    """Return what `call` does if it writes to a log, None if it does something else.

    Besides the methods of loggers that is ``log(..)``, as a function or as a method of anything.
    """
    function = call.func
    if isinstance(function, ast.Attribute):
        method = function.attr
        of_logger = method in _METHODS and is_logger(function.value, file)
    else:
        # `from logging import error` makes a function of a method of the root logger.
        module, _, method = (file.qualified_name(function) or last_name(function)).rpartition(".")
        of_logger = method in _METHODS and is_logger_name(module.rpartition(".")[2])
    if of_logger:
        level = _METHODS[method]
        carries = passes_exception(call, by_default=method in _OF_EXCEPTIONS)
        return LogCall(_level_argument(call, file) if level is None else level, carries)
    name = last_name(function)
    if is_logger_name(name) and not name.lower().endswith("logger"):
        if file.qualified_name(function) not in _LOGARITHMS:
            return LogCall(_level_argument(call, file), passes_exception(call))
    return None


def is_logger(node: ast.expr, file: PythonFile) -> bool:
    """Say whether `node` is a logger, by its name or by its type.

    A name that ends in ``log`` or ``logger`` is one wherever it comes from, and so is what the methods of a
    logger return (``logger.bind(..)``), and what is bound to ``getLogger(..)`` or annotated with a class
    ``*Logger``. So is one of several loggers, ``logger or default_log``.
    """
    root = _without_calls(node)
    if is_logger_name(last_name(root)):
        return True
    if isinstance(root, (ast.BoolOp, ast.IfExp)):
        choices = root.values if isinstance(root, ast.BoolOp) else [root.body, root.orelse]
        return all(is_logger(choice, file) for choice in choices)
    if not isinstance(root, (ast.Name, ast.Attribute)):
        return False
    source = type_of(root, file) or file.qualified_name(root) or ""
    if is_logger_name(source.rpartition(".")[2]):
        return True
    value = file.value_of(root) if isinstance(root, ast.Name) else None
    made = [value] if value is not None else [origin.call for origin in origins(root, file)]
    names = [last_name(_without_calls(each)) if each is not None else "" for each in made]
    return bool(names) and all(map(is_logger_name, names))


def is_logger_name(name: str) -> bool:
    """Say whether `name` is that of a logger, or of its maker: ``_LOGGER``, ``audit_log``, ``getLogger``."""
    word = name.lower().rstrip("_0123456789").removesuffix("s")
    if word.endswith("log"):
        return not word.endswith(_OTHER_WORDS_IN_LOG)
    return word.endswith(("logger", "logging", "loggeradapter"))


def _without_calls(node: ast.expr) -> ast.expr:
    """Return `log` for ``log.bind(..)``, `logs` for ``logs[key]``, `get_logger` for ``get_logger(..)``."""
    while True:
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            function = node.func
            if not isinstance(function, ast.Attribute) or is_logger_name(function.attr):
                return function
            node = function.value
        else:
            return node


def _level_argument(call: ast.Call, file: PythonFile) -> int | None:
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in {"level", "lvl"})]
    for argument in given:
        name: object = file.own_name(argument)
        if isinstance(argument, ast.Constant):
            name = argument.value
            if isinstance(name, int):
                return name
        if isinstance(name, str) and name.upper() in _LEVELS_BY_NAME:
            return _LEVELS_BY_NAME[name.upper()]
    return None


def passes_exception(call: ast.Call, *, by_default: bool = False, unpacked: bool = True) -> bool:
    """Say whether `call` asks for the exception by a keyword: ``exc_info=True``, ``opt(exception=True)``.

    Args:
        call: the call; calls that it is chained to, as in ``logger.opt(..).error(..)``, count.
        by_default: the answer where there is no such keyword.
        unpacked: the answer where ``**options`` may hold it.
    """
    node: ast.expr = call
    while isinstance(node, (ast.Call, ast.Attribute)):
        if isinstance(node, ast.Attribute):
            node = node.value
            continue
        for keyword in node.keywords:
            if keyword.arg in _EXCEPTION_KEYWORDS:
                return not isinstance(keyword.value, ast.Constant) or bool(keyword.value.value)
            if keyword.arg is None and unpacked:
                return True
        node = node.func
    return by_default
