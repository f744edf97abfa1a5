"""Prices for an invoice."""
