"""Volume discounts and line totals."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def volume_discount(quantity: int) -> Decimal:
    """Return the discount rate: 5 % from 10 pieces on, 10 % from 50 pieces on."""
    if quantity > 50:
        return Decimal("0.10")
    if quantity >= 10:
        return Decimal("0.05")
    return Decimal("0")


def line_total(quantity: int, unit_price: Decimal) -> Decimal:
    """Return what one line costs after the discount, rounded to cents."""
    gross = quantity * unit_price
    net = gross * (1 - volume_discount(quantity))
    return net.quantize(CENT, rounding=ROUND_HALF_UP)


def invoice_total(lines: list[tuple[int, Decimal]]) -> Decimal:
    """Return the sum of all lines."""
    return sum((line_total(quantity, price) for quantity, price in lines), Decimal("0.00"))
