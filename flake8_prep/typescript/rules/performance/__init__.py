"""Rules of the section `performance` of the report."""
