"""Tools for the developers of flake8-prep."""
