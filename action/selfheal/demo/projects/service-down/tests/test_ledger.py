import pytest

from ledger.format import euros
from ledger.store import Store


@pytest.fixture
def store() -> Store:
    return Store()


def test_amounts_are_shown_with_two_digits():
    assert euros(123456) == "1,234.56 EUR"


def test_the_balance_comes_from_the_server(store):
    assert store.balance("rent") == 0
