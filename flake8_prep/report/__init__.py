"""What becomes of the findings: one module for each format, and what they share."""
