"""The files of the project that is checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flake8_prep.project import Project, files_below, text_of
from tests.test_suite import write

HEALTH = re.compile("/health")


def test_files_below(tmp_path: Path) -> None:
    for path in ("a.py", "b.ts", "in/c.py", ".git/d.py", "in/node_modules/e.py", "fixtures/f.py"):
        write(tmp_path, path, "")
    found = {path.as_posix() for path in files_below(tmp_path, (".py",))}
    assert found == {"a.py", "in/c.py"}


def test_text_of_what_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def vanish(path: Path, **_: str) -> str:
        raise FileNotFoundError(path)

    write(tmp_path, "a.py", "x = 1")
    assert text_of(tmp_path / "a.py") == "x = 1"
    monkeypatch.setattr(Path, "read_text", vanish)
    assert text_of(tmp_path / "a.py") == ""


def test_text_of_what_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, "long.py", "#" * 1_000_001)
    (tmp_path / "odd.py").write_bytes(b"a\xffb")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    texts = [text_of(tmp_path / name) for name in ("long.py", "odd.py", "gone.py", ".")]
    assert texts == ["", "ab", "", ""]


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("shop/app.py", True),
        ("shop/routes.py", True),
        ("shop/api/deep/routes.py", True),
        ("shop/tests/test_routes.py", False),
        ("shop/test_routes.py", False),
        ("other/routes.py", False),
        ("routes.py", False),
    ],
)
def test_package_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, route: str, expected: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in ("shop/__init__.py", "shop/web/__init__.py", "shop/web/app.py"):
        write(tmp_path, path, "")
    write(tmp_path, route, "'/health'")
    assert Project().mentions(HEALTH, "shop/web/app.py") is expected


def test_python_without_a_package(tmp_path: Path) -> None:
    write(tmp_path, "shop/main.py", "")
    write(tmp_path, "routes.py", "'/health'")
    assert not Project().mentions(HEALTH, f"{tmp_path}/shop/main.py")
    write(tmp_path, "shop/api/routes.py", "'/health'")
    assert Project().mentions(HEALTH, f"{tmp_path}/shop/main.py")


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("web/src/routes.ts", True),
        ("web/server.js", True),
        ("web/app/health/route.ts", True),
        ("web/src/routes.test.ts", False),
        ("api/routes.ts", False),
    ],
)
def test_package_of_typescript(tmp_path: Path, route: str, expected: bool) -> None:
    write(tmp_path, "web/package.json", "{}")
    write(tmp_path, "web/src/server.ts", "")
    write(tmp_path, route, "" if "app/health" in route else "'/health'")
    assert Project().mentions(HEALTH, f"{tmp_path}/web/src/server.ts") is expected


def test_typescript_without_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "src/server.ts", "")
    write(tmp_path, "routes.ts", "'/health'")
    assert not Project().mentions(HEALTH, "src/server.ts")


def test_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "routes.py", "'/health'")
    assert not Project().mentions(HEALTH, "stdin")


def test_each_question_is_answered_once(tmp_path: Path) -> None:
    write(tmp_path, "app.py", "")
    project = Project()
    assert not project.mentions(HEALTH, f"{tmp_path}/app.py")
    write(tmp_path, "routes.py", "'/health' '/ready'")
    assert not project.mentions(HEALTH, f"{tmp_path}/app.py")
    assert project.mentions(re.compile("/ready"), f"{tmp_path}/app.py")
