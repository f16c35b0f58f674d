"""The house rules of Acme: one module for each."""
