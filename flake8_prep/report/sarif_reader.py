"""Reads reports in SARIF 2.1.0: our own ones whole, of those of other tools what flake8 could have said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from flake8_prep.refusal import Refusal
from flake8_prep.report.excerpts import clipped
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.paths import path_of
from flake8_prep.report.report import Report
from flake8_prep.report.sarif import VERSION
from flake8_prep.report.violation import NO_EXCERPT, Excerpt, Violation

_Value = TypeVar("_Value")

_REMEDY = "flake8 --format=prep-sarif --output-file=FILE writes one that can be read"


def read_sarif(path: str) -> Report:
    """Return the report in the file at `path`.

    Results are left out that say that all is well, that are suppressed, or gone since an earlier run.

    Raises:
        Refusal: there is no such file, it is not SARIF 2.1.0, or a result has no rule, message or file.
    """
    try:
        log = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}); {_REMEDY}") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path} is not JSON ({error}); {_REMEDY}") from error
    if not isinstance(log, dict) or log.get("version") != VERSION:
        raise Refusal(f"{path} is not SARIF {VERSION}; {_REMEDY}")
    violations: list[Violation] = []
    scope: list[str] = []
    where = "the file"
    try:
        for run in log["runs"]:
            scope.extend(_a(str, each) for each in run.get("properties", {}).get("scope", ()))
            for number, result in enumerate(run["results"], start=1):
                where = f"result {number}"
                if _is_finding(result):
                    violations.append(_violation(result, run))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"has no {error}" if isinstance(error, KeyError) else f"cannot be used: {error}"
        raise Refusal(f"{path} is not a complete report: {where} {reason}; {_REMEDY}") from error
    return Report.of(violations, scope)


def _is_finding(result: Mapping[str, Any]) -> bool:
    return (
        result.get("kind") not in ("pass", "notApplicable")
        and result.get("baselineState") != "absent"
        and not result.get("suppressions")
    )


def _violation(result: Mapping[str, Any], run: Mapping[str, Any]) -> Violation:
    place = result["locations"][0]["physicalLocation"]
    region = place.get("region", {})
    line = _a(int, region.get("startLine", 0))
    excerpt = _excerpt(place.get("contextRegion", region))
    text = result.get("properties", {}).get("text", text_of_line([excerpt.line(line)], 1))
    return Violation(
        path=_path(place["artifactLocation"], run),
        line=line,
        column=max(0, _a(int, region.get("startColumn", 1)) - 1),
        code=_a(str, _code(result, run)),
        message=_a(str, result["message"]["text"]),
        excerpt=excerpt,
        text=_a(str, text),
    )


def _code(result: Mapping[str, Any], run: Mapping[str, Any]) -> object:
    reference = {"id": result.get("ruleId"), "index": result.get("ruleIndex"), **result.get("rule", {})}
    return reference["id"] or run["tool"]["driver"]["rules"][reference["index"]]["id"]


def _path(location: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    if "uri" not in location:
        location = run["artifacts"][location["index"]]["location"]
    return path_of(_a(str, location["uri"]))


def _excerpt(region: Mapping[str, Any]) -> Excerpt:
    if "snippet" not in region or "startLine" not in region:
        return NO_EXCERPT
    lines = _a(str, region["snippet"]["text"]).split("\n")
    return Excerpt(_a(int, region["startLine"]), tuple(map(clipped, lines)))


def _a(kind: type[_Value], value: object) -> _Value:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
