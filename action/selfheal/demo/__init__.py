"""Heal bundled broken projects: the first thing that a new user sees."""

from selfheal.demo.bundle import projects
from selfheal.demo.show import run

__all__ = ["projects", "run"]
