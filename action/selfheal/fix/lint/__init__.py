"""Lint findings that no tool mends by itself: exact rewrites by rule, the model on one statement where none exists."""
