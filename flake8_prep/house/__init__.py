"""House rules: those that other packages bring."""
