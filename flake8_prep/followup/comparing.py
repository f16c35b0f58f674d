"""Compares the findings of a report with what flake8 finds now.

Only the tree as it is today is at hand, so what a line of the report has become is a guess. In this order, a
place is still there if one of the finding's rules reports something

1. in the lines that the report names, or a few lines around them;
2. in a line whose text the report quotes, anywhere in the file;
3. in the function or class that the named lines are in today: most edits leave a line in its function, and a
   problem may be reported at another line of it than people name.

Where there is no such file any more, the line that the report quotes is looked for in files of the same name.

What else is in the file may be what the report means, so for each of those findings of flake8 the places that
are nearest to it are not called gone. What no rule can see, or was not checked, is never called gone.
"""

from __future__ import annotations

import enum
import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flake8_prep import failure
from flake8_prep.followup.reading import Place, Reported, bare
from flake8_prep.followup.scopes import Scope, scope_around, scopes_in
from flake8_prep.followup.tree import Tree
from flake8_prep.report.excerpts import lines_of
from flake8_prep.report.facts import Facts
from flake8_prep.report.paths import portable
from flake8_prep.report.report import Report, language_of
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Language

# Lines that people are off by when they name a place.
_TOLERANCE = 3


class State(enum.Enum):
    """What has become of a place, or of a finding."""

    HERE = "still there"
    MOVED = "moved"
    IN_FILE = "elsewhere in the file"
    AMBIGUOUS = "ambiguous"
    NOT_CHECKED = "not checked"
    ELSEWHERE = "elsewhere"
    UNSEEN = "no rule can see it"
    NO_FILE = "file is gone"
    GONE = "gone"


# The states of a place that has to be looked at before the report is done.
_LEFT = (State.HERE, State.MOVED, State.IN_FILE, State.AMBIGUOUS, State.NOT_CHECKED)


@dataclass(frozen=True)
class Judged:
    """What has become of a place.

    Attributes:
        place: as the report has it.
        state: what has become of it.
        found: what is reported there now.
        note: what there is to be said about the state; may be empty.
    """

    place: Place
    state: State
    found: tuple[Violation, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What has become of a finding.

    Attributes:
        finding: as the report has it.
        rules: those that stand for it.
        places: what has become of each of its places.
        elsewhere: what its rules report at places that the report does not name.
    """

    finding: Reported
    rules: tuple[Facts, ...]
    places: tuple[Judged, ...]
    elsewhere: tuple[Violation, ...]

    @property
    def state(self) -> State:
        """The state of the whole: if there are rules, the worst of its places, and of what is elsewhere."""
        if not self.rules:
            return State.UNSEEN
        states = {judged.state for judged in self.places}
        if self.elsewhere:
            # Where the report speaks of more places than it names, these are some of them.
            states.add(State.HERE if self.finding.has_more else State.ELSEWHERE)
        elif not states:
            states.add(State.GONE)
        return min(states, key=list(State).index)

    @property
    def is_left(self) -> bool:
        """Whether something is still to be done about it, or to be looked at."""
        return self.state in _LEFT


def compare(
    findings: Iterable[tuple[Reported, Sequence[Facts]]], report: Report, tree: Tree
) -> list[Answer]:
    """Return what has become of `findings`.

    Args:
        findings: of a report that people have read, each with the rules that stand for it.
        report: what flake8 finds now.
        tree: the files that it has checked, and others.
    """
    by_code: dict[str, list[Violation]] = {}
    for violation in report.violations:
        by_code.setdefault(violation.code, []).append(violation)
    failures = by_code.pop(failure.CODE, [])
    files = _Files(tree)
    answers = []
    for finding, rules in findings:
        found = sorted(each for rule in rules for each in by_code.get(rule.code, ()))
        answers.append(_Comparison(finding, tuple(rules), found, failures, files).answer())
    return _with_notes(answers)


class _Files:
    """What is known of files, by their absolute paths."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._scopes: dict[str, list[Scope]] = {}

    def scope_around(self, path: str, place: Place) -> Scope | None:
        """Return the function or class that a place is in today."""
        if path not in self._scopes:
            self._scopes[path] = scopes_in(path, lines_of(path))
        scopes = self._scopes[path]
        return scope_around(scopes, place.first, place.last) or scope_around(scopes, place.first, place.first)


class _Comparison:
    """The work on one finding."""

    def __init__(
        self,
        finding: Reported,
        rules: tuple[Facts, ...],
        found: Sequence[Violation],
        failures: Sequence[Violation],
        files: _Files,
    ) -> None:
        self._finding = finding
        self._rules = rules
        self._found = found
        self._failures = failures
        self._files = files
        # Other plugins read Python.
        self._languages = {(rule.language or Language.PYTHON).value for rule in rules}

    @cached_property
    def _by_file(self) -> dict[str, list[Violation]]:
        by_file: dict[str, list[Violation]] = {}
        for violation in self._found:
            by_file.setdefault(os.path.abspath(violation.path), []).append(violation)
        return by_file

    def answer(self) -> Answer:
        """Return what has become of the finding."""
        judged: dict[Place, Judged] = {}
        by_file: dict[str, list[Place]] = {}
        for place in self._finding.places:
            paths = self._files.tree.find(place.path)
            unknown = self._without_lines(place, paths)
            if unknown:
                judged[place] = unknown
            else:
                by_file.setdefault(paths[0], []).append(place)
        for path, places in by_file.items():
            judged.update((each.place, each) for each in self._judge(path, places))
        judged.update((each.place, each) for each in self._moved_with_their_files(judged))
        elsewhere = tuple(self._unexplained_by(judged))
        places_in_order = tuple(judged[place] for place in self._finding.places)
        return Answer(self._finding, self._rules, places_in_order, elsewhere)

    def _unexplained_by(self, judged: Mapping[Place, Judged]) -> list[Violation]:
        explained = {violation for each in judged.values() for violation in each.found}
        return [violation for violation in self._found if violation not in explained]

    def _moved_with_their_files(self, judged: Mapping[Place, Judged]) -> list[Judged]:
        """Judge the places whose file is gone, but whose code is in a file of the same name."""
        by_name: dict[str, list[Violation]] = {}
        for violation in self._unexplained_by(judged):
            if bare(violation.source) in self._finding.quoted:
                by_name.setdefault(posixpath.basename(violation.path), []).append(violation)
        return [
            Judged(place, State.MOVED, tuple(moved), "the same code in a file of that name")
            for place, each in judged.items()
            if each.state is State.NO_FILE and (moved := by_name.get(posixpath.basename(place.path)))
        ]

    def _without_lines(self, place: Place, paths: Sequence[str]) -> Judged | None:
        """Judge a place whose lines do not matter."""
        if not paths:
            return Judged(place, State.NO_FILE)
        if len(paths) > 1:
            return Judged(place, State.AMBIGUOUS, note=f"it can be {', '.join(map(portable, paths))}")
        path = paths[0]
        name = portable(path)
        if language_of(name).lower() not in self._languages:
            return Judged(place, State.UNSEEN, note="no rule of the finding reads such files")
        if not self._files.tree.is_checked(path):
            return Judged(place, State.NOT_CHECKED, note=f"flake8 does not check {name}")
        for violation in self._failures:
            is_about_all = failure.NOT_LOADED in violation.message
            if (is_about_all or violation.path == name) and self._concerns(violation.message):
                return Judged(place, State.NOT_CHECKED, (violation,), violation.message)
        return None

    def _concerns(self, message: str) -> bool:
        """Say whether a failure with this message leaves a rule of the finding without a result."""
        return not message.startswith("rule ") or any(f" {rule.code} " in message for rule in self._rules)

    def _judge(self, path: str, places: Sequence[Place]) -> list[Judged]:
        """Judge the places in one file, the certain ones first: what explains one does not explain others."""
        here = tuple(self._by_file.get(path, ()))
        whole = State.HERE if here else State.GONE
        judged = [Judged(place, whole, here) for place in places if not place.first]
        left = [place for place in places if place.first]
        free = list(here)
        for tolerance in (0, _TOLERANCE):
            matched = {
                place: [each for each in free if _distance(place, each.line) <= tolerance] for place in left
            }
            left = self._take(judged, left, free, matched, State.HERE)
        quoting = [violation for violation in free if bare(violation.source) in self._finding.quoted]
        left = self._take(judged, left, free, dict.fromkeys(left, quoting), State.MOVED, "the same code")
        around = {place: self._files.scope_around(path, place) for place in left} if free else {}
        inside = {
            place: [each for each in free if scope.first <= each.line <= scope.last]
            for place, scope in around.items()
            if scope
        }
        left = self._take(judged, left, free, inside, State.MOVED, "the same function")
        near: dict[Place, list[Violation]] = {place: [] for place in left}
        for violation in free if left else ():
            nearest = min(_distance(place, violation.line) for place in left)
            for place in left:
                if _distance(place, violation.line) == nearest:
                    near[place].append(violation)
        left = self._take(judged, left, free, near, State.IN_FILE)
        return [*judged, *(Judged(place, State.GONE) for place in left)]

    @staticmethod
    def _take(
        judged: list[Judged],
        left: Sequence[Place],
        free: list[Violation],
        matched: Mapping[Place, Sequence[Violation]],
        state: State,
        note: str = "",
    ) -> list[Place]:
        """Judge the places that something matches, which is free no more; return the others."""
        for place in left:
            if matched.get(place):
                judged.append(Judged(place, state, tuple(matched[place]), note))
        taken = {violation for found in matched.values() for violation in found}
        free[:] = [violation for violation in free if violation not in taken]
        return [place for place in left if not matched.get(place)]


def _distance(place: Place, line: int) -> int:
    return max(place.first - line, line - place.last, 0)


def _with_notes(answers: Sequence[Answer]) -> list[Answer]:
    """Return `answers` with a note at each place that is gone, if it is there for another finding."""
    there: dict[str, list[tuple[Place, str]]] = {}
    for answer in answers:
        for judged in answer.places:
            if judged.state in (State.HERE, State.MOVED):
                there.setdefault(judged.place.path, []).append((judged.place, answer.finding.number))

    def noted(judged: Judged) -> Judged:
        place = judged.place
        numbers = [
            number
            for other, number in there.get(place.path, ())
            if other.first <= place.last and place.first <= other.last
        ]
        if judged.state is not State.GONE or not numbers:
            return judged
        return replace(judged, note=f"but still there for {', '.join(dict.fromkeys(numbers))}")

    return [replace(answer, places=tuple(map(noted, answer.places))) for answer in answers]
