"""What a component of a page takes from its hooks."""

from __future__ import annotations

from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.variables import taken_from, variable_at

_HOOK = lazy_pattern(r"use[A-Z]\w*\s*\(")


def is_of_hook(name: str, offset: int, source: Source) -> bool:
    """Tell whether `name` is at `offset` what a hook gave, as in ``const { confirm } = useDialog()``."""
    variable = variable_at(name, offset, source)
    taken = taken_from(name, offset, source)
    given = variable.values if variable else [] if taken is None else [taken]
    return any(_HOOK.match(source.code, each) for each in given)
