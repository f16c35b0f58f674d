"""What reads the environment, where the fixtures of its rules do not reach."""

from __future__ import annotations

import ast

import pytest

from flake8_prep.options import Settings
from flake8_prep.python import environment
from flake8_prep.python.context import PythonFile
from flake8_prep.python.engine import Engine
from flake8_prep.python.fallbacks import fallbacks
from flake8_prep.python.rules.configuration.unvalidated_env_number import UnvalidatedEnvNumber
from flake8_prep.python.rules.security.env_default import EnvDefault
from flake8_prep.python.rules.security.env_fallback import EnvFallback


def parsed(source: str, path: str = "settings.py", settings: Settings | None = None) -> PythonFile:
    """Return the file that has this source."""
    return PythonFile(ast.parse(source), source.splitlines(keepends=True), path, settings)


def test_file_without_imports_has_no_fallbacks() -> None:
    assert not list(fallbacks(parsed('os.getenv("KEY", "")')))


def test_other_calls_are_no_lookups_without_a_reader() -> None:
    file = parsed('import os\nvalue = open("KEY")\n')
    assert environment.lookup(file.nodes(ast.Call)[0], file) is None


@pytest.mark.parametrize(
    "expression", ['os.getenv("KEY")', 'os.environ["KEY"]', 'env("KEY")', 'env.int("KEY")', "os.getenv(KEY)"]
)
def test_lookup(expression: str) -> None:
    file = parsed(f"import os\nfrom environs import env\nvalue = {expression}\n")
    found = environment.lookup(file.nodes(ast.Assign)[0].value, file)
    assert found is not None
    assert found.variable == "KEY"
    assert found.converts == expression.startswith("env")


@pytest.mark.parametrize(
    "expression", ['env.read_env("KEY")', 'os.environ["KEY"].get("a")', "os.environ", "f(1)(2)"]
)
def test_no_lookup(expression: str) -> None:
    file = parsed(f"import os\nfrom environs import env\nvalue = {expression}\n")
    assert environment.lookup(file.nodes(ast.Assign)[0].value, file) is None


@pytest.mark.parametrize("target", ['os.environ["KEY"] = ""', 'del os.environ["KEY"]'])
def test_what_is_written_is_not_read(target: str) -> None:
    file = parsed(f"import os\n{target}\n")
    assert environment.lookup(file.nodes(ast.Subscript)[0], file) is None


def test_tests_are_left_alone() -> None:
    source = 'import os\nA = os.getenv("A", "")\nB = os.getenv("B", "b")\nC = int(os.getenv("C"))\n'
    engine = Engine([EnvFallback, EnvDefault, UnvalidatedEnvNumber])
    assert [found.code for found in engine.check(parsed(source))] == ["PREP107", "PREP117", "PREP901"]
    assert not engine.check(parsed(source, "tests/test_settings.py"))


def test_secrets_of_users() -> None:
    source = 'import os\nA = os.getenv("LICENSE", "demo")\nB = bool(os.getenv("LICENSE"))\n'
    engine = Engine([EnvFallback, EnvDefault, UnvalidatedEnvNumber])
    assert [found.code for found in engine.check(parsed(source))] == ["PREP117", "PREP901"]
    settings = Settings(secret_names=("license",))
    assert [found.code for found in engine.check(parsed(source, settings=settings))] == ["PREP107"]
