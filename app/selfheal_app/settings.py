"""All settings of the service. Only this module reads the environment; secrets may come from files."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from selfheal_app import credentials
from selfheal_app.errors import SettingsError

GITHUB_API = "https://api.github.com"
_URL = r"^https?://[^\s]+$"
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")


class AppSettings(BaseSettings):
    """The variables as they stand; `SELFHEAL_` is left off their names here."""

    model_config = SettingsConfigDict(env_prefix="SELFHEAL_", frozen=True, extra="ignore", env_ignore_empty=True)

    github_app_id: Annotated[int, Field(gt=0)] | None = None
    github_private_key: SecretStr | None = None
    github_private_key_file: Path | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    github_api_url: Annotated[str, Field(pattern=_URL)] = GITHUB_API
    github_server_url: Annotated[str, Field(pattern=_URL)] | None = None
    database_url: str | None = None
    state_dir: Path = Path("~/.local/state/selfheal")
    retry_first_seconds: Annotated[float, Field(gt=0)] = 5.0
    """Before the first further try of what GitHub did not answer; doubled each time, up to an hour."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave out dotenv files: what steers a service stands in its environment."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (init_settings, env_settings)

    def app_id(self) -> int | None:
        """The App's number, told or left by setting up. Raises SettingsError for a file that holds no number."""
        if self.github_app_id is not None:
            return self.github_app_id
        text = self._left(credentials.APP_ID)
        if text and not (text.isascii() and text.isdigit()):
            raise SettingsError(f"{self.state_dir / credentials.APP_ID} holds no number: set SELFHEAL_GITHUB_APP_ID")
        return int(text) if text else None

    def private_key(self) -> str:
        """The PEM text; empty where none is set. Raises SettingsError for a file that can't be read."""
        text = _one_of("SELFHEAL_GITHUB_PRIVATE_KEY", value=self.github_private_key, file=self.github_private_key_file)
        text = text or self._left(credentials.PRIVATE_KEY)
        # many secret stores can't hold line breaks and write them as a backslash and an n
        return text.replace("\\n", "\n").strip()

    def webhook_secrets(self) -> tuple[bytes, ...]:
        """Every accepted secret, one a line, so that one can be replaced without a gap; empty where none is set."""
        text = _one_of("SELFHEAL_WEBHOOK_SECRET", value=self.webhook_secret, file=self.webhook_secret_file)
        text = text or self._left(credentials.WEBHOOK_SECRET)
        return tuple(line.strip().encode() for line in text.splitlines() if line.strip())

    def store_url(self) -> str:
        """The database of the inbox. Raises SettingsError for a kind that is not known."""
        if self.database_url is None:
            return f"{_SQLITE}{self.state_dir.expanduser().absolute() / 'selfheal.sqlite3'}"
        if self.database_url.startswith(_POSTGRESQL):
            return f"{_POSTGRESQL[0]}{self.database_url.partition('://')[2]}"
        if self.database_url.startswith(_SQLITE) and self.database_url != _SQLITE:
            return self.database_url
        kind = self.database_url.partition(":")[0]
        raise SettingsError(
            f"SELFHEAL_DATABASE_URL: {kind!r} is not supported: use postgresql://USER:PASSWORD@HOST/NAME,"
            " sqlite:///relative/path or sqlite:////absolute/path, or leave it out"
        )

    def work_url(self) -> str:
        """The database of the durable work: the same PostgreSQL, or a SQLite file beside, so that neither waits."""
        url = self.store_url()
        return url if url.startswith(_POSTGRESQL) else f"{url}-work"

    def server_url(self) -> str:
        """Where people see GitHub: told, or made of the interface's address as GitHub does."""
        if self.github_server_url is not None:
            return self.github_server_url.rstrip("/")
        return "https://github.com" if self.github_api_url == GITHUB_API else self.github_api_url.partition("/api/")[0]

    def _left(self, name: str) -> str:
        return credentials.read(self.state_dir.expanduser(), name)


class PublishSettings(BaseSettings):
    """What a job of a workflow has in its environment, and the token that it was given."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True)

    token: Annotated[SecretStr, Field(validation_alias="SELFHEAL_PUBLISH_TOKEN")]
    repository: Annotated[str, Field(validation_alias="GITHUB_REPOSITORY")]
    event_name: Annotated[Literal["workflow_run"], Field(validation_alias="GITHUB_EVENT_NAME")]
    event_path: Annotated[Path, Field(validation_alias="GITHUB_EVENT_PATH")]
    api_url: Annotated[
        str, Field(pattern=_URL, validation_alias=AliasChoices("SELFHEAL_GITHUB_API_URL", "GITHUB_API_URL"))
    ] = GITHUB_API
    server_url: Annotated[str, Field(pattern=_URL, validation_alias="GITHUB_SERVER_URL")] = "https://github.com"
    step_summary: Annotated[Path | None, Field(validation_alias="GITHUB_STEP_SUMMARY")] = None
    output: Annotated[Path | None, Field(validation_alias="GITHUB_OUTPUT")] = None


def load_publish() -> PublishSettings:
    """Read the job's environment. Raises SettingsError that names every variable that is missing or wrong."""
    try:
        return PublishSettings()
    except ValidationError as error:
        wrong = [f"{item['loc'][0]}: {item['msg'].lower()}" for item in error.errors(include_input=False)]
        advice = "`publish` runs in a job of a workflow that starts `on: workflow_run`"
        raise SettingsError("\n".join([*wrong, advice])) from None


def load() -> AppSettings:
    """Read the environment. Raises SettingsError that names every wrong variable."""
    try:
        return AppSettings()
    except ValidationError as error:
        # the values stay out of the message: they may be secrets
        wrong = [
            f"SELFHEAL_{'_'.join(map(str, item['loc'])).upper()}: {item['msg'].lower()}" for item in error.errors()
        ]
        raise SettingsError("\n".join(wrong)) from None


def _one_of(name: str, *, value: SecretStr | None, file: Path | None) -> str:
    if value is not None and file is not None:
        raise SettingsError(f"{name} and {name}_FILE are both set: keep one of them")
    if file is None:
        return value.get_secret_value() if value is not None else ""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "no text"
        raise SettingsError(f"{name}_FILE: {file} can't be read ({what}): check the path and its permissions") from None
