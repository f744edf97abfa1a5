"""Read feeds."""
