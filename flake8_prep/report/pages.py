"""Where the documentation of our rules is on the web."""

from __future__ import annotations

import functools
from importlib import metadata

from flake8_prep.report.facts import Facts


def page_of(facts: Facts) -> str | None:
    """Return the address of the page about a rule; None, if the package's metadata name no documentation."""
    address = site()
    return f"{address}/rules/{facts.code}.html" if address and facts.code.startswith("PREP") else None


@functools.cache
def site() -> str | None:
    """Return the address of the documentation; None, if the package's metadata name none."""
    for entry in metadata.metadata("flake8-prep").get_all("Project-URL", []):
        label, _, address = entry.partition(", ")
        if label == "Documentation":
            return str(address).rstrip("/")
    return None
