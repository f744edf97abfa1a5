"""Bookings that lie in a database server."""
