"""Why it failed, and whether a patch can help: rules over the parsers' findings."""
