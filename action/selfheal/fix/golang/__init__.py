"""Exact repairs of what Go's compiler refuses."""
