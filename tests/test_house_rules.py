"""Rules that other packages bring."""

from __future__ import annotations

import configparser
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flake8_prep import catalog
from flake8_prep.cli import main
from flake8_prep.documentation import documentation_of
from flake8_prep.house import entry_points, rules
from flake8_prep.rule import Rule
from scripts import generate_docs
from tests.checking import check
from tests.conftest import Flake8

EXAMPLE = Path(__file__).resolve().parent.parent / "docs" / "house-rules-example"

PYTHON = "import boto3\n\nBUCKET = boto3.client('s3')\n"
PYTHON_LINE = "./bucket.py:3:10: ACME101"
TYPESCRIPT = 'import { round } from "@acme/money/src/round";\n'
TYPESCRIPT_LINE = "./price.ts:1:18: ACME151"
OURS = "class Box:\n    def __init__(self):\n        pass\n"
OURS_LINE = "./box.py:2:5: PREP401"
ALL = [PYTHON_LINE, OURS_LINE, TYPESCRIPT_LINE]

# A rule as a package has it; what a test is about is added to the class, or replaced in the text.
RULE = '''
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Rule, Severity


class LeftOver(PythonRule):
    """Things that are left over.

    Why is this bad:
        Prose.

    Example:
        left_over()

    Use instead:
        pass

    Known limits:
        None.
    """

    code = "ACM101"
    name = "left-over"
    severity = Severity.LOW
    finding = "10.1"
    message = "left over"
    callees = frozenset({"left_over"})

    def visit_Call(self, node, file):
        yield self.at(node)
'''

TYPESCRIPT_RULE = (
    RULE.replace("flake8_prep.python.rule", "flake8_prep.typescript.rule")
    .replace("PythonRule", "TypeScriptRule")
    .replace(
        'callees = frozenset({"left_over"})', 'pattern = lazy_pattern("x")\n    triggers = ("left_over",)'
    )
    .replace("visit_Call(self, node, file)", "check(self, source)")
    .replace("from flake8_prep.rule", "from flake8_prep.patterns import lazy_pattern\nfrom flake8_prep.rule")
)

Install = Callable[..., Path]


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for packages, on the path of this process and of those that it starts."""
    folder = tmp_path_factory.mktemp("site")
    loaded = set(sys.modules)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    forget()
    yield folder
    forget()
    for name in set(sys.modules) - loaded:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path_factory.getbasetemp())):
            del sys.modules[name]


def forget() -> None:
    """Let the packages be looked for again."""
    for function in (entry_points.rule_entry_points, entry_points.prefixes, rules.house_rules):
        function.cache_clear()


@pytest.fixture
def install(site: Path) -> Install:
    """Return a function that writes modules, and metadata as an installer leaves it behind."""

    def write(modules: dict[str, str], package: str = "acme-rules", **points: str) -> Path:
        for name, text in modules.items():
            path = site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        metadata = site / f"{package.replace('-', '_')}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        lines = "".join(f"{name} = {value}\n" for name, value in points.items())
        (metadata / "entry_points.txt").write_text(f"[{entry_points.GROUP}]\n{lines}")
        return site

    return write


@pytest.fixture
def acme(install: Install) -> None:
    """Install the example of the documentation."""
    config = configparser.ConfigParser()
    config.read(EXAMPLE / "setup.cfg")
    (name, value), *_ = (
        line.split(" = ") for line in config["options.entry_points"]["flake8_prep.rules"].strip().splitlines()
    )
    modules = {f"acme_rules/{path.name}": path.read_text() for path in EXAMPLE.glob("acme_rules/*.py")}
    install(modules, **{name: value})


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of files that have one finding each."""
    (tmp_path / "bucket.py").write_text(PYTHON)
    (tmp_path / "price.ts").write_text(TYPESCRIPT)
    (tmp_path / "box.py").write_text(OURS)
    return tmp_path


@pytest.mark.usefixtures("acme", "tree")
class TestExample:
    """The package of the documentation, in a real flake8 process."""

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ([], sorted(ALL)),
            (["-j2"], sorted(ALL)),
            (["--select=ACME"], [PYTHON_LINE, TYPESCRIPT_LINE]),
            (["--select=ACM"], [PYTHON_LINE, TYPESCRIPT_LINE]),
            (["--select=ACME15"], [TYPESCRIPT_LINE]),
            (["--select=PREP"], [OURS_LINE]),
            (["--select=PREP,ACME1"], sorted(ALL)),
            (["--select=PREP", "--extend-select=ACME101"], sorted([PYTHON_LINE, OURS_LINE])),
            (["--select=E9,F63,F7,F82"], []),
            (["--ignore=ACME"], [OURS_LINE]),
            (["--extend-ignore=ACME101"], sorted([OURS_LINE, TYPESCRIPT_LINE])),
            (["--prep-ignore=ACME101"], sorted([OURS_LINE, TYPESCRIPT_LINE])),
            (["--prep-min-severity=high", "--select=ACME"], [PYTHON_LINE]),
            (["--per-file-ignores=*.ts:ACME"], sorted([PYTHON_LINE, OURS_LINE])),
        ],
    )
    def test_selection(self, flake8: Flake8, arguments: list[str], expected: list[str]) -> None:
        run = flake8("--isolated", *arguments, ".")
        assert (run.lines, run.errors) == (expected, "")
        assert run.status == (1 if expected else 0)

    @pytest.mark.parametrize("option", ["ignore", "extend-ignore", "prep-ignore"])
    def test_config_file(self, tree: Path, flake8: Flake8, option: str) -> None:
        (tree / "setup.cfg").write_text(
            f"[flake8]\n{option} = ACME101\nper-file-ignores =\n    *.ts: ACME151\n"
        )
        assert flake8(".").lines == [OURS_LINE]

    def test_other_bad_codes_are_still_refused(self, tree: Path, flake8: Flake8) -> None:
        (tree / "setup.cfg").write_text("[flake8]\nignore = ACMEX1\n")
        assert "Error code 'ACMEX1'" in flake8(".").errors

    def test_comments(self, tree: Path, flake8: Flake8) -> None:
        (tree / "bucket.py").write_text(f"{PYTHON.rstrip()}  # noqa: ACME101\n")
        (tree / "price.ts").write_text(f"{TYPESCRIPT.rstrip()} // noqa: ACME151\n")
        assert flake8("--isolated", ".").lines == [OURS_LINE]

    def test_fast_path_says_the_same(self, flake8: Flake8) -> None:
        fast = flake8("--isolated", "--select=ACME", "--show-source", ".")
        assert fast == flake8("--isolated", "--select=ACME,ZZZ9", "--show-source", ".")

    @pytest.mark.parametrize(("name", "runs"), [("BOM", False), ("ACM", True), ("ACM5", True)])
    def test_fast_path_runs_plugins_of_the_same_letters(
        self, tree: Path, flake8: Flake8, name: str, runs: bool
    ) -> None:
        (tree / "plugin.py").write_text(f"def check(logical_line):\n    yield 0, '{name}500 seen'\n")
        (tree / "setup.cfg").write_text(
            f"[flake8:local-plugins]\nextension =\n    {name} = plugin:check\npaths = .\n"
        )
        assert (f"{name}500" in flake8("--select=ACM", "bucket.py").output) is runs

    def test_explained(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["explain", "ACME101"]) == 0
        assert capsys.readouterr().out.startswith("ACME101 direct-cloud-client\n")
        assert main(["explain", "internal-import"]) == 0
        assert capsys.readouterr().out.startswith("ACME151 internal-import\n")

    def test_listed_behind_ours(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["rules"]) == 0
        codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
        assert codes == [*(rule.code for rule in catalog.all_rules()), "ACME101", "ACME151"]

    def test_no_part_of_our_documentation(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert generate_docs.main(["--check"]) == 0

    def test_examples_of_its_rules(self) -> None:
        house = rules.house_rules()
        found: dict[type[Rule], str] = {rule: "a.py" for rule in house.python}
        found.update((rule, "a.ts") for rule in house.typescript)
        assert len(found) == 2
        for rule, path in found.items():
            documentation = documentation_of(rule)
            assert {each.code for each in check([rule], documentation.example, path)} == {rule.code}
            assert check([rule], documentation.use_instead, path) == []


class TestOtherPackages:
    """What packages may do."""

    def test_off_by_default(self, tmp_path: Path, flake8: Flake8, install: Install) -> None:
        install({"acm.py": RULE + "    off_by_default = True\n"}, ACM="acm:LeftOver")
        (tmp_path / "a.py").write_text("left_over()\n")
        for argument in ("--select=ACM", "--extend-select=ACM", "--prep-enable=ACM", "--select=A"):
            assert flake8("--isolated", "--ignore=F,PREP105", argument, ".").lines == []
        for argument in ("--select=ACM1", "--extend-select=ACM101", "--prep-enable=ACM101"):
            assert flake8("--isolated", "--ignore=F,PREP105", argument, ".").lines == ["./a.py:1:1: ACM101"]

    @pytest.mark.parametrize("name", ["ACM", "ACM1", "ACM101"])
    @pytest.mark.parametrize("value", ["acm", "acm:LeftOver", "acm_package"])
    def test_what_an_entry_point_can_be(self, install: Install, name: str, value: str) -> None:
        base = "\n\nclass Base(PythonRule, abstract=True):\n    pass\n"
        modules = {
            "acm.py": RULE + base,
            "acm_package/__init__.py": "from acm_package.deep.inside import LeftOver",
            "acm_package/__main__.py": "raise SystemExit('not to be imported')",
            "acm_package/deep/__init__.py": "",
            "acm_package/deep/inside.py": RULE,
        }
        install(modules, **{name: value})
        house = rules.house_rules()
        assert [rule.code for rule in house.python] == ["ACM101"]
        assert (house.typescript, house.problems) == ((), ())
        assert entry_points.prefixes() == ("ACM",)

    def test_letters_of_two_packages(self, install: Install) -> None:
        install({"one.py": RULE}, "one", ACM="one")
        install({"two.py": RULE.replace("ACM101", "ACMB01").replace("ACMB01", "ACM201")}, "two", ACM="two")
        assert [rule.code for rule in rules.house_rules().python] == ["ACM101", "ACM201"]

    def test_package_that_is_on_the_path_twice(
        self, install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = install({"acm.py": RULE}, ACM="acm")
        shutil.copytree(site, tmp_path / "copy")
        monkeypatch.syspath_prepend(tmp_path / "copy")
        assert rules.house_rules().problems == ()
        assert len(rules.house_rules().python) == 1

    def test_no_package(self, site: Path) -> None:
        assert rules.house_rules() == entry_points.HouseRules()
        assert entry_points.prefixes() == ()
        assert catalog.known_rules() == catalog.all_rules()


BROKEN = {
    "import": (
        "import nowhere_to_be_found",
        "acm",
        "ModuleNotFoundError: No module named 'nowhere_to_be_found'",
    ),
    "syntax": ("def f(:\n", "acm", "SyntaxError: "),
    "exit": ("raise SystemExit(3)", "acm", "SystemExit: 3"),
    "no rule": ("", "acm", "there is no rule in it"),
    "function": ("def left_over():\n    pass\n", "acm:left_over", "there is no rule in it"),
    "base class": (RULE, "acm:PythonRule", "there is no rule in it"),
    "missing": (RULE, "acm:Other", "AttributeError: module 'acm' has no attribute 'Other'"),
    "declaration": (
        RULE.replace('"left over"', '"ends in a dot."'),
        "acm",
        "TypeError: LeftOver.message is ",
    ),
    "language": (
        RULE.replace("(PythonRule)", "(Rule)"),
        "acm",
        "it is neither a PythonRule nor a TypeScriptRule",
    ),
    "other letters": (
        RULE.replace("ACM101", "XYZ101"),
        "acm",
        "its code is XYZ101, which must begin with ACM and end in three digits",
    ),
    "ours": (RULE.replace("ACM101", "PREP101"), "acm", "its code is PREP101, which must begin with ACM"),
    "digits": (RULE.replace("ACM101", "ACM1"), "acm", "its code is ACM1, which must begin with ACM"),
    "node": (
        RULE.replace("visit_Call", "visit_Cal"),
        "acm",
        "visit_Cal is about a node that this version of Python does not have",
    ),
    "section": (RULE.replace("10.1", "11.1"), "acm", "ValueError: '11.1' is no finding"),
    "docstring": (RULE.replace("Known limits:", "Limits:"), "acm", "ValueError: the docstring of LeftOver"),
    "constructor": (
        RULE + "\n    def __init__(self, needed):\n        pass\n",
        "acm",
        "TypeError: LeftOver.__init__() missing",
    ),
}


class TestBroken:
    """What cannot be used is said once, and all else is checked."""

    @pytest.mark.parametrize(("text", "value", "reason"), BROKEN.values(), ids=BROKEN)
    def test_reason(self, install: Install, text: str, value: str, reason: str) -> None:
        install({"acm.py": text}, ACM=value)
        house = rules.house_rules()
        assert (house.python, house.typescript) == ((), ())
        (problem,) = house.problems
        assert problem.startswith("house rules not loaded: acm")
        assert f" (acme-rules 1.0): {reason}" in problem
        assert "\n" not in problem

    @pytest.mark.parametrize("name", ["AC", "acm", "ACM1000", "PRE", "PREP", "PREP1", "PREPX", "ACM-1"])
    def test_name_of_the_entry_point(self, install: Install, name: str) -> None:
        install({"acm.py": RULE}, **{name: "acm"})
        (problem,) = rules.house_rules().problems
        assert f"the name of the entry point, {name}, must be what its codes begin with" in problem
        assert entry_points.prefixes() == ()

    def test_code_that_is_taken(self, install: Install) -> None:
        install({"one.py": RULE, "two.py": RULE}, ACM1="one", ACM="two")
        house = rules.house_rules()
        assert [rule.__module__ for rule in house.python] == ["one"]
        assert house.problems == (
            "house rules not loaded: two:LeftOver (acme-rules 1.0): its code ACM101 is that of one:LeftOver",
        )

    def test_module_in_a_package(self, install: Install) -> None:
        modules = {
            "acm/__init__.py": "",
            "acm/bad.py": "import nowhere_to_be_found",
            "acm/good.py": RULE,
        }
        install(modules, ACM="acm")
        house = rules.house_rules()
        assert len(house.python) == 1
        assert [problem.partition(" (")[0] for problem in house.problems] == [
            "house rules not loaded: acm.bad"
        ]

    @pytest.mark.parametrize(
        "arguments", [["-j1"], ["-j2"], ["--select=PREP"], ["--select=ACM"], ["--select=PREP4,ACM1"]]
    )
    def test_run(self, tree: Path, flake8: Flake8, install: Install, arguments: list[str]) -> None:
        install({"acm.py": "import nowhere_to_be_found"}, ACM="acm")
        (tree / "a.py").write_text("# noqa\n")
        (tree / "b.py").write_text("# flake8: noqa\n")
        run = flake8("--isolated", *arguments, "--per-file-ignores=a.py:PREP000", ".")
        reason = "ModuleNotFoundError: No module named 'nowhere_to_be_found'"
        assert run.output.splitlines()[0] == (
            f"./b.py:1:1: PREP000 house rules not loaded: acm (acme-rules 1.0): {reason}"
        )
        assert run.lines[1:] == ([] if arguments == ["--select=ACM"] else [OURS_LINE])
        assert (run.status, run.errors) == (1, "")

    def test_ignored(self, tree: Path, flake8: Flake8, install: Install) -> None:
        install({"acm.py": ""}, ACM="acm")
        for arguments in (["--ignore=PREP000"], ["--select=ACM", "--ignore=PREP"], ["--select=E9"]):
            assert "PREP000" not in flake8("--isolated", *arguments, ".").output
        assert flake8("--isolated", "missing-folder").status == 1

    def test_no_line_of_source_is_shown(self, tree: Path, flake8: Flake8, install: Install) -> None:
        install({"acm.py": ""}, ACM="acm")
        run = flake8("--isolated", "--select=ACM", "--show-source", ".")
        assert "class Box" not in run.output

    def test_rule_that_fails(self, tree: Path, flake8: Flake8, install: Install) -> None:
        install({"acm.py": RULE.replace("yield self", "yield 1 / 0, self")}, ACM="acm")
        (tree / "a.py").write_text("left_over()\n")
        run = flake8("--isolated", "--select=ACM", ".")
        assert run.output == (
            "./a.py:1:1: PREP000 rule ACM101 failed on this file: ZeroDivisionError: division by zero\n"
        )
        assert run.status == 1

    @pytest.mark.parametrize("result", ["'text'", "None", "(1, 2)"])
    @pytest.mark.parametrize(("path", "text"), [("./a.py", RULE), ("./a.ts", TYPESCRIPT_RULE)])
    def test_rule_that_yields_no_findings(
        self, tmp_path: Path, flake8: Flake8, install: Install, path: str, text: str, result: str
    ) -> None:
        install({"acm.py": text.replace("yield self.at(node)", f"yield {result}")}, ACM="acm")
        (tmp_path / path).write_text("left_over()\n")
        run = flake8("--isolated", "--select=ACM", ".")
        assert run.output.startswith(f"{path}:1:1: PREP000 rule ACM101 failed on this file: ")
        assert (len(run.lines), run.errors) == (1, "")

    @pytest.mark.parametrize("command", [["rules"], ["explain", "PREP101"]])
    def test_command(self, install: Install, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
        install({"acm.py": ""}, ACM="acm")
        assert main(command) == 0
        output, errors = capsys.readouterr()
        assert "PREP101" in output
        assert errors == (
            "flake8-prep: house rules not loaded: acm (acme-rules 1.0): there is no rule in it\n"
        )


def test_syntax_error_where_only_one_rule_is_selected(tmp_path: Path, flake8: Flake8) -> None:
    (tmp_path / "a.py").write_text("x = (\n")
    assert flake8("--isolated", "--select=PREP101", ".").lines == ["./a.py:1:6: PREP000"]
    assert flake8("--isolated", "--select=PREP101,E9", ".").lines == ["./a.py:1:6: E999"]
    assert flake8("--isolated", "--select=PREP101", "--ignore=PREP0", ".").lines == []


def test_documentation_shows_the_example_as_it_is() -> None:
    page = (EXAMPLE.parent / "house-rules.md").read_text(encoding="utf-8")
    for path in (*EXAMPLE.glob("acme_rules/*_*.py"), EXAMPLE / "setup.cfg"):
        assert f"\n{path.read_text(encoding='utf-8')}```" in page or path.name == "__init__.py"
