from decimal import Decimal

from invoices.pricing import invoice_total, line_total


def test_a_single_piece_has_no_discount():
    assert line_total(1, Decimal("19.99")) == Decimal("19.99")


def test_ten_pieces_get_five_percent():
    assert line_total(10, Decimal("2.00")) == Decimal("19.00")


def test_fifty_pieces_get_ten_percent():
    assert line_total(50, Decimal("2.00")) == Decimal("90.00")


def test_an_invoice_is_the_sum_of_its_lines():
    assert invoice_total([(1, Decimal("5.00")), (60, Decimal("1.00"))]) == Decimal("59.00")
