"""Applications that a TypeScript file builds, and what else it says about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from flake8_prep.money import words_of
from flake8_prep.paths import is_program
from flake8_prep.typescript.source import Source
from flake8_prep.wiring import ADDING, may_be_about

# A file without any of these builds no app.
TRIGGERS: Final = ("fastify", "express", "koa", "hono", "@nestjs/core")

# The frameworks, by the package and the name that makes an app; a package as a whole is called `default`.
_FRAMEWORKS: Final = {
    ("@hono/zod-openapi", "OpenAPIHono"): "Hono",
    ("@nestjs/core", "NestFactory"): "Nest",
    ("express", "default"): "Express",
    ("fastify", "default"): "Fastify",
    ("fastify", "fastify"): "Fastify",
    ("hono", "Hono"): "Hono",
    ("hono/tiny", "Hono"): "Hono",
    ("koa", "default"): "Koa",
}
_PACKAGES: Final = frozenset(package for package, _ in _FRAMEWORKS)
_IMPORT = re.compile(
    r"\bimport\s+(?!type\b)(?P<names>[\w$\s{},*]{1,500}?)\s*\bfrom\s*(?P<q>['\"])(?P<module>[^'\"\n]+)(?P=q)"
    r"|\b(?:const|let|var)\s+(?P<single>[\w$]+|\{[\w$\s,:]{1,500}\})\s*=\s*(?:await\s+import|require)\s*\(\s*['\"](?P<required>[^'\"\n]+)['\"]"
    r"|\bimport\s+(?P<equals>[\w$]+)\s*=\s*require\s*\(\s*['\"](?P<required_so>[^'\"\n]+)['\"]"
)
_IMPORTED = re.compile(r"(?:(?P<original>[\w$*]+)(?:\s+as\s+|\s*:\s*))?(?P<local>[\w$]+)")
_MADE: Final = r"(?<![\w$.])(?P<new>new\s+)?(?P<name>{names})(?P<create>\s*\.\s*create)?\s*(?:<[^()]{{0,200}}>\s*)?\("
_TARGET_BEFORE = re.compile(r"(?<![\w$])(?P<name>(?:this\s*\.\s*#?)?[\w$]+)\s*(?::[^=;{}()\n]*)?=\s*(?:await\s*)?\Z")
_LINK = re.compile(r"\s*+\.\s*+(?P<method>[\w$]++)\s*+(?:<[^()]{0,200}>\s*+)?\(")
# What is added to an app or given to a function: `app.use('/x', NAME(..))`, `setup(app, ..)`, `setup(config, app)`.
_METHOD: Final = r"(?<![\w$.]){app}\s*\.\s*(?:{adding})\s*\("
_GIVEN: Final = r"(?<![\w$])(?P<taker>[\w$.]++)\s*+\(\s*+(?:[\w$.]++\s*+,\s*+){{0,3}}{app}\s*[,)]"
_ADDING_METHODS: Final = ("addHook", "mount", "register", "route", "use", "useGlobalGuards", "useGlobalInterceptors")
_NAME = re.compile(r"[\w$.]+")
_SERVES = re.compile(r"\bserve\s*\(|\.\s*(?:callback|fetch|listen|fire|startAllMicroservices)\b|\bhandle\s*\(")
# Apps that only tests talk to, and what is not the source of a program.
_STANDS_IN = re.compile(r"(?:^|/)[\w.-]*(?:migration|mock|template|test-util)[\w.-]*(?:/|\.[cm]?tsx?\Z)", re.IGNORECASE)
_REACH: Final = 200


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
    imports = _imports(source)
    names = {name: _FRAMEWORKS[imported] for name, imported in imports.items() if imported in _FRAMEWORKS}
    if not names:
        return []
    pattern = re.compile(_MADE.format(names="|".join(map(re.escape, sorted(names, reverse=True)))))
    methods = {function.start for function in source.functions if function.kind == "method"}
    found = []
    for match in pattern.finditer(source.code):
        framework = names[match["name"]]
        if match.start() not in methods and _makes_app(match, framework, source):
            found.append(_app(match, framework, imports, source))
    return found


def is_mentioned(pattern: re.Pattern[str], source: Source) -> bool:
    """Say whether `pattern` is found in the code and texts of a file, or anywhere in its package."""
    return pattern.search(source.strings) is not None or source.settings.project.mentions(pattern, source.path)


def _imports(source: Source) -> dict[str, tuple[str, str]]:
    """Return the packages that names are imported from, with the names that things have there, by the name here."""
    found: dict[str, tuple[str, str]] = {}
    for match in _IMPORT.finditer(source.strings):
        module = match["module"] or match["required"] or match["required_so"]
        names = match["names"] or match["single"] or match["equals"]
        default, _, listed = names.partition("{")
        for part in default.split(","):
            whole = _IMPORTED.fullmatch(part.strip())
            if whole is not None:
                found[whole["local"]] = (module, "default")
        for part in listed.replace("}", ",").split(","):
            name = _IMPORTED.fullmatch(part.strip())
            if name is not None:
                found[name["local"]] = (module, name["original"] or name["local"])
    return found


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
        app = re.escape("".join(target["name"].split()))
        for call in re.finditer(_GIVEN.format(app=app), code):
            if not ADDING.isdisjoint(words_of(call["taker"])):
                given_to.append(call["taker"])
        for call in re.finditer(_METHOD.format(app=app, adding="|".join(_ADDING_METHODS)), code):
            added += _arguments(call.end() - 1, source)
    foreign = (tuple(name for name in names if _is_foreign(name, imports, source)) for names in (given_to, added))
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


def _is_foreign(name: str, imports: Mapping[str, tuple[str, str]], source: Source) -> bool:
    """Say whether what `name` stands for comes from where it cannot be looked for something."""
    root = name.partition(".")[0]
    if root not in imports:
        # Its own functions are read with the rest of the file; a parameter may be anything.
        return not re.search(rf"\b(?:function|const|class)\s+{re.escape(root)}\b", source.code)
    module, _ = imports[root]
    return module not in _PACKAGES and not (module.startswith(".") and Path(source.path).is_file())
