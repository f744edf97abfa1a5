"""Who is signed in: a cookie that only this service can read and make.

Nothing of a person is kept on the server. The cookie holds their token of GitHub's, encrypted with a key that is made
of the App's client secret: every replica reads it, and a new secret signs everybody out.
"""

import base64
import time
from collections.abc import Callable
from typing import TypeVar

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, ValidationError

LONGEST_S = 8 * 3600
"""As long as a token of GitHub's lasts that a person gives to an App."""
MOST_COOKIE = 3800
"""Browsers keep no larger one."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Person(_Kept):
    """Somebody who has signed in."""

    login: str
    token: str
    form_key: str
    """Stands in each form that changes something: another site does not know it."""


class Leaving(_Kept):
    """A sign-in that is under way: what comes back from GitHub must belong to it."""

    state: str
    verifier: str
    back_to: str


T = TypeVar("T", bound=_Kept)


class Seal:
    """Makes and reads the cookies' values. `clock` gives Unix seconds."""

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"selfheal-app dashboard cookie 1").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))
        self._clock = clock

    def close(self, kept: _Kept) -> str:
        """The value of a cookie; it names its kind, so that one is not taken for another."""
        text = f"{type(kept).__name__}\n{kept.model_dump_json()}"
        return self._fernet.encrypt_at_time(text.encode(), int(self._clock())).decode()

    def open(self, value: str, kind: type[T], *, longest_s: int) -> T | None:
        """What a cookie holds; None for one that is forged, too old, or another kind's."""
        if not value or len(value) > MOST_COOKIE:
            return None
        try:
            text = self._fernet.decrypt_at_time(value.encode(), ttl=longest_s, current_time=int(self._clock())).decode()
            name, _, body = text.partition("\n")
            return kind.model_validate_json(body) if name == kind.__name__ else None
        except (InvalidToken, ValidationError, ValueError):
            return None
