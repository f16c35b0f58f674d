"""The rules for Python, a package for each section of the report."""
