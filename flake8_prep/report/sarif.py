"""The report in SARIF 2.1.0, the format of code scanning services.

Whatever a report holds is in it, so that :func:`flake8_prep.report.sarif_reader.read_sarif` gives it back.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from flake8_prep import __version__
from flake8_prep.report.explanation import explanation_in_markdown, explanation_in_text
from flake8_prep.report.facts import Facts, facts_of
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.pages import page_of, site
from flake8_prep.report.paths import uri_of
from flake8_prep.report.report import Report, language_of
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"

# What paths are relative to; where that is, the consumer knows, and no machine's folders get into the report.
_ROOT = "%SRCROOT%"

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

# GitHub reads these figures as critical from 9, as high from 7, as medium from 4.
_SECURITY_SEVERITIES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def render(report: Report) -> str:
    """Return `report` in SARIF, with one line for each rule, file and result, and a final line end."""
    rules = {code: index for index, code in enumerate(report.by_code)}
    files = {path: index for index, path in enumerate(dict.fromkeys(each.path for each in report.violations))}
    driver = {
        "name": _encode("flake8-prep"),
        "semanticVersion": _encode(__version__),
        "rules": _array(_rule(facts_of(code)) for code in rules),
    }
    address = site()
    if address:
        driver["informationUri"] = _encode(address)
    run = {
        "tool": _object({"driver": _object(driver)}),
        "invocations": _encode([{"executionSuccessful": True}]),
        "originalUriBaseIds": _encode({_ROOT: {"description": {"text": "The folder that flake8 ran in"}}}),
        "columnKind": _encode("unicodeCodePoints"),
        "properties": _encode({"scope": report.scope}),
        "artifacts": _array(_artifact(path) for path in files),
        "results": _array(_results(report, rules, files)),
    }
    log = {"$schema": _encode(SCHEMA), "version": _encode(VERSION), "runs": f"[{_object(run)}]"}
    return f"{_object(log)}\n"


def _rule(facts: Facts) -> dict[str, object]:
    text = explanation_in_text(facts)
    rule: dict[str, object] = {
        "id": facts.code,
        "name": facts.name,
        "shortDescription": {"text": facts.summary or f"{facts.code}, from another plugin of flake8"},
        "fullDescription": {"text": facts.documentation.why if facts.documentation else text},
        "help": {"text": text, "markdown": explanation_in_markdown(facts)},
        "defaultConfiguration": {"level": _LEVELS[facts.severity]},
    }
    page = page_of(facts)
    if page:
        rule["helpUri"] = page
    if facts.language:
        properties: dict[str, object] = {
            "tags": [facts.section.package, facts.language.value],
            "precision": "medium" if facts.off_by_default else "high",
        }
        if facts.section.package == "security":
            properties["security-severity"] = _SECURITY_SEVERITIES[facts.severity]
        rule["properties"] = properties
    return rule


def _artifact(path: str) -> dict[str, object]:
    artifact: dict[str, object] = {"location": _artifact_location(path)}
    language = language_of(path)
    if language != "other":
        artifact["sourceLanguage"] = language.lower()
    return artifact


def _artifact_location(path: str) -> dict[str, object]:
    uri = uri_of(path)
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _ROOT}


def _results(
    report: Report, rules: Mapping[str, int], files: Mapping[str, int]
) -> Iterator[dict[str, object]]:
    # How many there were before that are known by the same.
    equals: Counter[tuple[str, str, str]] = Counter()
    for violation in report.violations:
        identity = violation.code, violation.path, violation.text
        result: dict[str, object] = {
            "ruleId": violation.code,
            "ruleIndex": rules[violation.code],
            "level": _LEVELS[facts_of(violation.code).severity],
            "message": {"text": violation.message},
            "locations": [{"physicalLocation": _location(violation, files[violation.path])}],
            "partialFingerprints": {"prepLine/v1": _fingerprint(*identity, equals[identity])},
        }
        if violation.text != text_of_line([violation.source], 1):
            result["properties"] = {"text": violation.text}
        equals[identity] += 1
        yield result


def _location(violation: Violation, file: int) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": {**_artifact_location(violation.path), "index": file}}
    # Otherwise it is about the file as a whole.
    if violation.line:
        region: dict[str, object] = {"startLine": violation.line, "startColumn": violation.column + 1}
        # It goes to the end of the line.
        rest = violation.source[violation.column :]
        if rest:
            region["snippet"] = {"text": rest}
        location["region"] = region
        first, lines = violation.excerpt
        if lines:
            location["contextRegion"] = {
                "startLine": first,
                # Some findings are behind the last line.
                "endLine": max(violation.line, first + len(lines) - 1),
                "snippet": {"text": "\n".join(lines)},
            }
    return location


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _object(members: Mapping[str, str]) -> str:
    """Return a JSON object of `members`, whose values are JSON already."""
    lines = ",\n".join(f"{_encode(name)}:{value}" for name, value in members.items())
    return f"{{\n{lines}\n}}"


def _array(items: Iterable[object]) -> str:
    lines = ",\n".join(map(_encode, items))
    return f"[\n{lines}\n]"
