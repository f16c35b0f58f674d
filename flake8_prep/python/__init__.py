"""The checker for Python."""
