"""Explanations in a terminal that shows styles; this needs rich, which the extra ``report`` installs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

if TYPE_CHECKING:
    from rich.console import RenderableType

    from flake8_prep.commands.explain import Explanation, Section

# Longer lines of prose are hard to read, however wide the terminal is.
_WIDEST: Final = 100
# The names of colours that each terminal has set to something legible on its ground.
_COLOURS: Final = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
_INDENTED: Final = (0, 0, 0, 4)


def show(explanations: Iterable[Explanation]) -> None:
    """Print `explanations` to stdout, with a line between two of them."""
    console = Console(highlight=False, theme=Theme({"markdown.code": "bold"}))
    console.width = min(console.width, _WIDEST)
    for number, explanation in enumerate(explanations):
        if number:
            console.print(Line())
        console.print(_styled(explanation))


def _styled(explanation: Explanation) -> RenderableType:
    facts = Table.grid(padding=(0, 2))
    for key, value in explanation.facts.items():
        facts.add_row(Text(key, "dim"), Text(value, _COLOURS.get(value, "")))
    parts: list[RenderableType] = [Text(explanation.title, "bold"), "", Markdown(explanation.summary)]
    if explanation.facts:
        parts += ["", facts]
    for section in explanation.sections:
        if section.title:
            parts += ["", Text(section.title, "bold")]
        parts += ["", Padding(_body_of(section), _INDENTED)]
    return Group(*parts)


def _body_of(section: Section) -> RenderableType:
    if section.language == "markdown":
        return Markdown(section.text)
    return Syntax(
        section.text, section.language, theme="ansi_dark", background_color="default", word_wrap=True
    )
