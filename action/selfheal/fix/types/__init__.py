"""Repairs of what type checkers find: mypy, pyright and tsc."""
