"""Paths of temporary files that are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flake8_prep.places import is_elsewhere
from flake8_prep.rule import Severity
from flake8_prep.typescript.rule import TypeScriptRule
from flake8_prep.typescript.source import Source

_REACH = 80
# No file is made where a path is compared or asked about; `mkdtemp` makes a folder that is new.
_ONLY_ASKED = re.compile(
    r"(?:[!=]==?|\bcase|\b(?:startsWith|endsWith|includes|existsSync|mkdtemp(?:Sync)?)\()\s*\Z"
)
_COMPARED = re.compile(r"\s*[!=]==?")
# As the value of a property, such a folder alone is the home or a mount of a container.
_PROPERTY = re.compile(r"""[{,]\s*+["'`]?[\w$-]*+\s*+["'`]?\s*+:\s*+\Z""")
_KEY_END = re.compile(r"[{,]\s*\Z")
_KEY_BEHIND = re.compile(r"\s*:")
_TEST_LIBRARY = re.compile(r"\bfrom\s+['\"`](?:@jest/globals|@playwright/test|node:test|vitest)['\"`]")
# What asks the system for its folder of temporary files; `/tmp` near it stands in for that.
_SYSTEM_FOLDER = re.compile(r"\btmpdir\s*\(")
_NEAR = 600
# What the comment above says of a path that is one of a container.
_CONTAINED = re.compile(r"\b(?:containers?|docker|lambdas?|mount(?:ed|s)?|sandbox(?:es)?)\b", re.IGNORECASE)
_MOST_LEVELS = 3
_ATTRIBUTE = re.compile(r"\s[\w-]+=\Z")


class HardCodedTempPath(TypeScriptRule):
    """Paths in `/tmp` and `/var/tmp` that are written out.

    Why is this bad:
        Everybody on the machine can write there: whoever makes the file or a link of that name first decides
        where the data goes. Two runs at a time overwrite each other's file. In a container the folder is gone
        with the next restart, or is not there, as on Windows. Make a folder of its own with `mkdtemp`, or
        keep what is to last in a storage that lasts.

    Example:
        await writeFile("/tmp/payouts.csv", rows);

    Use instead:
        const folder = await mkdtemp(join(tmpdir(), "payouts-"));
        await writeFile(join(folder, "payouts.csv"), rows);

    Known limits:
        Only the beginning of a string or template is looked at, so `cd /tmp && make` is left alone. Silent in
        tests, where a path is only compared (`path.startsWith("/tmp/")`), where the folder alone is the value
        of a property (`mountPath: "/tmp"`) or stands in for `os.tmpdir()`, and where the name of the file, of
        the folder that it is in, of the function or of the variable, or the comment above, says that it is in
        a container, a sandbox or on another machine. Ignore the rule where it is, and nothing says so.
    """

    code = "PREP275"
    name = "hard-coded-temp-path"
    severity = Severity.MEDIUM
    finding = "2.5"
    message = "{path} is a fixed path in a folder that every user and every run shares"
    triggers = ("/tmp",)  # noqa: PREP215
    pattern = re.compile(r"""(["'`])(?P<path>/(?:var/)?tmp(?:/[^"'`\n$]*+)?)(?=\1|\$\{)""")
    view = "strings"

    def accept(self, match: re.Match[str], source: Source) -> Mapping[str, object] | None:
        # A quotation mark inside of another string opens nothing.
        if source.is_test_file or source.code[match.start()] != match[1]:
            return None
        if match["path"] == "/tmp" and source.text[match.end()] == "$":
            return None
        before = source.code[max(0, match.start() - _REACH) : match.start()]
        after = source.code[match.end() + 1 : match.end() + _REACH]
        is_folder = match["path"] in ("/tmp", "/var/tmp")
        if is_folder and (_PROPERTY.search(before) or _stands_in(match, source)):
            return None
        if _ONLY_ASKED.search(before) or _COMPARED.match(after):
            return None
        if _KEY_END.search(before) and _KEY_BEHIND.match(source.code, match.end() + 1):
            return None
        if source.once(_runs_tests) or is_elsewhere(source.path, _names_around(match.start(), source)):
            return None
        if _is_explained(match.start(), source):
            return None
        if source.path.endswith(".tsx") and _ATTRIBUTE.search(before):
            return None
        return {"path": match["path"]}


def _stands_in(match: re.Match[str], source: Source) -> bool:
    """Tell whether the folder is taken where the system names none, or one that cannot be used."""
    function = source.enclosing_function(match.start())
    if function is not None:
        start, end = function.body_start, function.body_end
    else:
        start = max(source.code.rfind(character, 0, match.start()) for character in ";}") + 1
        end = source.expression_end(match.start())
    start, end = max(start, match.start() - _NEAR), min(end, match.end() + _NEAR)
    return _SYSTEM_FOLDER.search(source.code, start, end) is not None


def _is_explained(offset: int, source: Source) -> bool:
    """Tell whether a comment above, with no empty line between, says that the path is in a container."""
    start = source.text.rfind("\n\n", max(0, offset - _NEAR), offset)
    return start >= 0 and _CONTAINED.search(source.comments, start, offset) is not None


def _names_around(offset: int, source: Source) -> Iterator[str]:
    """Yield the code in front of the place in its line, and in front of the brackets around it."""
    at: int | None = offset
    for _ in range(_MOST_LEVELS):
        if at is None:
            break
        yield source.strings[max(0, at - _REACH) : at].rpartition("\n")[2]
        at = source.enclosing_bracket(at)
    function = source.enclosing_function(offset)
    if function is not None and function.name is not None:
        yield function.name


def _runs_tests(source: Source) -> bool:
    return _TEST_LIBRARY.search(source.text) is not None
