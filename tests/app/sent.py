"""What the App under test sent to GitHub, as it came over the wire. `conftest.py` empties and judges it."""

from app.real.prism import Sent

SENT: list[Sent] = []
