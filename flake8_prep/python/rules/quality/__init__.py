"""Rules of the section `quality` of the report."""
