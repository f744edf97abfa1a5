"""The accepted webhook secrets, read anew when their file changes: they rotate without a restart.

Write the new secret as a second line, change it on the App's settings page, then take the first line away.
"""

import logging
import time
from collections.abc import Callable

from selfheal_app.errors import SettingsError

_log = logging.getLogger(__name__)
_FRESH_S = 5.0


class WebhookSecrets:
    """Asks `load` at most every five seconds. A file that can't be read leaves the secrets as they were."""

    def __init__(self, load: Callable[[], tuple[bytes, ...]], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._load, self._clock = load, clock
        self._secrets = load()
        self._read_at = clock()

    def __call__(self) -> tuple[bytes, ...]:
        """What is accepted now; never none where there was one."""
        if self._clock() - self._read_at >= _FRESH_S:
            self._read_at = self._clock()
            try:
                found = self._load()
            except SettingsError as error:
                _log.error("the webhook secrets stay as they were: %s", error)
                return self._secrets
            if not found:
                _log.error("the webhook secrets stay as they were: the file holds none")
            elif found != self._secrets:
                _log.info("the webhook secrets have changed: %s accepted now", len(found))
                self._secrets = found
        return self._secrets
