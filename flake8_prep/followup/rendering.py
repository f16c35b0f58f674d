"""Writes down what has become of a report: as text, in Markdown, or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flake8_prep.followup.comparing import Answer, Judged, State
from flake8_prep.printable import printable
from flake8_prep.report.facts import Facts
from flake8_prep.report.markdown_text import code_span, escaped
from flake8_prep.report.violation import Violation

# So many places are named where the same problem is elsewhere; JSON has them all.
_SHOWN = 20


@dataclass(frozen=True)
class FollowUp:
    """What has become of a report.

    Attributes:
        report: the path of the report.
        answers: what has become of each finding.
        failures: what says that a file, or a rule on a file, could not be checked.
    """

    report: str
    answers: Sequence[Answer]
    failures: Sequence[Violation]

    @property
    def is_left(self) -> bool:
        """Whether something is still to be done, or to be looked at."""
        return bool(self.failures) or any(answer.is_left for answer in self.answers)

    @property
    def states(self) -> dict[State, int]:
        """How many findings there are in each state that some are in."""
        counts = Counter(answer.state for answer in self.answers)
        return {state: counts[state] for state in State if counts[state]}


def as_text(follow_up: FollowUp) -> str:
    """Return it for a terminal, with its final line end."""
    blocks = [
        "\n".join(
            [
                f"{_heading(answer)} ({_severity(answer)}): {answer.state.value}",
                *(f"  {line}" for line in _lines(answer, code=str, rule=_rule)),
            ]
        )
        for answer in follow_up.answers
    ]
    failures = "\n".join(f"not checked: {_where(each)} {each.message}" for each in follow_up.failures)
    blocks += [failures] if failures else []
    return _printable_lines("\n\n".join([*blocks, _summary(follow_up)])) + "\n"


def as_markdown(follow_up: FollowUp) -> str:
    """Return it in Markdown, with its final line end."""
    blocks = [f"# Follow-up on {code_span(follow_up.report)}", f"{escaped(_summary(follow_up))}."]
    for answer in follow_up.answers:
        blocks.append(f"## {escaped(_heading(answer))}")
        blocks.append(f"**Severity:** {_severity(answer)}  \n**State:** {answer.state.value}")
        lines = _lines(answer, code=code_span, rule=lambda facts: escaped(_rule(facts)))
        blocks += filter(None, ["\n".join(f"- {line}" for line in lines)])
    failures = [f"- {code_span(_where(each))}: {escaped(each.message)}" for each in follow_up.failures]
    blocks += ["## Not checked", "\n".join(failures)] if failures else []
    return "\n\n".join(blocks) + "\n"


def as_json(follow_up: FollowUp) -> str:
    """Return it as JSON, with its final line end."""
    document = {
        "report": follow_up.report,
        "left": follow_up.is_left,
        "states": {state.value: count for state, count in follow_up.states.items()},
        "findings": [
            {
                "number": answer.finding.number,
                "title": answer.finding.title,
                "severity": answer.finding.severity.label if answer.finding.severity else None,
                "state": answer.state.value,
                "left": answer.is_left,
                "rules": [rule.code for rule in answer.rules],
                "places": [
                    {
                        "path": judged.place.path,
                        "first": judged.place.first or None,
                        "last": judged.place.last or None,
                        "state": judged.state.value,
                        "note": judged.note,
                        "found": _as_objects(judged.found),
                    }
                    for judged in answer.places
                ],
                "elsewhere": _as_objects(answer.elsewhere),
            }
            for answer in follow_up.answers
        ],
        "failures": _as_objects(follow_up.failures),
    }
    return json.dumps(document, indent=1) + "\n"


def _as_objects(found: Iterable[Violation]) -> list[dict[str, object]]:
    return [
        {
            "path": each.path,
            "line": each.line,
            "column": each.column,
            "code": each.code,
            "message": each.message,
        }
        for each in found
    ]


def _lines(answer: Answer, code: Callable[[str], str], rule: Callable[[Facts], str]) -> Iterator[str]:
    """Yield what there is to be said about a finding, a line each; the functions format places and rules."""
    if answer.rules:
        yield f"rules: {', '.join(map(rule, answer.rules))}"
    for judged in answer.places:
        yield f"{judged.state.value}: {code(str(judged.place))}{_details(judged, code)}"
    if answer.elsewhere:
        shown = [f"{code(_where(each))} {each.code}" for each in answer.elsewhere[:_SHOWN]]
        more = len(answer.elsewhere) - _SHOWN
        where = "elsewhere" if answer.places else "found"
        yield f"{where}: {', '.join(shown)}" + (f", and {more} more" if more > 0 else "")


def _details(judged: Judged, code: Callable[[str], str]) -> str:
    found = [f"{each.code} at {code(_where(each))}" for each in judged.found[:_SHOWN]]
    details = "; ".join(filter(None, [", ".join(found), judged.note]))
    return f" ({details})" if details else ""


def _heading(answer: Answer) -> str:
    return f"{answer.finding.number} {answer.finding.title}".rstrip()


def _severity(answer: Answer) -> str:
    return answer.finding.severity.label if answer.finding.severity else "no severity"


def _rule(facts: Facts) -> str:
    return facts.code if facts.name == facts.code else f"{facts.code} {facts.name}"


def _where(violation: Violation) -> str:
    return f"{violation.path}:{violation.line}"


def _summary(follow_up: FollowUp) -> str:
    states = ", ".join(f"{count} {state.value}" for state, count in follow_up.states.items())
    failures = f"; {len(follow_up.failures)} not checked" if follow_up.failures else ""
    number = len(follow_up.answers)
    return f"{number} finding{'s' if number > 1 else ''}: {states}{failures}"


def _printable_lines(text: str) -> str:
    """Return lines of text that any terminal can be sent."""
    return "\n".join(map(printable, text.split("\n")))
