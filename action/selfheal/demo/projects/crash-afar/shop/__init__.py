"""A small shop: catalogue, cart, checkout."""
