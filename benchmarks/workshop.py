"""What is measured, and what it is measured against: installed from PyPI and npm into one folder."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parent.parent
_DJANGO: Final = "django==5.2.19"
_RUFF: Final = "ruff==0.17.6"
# Packages whose sources are in them, with the folders that hold these.
_SOURCES: Final = {
    "effect": ("4.1.0", "src"),
    "zod": ("4.6.7", "src"),
    "rxjs": ("7.8.2", "src"),
    "ethers": ("6.17.0", "src.ts"),
    "@antv/g2": ("5.4.8", "src"),
    "@antv/g6": ("5.1.1", "src"),
    "@antv/x6": ("3.1.8", "src"),
}
_LINTERS: Final = {
    "@biomejs/biome": "2.6.8",
    "eslint": "10.15.0",
    "oxlint": "1.94.0",
    "typescript": "5.9.3",
    "typescript-eslint": "8.73.0",
}
_BUNDLE: Final = 1_000_000  # in bytes
# The rules that these linters have of what our rules find, as far as they need no types.
RUFF_RULES: Final = "ASYNC,BLE001,E722,F811,F821,PLR2004,S110,S113,S608,T201,TD003"
OXLINT_RULES: Final = (
    "eqeqeq",
    "no-console",
    "no-empty",
    "no-warning-comments",
    "typescript/no-explicit-any",
)
_ESLINT_CONFIG: Final = """\
import typescript from "typescript-eslint";

export default [
  {
    files: ["**/*.ts"],
    languageOptions: { parser: typescript.parser },
    linterOptions: { reportUnusedDisableDirectives: "off" },
    plugins: { "@typescript-eslint": typescript.plugin },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      eqeqeq: "error",
      "no-console": "error",
      "no-empty": "error",
      "no-warning-comments": "error",
    },
  },
];
"""
_BIOME_CONFIG: Final = {
    "linter": {
        "rules": {
            "recommended": False,
            "suspicious": {
                "noConsole": "error",
                "noDoubleEquals": "error",
                "noEmptyBlockStatements": "error",
                "noExplicitAny": "error",
            },
        }
    },
    "formatter": {"enabled": False},
    "assist": {"enabled": False},
    "files": {"maxSize": 10_000_000},
}
SMALL_FILE: Final = '''\
"""Counts what is in stock."""

import logging
import os

logger = logging.getLogger(__name__)


class Stock:
    """The articles of one warehouse."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.counts: dict[str, int] = {}

    def load(self) -> None:
        """Read the counts from the file."""
        try:
            with open(self.path, encoding="utf-8") as file:
                for line in file:
                    article, _, count = line.partition("=")
                    self.counts[article] = int(count)
        except OSError:
            logger.exception("cannot read %s", self.path)
            raise


def main() -> None:
    """Say how much there is."""
    stock = Stock(os.environ["STOCK"])
    stock.load()
    for article, count in stock.counts.items():
        logger.info("%s: %d", article, count)
'''


class Workshop:
    """A folder with all that the benchmark needs.

    Attributes:
        corpus: the folder with `python`, Django's wheel, and `typescript`, the sources of packages of npm.
        small: a small Python file.
    """

    def __init__(self, folder: Path) -> None:
        """Install what is not there yet; the plugin itself is installed anew."""
        self.folder = folder.resolve()
        self.corpus = self.folder / "corpus"
        self.small = self.folder / "small.py"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.small.write_text(SMALL_FILE, encoding="utf-8")
        flake8 = f"flake8=={importlib.metadata.version('flake8')}"
        self._environment("without", flake8)
        self._environment("with", flake8)
        self._environment("ruff", _RUFF)
        install = (self.program("with", "python"), "-m", "pip", "install", "--no-deps", "--force-reinstall")
        # tox says where it has put the wheel that it has built.
        _run(*install, os.environ.get("TOX_PACKAGE", _PROJECT))
        self._node()
        self._corpus()

    def program(self, environment: str, name: str) -> str:
        """Return the path of a program in an environment: `without`, `with` (the plugin) or `ruff`."""
        scripts = "Scripts" if sys.platform == "win32" else "bin"
        return str(self.folder / environment / scripts / name)

    def flake8(self, environment: str, *arguments: str) -> list[str]:
        """Return the command that runs flake8 of an environment, on one core and without configuration."""
        return [self.program(environment, "python"), "-m", "flake8", "--isolated", "-j1", *arguments]

    def node(self, package: str, path: str, *arguments: str) -> list[str]:
        """Return the command that runs a program of an npm package."""
        return ["node", str(self.folder / "node" / "node_modules" / package / path), *arguments]

    def config(self, name: str) -> str:
        """Return the path of a file in the folder in which the npm packages are installed."""
        return str(self.folder / "node" / name)

    def _environment(self, name: str, requirement: str) -> None:
        folder = self.folder / name
        if not folder.exists():
            venv.create(folder, with_pip=True)
            _run(self.program(name, "python"), "-m", "pip", "install", requirement)

    def _node(self) -> None:
        folder = self.folder / "node"
        if not folder.exists():
            folder.mkdir()
            packages = [f"{name}@{version}" for name, (version, _) in _SOURCES.items()]
            packages += [f"{name}@{version}" for name, version in _LINTERS.items()]
            (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
            (folder / "eslint.config.mjs").write_text(_ESLINT_CONFIG, encoding="utf-8")
            (folder / "biome.json").write_text(json.dumps(_BIOME_CONFIG), encoding="utf-8")
            flags = ("--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund")
            _run("npm", "install", *flags, *packages, folder=folder)

    def _corpus(self) -> None:
        if self.corpus.exists():
            return
        # Git ignores the folder of tox, and so would linters: what they are given is another repository.
        (self.corpus / ".git").mkdir(parents=True)
        wheels = self.folder / "wheels"
        download = (self.program("with", "python"), "-m", "pip", "download", "--no-deps")
        _run(*download, "--only-binary", ":all:", "--dest", wheels, _DJANGO)
        for wheel in wheels.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(self.corpus / "python")
        for name, (_, sources) in _SOURCES.items():
            folder = self.folder / "node" / "node_modules" / name / sources
            for path in folder.rglob("*.ts"):
                # Declarations are generated, and so is what is as large as this: programs that were bundled.
                below = path.relative_to(folder)
                if not path.name.endswith(".d.ts") and path.stat().st_size < _BUNDLE:
                    target = self.corpus / "typescript" / name.lstrip("@") / below
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)


def versions() -> str:
    """Return the names and versions of what is measured against."""
    pinned = {name: version for name, (version, _) in _SOURCES.items()} | _LINTERS
    installed = ("flake8", "flake8-bugbear", "pyflakes")
    return ", ".join(
        [
            *(f"{name} {importlib.metadata.version(name)}" for name in installed),
            *(requirement.replace("==", " ") for requirement in (_DJANGO, _RUFF)),
            *(f"{name} {version}" for name, version in pinned.items()),
        ]
    )


def _run(*command: str | Path, folder: Path | None = None) -> None:
    subprocess.run([str(each) for each in command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
