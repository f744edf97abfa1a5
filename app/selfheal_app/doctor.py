"""Check what the service needs, and say how to mend each."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from selfheal_app.doctor_github import Check, ask_github
from selfheal_app.errors import SettingsError
from selfheal_app.settings import AppSettings

_SHORTEST_SECRET = 16


async def examine(settings: AppSettings) -> tuple[Check, ...]:
    """Every check, in the order in which an operator would set the service up."""
    app_id, key = _app_id(settings), _private_key(settings)
    checks = (app_id, key, _webhook_secrets(settings), *_state(settings))
    if not (app_id.is_ok and key.is_ok):
        return (
            *checks,
            Check("GitHub", False, "not asked: the app id or the private key is missing", "mend those first"),
        )
    return (*checks, *await ask_github(settings))


def _app_id(settings: AppSettings) -> Check:
    name, mend = "app id", "set SELFHEAL_GITHUB_APP_ID to the number on the App's settings page, or run `setup`"
    try:
        app_id = settings.app_id()
    except SettingsError as error:
        return Check(name, False, str(error), mend)
    return Check(name, True, str(app_id)) if app_id is not None else Check(name, False, "not set", mend)


def _private_key(settings: AppSettings) -> Check:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    name, anew = "private key", "generate one on the App's settings page and name the .pem file"
    try:
        text = settings.private_key()
    except SettingsError as error:
        return Check(name, False, str(error), anew)
    if not text:
        return Check(name, False, "not set", f"{anew} in SELFHEAL_GITHUB_PRIVATE_KEY_FILE")
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Check(name, False, "is no PEM key without a password", anew)
    if not isinstance(key, RSAPrivateKey):
        return Check(name, False, "is no RSA key, which GitHub needs", anew)
    return Check(name, True, f"RSA, {key.key_size} bits")


def _webhook_secrets(settings: AppSettings) -> Check:
    name, mend = "webhook secret", "set SELFHEAL_WEBHOOK_SECRET or …_FILE to what the App's settings page holds"
    try:
        secrets = settings.webhook_secrets()
    except SettingsError as error:
        return Check(name, False, str(error), mend)
    if not secrets:
        return Check(name, False, "not set; serve will not start", mend)
    if min(map(len, secrets)) < _SHORTEST_SECRET:
        return Check(name, False, f"shorter than {_SHORTEST_SECRET} characters", "make one with: openssl rand -hex 32")
    return Check(name, True, f"{len(secrets)} accepted")


def _state(settings: AppSettings) -> Iterator[Check]:
    from sqlalchemy.exc import SQLAlchemyError

    from selfheal_app.store.database import Database
    from selfheal_app.store.migrations import NEWEST, version

    name = "database"
    try:
        url = settings.store_url()
        if url.startswith("sqlite"):  # beside PostgreSQL the folder holds credentials at most, and may be read-only
            yield _writable(settings.state_dir.expanduser())
        database = Database.connect(url)
        with database.reading() as connection:
            found = version(connection)
        database.close()
    except SettingsError as error:
        yield Check(name, False, str(error), "leave SELFHEAL_DATABASE_URL out for a SQLite file")
    except (SQLAlchemyError, OSError) as error:
        seen = f"can't be opened ({type(error).__name__})"
        yield Check(name, False, seen, "check SELFHEAL_DATABASE_URL: host, name, user, password; and that it runs")
    else:
        kind = url.partition(":")[0]
        if found > NEWEST:
            yield Check(name, False, f"{kind}, schema {found}, newer than this program", "run the newer release")
        else:
            yield Check(name, True, f"{kind}, schema {found} of {NEWEST}" + ("" if found else ": made at the start"))


def _writable(folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        seen = f"{folder} is not writable ({error.strerror})"
        return Check("state folder", False, seen, "set SELFHEAL_STATE_DIR to a folder that the service's user owns")
    return Check("state folder", True, str(folder))
