"""The articles that the shop sells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Article:
    """One article; `sku` is its number in capital letters."""

    sku: str
    name: str
    cents: int


def normalize(sku: str) -> str:
    """Return an article number in the form that the catalogue uses."""
    return sku.strip().upper()


class Catalog:
    """Articles by their number."""

    def __init__(self) -> None:
        self._articles: dict[str, Article] = {}

    def add(self, sku: str, name: str, cents: int) -> None:
        """Add an article; its number may be written in any case."""
        key = normalize(sku)
        self._articles[key] = Article(key, name, cents)

    def find(self, sku: str) -> Article:
        """Return the article with this number, written in any case."""
        return self._articles[sku]
