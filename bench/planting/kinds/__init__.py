"""The kinds of failure, one file each."""
