"""Rules of the section `testing` of the report."""
