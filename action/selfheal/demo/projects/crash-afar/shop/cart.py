"""What a customer wants to buy."""

from shop.catalog import Catalog


class Cart:
    """Article numbers and quantities, as the customer typed them."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lines: list[tuple[str, int]] = []

    def put(self, sku: str, quantity: int = 1) -> None:
        """Put articles into the cart."""
        self._lines.append((sku, quantity))

    def subtotal(self) -> int:
        """Return the price of everything in cents."""
        return sum(self._catalog.find(sku).cents * quantity for sku, quantity in self._lines)
