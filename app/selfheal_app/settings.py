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
    public_url: Annotated[str, Field(pattern=_URL)] | None = None
    """The service as a browser reaches it; without it there are no pages."""
    github_client_id: str | None = None
    github_client_secret: SecretStr | None = None
    github_client_secret_file: Path | None = None
    minutes_a_fix: Annotated[float, Field(ge=0, le=10_000)] = 15.0
    """What a person is said to take for one fix: the pages' estimate of the time that was saved."""
    alert_webhook_url: Annotated[SecretStr, Field(min_length=1)] | None = None
    """Told of exhaustion, drift and loops. The address of a chat's webhook is itself a secret."""
    alert_webhook_secret: SecretStr | None = None
    alert_webhook_secret_file: Path | None = None
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

    def client_id(self) -> str:
        """The App's client id, told or left by setting up; empty where there is none."""
        return self.github_client_id or self._left(credentials.CLIENT_ID)

    def client_secret(self) -> str:
        """The App's client secret; empty where none is set. Raises SettingsError for a file that can't be read."""
        name = "SELFHEAL_GITHUB_CLIENT_SECRET"
        text = _one_of(name, value=self.github_client_secret, file=self.github_client_secret_file)
        return (text or self._left(credentials.CLIENT_SECRET)).strip()

    def alert_secret(self) -> bytes:
        """With what alerts are signed. Raises SettingsError where alerts are wanted and there is none."""
        name = "SELFHEAL_ALERT_WEBHOOK_SECRET"
        text = _one_of(name, value=self.alert_webhook_secret, file=self.alert_webhook_secret_file).strip()
        if self.alert_webhook_url is not None and not text:
            raise SettingsError(f"SELFHEAL_ALERT_WEBHOOK_URL is set and {name} is not: alerts are always signed")
        return text.encode()

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


class OtelSettings(BaseSettings):
    """The standard variables that decide whether anything is sent; the exporters read the rest."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", frozen=True, extra="ignore", env_ignore_empty=True)

    sdk_disabled: bool = False
    exporter_otlp_endpoint: Annotated[str, Field(pattern=_URL)] | None = None
    exporter_otlp_traces_endpoint: Annotated[str, Field(pattern=_URL)] | None = None
    exporter_otlp_metrics_endpoint: Annotated[str, Field(pattern=_URL)] | None = None
    traces_exporter: str = "otlp"
    metrics_exporter: str = "otlp"
    metric_export_interval: Annotated[float, Field(gt=0)] = 60_000.0

    @property
    def interval_s(self) -> float:
        """Seconds between two sendings of the numbers."""
        return self.metric_export_interval / 1000

    def address(self, signal: Literal["traces", "metrics"]) -> str | None:
        """Where a signal goes; None where it goes nowhere."""
        is_traces = signal == "traces"
        exporters = self.traces_exporter if is_traces else self.metrics_exporter
        if self.sdk_disabled or "otlp" not in (name.strip() for name in exporters.split(",")):
            return None
        own = self.exporter_otlp_traces_endpoint if is_traces else self.exporter_otlp_metrics_endpoint
        base = self.exporter_otlp_endpoint
        return own or (f"{base.rstrip('/')}/v1/{signal}" if base else None)


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
        raise _wrong(error, "SELFHEAL_") from None


def load_otel() -> OtelSettings:
    """Read the standard variables. Raises SettingsError that names every wrong one."""
    try:
        return OtelSettings()
    except ValidationError as error:
        raise _wrong(error, "OTEL_") from None


def _wrong(error: ValidationError, prefix: str) -> SettingsError:
    # the values stay out of the message: they may be secrets
    names = (("_".join(map(str, item["loc"])).upper(), item["msg"].lower()) for item in error.errors())
    return SettingsError("\n".join(f"{prefix}{name}: {message}" for name, message in names))


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
