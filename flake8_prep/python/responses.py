"""Answers of web applications that tell of success."""

from __future__ import annotations

import ast
from typing import Final

from flake8_prep.patterns import lazy_pattern
from flake8_prep.python.calls import argument, has_unpacking
from flake8_prep.python.context import PythonFile
from flake8_prep.python.names import last_name
from flake8_prep.python.routes import routes_of
from flake8_prep.python.tree import Function

# The position of the status, by the name of the class or function that makes the answer; None where it has
# none.
_STATUS_POSITIONS: Final = {
    "HTMLResponse": 1,
    "HttpResponse": 2,
    "JSONResponse": 1,
    "JsonResponse": None,
    "ORJSONResponse": 1,
    "PlainTextResponse": 1,
    "Response": 1,
    "UJSONResponse": 1,
    "empty": 0,
    "json": 1,
    "json_response": None,
    "jsonify": None,
    "make_response": 1,
    "text": 1,
}
_FRAMEWORKS: Final = frozenset(
    "aiohttp django fastapi flask ninja quart rest_framework sanic starlette".split()
)
_SUCCESS_NAME: Final = lazy_pattern(r"HTTP_2\d\d_\w+|OK|CREATED|ACCEPTED|NO_CONTENT")


def is_success(answer: ast.expr | None, function: Function, file: PythonFile) -> bool:
    """Say whether the value that `function` returns is an answer with a status between 200 and 299.

    A plain dict, text or tuple is one only where `function` has a route, so that the framework makes an
    answer of it.
    """
    if isinstance(answer, ast.Await):
        answer = answer.value
    if isinstance(answer, ast.Call):
        return _is_successful_call(answer, file)
    if not routes_of(function, file):
        return False
    match answer:
        case ast.Dict() | ast.Constant(value=str()):
            return True
        case ast.Tuple(elts=[body, status]):
            is_body = isinstance(body, (ast.Dict, ast.Constant)) or (
                isinstance(body, ast.Call) and _is_successful_call(body, file)
            )
            return is_body and _is_successful_status(status)
    return False


def _is_successful_call(call: ast.Call, file: PythonFile) -> bool:
    name = (file.qualified_name(call.func) or "").split(".")
    if name[0] not in _FRAMEWORKS or name[-1] not in _STATUS_POSITIONS or has_unpacking(call):
        return False
    position = _STATUS_POSITIONS[name[-1]]
    status = argument(call, "status_code") or argument(call, "status", position)
    return status is None or _is_successful_status(status)


def _is_successful_status(status: ast.expr) -> bool:
    if isinstance(status, ast.Constant):
        return isinstance(status.value, int) and 200 <= status.value < 300
    # `HTTPStatus.OK.value` is as good.
    if isinstance(status, ast.Attribute) and status.attr == "value":
        status = status.value
    return _SUCCESS_NAME.fullmatch(last_name(status)) is not None
