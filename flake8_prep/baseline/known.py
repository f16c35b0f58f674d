"""The file of a baseline, and what it hides.

A finding is known by its code, its file and the text of its line, and by how many there are of it: so it
stays hidden when lines move, and one more of the same kind shows.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flake8_prep import failure
from flake8_prep.refusal import Refusal
from flake8_prep.report.identity import text_of_line
from flake8_prep.report.violation import Violation

_TOOL = "flake8-prep baseline"
_VERSION = 1

# What says that a file was not checked is never hidden: it would hide all that is wrong with the file.
NOT_CHECKED = frozenset({"E902", "E999", failure.CODE})

# As in flake8: code, line from 1, column from 0, message, and the line that comments are looked for in.
Result = tuple[str, int, int, str, str | None]


@dataclass(frozen=True)
class Baseline:
    """What is known.

    Attributes:
        findings: by absolute path how often each entry is there: a code, a space, and the text of a line.
        not_checked: the absolute paths of files, or of folders with files, about which a run of flake8 could
            not say everything.
    """

    findings: Mapping[str, Mapping[str, int]]
    not_checked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, violations: Iterable[Violation]) -> Baseline:
        """Return the baseline that hides `violations`, whose paths are from the working directory."""
        findings: dict[str, Counter[str]] = {}
        not_checked = set()
        for violation in violations:
            path = os.path.abspath(violation.path)
            if violation.code in NOT_CHECKED:
                # It is about all files that some rules could not be loaded.
                not_checked.add(os.path.abspath("") if failure.NOT_LOADED in violation.message else path)
            else:
                findings.setdefault(path, Counter())[_entry(violation.code, violation.text)] += 1
        return cls(findings, frozenset(not_checked))

    def gone(self, now: Baseline, paths: Collection[str]) -> Baseline:
        """Return what of this baseline is not in `now` any more, the baseline of a run on absolute `paths`.

        What is in files that were not checked may still be there.
        """
        gone = {
            path: _difference(entries, now.findings.get(path, {}))
            for path, entries in self.findings.items()
            if _is_in(path, paths) and not _is_in(path, now.not_checked)
        }
        return Baseline({path: entries for path, entries in gone.items() if entries})

    def without(self, gone: Baseline) -> Baseline:
        """Return this baseline without what is in another one."""
        return Baseline(
            {path: _difference(left, gone.findings.get(path, {})) for path, left in self.findings.items()},
            self.not_checked,
        )

    @property
    def total(self) -> int:
        """How many findings are known."""
        return sum(sum(entries.values()) for entries in self.findings.values())

    def unknown(
        self,
        path: str,
        results: Sequence[Result],
        lines: Sequence[str],
        is_suppressed: Callable[[Result], bool],
    ) -> list[Result]:
        """Return what is not known of the `results` for a file, in their order.

        Of equal ones the first are hidden. A comment that suppresses a result leaves the others their part.

        Args:
            path: of the file, absolute or from the working directory.
            results: all that was found in the file.
            lines: of the file.
            is_suppressed: says whether a comment suppresses a result.
        """
        left = dict(self.findings.get(os.path.abspath(path), {}))
        if not left:
            return list(results)
        # The same thing said twice about the same place is one finding.
        hidden: dict[tuple[str, int, int, str], bool] = {}
        for result in sorted(results, key=lambda result: (result[1], result[2] or 0)):
            if result[:4] not in hidden:
                entry = _entry(result[0], text_of_line(lines, result[1]))
                hidden[result[:4]] = left.get(entry, 0) > 0 and not is_suppressed(result)
                left[entry] = left.get(entry, 0) - hidden[result[:4]]
        return [result for result in results if not hidden[result[:4]]]

    def by_name(self, folder: str) -> dict[str, dict[str, int]]:
        """Return the findings by the names that their files have in `folder`, both in order."""
        names = {_portable(path, folder): path for path, entries in self.findings.items() if entries}
        return {name: dict(sorted(self.findings[names[name]].items())) for name in sorted(names)}

    def document(self, folder: str) -> str:
        """Return what the file of this baseline has in it, if it is in `folder`."""
        document: dict[str, Any] = {"tool": _TOOL, "version": _VERSION}
        if self.not_checked:
            document["not_checked"] = sorted(_portable(path, folder) for path in self.not_checked)
        document["findings"] = self.by_name(folder)
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(path: str) -> Baseline:
    """Return the baseline in the file at `path`.

    Raises:
        Refusal: it cannot be read, or it is something else.
    """
    file = "FILE" if os.path.isdir(path) else path
    remedy = f"'flake8 --format=prep-baseline --output-file={file}' writes a new one"
    try:
        return parse(Path(path).read_text(encoding="utf-8-sig"), os.path.dirname(os.path.abspath(path)))
    except OSError as error:
        raise Refusal(f"the baseline {path} cannot be read ({error.strerror}); {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path} is no baseline of flake8-prep: {error}; {remedy}") from error


def parse(text: str, folder: str) -> Baseline:
    """Return the baseline that a file in `folder` with this `text` has.

    Raises:
        RecursionError: it is nested too deeply.
        ValueError: it is not a baseline, and why.
    """
    document = json.loads(text, object_pairs_hook=_unique)
    if not isinstance(document, dict) or document.get("tool") != _TOOL:
        raise ValueError(f'it does not say "tool": "{_TOOL}"')
    if document.get("version") != _VERSION:
        raise ValueError(f"its version is {document.get('version')!r}, where {_VERSION} was expected")
    findings, not_checked = document.get("findings"), document.get("not_checked", [])
    if not (isinstance(findings, dict) and _is_counts(findings) and _is_texts(not_checked)):
        raise ValueError("its entries are not those of a baseline")
    return Baseline(
        {os.path.abspath(os.path.join(folder, path)): entries for path, entries in findings.items()},
        frozenset(os.path.abspath(os.path.join(folder, path)) for path in not_checked),
    )


def _entry(code: str, text: str) -> str:
    return f"{code} {text}"


def _difference(entries: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    return {
        entry: count - others.get(entry, 0)
        for entry, count in entries.items()
        if count > others.get(entry, 0)
    }


def _is_in(path: str, places: Iterable[str]) -> bool:
    """Say whether an absolute path is one of `places`, or in one that is a folder."""
    return any(path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in places)


def _portable(path: str, folder: str) -> str:
    """Return the absolute `path` from `folder`, with slashes."""
    try:
        path = os.path.relpath(path, folder)
    except ValueError:
        # On Windows, another drive.
        pass
    return path.replace(os.sep, "/")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; a merge may have left a key twice, of which all but one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"{twice!r} is in it twice")
    return found


def _is_counts(findings: dict[str, Any]) -> bool:
    return all(
        isinstance(entries, dict) and all(type(count) is int and count > 0 for count in entries.values())
        for entries in findings.values()
    )


def _is_texts(paths: Any) -> bool:
    return isinstance(paths, list) and all(isinstance(path, str) for path in paths)
