"""A flake8 plugin that finds the problems of a platform bug hunt in Python and TypeScript."""

__version__ = "0.1.0"
