"""Resources that are opened and not given back."""
