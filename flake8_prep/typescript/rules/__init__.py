"""The rules for TypeScript, a package for each section of the report."""
