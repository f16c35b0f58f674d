"""The findings of a tree that its team has put up with for now, and that runs of flake8 hide."""
