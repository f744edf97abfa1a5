"""Take a service's address apart."""

from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """Return the host, or an empty string where the address has none."""
    return urlsplit(url).hostname or ""


def port_of(url: str) -> int:
    """Return the port, or the scheme's default port where the address has none."""
    parts = urlsplit(url)
    return parts.port
