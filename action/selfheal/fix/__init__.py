"""Suspects to candidate patches: one file a strategy, all behind one interface."""
