"""The comparison of PREP105 with pyflakes."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import pytest

from scripts import compare_undefined_names


def compare(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the script with these arguments."""
    monkeypatch.setattr(sys, "argv", ["compare_undefined_names.py", *map(str, arguments)])
    return compare_undefined_names.main()


def test_agreement_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.py").write_text("missing = lambda: other\n", encoding="utf-8")
    (tmp_path / "bad.py").write_text("print 1\n", encoding="utf-8")
    assert compare(monkeypatch, tmp_path) == 0
    assert capsys.readouterr().out.split("\n") == [
        "      1 files left out",
        "      1 files",
        "      1 reported by both",
        "",
    ]


def test_what_is_installed_below_the_library_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    for path in (tmp_path / "a.py", folder / "b.py"):
        path.write_text("missing\n", encoding="utf-8")
    for arguments in ((), (folder,)):
        monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
        assert compare(monkeypatch, *arguments) == 0
        assert "      1 files\n" in capsys.readouterr().out


def test_differences_come_with_their_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = """
early
early = 1
x: print("Text") = 1
def f():
    late = 1
    def g():
        nonlocal late
        return late
    class A:
        del late
class B:
    size = 1
    sizes = [size for _ in "ab"]
del early
early
"""
    path = tmp_path / "app.py"
    path.write_text(source, encoding="utf-8")
    assert compare(monkeypatch, path) == 0
    assert str(path) not in capsys.readouterr().out
    assert compare(monkeypatch, "--show", path) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if str(path) in line]
    assert [line.replace(str(path), "app.py").split(":", 4)[:4] for line in lines] == [
        ["PREP105 only", " app.py", "11", "late nonlocal"],
        ["PREP105 only", " app.py", "14", "size class"],
        ["pyflakes only", " app.py", "2", "early flow"],
        ["pyflakes only", " app.py", "4", "Text text"],
        ["pyflakes only", " app.py", "16", "early flow"],
    ]


def test_a_difference_without_a_reason_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "app.py"
    path.write_text("known = 1\n", encoding="utf-8")
    monkeypatch.setattr(compare_undefined_names, "ours", lambda file: {(1, "known")})
    assert compare(monkeypatch, path) == 1
    assert capsys.readouterr().out.startswith(f"PREP105 only: {path}:1:known")
    monkeypatch.setattr(compare_undefined_names, "ours", lambda file: set())
    monkeypatch.setattr(compare_undefined_names, "theirs", lambda source, path: {(1, "unknown")})
    assert compare(monkeypatch, path) == 1
    assert capsys.readouterr().out.startswith(f"pyflakes only: {path}:1:unknown")
