"""What every rule declares, in either language."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import ClassVar

from flake8_prep.printable import printable

_CODE = re.compile(r"[A-Z]+[0-9]+")
_NAME = re.compile(r"(?!(?:no|avoid|prefer|use)-)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FINDING = re.compile(r"[0-9]+\.[0-9]+(?:, [0-9]+\.[0-9]+)*")


class Severity(enum.IntEnum):
    """How much harm the pattern does; greater is worse."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The name as users write and read it, as in ``high``."""
        return self.name.lower()


class Language(enum.Enum):
    """A language that is checked."""

    PYTHON = "python"
    TYPESCRIPT = "typescript"


class Rule:
    """A pattern that is reported, with all that is to be said about it.

    The docstring of a rule is its documentation: see :mod:`flake8_prep.documentation`.

    Attributes:
        code: what flake8 prints and selects by, as in ``PREP101``.
        name: the pattern in kebab-case; it reads well after "allow".
        severity: how much harm the pattern does.
        finding: the findings of the bug-hunt report that the rule comes from, as in ``1.5, 3.2``.
        message: one line without a final dot; ``{fields}`` are filled in for each place.
        off_by_default: whether the rule runs only where a user names it.
        language: set by the base class of each language.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    finding: ClassVar[str]
    message: ClassVar[str]
    off_by_default: ClassVar[bool] = False
    language: ClassVar[Language]

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """Refuse a bad declaration when the class is made.

        Raises:
            TypeError: an attribute is missing or does not have the form it needs.
        """
        super().__init_subclass__()
        if not abstract:
            _check_declaration(cls)

    def text(self, fields: Mapping[str, object]) -> str:
        """Return the message with `fields` filled in, as one line that any terminal can be sent."""
        return printable(self.message.format_map(fields))


def _check_declaration(rule: type[Rule]) -> None:
    for attribute, pattern in (("code", _CODE), ("name", _NAME), ("finding", _FINDING)):
        value = getattr(rule, attribute, None)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise TypeError(
                f"{rule.__qualname__}.{attribute} is {value!r}; it must match {pattern.pattern!r}"
            )
    expected = "".join(word.capitalize() for word in rule.name.split("-"))
    if rule.__name__ != expected:
        raise TypeError(
            f"{rule.__qualname__} declares the name {rule.name!r}; its class must be called {expected}"
        )
    if not isinstance(getattr(rule, "severity", None), Severity):
        raise TypeError(f"{rule.__qualname__}.severity must be a member of Severity")
    message = getattr(rule, "message", None)
    if not isinstance(message, str) or not message or "\n" in message or message.endswith("."):
        raise TypeError(
            f"{rule.__qualname__}.message is {message!r}; it must be one line without a final dot"
        )
