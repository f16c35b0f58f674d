"""The checker for TypeScript."""
