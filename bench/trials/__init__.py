"""Sets of broken programs with tests that a repair never sees, and who is let loose on them."""
