"""The App's credentials as files of the state folder, where setting up left them. Readable by their owner alone."""

import os
from collections.abc import Mapping
from pathlib import Path

from selfheal_app.errors import SettingsError

APP_ID, PRIVATE_KEY, WEBHOOK_SECRET = "github-app-id", "github-private-key.pem", "webhook-secret"
CLIENT_ID, CLIENT_SECRET = "github-client-id", "github-client-secret"
"""With these people sign in to the pages."""
FILES = (APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, CLIENT_ID, CLIENT_SECRET)


def found_in(folder: Path) -> tuple[str, ...]:
    """The names of the files that are there."""
    return tuple(name for name in FILES if (folder / name).exists())


def read(folder: Path, name: str) -> str:
    """The file's text; empty where there is none. Raises SettingsError for one that can't be read."""
    file = folder / name
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except NotADirectoryError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "no text"
        raise SettingsError(f"{file} can't be read ({what}): check its permissions") from None


def write(folder: Path, contents: Mapping[str, str]) -> None:
    """Write the files, none over one that is there. Raises SettingsError, and leaves nothing behind then."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written: list[Path] = []
    try:
        for name, text in contents.items():
            file = folder / name
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            written.append(file)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        raise SettingsError(f"{folder} does not take the credentials ({error.strerror})") from None
