"""Functions that report the exception that is being handled, other than the methods of loggers."""

from __future__ import annotations

import ast
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.context import PythonFile
from flake8_prep.python.loggers import passes_exception
from flake8_prep.python.names import dotted_name, last_name

# They take the exception from the interpreter; these are the beginnings of their full names.
_OF_INTERPRETER: Final = (
    *("cgitb.", "pdb.", "rich.traceback.Traceback", "sys.exc_info", "sys.excepthook", "sys.exception"),
    "traceback.",
)
# Likely to do the same, by the name alone: `capture_exception`, `print_exc`, `handle_error`, `log_traceback`.
_BY_NAME: Final = lazy_pattern(
    r"(?:^|_)(?:(?:capture|dump|format|handle|log|notice|notify|print|record|report)_(?:\w+_)?"
    r"(?:error|exc|exception|tb|traceback)s?|set_exception|show_?traceback)(?:_|$)"
)
# Twisted: without arguments they make or pass on a failure of the exception that is being handled.
_OF_FAILURES: Final = frozenset({"Failure", "errback", "fail"})
_CAMEL_HUMP: Final = lazy_pattern(r"(?<=[a-z])(?=[A-Z])")


def is_report(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` reports the exception that is being handled, or gets hold of it.

    So do the functions of :mod:`traceback`, ``sys.exc_info``, functions with a name like
    ``capture_exception``, calls with a true ``exc_info``, and what the option prep-error-reporters names.
    """
    function = call.func
    name = last_name(function)
    if any(_reports_by_name(each) for each in {name, file.own_name(function)}):
        return True
    if passes_exception(call, unpacked=False):
        return True
    qualified = file.qualified_name(function) or ""
    if qualified.startswith(_OF_INTERPRETER) or gives_exception(call, file):
        return True
    names = (name, dotted_name(function), qualified)
    return any(
        written == reporter or written.endswith(f".{reporter}")
        for reporter in file.settings.error_reporters
        for written in names
    )


def _reports_by_name(name: str) -> bool:
    return _BY_NAME.search(_CAMEL_HUMP.sub("_", name).lower()) is not None


def gives_exception(call: ast.Call, file: PythonFile) -> bool:
    """Say whether `call` returns the exception that is being handled, or something that holds it."""
    if file.own_name(call.func) in _OF_FAILURES and not call.args:
        return all(keyword.arg == "captureVars" for keyword in call.keywords)
    return file.qualified_name(call.func) in {"sys.exc_info", "sys.exception"}
