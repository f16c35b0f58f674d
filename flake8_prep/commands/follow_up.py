"""``flake8-prep follow-up``: what has become of the findings of a report."""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_prep.commands import Commands, deliver
from flake8_prep.refusal import Refusal

if TYPE_CHECKING:
    from flake8_prep.followup.reading import Reported
    from flake8_prep.followup.rendering import FollowUp
    from flake8_prep.report.facts import Facts

# What is suppressed, ignored, or hidden by a baseline is still there.
_EVERYTHING = (
    "--disable-noqa",
    "--extend-ignore=",
    "--extend-select=",
    "--ignore=",
    "--per-file-ignores=",
    "--prep-baseline=",
    "--prep-ignore=",
    "--prep-min-severity=low",
)


# The codes of other plugins; of theirs, only those are taken that are the number of a finding.
_OF_OTHERS = re.compile("[A-Z]{1,3}[0-9]{3}")


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "follow-up",
        help="say what has become of the findings of a report",
        description="Reads a bug-hunt report in Markdown, runs the rules that stand for its findings, and "
        "says for each of its places whether the problem is still there. What is suppressed by comments or "
        "by the configuration is still there. The exit status is 1 while something is left, 0 when nothing "
        "is, and 2 if the report or flake8's run is of no use.",
    )
    parser.add_argument("report", metavar="REPORT", help="the report, with headings as in '#### 1.1 Title'")
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=[],
        help="the tree that the report is about (default: the working directory). "
        "Options of flake8 may follow behind --",
    )
    parser.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="default: %(default)s"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from flake8_prep.followup import rendering

    render = {
        "text": rendering.as_text,
        "markdown": rendering.as_markdown,
        "json": rendering.as_json,
    }[arguments.format]
    follow_up = _follow_up(arguments.report, arguments.paths)
    deliver(render(follow_up), arguments.output)
    return 1 if follow_up.is_left else 0


def _follow_up(report: str, paths: list[str]) -> FollowUp:
    """Return what has become of the report at the path `report`.

    Raises:
        Refusal: the report cannot be read, or is about another tree, or flake8 failed.
    """
    from flake8_prep import failure
    from flake8_prep.followup.comparing import State, compare
    from flake8_prep.followup.reading import read_report
    from flake8_prep.followup.rendering import FollowUp
    from flake8_prep.followup.tree import Tree
    from flake8_prep.report.running import Flake8
    from flake8_prep.report.sarif_reader import read_sarif

    findings = read_report(report)
    rules = _rules_of(findings)
    codes = sorted({failure.CODE, *(facts.code for each in rules for facts in each)})
    flake8 = Flake8([f"--select={','.join(codes)}", *_EVERYTHING, *paths])
    rules = [
        [facts for facts in each if facts.summary or flake8.has_plugin_of(facts.code)] for each in rules
    ]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "found.sarif")
        flake8.write("prep-sarif", output)
        found = read_sarif(str(output))
    answers = compare(zip(findings, rules, strict=True), found, Tree(flake8.files(), flake8.paths))
    states = {judged.state for answer in answers for judged in answer.places}
    if states == {State.NO_FILE}:
        where = " ".join(paths) or "the working directory"
        raise Refusal(f"no file that {report} names is in {where}; name the tree that it is about")
    failures = [violation for violation in found.violations if violation.code == failure.CODE]
    return FollowUp(report, answers, failures)


def _rules_of(findings: Iterable[Reported]) -> list[list[Facts]]:
    """Return the rules that stand for each of the findings."""
    from flake8_prep import catalog
    from flake8_prep.report.facts import facts_of

    by_number: dict[str, list[Facts]] = {}
    for rule in catalog.known_rules():
        for number in rule.finding.split(", "):
            by_number.setdefault(number, []).append(facts_of(rule.code))
    return [
        [facts_of(code) for code in sorted(finding.codes) if _is_rule(code, finding)]
        or by_number.get(finding.number, [])
        for finding in findings
    ]


def _is_rule(code: str, finding: Reported) -> bool:
    """Say whether flake8 can select `code`; SHA256 and HTTP404 look like codes as well."""
    from flake8_prep.report.facts import facts_of

    return bool(facts_of(code).summary) or (code == finding.number and bool(_OF_OTHERS.fullmatch(code)))
