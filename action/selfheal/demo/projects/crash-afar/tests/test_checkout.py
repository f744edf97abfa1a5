import pytest

from shop.cart import Cart
from shop.catalog import Catalog
from shop.checkout import amount_due


@pytest.fixture
def catalog() -> Catalog:
    catalog = Catalog()
    catalog.add("mug-01", "Mug", 900)
    catalog.add("TEA-10", "Tea", 650)
    return catalog


def test_small_orders_pay_for_shipping(catalog):
    cart = Cart(catalog)
    cart.put("TEA-10")
    assert amount_due(cart) == 650 + 495


def test_article_numbers_may_be_typed_in_any_case(catalog):
    cart = Cart(catalog)
    cart.put("mug-01", 2)
    cart.put("tea-10")
    assert amount_due(cart) == 900 * 2 + 650 + 495


def test_large_orders_ship_for_free(catalog):
    cart = Cart(catalog)
    cart.put("MUG-01", 6)
    assert amount_due(cart) == 5400
