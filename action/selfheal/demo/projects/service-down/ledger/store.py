"""Talk to the booking server."""

import json
import socket


class Store:
    """A connection to the server; one JSON document a line."""

    def __init__(self, host: str = "127.0.0.1", port: int = 9543) -> None:
        self._socket = socket.create_connection((host, port), timeout=5)

    def balance(self, account: str) -> int:
        """Return the balance of an account in cents."""
        self._socket.sendall(json.dumps({"balance": account}).encode() + b"\n")
        return int(json.loads(self._socket.makefile().readline())["cents"])
