"""Rules of the section `configuration` of the report."""
