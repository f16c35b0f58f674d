"""The base class of the rules for TypeScript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from flake8_prep.finding import Finding
from flake8_prep.patterns import is_pattern
from flake8_prep.rule import Language, Rule

if TYPE_CHECKING:
    from flake8_prep.typescript.source import Source

View = Literal["code", "comments", "strings"]


class TypeScriptRule(Rule, abstract=True):
    """A rule that looks for a pattern in one view of a TypeScript file.

    Attributes:
        triggers: plain substrings; a file that has none of them is not searched. They are looked for in the
            path and in what is in no comment, or, by rules whose view are the comments, in these only.
        needs: plain substrings; nor is a file that lacks one of these. The less common ones come first.
        pattern: what is looked for. The place that is reported is the start of the group `at`, or of the
            match where the pattern has no such group; the named groups are the fields of the message.
        view: the view of the file that the pattern runs on; see
            :class:`flake8_prep.typescript.source.Source`.
    """

    language = Language.TYPESCRIPT
    triggers: ClassVar[tuple[str, ...]]
    needs: ClassVar[tuple[str, ...]] = ()
    pattern: ClassVar[re.Pattern[str]]
    view: ClassVar[View] = "code"

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """Refuse a rule without triggers or a pattern.

        Raises:
            TypeError: an attribute is missing or does not have the form it needs.
        """
        super().__init_subclass__(abstract=abstract)
        is_complete = getattr(cls, "triggers", ()) and is_pattern(getattr(cls, "pattern", None))
        if not abstract and not is_complete:
            raise TypeError(f"{cls.__qualname__} needs triggers and a compiled pattern")

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the findings in `source`, in any order.

        A rule that cannot be put as one pattern and a second look at its matches has its own.
        """
        place = "at" if "at" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(getattr(source, self.view)):
            fields = self.accept(match, source)
            if fields is not None:
                yield self.at(match.start(place), source, **fields)

    def at(self, offset: int, source: Source, **fields: object) -> Finding:
        """Return the finding of this rule at `offset`, with the `fields` of the message filled in."""
        return Finding(*source.line_column(offset), self.code, self.text(fields))

    def accept(self, match: re.Match[str], source: Source) -> Mapping[str, object] | None:
        """Take the second look at a match.

        Returns:
            the fields of the message, or None where the match is not what the rule is about.
        """
        return match.groupdict()
