"""Rules of the section `errors` of the report."""
