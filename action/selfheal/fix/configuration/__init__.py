"""Repairs of configuration that a tool refuses: the text first, then what its keys and values say."""
