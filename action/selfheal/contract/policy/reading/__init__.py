"""Exact facts about one file's bytes, for the rules to compare before and after."""
