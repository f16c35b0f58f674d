"""Paths of temporary files that are written out."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
_PROPERTY = re.compile(r"""[{,]\s*["'`]?[\w$-]*\s*["'`]?\s*:\s*\Z""")
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
        tests, where a path is only compared (`path.startsWith("/tmp/")`), and where the folder alone is the
        value of a property (`mountPath: "/tmp"`). Ignore the rule where the path is one on another machine.
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
        if match["path"] in ("/tmp", "/var/tmp") and _PROPERTY.search(before):
            return None
        if _ONLY_ASKED.search(before) or _COMPARED.match(after):
            return None
        if source.path.endswith(".tsx") and _ATTRIBUTE.search(before):
            return None
        return {"path": match["path"]}
