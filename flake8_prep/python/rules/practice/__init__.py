"""Rules of the section `practice` of the report."""
