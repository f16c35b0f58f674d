"""Writes the source and the fixture of a new rule; its tests fail until the author has filled them in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from flake8_prep import catalog
from flake8_prep.rule import Language, Rule, Severity
from flake8_prep.scheme import codes_for, section_of

ROOT = Path(__file__).resolve().parent.parent

_SOURCE = '''\
"""{code} {name}."""

from __future__ import annotations

{imports}


class {class_name}({base}):
    """Say in one line what the rule finds.

    Why is this bad:
        Say what goes wrong in practice, and who notices it.

    Example:
        reported("value"){end}

    Use instead:
        accepted("value"){end}

    Known limits:
        Say what the rule does not see, and when it is right to ignore it.
    """

    code = "{code}"
    name = "{name}"
    severity = Severity.{severity}
    finding = "{finding}"
    message = "name the thing that is wrong here"
{body}
'''

_PYTHON_IMPORTS = """\
import ast
from collections.abc import Iterable

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity"""

_PYTHON_BODY = """\
    callees = frozenset({"reported"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterable[Finding]:
        return ()"""

_TYPESCRIPT_IMPORTS = """\
import re

from flake8_prep.rule import Severity
from flake8_prep.typescript.rule import TypeScriptRule"""

_TYPESCRIPT_BODY = """\
    triggers = ("reported(",)
    pattern = re.compile(r"(?!)")"""

_PYTHON_FIXTURE = """\
# What must be reported: the pattern in every shape that it takes in real code.
reported("value")  # {code}: 0

# What must not: the nearest code that is right.
reported(value=1)
"""

_TYPESCRIPT_FIXTURE = """\
// What must be reported: the pattern in every shape that it takes in real code.
reported("value"); // {code}: 0

// What must not: the nearest code that is right.
reported({{ value: 1 }});
"""


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the files below `root`, and print their paths.

    Returns:
        the exit status, 0.

    Raises:
        SystemExit: the arguments make no rule; argparse has said why.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=[language.value for language in Language])
    parser.add_argument("finding", help="of the bug-hunt report, as in 1.7; or several, as in '1.5, 3.2'")
    parser.add_argument("name", help="the pattern, as in env-fallback; it reads well after 'allow'")
    parser.add_argument("severity", choices=[severity.label for severity in Severity])
    arguments = parser.parse_args(argv)
    language = Language(arguments.language)
    severity = Severity[arguments.severity.upper()]
    try:
        code = _free_code(language, arguments.finding)
        class_name = _class_name(code, arguments.name, severity, arguments.finding, language)
    except (TypeError, ValueError) as error:
        parser.error(str(error))

    python = language is Language.PYTHON
    fields = {
        "code": code,
        "name": arguments.name,
        "class_name": class_name,
        "severity": severity.name,
        "finding": arguments.finding,
        "imports": _PYTHON_IMPORTS if python else _TYPESCRIPT_IMPORTS,
        "base": "PythonRule" if python else "TypeScriptRule",
        "body": _PYTHON_BODY if python else _TYPESCRIPT_BODY,
        "end": "" if python else ";",
    }
    section = section_of(arguments.finding).package
    package = root / "flake8_prep" / language.value / "rules" / section
    fixture = root / "tests" / "fixtures" / language.value / f"{code}.{'py' if python else 'ts'}"
    texts = {
        package / f"{arguments.name.replace('-', '_')}.py": _SOURCE.format_map(fields),
        fixture: (_PYTHON_FIXTURE if python else _TYPESCRIPT_FIXTURE).format_map(fields),
    }
    if not (package / "__init__.py").exists():
        texts[package / "__init__.py"] = f'"""Rules of the section `{section}` of the report."""\n'
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(root).as_posix())
    return 0


def _free_code(language: Language, finding: str) -> str:
    taken = {rule.code for rule in catalog.all_rules()}
    for code in codes_for(language, finding):
        if code not in taken:
            return code
    raise ValueError(f"all codes for {language.value} and the finding {finding} are taken")


def _class_name(code: str, name: str, severity: Severity, finding: str, language: Language) -> str:
    """Return the name of the rule's class; making that class refuses a bad declaration."""
    if any(rule.name == name and rule.language is language for rule in catalog.all_rules()):
        raise ValueError(f"there is a rule {name} for {language.value}")
    class_name = "".join(word.capitalize() for word in name.split("-"))
    declaration = {"code": code, "name": name, "severity": severity, "finding": finding, "message": "unset"}
    type(class_name, (Rule,), declaration)
    return class_name


if __name__ == "__main__":
    sys.exit(main())
