"""Writes what is made from the rules: pages about them and the options, parts of the README, and the index.

With ``--check`` it writes nothing, names the files that are not current, and ends with status 1 if any are.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from flake8_prep import catalog, failure
from flake8_prep.documentation import Documentation, documentation_of, suppression_of
from flake8_prep.options import OPTIONS, Option
from flake8_prep.python.listing import Listing
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Language, Rule
from flake8_prep.scheme import section_of

ROOT = Path(__file__).resolve().parent.parent
RULES = Path("docs/rules")
README = Path("README.md")

_NOTICE = "<!-- Written by scripts/generate_docs.py; change the code that it is made from. -->\n\n"
# What flake8 says of the examples; tests/test_examples.py holds it to the truth.
_OUTPUT = Path("tests/expected_examples.txt")
# Findings in other people's code, drawn at random and judged by reading.
_VERDICTS = Path("docs/verdicts.tsv")
# What scripts/precision.py has counted.
_PEERS = Path("docs/peers.tsv")
_INDEX_WIDTH = 90
_SHOWN = ("examples/booking/crawler.py", "examples/web/payment-webhook.ts")
_LANGUAGES = {Language.PYTHON: "Python", Language.TYPESCRIPT: "TypeScript"}


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write or check the documentation below `root`.

    Returns:
        the exit status: 1 where a file is not current, or the README has no place for the table, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; name what is not current")
    check = parser.parse_args(argv).check
    rules = catalog.all_rules()
    output = (root / _OUTPUT).read_text(encoding="utf-8")
    readme = (root / README).read_text(encoding="utf-8")
    for name, text in (("demo", _demo(output, rules)), ("rules", _table(rules, f"{RULES.as_posix()}/"))):
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        before, _, rest = readme.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            print(f"{README}: the lines {begin.strip()!r} and {end!r} are missing", file=sys.stderr)
            return 1
        readme = f"{before}{begin}{text}{end}{after}"
    verdicts, peers = ((root / path).read_text(encoding="utf-8") for path in (_VERDICTS, _PEERS))
    wanted = {
        **pages(rules),
        Path("docs/precision.md"): _precision_page(verdicts, peers, rules),
        Path("flake8_prep/index.py"): index(rules),
        README: readme,
    }
    stale = list(_stale(wanted, root))
    for path in stale:
        if check:
            print(f"{path.as_posix()} is not current")
        elif path in wanted:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            (root / path).unlink()
    return 1 if check and stale else 0


def pages(rules: Sequence[type[Rule]]) -> dict[Path, str]:
    """Return the pages that are made from `rules` and the options; their paths are relative to the root."""
    return {
        **{RULES / f"{rule.code}.md": _page(rule) for rule in rules},
        RULES / f"{failure.CODE}.md": _failure_page(),
        RULES / "index.md": _index(rules),
        Path("docs/options.md"): _options_page(),
    }


def index(rules: Iterable[type[Rule]]) -> str:
    """Return the module that says of `rules` what has to be known before they are imported."""
    listings = "".join(_listing(Listing.of(rule)) for rule in rules if issubclass(rule, PythonRule))
    codes = [rule.code for rule in rules if rule.language is Language.TYPESCRIPT]
    return (
        '"""What is known of the rules before they are imported."""\n\n'
        "# Written by scripts/generate_docs.py; change the rules that it is made from.\n\n"
        "from __future__ import annotations\n\n"
        "from typing import Final\n\n"
        "from flake8_prep.python.listing import Listing\n\n"
        f"PYTHON: Final = (\n{listings})\n\n"
        f"TYPESCRIPT_CODES: Final = {_tuple(codes)}\n"
    )


def _listing(listing: Listing) -> str:
    """Return the call that makes `listing`."""
    arguments = [f'"{listing.place}"', f'"{listing.code}"', f"{listing.severity:d}", _tuple(listing.visits)]
    if listing.off_by_default:
        arguments.append("off_by_default=True")
    if listing.callees is not None:
        arguments.append(f"callees={_tuple(sorted(listing.callees))}")
    if listing.triggers:
        arguments.append(f"triggers={_tuple(listing.triggers)}")
    lines = textwrap.indent(",\n".join(arguments), "    ")
    return textwrap.indent(f"Listing(\n{lines},\n),\n", "    ")


def _tuple(words: Iterable[str]) -> str:
    """Return the tuple of `words` as it is written, with as many in a line as fit."""
    lines = [""]
    for word in words:
        literal = f"{json.dumps(word)},"
        if len(lines[-1]) + len(literal) > _INDEX_WIDTH:
            lines.append("")
        lines[-1] += f" {literal}"
    return "(\n" + "".join(f"    {line.strip()}\n" for line in lines) + ")"


def _demo(output: str, rules: Iterable[type[Rule]]) -> str:
    """Return what a run with the rules that are on by default says of some of the examples."""
    off = {rule.code for rule in rules if rule.off_by_default}
    lines = [line for line in output.splitlines() if line.split()[1] not in off]
    shown = [line for line in lines if line.startswith(_SHOWN)]
    return "\n".join(["```text", *shown, "```", "", f"and {len(lines) - len(shown)} more.", ""])


def _stale(wanted: dict[Path, str], root: Path) -> Iterator[Path]:
    """Yield the paths of files that are missing, not current, or about rules that are gone."""
    present = {path.relative_to(root) for path in (root / RULES).glob("*.md")}
    for path in sorted(wanted.keys() | present):
        current = (root / path).read_text(encoding="utf-8") if (root / path).exists() else None
        if current != wanted.get(path):
            yield path


def _page(rule: type[Rule]) -> str:
    documentation = documentation_of(rule)
    facts = _markdown_table(
        ("Language", "Severity", "Default", "Findings"),
        [(_LANGUAGES[rule.language], rule.severity.label, _default(rule), rule.finding)],
    )
    sections = {
        "Why is this bad": documentation.why,
        "Example": _code(documentation.example, rule.language),
        "Use instead": _code(documentation.use_instead, rule.language),
        "Known limits": documentation.known_limits,
    }
    options = [f"- {_option_link(option)}: {option.help}" for option in _options_named_in(documentation)]
    if options:
        sections["Options"] = "\n".join(options)
    if rule.off_by_default:
        sections["Turn it on"] = (
            f"The rule is off by default. `prep-enable = {rule.code}` in flake8's configuration turns it on, "
            f"and so does `--extend-select {rule.code}`."
        )
    sections["Ignore it"] = f"End the line with `{suppression_of(rule)}`."
    bodies = "".join(f"\n## {title}\n\n{body}\n" for title, body in sections.items())
    return f"{_NOTICE}# {rule.code} {rule.name}\n\n{documentation.summary}.\n\n{facts}{bodies}"


def _failure_page() -> str:
    return f"{_NOTICE}# {failure.CODE}\n\n{failure.SUMMARY}.\n\n{failure.EXPLANATION}"


def _index(rules: Sequence[type[Rule]]) -> str:
    sections = "".join(
        f"\n## {section.number}. {section.title}\n\n{_table(list(members), '')}"
        for section, members in groupby(
            sorted(rules, key=lambda rule: (section_of(rule.finding), rule.code)),
            key=lambda rule: section_of(rule.finding),
        )
    )
    return (
        f"{_NOTICE}# Rules\n\n"
        "The sections are those of the bug-hunt report, and so are the numbers of the findings.\n"
        f"{sections}\n"
        f"[{failure.CODE}]({failure.CODE}.md) is not a rule. It reports: {failure.SUMMARY}.\n"
    )


def _precision_page(verdicts: str, peers: str, rules: Iterable[type[Rule]]) -> str:
    rows = [row.split("\t") for row in verdicts.splitlines()[1:]]
    judged = Counter(code for code, *_ in rows)
    wrong = Counter(code for code, _, _, _, verdict, _ in rows if verdict == "wrong")
    packages = {code: {row[1] for row in rows if row[0] == code} for code in judged}
    table = _markdown_table(
        ("Code", "Name", "Language", "Default", "Judged", "Packages", "Right", "Wrong"),
        [
            (
                f"[{rule.code}](rules/{rule.code}.md)",
                rule.name,
                _LANGUAGES[rule.language],
                _default(rule),
                str(judged[rule.code]),
                str(len(packages[rule.code])),
                str(judged[rule.code] - wrong[rule.code]),
                str(wrong[rule.code]),
            )
            for rule in rules
            if judged[rule.code]
        ],
    )
    unjudged = ", ".join(rule.code for rule in rules if not judged[rule.code])
    return (
        f"{_NOTICE}# Precision\n\n"
        "Findings in other people's code were drawn at random for each rule (all, where there were few), "
        "and each was judged. It is right if the place has the problem that the rule describes, and wrong "
        "if it has not. Rules were mended after draws, and what they no longer report is not counted: code "
        "that played no part in that may see more false alarms. "
        "For the rules about missing tests (PREP7) and missing parts of an app (PREP8, PREP902, PREP952) "
        "most places were judged by their names and by what a search of the package found. "
        f"[{_VERDICTS.name}]({_VERDICTS.name}) has every place with its verdict.\n\n{table}"
        + (f"\nNot judged in this way: {unjudged}.\n" if unjudged else "")
        + _comparisons(peers)
    )


def _comparisons(peers: str) -> str:
    rows = [row.split("\t") for row in peers.splitlines()[1:]]
    heads = ("Ours", "The other's", "Both report", "Only ours", "Only the other's", "Why")
    return (
        "\n## Beside the rules of other linters\n\n"
        "`tox -e precision` runs ruff, and ESLint with typescript-eslint, over packages of PyPI and npm, and "
        "compares what their rules for the same problems report: by statement in Python, by line in "
        "TypeScript.\n\n"
        + _markdown_table(heads, [[cell.replace(" ", ", ") for cell in row[:5]] + row[5:] for row in rows])
    )


def _table(rules: Iterable[type[Rule]], folder: str) -> str:
    return _markdown_table(
        ("Code", "Name", "Language", "Severity", "Default", "What it finds"),
        [
            (
                f"[{rule.code}]({folder}{rule.code}.md)",
                rule.name,
                _LANGUAGES[rule.language],
                rule.severity.label,
                _default(rule),
                documentation_of(rule).summary,
            )
            for rule in rules
        ],
    )


def _options_page() -> str:
    sections = "".join(
        f"\n## {_name(option)}\n\n{option.help}\n\n"
        f"- On the command line: `{option.flag}`\n"
        f"- Value: {_value(option)}\n"
        f"- Default: {f'`{option.default}`' if option.default else 'empty'}\n"
        for option in OPTIONS
    )
    return (
        f"{_NOTICE}# Options\n\n"
        "They stand below `[flake8]` in flake8's configuration (`setup.cfg`, `tox.ini` or `.flake8`), "
        f"or on its command line.\n{sections}"
    )


def _options_named_in(documentation: Documentation) -> list[Option]:
    words = set(re.findall(r"[\w-]+", f"{documentation.why}\n{documentation.known_limits}"))
    return [option for option in OPTIONS if _name(option) in words]


def _option_link(option: Option) -> str:
    return f"[`{_name(option)}`](../options.md#{_name(option)})"


def _name(option: Option) -> str:
    return option.flag.removeprefix("--")


def _value(option: Option) -> str:
    if option.choices:
        return f"one of {', '.join(f'`{choice}`' for choice in option.choices)}"
    if option.is_pattern:
        return "a regular expression"
    if option.is_path:
        return "a path; in a config file it is from the folder of the file"
    return "a list, separated by commas or white space" if option.many else "a single one"


def _default(rule: type[Rule]) -> str:
    return "off" if rule.off_by_default else "on"


def _code(source: str, language: Language) -> str:
    return f"```{language.value}\n{source}\n```"


def _markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
