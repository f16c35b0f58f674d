"""The scripts that compare rules with other tools, as far as they need no other tools."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from flake8_prep import catalog
from flake8_prep.rule import Language
from scripts import corpus, precision
from scripts.precision import Comparison, Place
from scripts.sources import read, typescript_files

# sources.py


def test_files_of_typescript_are_found_in_order_and_once_for_each_root(tmp_path: Path) -> None:
    for name in ("b.ts", "a.tsx", "c.d.ts", "d.py", "e/f.mts", "e/g.cts"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "h.ts").mkdir()
    paths = typescript_files([tmp_path / "b.ts", tmp_path])
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    assert names == ["b.ts", "a.tsx", "b.ts", "c.d.ts", "e/f.mts", "e/g.cts"]


def test_text_is_read_with_newlines_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n\xff")
    assert read(tmp_path / "a.ts") == "a\nb\nc\n�"


# corpus.py


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Put archives of one Python and two TypeScript files in the place of downloads; return their names."""
    names: list[str] = []

    def download(package: str, folder: Path) -> list[Path]:
        names.append(package)
        wheel, archive = folder / "a-1-py3-none-any.whl", folder / "a-1.tgz"
        with zipfile.ZipFile(wheel, "w") as packed:
            packed.writestr("a.py", "")
        with tarfile.open(archive, "w:gz") as tar:
            for name in ("package/a.ts", "package/b.tsx", "package/c.d.ts"):
                tar.addfile(tarfile.TarInfo(name), io.BytesIO())
        return [wheel, archive]

    monkeypatch.setattr(corpus, "_download", download)
    return names


def test_packages_are_unpacked_side_by_side_and_once(downloads: list[str], tmp_path: Path) -> None:
    for _ in range(2):
        assert corpus.fetch(tmp_path, ["a", "npm:@b/c"], {}) == 0
    assert downloads == ["a", "npm:@b/c"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["@b+c", "a"]
    assert (tmp_path / "a" / "package" / "b.tsx").is_file()


def test_a_package_that_was_not_unpacked_to_its_end_is_fetched_again(
    downloads: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = tmp_path / "packages"

    def stop(archives: list[Path], target: Path) -> None:
        target.mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(corpus, "_unpack", stop)
        with pytest.raises(KeyboardInterrupt):
            corpus.fetch(packages, ["a"], {})
    assert list(packages.iterdir()) == []
    assert corpus.fetch(packages, ["a"], {}) == 0
    assert downloads == ["a", "a"]
    assert (packages / "a" / "package" / "a.ts").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["packages"]


def test_no_more_is_fetched_than_is_wanted(
    downloads: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert corpus.fetch(tmp_path, ["a", "b", "c"], {".ts": 2, ".py": 1}) == 0
    assert downloads == ["a", "b"]
    assert corpus.fetch(tmp_path, ["a", "b"], {".ts": 4, ".tsx": 2}) == 1
    assert capsys.readouterr().out == "2 more files with the suffix .ts are wanted\n"


# precision.py


def test_only_rules_that_there_are_are_compared() -> None:
    languages = {rule.code: rule.language for rule in catalog.all_rules()}
    for comparisons, language in (
        (precision.RUFF, Language.PYTHON),
        (precision.ESLINT, Language.TYPESCRIPT),
    ):
        codes = [code for comparison in comparisons for code in comparison.ours]
        assert len(codes) == len(set(codes))
        assert {languages[code] for code in codes} == {language}


def test_statements_start_where_their_first_line_is() -> None:
    source = (
        "x = f(\n    1,\n)\n"
        "@decorated(\n    1)\ndef g(\n    a\n):\n    return (\n        a\n    )\n"
        "try:\n    g()\nexcept (\n    Error\n):\n    pass\nelse:\n    g()\n"
    )
    starts = precision.statement_starts(source)
    assert starts == {
        **dict.fromkeys((1, 2, 3), 1),
        **dict.fromkeys((4, 5, 6, 7, 8), 6),
        **dict.fromkeys((9, 10, 11), 9),
        **{12: 12, 13: 13, 14: 14, 15: 14, 16: 14, 17: 17, 18: 12, 19: 19},
    }


def test_places_go_to_the_start_of_their_statement(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("f(\n    1\n)\n# TODO\n")
    bad.write_text("f(\n")
    places = [Place(str(path), line, line, "S608") for path in (good, bad) for line in (2, 4)]
    found = [(place.path, place.line, place.last_line) for place in precision.in_statements(places)]
    assert found == [(str(good), 1, 1), (str(good), 4, 4)]


def test_places_are_the_same_on_the_first_line_or_else_on_any() -> None:
    ours = [Place("a.ts", line, line, "PREP253") for line in (1, 4, 12, 30)]
    ours.append(Place("b.ts", 1, 1, "PREP253"))
    theirs = [
        Place("a.ts", 1, 9, "outer"),
        Place("a.ts", 4, 5, "inner"),
        Place("a.ts", 4, 5, "inner again"),
        Place("a.ts", 10, 20, "around"),
        Place("a.ts", 11, 13, "nearer"),
        Place("a.ts", 40, 40, "alone"),
    ]
    result = precision.compare(ours, theirs)
    assert result.both == 3
    assert [(place.path, place.line) for place in result.ours] == [("a.ts", 30), ("b.ts", 1)]
    assert [place.code for place in result.theirs] == ["around", "alone"]


def test_differences_in_tests_are_apart() -> None:
    places = [
        Place(path, 1, 1, "S110")
        for path in ("src/a.py", "src/contest.py", "src/test_a.py", "tests/a.py", "a.spec.ts", "e2e/a.ts")
    ]
    assert precision.kinds([*places, Place("b.py", 1, 1, "BLE001")]) == "BLE001 1, S110 2, S110 in tests 4"


def test_a_row_has_three_figures_and_the_kinds_of_differences(capsys: pytest.CaptureFixture[str]) -> None:
    comparison = Comparison(("PREP101", "PREP111"), ("BLE001",), "They see more")
    ours = [Place("a.py", line, line, "PREP101") for line in (1, 2, 3)]
    theirs = [Place("a.py", line, line, "BLE001") for line in (3, 4)]
    rows = list(precision.report([comparison], ours, theirs, "PREP111"))
    assert rows == ["PREP101 PREP111\tBLE001\t1\t2\t1\tThey see more"]
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.split() == ["PREP101", "PREP111", "BLE001", "1", "2", "1"]
    assert rest == [
        "    only ours: PREP101 2",
        "    only the other's: BLE001 1",
        "a.py:1: PREP101",
        "a.py:2: PREP101",
        "a.py:4: BLE001",
    ]
    rows = list(precision.report([comparison], [], [], None))
    assert rows == ["PREP101 PREP111\tBLE001\t0\t0\t0\tThey see more"]
    assert capsys.readouterr().out.split() == ["PREP101", "PREP111", "BLE001", "0", "0", "0"]
