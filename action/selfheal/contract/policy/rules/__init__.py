"""One rule a file: id, reason and check stand together."""
