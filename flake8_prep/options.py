"""Every option that the plugin adds to flake8, once."""

from __future__ import annotations

import argparse
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from flake8_prep.rule import Severity

if TYPE_CHECKING:
    from flake8_prep.project import Project
    from flake8_prep.suite import Suite

# The key of an issue as in PREP-123, the number of one as in #123, or a link. UTF-8 and SHA-256 have the form
# of a key.
DEFAULT_TICKET_PATTERN: Final = (
    r"\b(?!(?:AES|CP|EC|ES|HTTP|IEEE|ISO|MD|PEP|RFC|RSA|SHA|TLS|UTF|WCAG|X)-)[A-Z][A-Z0-9]+-[0-9]+"
    r"|#[0-9]+|https?://\S"
)
DEFAULT_TEST_PATHS: Final = (
    "tests,test,__tests__,e2e,test_*,*_test.py,*.test.ts,*.test.tsx,*.spec.ts,*.spec.tsx,*.e2e*.ts"
)


class Option(NamedTuple):
    """An option of flake8 that the plugin adds.

    Attributes:
        flag: as on the command line, ``--prep-enable``; config files have it without the dashes.
        default: the value where nobody sets one, written as in a config file.
        help: what ``flake8 --help`` says.
        many: whether the value is a list, separated by commas or white space.
        choices: the values that are allowed; empty where any is.
        is_pattern: whether the value is a regular expression.
        is_path: whether the value is a path; in config files it is from the folder of the file.
    """

    flag: str
    default: str
    help: str
    many: bool = True
    choices: tuple[str, ...] = ()
    is_pattern: bool = False
    is_path: bool = False

    @property
    def attribute(self) -> str:
        """The name that argparse gives the value."""
        return self.flag.removeprefix("--").replace("-", "_")

    def problem(self, value: str) -> str | None:
        """Return what is wrong with `value`, as the end of a sentence that begins with it, or None."""
        if self.choices and value not in self.choices:
            return f"it can be {', '.join(self.choices)}"
        # To compile the default would take as long as much of the rest.
        if self.is_pattern and value != self.default:
            try:
                re.compile(value)
            except re.error as error:
                return f"it is not a regular expression: {error}"
        return None


OPTIONS = (
    Option(
        "--prep-enable", "", "Codes, or beginnings of codes, of rules that are off by default and shall run."
    ),
    Option(
        "--prep-ignore",
        "",
        "Codes, or beginnings of codes, to ignore in addition to flake8's own ignore options.",
    ),
    Option(
        "--prep-min-severity",
        Severity.LOW.label,
        "Run only the rules of this severity or a worse one.",
        many=False,
        choices=tuple(severity.label for severity in Severity),
    ),
    Option(
        "--prep-baseline",
        "",
        "The file of findings to hide, of all plugins, that --format=prep-baseline has written.",
        many=False,
        is_path=True,
    ),
    Option(
        "--prep-typescript",
        "*.ts,*.tsx,*.mts,*.cts",
        "Patterns of the names of TypeScript files to check; an empty value turns TypeScript off.",
    ),
    Option(
        "--prep-error-reporters",
        "",
        "Names of functions that report an exception, so that a handler which calls one has handled it.",
    ),
    Option(
        "--prep-blocking-calls",
        "",
        "Qualified names of functions that block, and so must not be called from async functions.",
    ),
    Option(
        "--prep-secret-names",
        "",
        "Words that make the name of a variable that of a secret, in addition to the built-in ones.",
    ),
    Option(
        "--prep-ticket-pattern",
        DEFAULT_TICKET_PATTERN,
        "A regular expression that finds the ticket in a comment of something left to do.",
        many=False,
        is_pattern=True,
    ),
    Option(
        "--prep-test-paths",
        DEFAULT_TEST_PATHS,
        "Patterns of the names or paths of files and folders of tests, below the working directory.",
    ),
)


class _Values(NamedTuple):
    error_reporters: tuple[str, ...] = ()
    blocking_calls: tuple[str, ...] = ()
    secret_names: tuple[str, ...] = ()
    ticket_pattern: str = DEFAULT_TICKET_PATTERN
    test_paths: tuple[str, ...] = tuple(DEFAULT_TEST_PATHS.split(","))
    builtins: tuple[str, ...] = ()


class Settings(_Values):
    """What users can set about the rules themselves.

    It is no dataclass, whose module alone takes longer to import than all options.

    Attributes:
        error_reporters: names of functions, dotted or not, that report an exception.
        blocking_calls: qualified names of functions that block.
        secret_names: words that make a variable's name that of a secret.
        ticket_pattern: the regular expression that finds a ticket.
        test_paths: patterns of the names, or of the paths from the working directory, of files and
            folders of tests.
        builtins: names that are defined everywhere, in addition to those of Python.
    """

    @cached_property
    def suite(self) -> Suite:
        """The tests, as they are when first asked for: each run of flake8 has settings of its own."""
        from flake8_prep.suite import Suite

        return Suite(self.test_paths)

    @cached_property
    def project(self) -> Project:
        """The sources beside those that are checked, as they are when first asked for."""
        from flake8_prep.project import Project

        return Project()


def settings_from(options: argparse.Namespace) -> Settings:
    """Return the settings of the rules in flake8's parsed `options`."""
    return Settings(
        error_reporters=tuple(options.prep_error_reporters),
        blocking_calls=tuple(options.prep_blocking_calls),
        secret_names=tuple(options.prep_secret_names),
        ticket_pattern=options.prep_ticket_pattern,
        test_paths=tuple(options.prep_test_paths),
        # An option of the pyflakes plugin, which may be absent; without a value it is None.
        builtins=tuple(getattr(options, "builtins", None) or ()),
    )
