"""The hook for pre-commit, in a repository of a user; run by ``tox -e hooks``, which installs pre-commit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.compat

ROOT = Path(__file__).resolve().parent.parent
# What pre-commit needs to install the hook.
PACKAGE = (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml", "setup.cfg", "flake8_prep")

FILES: dict[str, str | bytes] = {
    "clean.py": "X = 1\n",
    "key.py": "import os\n\nKEY = os.getenv('API_KEY', '')\n",
    "unused.py": "import os\n",
    "clean.ts": "let value: string;\n",
    "a.ts": "let value: any;\n",
    "b.tsx": "let value: any;\n",
    "c.mts": "let value: any;\n",
    "d.cts": "let value: any;\n",
    "notes.txt": "let value: any;\n",
    "film.ts": (b"G" + bytes(187)) * 4,
}
FINDINGS = [
    "a.ts:1:12: PREP251",
    "b.tsx:1:12: PREP251",
    "c.mts:1:12: PREP251",
    "d.cts:1:12: PREP251",
    "key.py:3:7: PREP107",
]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`, with both outputs in one."""
    return subprocess.run(
        arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def commit(folder: Path) -> str:
    """Make a repository of `folder`, and return its only commit."""
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        result = run(folder, "git", *arguments)
        assert result.returncode == 0, result.stdout
    return run(folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this package as it is in the working tree."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep git and pre-commit from the settings and caches of whoever runs the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRE_COMMIT_HOME", str(home / "pre-commit"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / "none"))
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Test")
            patch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
        yield


@pytest.fixture(scope="module")
def revision(hooks: Path) -> str:
    """The commit of the repository of hooks."""
    return commit(hooks)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of a user."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    commit(tmp_path)
    return tmp_path


def test_manifest_is_valid() -> None:
    result = run(ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", FINDINGS),
        ("        args: []\n", sorted([*FINDINGS, "unused.py:1:1: F401"])),
        ("        args: [--select=PREP, --prep-min-severity=high]\n", FINDINGS[-1:]),
        ("        exclude: \\.[cm]?tsx?$\n", FINDINGS[-1:]),
    ],
)
def test_run(hooks: Path, revision: str, repository: Path, settings: str, expected: list[str]) -> None:
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n      - id: flake8-prep\n{settings}"
    )
    result = run(repository, sys.executable, "-m", "pre_commit", "run", "--all-files")
    assert result.returncode == 1
    lines = [" ".join(line.split()[:2]) for line in result.stdout.splitlines()]
    assert [line for line in lines if ":" in line and "." in line.partition(":")[0]] == expected


def test_what_is_clean_passes(hooks: Path, revision: str, repository: Path) -> None:
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n      - id: flake8-prep\n"
    )
    result = run(repository, sys.executable, "-m", "pre_commit", "run", "--files", "clean.py", "clean.ts")
    assert result.returncode == 0, result.stdout
    assert "Passed" in result.stdout
    result = run(repository, sys.executable, "-m", "pre_commit", "run", "--files", "notes.txt")
    assert "(no files to check)" in result.stdout


def test_tried_without_settings(hooks: Path, revision: str, repository: Path) -> None:
    result = run(
        repository, sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "flake8-prep", "--all-files"
    )
    assert result.returncode == 1
    assert all(line in result.stdout for line in FINDINGS)
