"""Runs the command line: ``python -m flake8_prep``."""

import sys

from flake8_prep.cli import main

sys.exit(main())
