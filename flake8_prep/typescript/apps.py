"""Applications that a TypeScript file builds, and what else it says about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.paths import is_program
from flake8_prep.patterns import lazy_pattern
from flake8_prep.typescript.imports import imported
from flake8_prep.typescript.source import Source
from flake8_prep.wiring import ADDING, may_be_about

# A file without any of these builds no app.
TRIGGERS: Final = ("fastify", "express", "koa", "hono", "@nestjs/core")

# The frameworks, by the package and the name that makes an app; `*` is the package as a whole.
_FRAMEWORKS: Final = {
    ("@hono/zod-openapi", "OpenAPIHono"): "Hono",
    ("@nestjs/core", "NestFactory"): "Nest",
    ("express", "*"): "Express",
    ("fastify", "*"): "Fastify",
    ("fastify", "fastify"): "Fastify",
    ("hono", "Hono"): "Hono",
    ("hono/tiny", "Hono"): "Hono",
    ("koa", "*"): "Koa",
}
_PACKAGES: Final = frozenset(package for package, _ in _FRAMEWORKS)
_MADE: Final = (
    r"(?<![\w$.])(?P<new>new\s+)?(?P<name>{names})(?P<create>\s*\.\s*create)?\s*(?:<[^()]{{0,200}}>\s*)?\("
)
_TARGET_BEFORE = lazy_pattern(
    r"(?<![\w$#])(?P<name>#?[\w$]+)\s*(?::[^=;{}()\n]*)?=\s*(?:await\s*)?\Z"
)
_LINK = lazy_pattern(r"\s*+\.\s*+(?P<method>[\w$]++)\s*+(?:<[^()]{0,200}>\s*+)?\(")
# What is added to an app or given to a function: `app.use('/x', NAME(..))`, `setup(app, ..)`,
# `setup(config, app)`.
_METHOD: Final = r"(?<![\w$.]){app}\s*\.\s*(?:{adding})\s*\("
_GIVEN: Final = r"(?<![\w$.])(?P<taker>[\w$.]++)\s*+\(\s*+(?:[\w$.]++\s*+,\s*+){{0,3}}{app}\s*[,)]"
_ADDING_METHODS: Final = (
    "addHook",
    "mount",
    "register",
    "route",
    "use",
    "useGlobalGuards",
    "useGlobalInterceptors",
)
_NAME = lazy_pattern(r"[\w$.]+")
_SERVES = lazy_pattern(
    r"\bserve\s*\(|\.\s*(?:callback|fetch|listen|fire|startAllMicroservices)\b|\bhandle\s*\("
)
# Apps that only tests talk to, and what is not the source of a program.
_STANDS_IN = lazy_pattern(
    r"(?:^|/)[\w.-]*(?:migration|mock|template|test-util)[\w.-]*(?:/|\.[cm]?tsx?\Z)", re.IGNORECASE
)
_DECLARED = lazy_pattern(r"\b(?:function|const|class)\s++([\w$]++)")
_REACH: Final = 200
# How many apps of one file are looked at: no person writes more, and each is looked for in the whole file.
_MOST: Final = 64


class App(NamedTuple):
    """An application. What comes from files that can be read is left aside here.

    Attributes:
        start: offset of the call that makes it.
        framework: the name of the framework.
        given_to: the names, dotted or not, of functions that it is given to so that they add something to it.
        added: the names of the plugins, middleware and routers that it gets.
    """

    start: int
    framework: str
    given_to: tuple[str, ...]
    added: tuple[str, ...]

    def may_have(self, words: frozenset[str]) -> bool:
        """Say whether other modules may add something to it that has to do with one of `words`."""
        return may_be_about(words, (*self.given_to, *self.added))


def apps(source: Source) -> list[App]:
    """Return the applications that a file builds, in its order; ask through ``source.once``."""
    if source.is_test_file or is_program(source.path) or _STANDS_IN.search(source.path):
        return []
    imports = imported(source)
    names = {name: _FRAMEWORKS[origin] for name, origin in imports.items() if origin in _FRAMEWORKS}
    if not names:
        return []
    pattern = re.compile(_MADE.format(names="|".join(map(re.escape, sorted(names, reverse=True)))))
    methods = {function.start for function in source.functions if function.kind == "method"}
    found = []
    for match in islice(pattern.finditer(source.code), _MOST):
        framework = names[match["name"]]
        if match.start() not in methods and _makes_app(match, framework, source):
            found.append(_app(match, framework, imports, source))
    return found


def is_mentioned(pattern: re.Pattern[str], source: Source) -> bool:
    """Say whether `pattern` is found in the code and texts of a file, or anywhere in its package."""
    return pattern.search(source.strings) is not None or source.settings.project.mentions(
        pattern, source.path
    )


def _makes_app(match: re.Match[str], framework: str, source: Source) -> bool:
    if (match["create"] is not None) != (framework == "Nest"):
        return False
    if (match["new"] is not None) != (framework in {"Hono", "Koa"}):
        return False
    # Parts of other apps are made in the same way, and Nest's also without serving anything.
    return framework in {"Express", "Fastify"} or _SERVES.search(source.code) is not None


def _app(match: re.Match[str], framework: str, imports: Mapping[str, tuple[str, str]], source: Source) -> App:
    code = source.code
    given_to: list[str] = []
    added = [*_chained(match.end() - 1, source)]
    target = _TARGET_BEFORE.search(code, max(0, match.start() - _REACH), match.start())
    if target is not None:
        app = rf"(?:this\s*\.\s*)?{re.escape(target['name'])}"
        for call in re.finditer(_GIVEN.format(app=app), code):
            if not ADDING.isdisjoint(words_of(call["taker"])):
                given_to.append(call["taker"])
        for call in re.finditer(_METHOD.format(app=app, adding="|".join(_ADDING_METHODS)), code):
            added += _arguments(call.end() - 1, source)
    foreign = (tuple(sorted(_foreign({*names}, imports, source))) for names in (given_to, added))
    return App(match.start(), framework, *foreign)


def _chained(parenthesis: int, source: Source) -> Iterator[str]:
    """Yield what is added in the statement that makes the app: ``new Hono().route("/", rooms)``."""
    close = source.closing(parenthesis)
    while close is not None and (link := _LINK.match(source.code, close + 1)):
        if link["method"] in _ADDING_METHODS:
            yield from _arguments(link.end() - 1, source)
        close = source.closing(link.end() - 1)


def _arguments(parenthesis: int, source: Source) -> Iterator[str]:
    """Yield the names that the arguments of a call are, or that are called in them."""
    for start, end in source.arguments(parenthesis):
        name = _NAME.match(source.code, start, end)
        if name is not None and name[0] not in {"async", "function", "new", "await"}:
            yield name[0]


def _foreign(names: set[str], imports: Mapping[str, tuple[str, str]], source: Source) -> Iterator[str]:
    """Yield those of `names` that stand for what comes from where it cannot be looked for something."""
    can_be_read = Path(source.path).is_file()
    for name in names:
        root = name.partition(".")[0]
        module, _ = imports.get(root, ("", ""))
        if module:
            if module not in _PACKAGES and not (module.startswith(".") and can_be_read):
                yield name
        elif root not in source.once(_declared):
            # Its own functions are read with the rest of the file; a parameter may be anything.
            yield name


def _declared(source: Source) -> frozenset[str]:
    return frozenset(_DECLARED.findall(source.code))
