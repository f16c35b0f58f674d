"""Rules of the section `api` of the report."""
