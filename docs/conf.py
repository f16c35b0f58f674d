"""Settings of Sphinx: ``tox -e docs`` builds the site."""

from __future__ import annotations

from typing import Any

import flake8_prep

project = "flake8-prep"
author = "flake8-prep maintainers"
version = release = flake8_prep.__version__

extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "house-rules-example"]

html_theme = "furo"
html_title = f"flake8-prep {release}"
html_show_copyright = False
html_static_path = ["_static"]

# Also what the theme does not check by itself: a link in a page that leads nowhere.
nitpicky = True


def setup(app: Any) -> None:
    """Have each page changed as it is read."""
    app.connect("source-read", _list_rules)


def _list_rules(app: Any, document: str, source: list[str]) -> None:
    """Put the pages of the rules into the navigation, which readers of the file itself need not see."""
    if document == "rules/index":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n\nPREP*\n```\n"
