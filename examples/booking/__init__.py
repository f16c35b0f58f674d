"""Books rehearsal rooms by the hour."""
