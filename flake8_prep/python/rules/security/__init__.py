"""Rules of the section `security` of the report."""
