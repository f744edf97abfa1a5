"""The check run `selfheal`: what a repair found and did, where people look at a commit."""
