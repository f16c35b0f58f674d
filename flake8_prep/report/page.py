"""Makes the HTML page from its templates; it needs what the extra ``report`` installs."""

from __future__ import annotations

import base64
import functools
import hashlib
import itertools
import json
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flake8_prep import __version__, failure
from flake8_prep.printable import printable
from flake8_prep.report import charts
from flake8_prep.report.facts import Facts, facts_of
from flake8_prep.report.highlighting import Highlighter
from flake8_prep.report.page_data import page_data
from flake8_prep.report.report import Report
from flake8_prep.report.violation import Violation
from flake8_prep.rule import Language

# Files in which the examples of rules could stand.
_EXAMPLES = {Language.PYTHON: "example.py", Language.TYPESCRIPT: "example.ts"}

# All rules are shown at once, if they are not many more than the first ones.
_FIRST_RULES = 6
_ALL_RULES = 9


def render(report: Report) -> str:
    """Return the page that shows `report`."""
    report = _with_legible_paths(report)
    environment = _environment()
    style = _asset("report.css")
    script = _asset("report.js")
    highlighter = Highlighter()
    rules = _rules(report)
    return environment.get_template("report.html.jinja").render(
        report=report,
        version=__version__,
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=_json(page_data(report, highlighter)),
        rules=rules,
        first_rules=len(rules) if len(rules) <= _ALL_RULES else _FIRST_RULES,
        by_file=_by_file(report),
        total=charts.total(report),
        sections=charts.sections(report),
        worst_files=charts.worst_files(report),
        languages=report.by_language,
        facts_of=facts_of,
        failure=failure,
        highlighted=lambda code, language: highlighter.lines(code.split("\n"), _EXAMPLES[language]),
        typescript=Language.TYPESCRIPT,
    )


def _with_legible_paths(report: Report) -> Report:
    """Return `report` with paths that can be in links: the name of a file need not be text."""
    return Report(
        tuple(violation._replace(path=printable(violation.path)) for violation in report.violations),
        report.scope,
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flake8_prep.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = prose
    environment.filters["inline"] = inline
    environment.filters["breakable"] = breakable
    environment.filters["number"] = "{:,}".format
    environment.filters["fragment"] = charts.fragment
    return environment


def _asset(name: str) -> Markup:
    """Return a file of the templates as it is."""
    environment = _environment()
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def _hash(text: str) -> str:
    """Return what a content security policy knows an inline script or style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def prose(markdown: str) -> Markup:
    """Return the HTML of what rules write in their docstrings: paragraphs, lists with dashes, and code."""
    blocks = re.split(r"\n\s*\n", markdown.strip())
    return Markup("\n").join(map(_block, blocks))


def _block(block: str) -> Markup:
    paragraph, *items = re.split(r"^- ", block, flags=re.MULTILINE)
    html = Markup("<p>{}</p>").format(inline(paragraph)) if paragraph else Markup()
    if items:
        html += Markup("<ul>{}</ul>").format(
            Markup().join(Markup("<li>{}</li>").format(inline(item)) for item in items)
        )
    return html


def inline(markdown: str) -> Markup:
    """Return the HTML of one line or paragraph, of which parts between backquotes are code."""
    parts = markdown.strip().split("`")
    # A backquote without a partner is one.
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return Markup().join(
        Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts)
    )


def breakable(path: str) -> Markup:
    """Return the HTML of a path that may go on in the next line behind each folder."""
    return Markup("/<wbr>").join(path.split("/"))


def _rules(report: Report) -> list[tuple[Facts, int]]:
    """Return what is known of each code, and how often it was found; what to mend first comes first."""
    found = [(facts_of(code), len(violations)) for code, violations in report.by_code.items()]
    return sorted(found, key=lambda rule: (-rule[0].severity, -rule[1], rule[0].code))


def _by_file(report: Report) -> dict[str, list[Violation]]:
    groups = itertools.groupby(report.violations, lambda violation: violation.path)
    return {path: list(violations) for path, violations in groups}


def _json(data: object) -> Markup:
    """Return `data` as JSON that can stand in a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Nothing else can end the element, or make the parser read on behind its end.
    return Markup(text.replace("<", "\\u003c"))
