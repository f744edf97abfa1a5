"""What task runners run: their files are read for the commands that stand in them."""

from selfheal.fix.tools.openers.registry import opened

__all__ = ["opened"]
