"""The commands of ``flake8-prep``: a module for each, whose function ``add_to`` adds it to the parser.

The parser of a command has the default ``run``: a function that takes the parsed arguments and returns
the exit status.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

# What add_subparsers() returns; the class can be subscripted by type checkers only.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
