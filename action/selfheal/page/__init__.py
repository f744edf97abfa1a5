"""A run as one page for a person. The runner's side writes it as a file, the service serves it."""
