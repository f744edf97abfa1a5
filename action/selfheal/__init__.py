"""Repair failed CI builds with a team of agents around a small local model."""

__version__ = "0.1.0"
