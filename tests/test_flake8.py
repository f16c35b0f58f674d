"""The plugin in a real flake8 process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Flake8

PYTHON = "class Box:\n    def __init__(self):\n        pass\n"
PYTHON_LINE = "PREP401"
TYPESCRIPT = "let value: any;\n"

CONFIG_FILES = ("setup.cfg", "tox.ini", ".flake8")

# Starts flake8 as its console script does, after a change to the process that a test needs.
LAUNCHER = "import sys\nfrom flake8.main.cli import main\n{preparation}\nsys.exit(main(sys.argv[1:]))"
SPAWN = LAUNCHER.format(preparation="import multiprocessing; multiprocessing.set_start_method('spawn')")
FORK = LAUNCHER.format(preparation="import multiprocessing; multiprocessing.set_start_method('fork')")
FAILING_RULE = LAUNCHER.format(
    preparation="import multiprocessing; multiprocessing.set_start_method('fork')\n"
    "from flake8_prep import catalog\n"
    "def fail(self, *_):\n"
    "    raise ValueError('two\\nlines')\n"
    "for rule in (*catalog.python_rules(), *catalog.typescript_rules()):\n"
    "    if rule.code == 'PREP401':\n"
    "        rule.visit_FunctionDef = fail\n"
    "    if rule.code == 'PREP251':\n"
    "        rule.check = fail\n"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a Python file and TypeScript files, of which each has one finding."""
    (tmp_path / "box.py").write_text(PYTHON)
    for name in ("a.ts", "b.tsx", "c.mts", "d.cts"):
        (tmp_path / name).write_text(TYPESCRIPT)
    return tmp_path


ALL = [
    "./a.ts:1:12: PREP251",
    "./b.tsx:1:12: PREP251",
    "./box.py:2:5: PREP401",
    "./c.mts:1:12: PREP251",
    "./d.cts:1:12: PREP251",
]


def configure(folder: Path, text: str, name: str = "setup.cfg") -> None:
    """Write a config file of flake8."""
    (folder / name).write_text(f"[flake8]\n{text}\n")


class TestCodes:
    """Codes of four letters, in every place where flake8 takes a code."""

    def test_default_run_reports_them(self, tree: Path, flake8: Flake8) -> None:
        run = flake8("--isolated", ".")
        assert run.lines == ALL
        assert run.status == 1

    @pytest.mark.parametrize(
        "argument", ["--select=PREP", "--select=PREP2,PREP401", "--extend-select=PREP251"]
    )
    def test_selected_on_the_command_line(self, tree: Path, flake8: Flake8, argument: str) -> None:
        assert flake8("--isolated", argument, ".").lines == ALL

    @pytest.mark.parametrize(
        "argument", ["--ignore=PREP251", "--extend-ignore=PREP2", "--prep-ignore=PREP25"]
    )
    def test_ignored_on_the_command_line(self, tree: Path, flake8: Flake8, argument: str) -> None:
        assert flake8("--isolated", argument, ".").lines == ["./box.py:2:5: PREP401"]

    @pytest.mark.parametrize("name", CONFIG_FILES)
    @pytest.mark.parametrize(
        "option", ["ignore", "extend-ignore", "extend_ignore", "prep-ignore", "prep_ignore"]
    )
    def test_ignored_in_a_config_file(self, tree: Path, flake8: Flake8, name: str, option: str) -> None:
        configure(tree, f"{option} = PREP251,\n    PREP000", name)
        assert flake8(".").lines == ["./box.py:2:5: PREP401"]

    @pytest.mark.parametrize("name", CONFIG_FILES)
    def test_selected_in_a_config_file(self, tree: Path, flake8: Flake8, name: str) -> None:
        configure(tree, "select = E,PREP4", name)
        assert flake8(".").lines == ["./box.py:2:5: PREP401"]

    @pytest.mark.parametrize("code", ["ABCD1", "PREPX", "PREP1234", "XPREP1"])
    def test_other_bad_codes_are_still_refused(self, tree: Path, flake8: Flake8, code: str) -> None:
        configure(tree, f"ignore = {code}")
        run = flake8(".")
        assert run.status == 1
        assert f"Error code '{code}'" in run.errors

    def test_per_file_ignores(self, tree: Path, flake8: Flake8) -> None:
        configure(tree, "per-file-ignores =\n    *.ts: PREP251\n    box.py: PREP4\n    *.tsx,*.mts: PREP")
        assert flake8(".").lines == ["./d.cts:1:12: PREP251"]

    def test_the_longer_prefix_wins(self, tree: Path, flake8: Flake8) -> None:
        assert flake8("--isolated", "--select=PREP251", "--prep-ignore=PREP2", ".").lines == [
            line for line in ALL if "251" in line
        ]


class TestSelection:
    """Which rules run."""

    SOURCE = "import os\n\nLEVEL = os.getenv('LEVEL', 'info')\n"

    @pytest.fixture(autouse=True)
    def module(self, tmp_path: Path) -> None:
        """Write a file with nothing but a finding of a rule that is off by default."""
        (tmp_path / "level.py").write_text(self.SOURCE)

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["--select=PREP"],
            ["--select=P"],
            ["--prep-enable=PREP"],
            ["--prep-enable=PREP106"],
            ["--ignore=E1"],
        ],
    )
    def test_off_by_default(self, flake8: Flake8, arguments: list[str]) -> None:
        assert flake8("--isolated", *arguments, ".").lines == []

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--prep-enable=PREP117"],
            ["--prep-enable=PREP1"],
            ["--prep-enable=XYZ9,PREP117"],
            ["--select=PREP117"],
            ["--select=PREP1"],
            ["--extend-select=PREP117"],
            ["--select=PREP", "--prep-enable=PREP117"],
        ],
    )
    def test_turned_on(self, flake8: Flake8, arguments: list[str]) -> None:
        assert flake8("--isolated", *arguments, ".").lines == ["./level.py:3:9: PREP117"]

    def test_turned_on_but_ignored(self, flake8: Flake8) -> None:
        assert flake8("--isolated", "--prep-enable=PREP117", "--ignore=PREP1", ".").lines == []

    def test_turned_on_in_a_config_file(self, tmp_path: Path, flake8: Flake8) -> None:
        configure(tmp_path, "ignore = E1\nprep-enable =\n    PREP117\n    PREP106")
        assert flake8(".").lines == ["./level.py:3:9: PREP117"]

    def test_minimum_severity(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "box.py").write_text(PYTHON)
        (tmp_path / "secret.py").write_text("import os\n\nKEY = os.getenv('API_KEY', '')\n")
        assert flake8("--isolated", "--prep-min-severity=medium", ".").lines == [
            "./box.py:2:5: PREP401",
            "./secret.py:3:7: PREP107",
        ]
        assert flake8("--isolated", "--prep-min-severity=high", ".").lines == ["./secret.py:3:7: PREP107"]
        assert flake8("--isolated", "--prep-min-severity=critical", ".").lines == []

    def test_bad_minimum_severity(self, tmp_path: Path, flake8: Flake8) -> None:
        run = flake8("--isolated", "--prep-min-severity=fatal", ".")
        assert run.status == 2
        assert "invalid choice: 'fatal'" in run.errors
        configure(tmp_path, "prep-min-severity = fatal")
        run = flake8(".")
        assert run.status == 1
        assert "prep-min-severity is 'fatal'; it can be low, medium, high, critical" in run.output
        assert "Traceback" not in run.errors

    def test_bad_ticket_pattern(self, tmp_path: Path, flake8: Flake8) -> None:
        problem = (
            "prep-ticket-pattern is '[A-Z'; "
            "it is not a regular expression: unterminated character set at position 0"
        )
        run = flake8("--isolated", "--prep-ticket-pattern=[A-Z", ".")
        assert run.status == 1
        assert problem in run.output
        configure(tmp_path, "prep-ticket-pattern = [A-Z")
        run = flake8(".")
        assert problem in run.output
        assert "Traceback" not in run.errors


class TestTypeScript:
    """TypeScript files in the ordinary run of flake8."""

    def test_explicit_file(self, tree: Path, flake8: Flake8) -> None:
        assert flake8("--isolated", "a.ts").lines == ["a.ts:1:12: PREP251"]

    def test_stdin(self, flake8: Flake8) -> None:
        run = flake8("--isolated", "--stdin-display-name", "src/x.ts", "-", stdin=TYPESCRIPT)
        assert run.lines == ["src/x.ts:1:12: PREP251"]
        assert flake8("--isolated", "-", stdin=TYPESCRIPT).lines[0].endswith("E999")

    @pytest.mark.parametrize("launcher", [None, FORK, SPAWN], ids=["default", "fork", "spawn"])
    @pytest.mark.parametrize("jobs", ["-j1", "-j2"])
    def test_jobs(self, tree: Path, flake8: Flake8, launcher: str | None, jobs: str) -> None:
        run = flake8("--isolated", jobs, ".", launcher=launcher)
        assert run.lines == ALL
        assert run.errors == ""

    def test_exclude(self, tree: Path, flake8: Flake8) -> None:
        lines = flake8("--isolated", "--exclude=a.ts", "--extend-exclude=*.tsx", ".").lines
        assert lines == ALL[2:]

    def test_node_modules_are_pruned(self, tree: Path, flake8: Flake8) -> None:
        package = tree / "web" / "node_modules" / "left"
        package.mkdir(parents=True)
        (package / "index.ts").write_text(TYPESCRIPT)
        assert flake8("--isolated", ".").lines == ALL

    def test_turned_off(self, tree: Path, flake8: Flake8) -> None:
        assert flake8("--isolated", "--prep-typescript=", ".").lines == ["./box.py:2:5: PREP401"]
        assert flake8("--isolated", "--prep-typescript=", "a.ts").lines == []

    def test_other_patterns(self, tree: Path, flake8: Flake8) -> None:
        (tree / "e.ts2").write_text(TYPESCRIPT)
        run = flake8("--isolated", "--prep-typescript=*.ts2,*.tsx", ".", "a.ts")
        assert run.lines == ["./b.tsx:1:12: PREP251", "./box.py:2:5: PREP401", "./e.ts2:1:12: PREP251"]

    def test_shown_source_and_statistics(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "a.ts").write_text("let a: any;\nlet ä: any, b: any;\n")
        run = flake8("--isolated", "--show-source", "--statistics", "--count", ".")
        message = run.output.split(": ", 1)[1].split("\n")[0]
        assert run.output == (
            f"./a.ts:1:8: {message}\nlet a: any;\n       ^\n"
            f"./a.ts:2:8: {message}\nlet ä: any, b: any;\n       ^\n"
            f"./a.ts:2:16: {message}\nlet ä: any, b: any;\n               ^\n"
            f"3     {message}\n3\n"
        )

    def test_exit_status(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "a.ts").write_text("let a: string;\n")
        assert flake8("--isolated", ".").status == 0
        (tmp_path / "a.ts").write_text(TYPESCRIPT)
        assert flake8("--isolated", ".").status == 1
        assert flake8("--isolated", "--exit-zero", ".").status == 0

    @pytest.mark.parametrize(
        "comment",
        [
            "// noqa",
            "//noqa: PREP251",
            "// NOQA: prep251",
            "/* noqa: PREP1,PREP2 */",
            "// noqa: E501 PREP251 - a driver gives this",
            "// # noqa: PREP251",
            "// # noqa",
        ],
    )
    def test_noqa(self, tmp_path: Path, flake8: Flake8, comment: str) -> None:
        (tmp_path / "a.ts").write_text(f"let a: any; {comment}\n")
        assert flake8("--isolated", ".").lines == []
        assert flake8("--isolated", "--disable-noqa", ".").lines == ["./a.ts:1:8: PREP251"]

    @pytest.mark.parametrize("comment", ["// noqa: PREP252", "// no qa", "// # noqa: E501"])
    def test_noqa_of_something_else(self, tmp_path: Path, flake8: Flake8, comment: str) -> None:
        (tmp_path / "a.ts").write_text(f"let a: any; {comment}\n")
        assert flake8("--isolated", ".").lines == ["./a.ts:1:8: PREP251"]

    @pytest.mark.parametrize("comment", ["// flake8: noqa", "/* flake8: noqa */", "# flake8: noqa"])
    def test_noqa_for_the_file(self, tmp_path: Path, flake8: Flake8, comment: str) -> None:
        (tmp_path / "a.ts").write_text(f"let a: any;\n{comment}\n")
        assert flake8("--isolated", ".").lines == []
        assert flake8("--isolated", "--disable-noqa", ".").lines == ["./a.ts:1:8: PREP251"]

    def test_file_without_a_final_newline(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "a.ts").write_text("let a: any")
        (tmp_path / "b.ts").write_text("")
        (tmp_path / "c.ts").write_bytes(b"\xef\xbb\xbflet a: any\r\nlet b: any\r\n")
        assert flake8("--isolated", ".").lines == [
            "./a.ts:1:8: PREP251",
            "./c.ts:1:8: PREP251",
            "./c.ts:2:8: PREP251",
        ]

    def test_other_formats_with_that_name(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "de.ts").write_text(
            '<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS version="2.1">: any</TS>\n'
        )
        (tmp_path / "film.ts").write_bytes((b"G" + bytes(187)) * 4)
        assert flake8("--isolated", ".").output == ""

    def test_other_plugins_see_none_of_it(self, tree: Path, flake8: Flake8) -> None:
        (tree / "nosy.py").write_text(
            "class Tree:\n"
            "    def __init__(self, tree, filename):\n"
            "        self.filename = filename\n\n"
            "    def run(self):\n"
            "        yield 1, 0, f'NOS1 {self.filename}', type(self)\n\n\n"
            "def physical(physical_line, filename):\n"
            "    return 0, f'NOS2 {filename}'\n\n\n"
            "def logical(logical_line, filename):\n"
            "    yield 0, f'NOS3 {filename}'\n"
        )
        (tree / "setup.cfg").write_text(
            "[flake8]\nexclude = nosy.py\n[flake8:local-plugins]\nextension =\n"
            "    NOS1 = nosy:Tree\n    NOS2 = nosy:physical\n    NOS3 = nosy:logical\npaths = .\n"
        )
        run = flake8(".")
        assert [line for line in run.lines if "NOS" not in line] == ALL
        assert {line.partition(":")[0] for line in run.lines if "NOS" in line} == {"./box.py"}
        assert {line.split()[1] for line in run.lines if "NOS" in line} == {"NOS1", "NOS2", "NOS3"}


class TestStockWorkflow:
    """The two commands of GitHub's Python workflow."""

    @pytest.fixture(autouse=True)
    def files(self, tmp_path: Path) -> None:
        """Write TypeScript that cannot be Python, some of it broken."""
        (tmp_path / "ok.py").write_text("x = 1\n")
        (tmp_path / "a.ts").write_text("const f = (x: number): any => { return `${x}` }\n")
        (tmp_path / "broken.ts").write_text("const a = {{{ ' ` /* \n")
        (tmp_path / "binary.ts").write_bytes(bytes(range(256)))
        (tmp_path / "page.tsx").write_text("export const P = () => <p>Don't</p>;\n")

    def test_errors_only(self, flake8: Flake8) -> None:
        run = flake8(".", "--count", "--select=E9,F63,F7,F82", "--show-source", "--statistics")
        assert run == (0, "0\n", "")
        # Not even looked for.
        run = flake8(".", "--count", "--select=E9,F63,F7,F82", "-vv", "--exclude=ok.py")
        assert "a.ts" not in run.output.replace('"./a.ts" has not been excluded', "")

    def test_errors_only_on_named_files(self, flake8: Flake8) -> None:
        assert flake8("a.ts", "broken.ts", "missing.ts", "--select=E9,F63,F7,F82") == (0, "", "")

    def test_warnings(self, flake8: Flake8) -> None:
        run = flake8(
            ".", "--count", "--exit-zero", "--max-complexity=10", "--max-line-length=127", "--statistics"
        )
        assert run.lines[:2] == ["./a.ts:1:24: PREP251", "./binary.ts:1:1: PREP000"]
        assert run.lines[-1] == "2"
        assert run.status == 0
        assert run.errors == ""


class TestNotChecked:
    """PREP000: what could not be checked is said."""

    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        [
            ("a.py", b"x = (\n", "a.py:1:6: PREP000 not checked: SyntaxError: '(' was never closed\n"),
            (
                "a.py",
                b"x = 1\n  y = 2\n",
                "a.py:2:4: PREP000 not checked: IndentationError: unexpected indent\n",
            ),
        ],
    )
    def test_syntax_error(
        self, tmp_path: Path, flake8: Flake8, name: str, content: bytes, expected: str
    ) -> None:
        (tmp_path / name).write_bytes(content)
        run = flake8("--isolated", "--select=PREP", name)
        assert run == (1, run.output, "")
        # flake8 6.0 counts the columns of syntax errors in another way.
        assert run.output.split(":", 3)[::3] == expected.split(":", 3)[::3]

    def test_left_to_flake8(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "a.py").write_text("x = (\n")
        assert [line.split()[1] for line in flake8("--isolated", ".").lines] == ["E999"]
        assert [line.split()[1] for line in flake8("--isolated", "--select=PREP,E9", ".").lines] == ["E999"]
        assert flake8("--isolated", "--select=E1", ".").output == ""

    @pytest.mark.parametrize("select", ["--select=PREP", "--select=PREP,W"])
    def test_missing_file(self, flake8: Flake8, select: str) -> None:
        run = flake8("--isolated", select, "a.py", "b.ts")
        assert run.status == 1
        assert run.output == (
            "a.py:0:1: PREP000 not checked: FileNotFoundError: [Errno 2] No such file or directory: 'a.py'\n"
            "b.ts:1:1: PREP000 not checked: FileNotFoundError: [Errno 2] No such file or directory: 'b.ts'\n"
        )

    def test_source_that_would_end_the_run(self, tmp_path: Path, flake8: Flake8) -> None:
        (tmp_path / "deep.py").write_text("x = " + "-" * 200_000 + "1\n")
        (tmp_path / "null.py").write_bytes(b"x = 1\0\n")
        (tmp_path / "ok.py").write_text(PYTHON)
        run = flake8("--isolated", "--select=PREP", ".")
        assert run.lines[0].endswith("PREP000")
        assert run.lines[1].endswith("PREP000")
        assert run.lines[2] == "./ok.py:2:5: PREP401"
        assert run.errors == ""

    @pytest.mark.parametrize("content", [b"let a: any\0\n" * 2, "let a: any;\n".encode("utf-16")])
    def test_typescript_that_is_no_text(self, tmp_path: Path, flake8: Flake8, content: bytes) -> None:
        (tmp_path / "a.ts").write_bytes(content)
        run = flake8("--isolated", ".")
        assert run.lines == ["./a.ts:1:1: PREP000"]
        assert "UTF-8" in run.output

    @pytest.mark.skipif(os.name != "posix", reason="needs the start method fork")
    @pytest.mark.parametrize("jobs", ["-j1", "-j2"])
    @pytest.mark.parametrize("select", ["--select=PREP", "--select=PREP,ZZZ"])
    def test_rule_that_raises(self, tree: Path, flake8: Flake8, jobs: str, select: str) -> None:
        (tree / "secret.py").write_text("import os\n\nKEY = os.getenv('API_KEY', '')\n")
        run = flake8("--isolated", jobs, select, ".", launcher=FAILING_RULE)
        assert run.status == 1
        assert run.errors == ""
        typescript = "PREP000 rule PREP251 failed on this file: ValueError: two lines"
        assert run.output.splitlines() == [
            f"./a.ts:1:1: {typescript}",
            f"./b.tsx:1:1: {typescript}",
            "./box.py:1:1: PREP000 rule PREP401 failed on this file: ValueError: two lines",
            f"./c.mts:1:1: {typescript}",
            f"./d.cts:1:1: {typescript}",
            run.output.splitlines()[-1],
        ]
        assert run.lines[-1] == "./secret.py:3:7: PREP107"


class TestFastPath:
    """Where only our codes are selected the rest of flake8 does not run, and the output is the same."""

    SLOW = "--select=PREP,ZZZ9"

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["--show-source", "--statistics", "--count"],
            ["--disable-noqa"],
            ["--format=pylint", "-j2"],
            ["--max-complexity=1"],
            ["--prep-enable=PREP1"],
            ["--per-file-ignores=box.py:PREP401"],
        ],
    )
    def test_same_output(self, tree: Path, flake8: Flake8, arguments: list[str]) -> None:
        (tree / "broken.py").write_text("def f(:\n")
        (tree / "noqa.py").write_text(
            "import os\n\n"
            "A = os.getenv(\n    'API_KEY',\n    '',\n)  # noqa: PREP107\n"
            "B = os.getenv('É_TOKEN', '') or os.getenv(\n    'API_KEY', '')\n"
        )
        (tree / "off.py").write_text("# flake8: noqa\n" + PYTHON)
        (tree / "latin.py").write_bytes("# coding: latin-1\nÉ = 1\n".encode("latin-1") + PYTHON.encode())
        fast = flake8("--isolated", "--select=PREP", *arguments, ".")
        slow = flake8("--isolated", self.SLOW, *arguments, ".")
        assert fast == slow
        assert "noqa.py" in fast.output

    def test_other_plugins_are_not_run(self, tree: Path, flake8: Flake8) -> None:
        (tree / "bomb.py").write_text("def check(logical_line):\n    raise ValueError\n")
        (tree / "setup.cfg").write_text(
            "[flake8:local-plugins]\nextension =\n    BOM = bomb:check\npaths = .\n"
        )
        run = flake8("--select=PREP", "box.py")
        assert run.lines == ["box.py:2:5: PREP401"]
        assert "raised" not in run.output
        assert "BOM" in flake8(self.SLOW, "box.py").output

    @pytest.mark.parametrize("argument", ["--benchmark", "-v"])
    def test_not_where_users_look_at_flake8_itself(self, tree: Path, flake8: Flake8, argument: str) -> None:
        (tree / "bomb.py").write_text("def check(logical_line):\n    raise ValueError\n")
        (tree / "setup.cfg").write_text(
            "[flake8:local-plugins]\nextension =\n    BOM = bomb:check\npaths = .\n"
        )
        assert "BOM" in flake8("--select=PREP", argument, "box.py").output

    def test_benchmark_counts(self, tree: Path, flake8: Flake8) -> None:
        assert "total tokens processed" in flake8("--isolated", "--select=PREP", "--benchmark", ".").output


def test_help_names_our_options(flake8: Flake8) -> None:
    assert "--prep-min-severity {low,medium,high,critical}" in flake8("--help").output
