"""The agents: each sees the state and gives back one event."""
