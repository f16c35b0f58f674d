"""Rules of the section `resources` of the report."""
