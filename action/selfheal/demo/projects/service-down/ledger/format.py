"""Show amounts."""


def euros(cents: int) -> str:
    """Return an amount for people."""
    return f"{cents / 100:,.2f} EUR"
