"""What a customer pays."""

from shop.cart import Cart

FREE_SHIPPING_FROM = 5_000
SHIPPING = 495


def amount_due(cart: Cart) -> int:
    """Return the price with shipping in cents; larger orders ship for free."""
    subtotal = cart.subtotal()
    if subtotal >= FREE_SHIPPING_FROM:
        return subtotal
    return subtotal + SHIPPING
