"""Rules of the section `types` of the report."""
