"""Repairs of documentation that its builder warns of, where warnings fail the build."""
