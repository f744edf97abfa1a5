"""What GitHub tells: one file an event, parsed once at the edge."""
