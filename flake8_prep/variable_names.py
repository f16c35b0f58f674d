"""Tells by its name what an environment variable is for."""

from __future__ import annotations

import re

from flake8_prep.patterns import lazy_pattern

_OF_SYSTEM = lazy_pattern(
    r"""(?:PYTHON|XDG_|LC_|DYLD_|LD_|SLURM_|CONDA_|NPM_(?:CONFIG|LIFECYCLE|PACKAGE)_|VIRTUAL_ENV|AWS_LAMBDA_|KUBERNETES_SERVICE_|READTHEDOCS).*
    | (?:MAN|CLASS|PKG_CONFIG_)?PATH | .*_PROXY | CI | BUILDKITE | GITHUB_ACTIONS | GITLAB_CI
    | GITHUB_(?:ACTOR|BASE_REF|EVENT_NAME|HEAD_REF|REF|REF_NAME|REPOSITORY|RUN_ID|SHA|WORKFLOW)
    | COMP_(?:CWORD|LINE|POINT|WORDS) | GPG_(?:AGENT_INFO|PINENTRY_PATH|TTY) | SOURCE_DATE_EPOCH
    | APPDATA | HOMEDRIVE | HOMEPATH | LOCALAPPDATA | PROGRAMDATA | PROGRAMFILES | SYSTEMROOT | USERPROFILE
    | WINDIR
    | SSH_(?:AGENT_PID|AUTH_SOCK|CLIENT|CONNECTION|TTY)
    | [CL]?FLAGS | COLUMNS | COLORTERM | COMSPEC | DISPLAY | EDITOR | FORCE_COLOR | HOME | HOSTNAME
    | LANG | LANGUAGE | LINES | LOGNAME | NO_COLOR | PATHEXT | PWD | SHELL | TERM | TERM_PROGRAM
    | TEMP | TMP | TMPDIR | TZ | USER | USERNAME | VISUAL | WAYLAND_DISPLAY""",
    re.VERBOSE,
)
_ADDED = lazy_pattern(r"(?:.*_)?(?:PREFIX|SUFFIX|BASE_?PATH)")
# What is shown to people, unless it is empty.
_SHOWN = lazy_pattern(r".*_(?:BANNER|DESCRIPTION|FOOTER|NOTICE|TEXT|TITLE)")


def is_of_system(variable: str) -> bool:
    """Say whether the operating system, or whoever starts the process, sets the variable, if anybody does."""
    return _OF_SYSTEM.fullmatch(variable.upper()) is not None


def may_be_empty(variable: str) -> bool:
    """Say whether an empty value is as good as any: of the system's, of what is put before or behind, and of
    texts for people.
    """
    if is_of_system(variable) or _ADDED.fullmatch(variable.upper()):
        return True
    return _SHOWN.fullmatch(variable.upper()) is not None
