"""All settings of the runner's side. Only this module reads the environment."""

import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from selfheal.contract.base import Frozen
from selfheal.contract.packages import Day
from selfheal.contract.policy.interface import PolicySettings
from selfheal.errors import UsageError
from selfheal.observability import ExportPlan, ObservabilitySettings, export_plan

CONFIG_FILE = Path(".github/selfheal.yml")
_OLLAMA = "http://127.0.0.1:11434"
EngineName = Literal["auto", "embedded", "ollama", "openai"]
Isolation = Literal["auto", "container", "process"]


class SandboxSettings(Frozen):
    """How tightly the failing command is held."""

    allow_network: bool | None = None
    """Whether the command may have the network where its failure would differ without it. None: only if
    no model server listens on this machine's loopback, which the command could then reach."""
    memory_mb: Annotated[int, Field(ge=64)] = 8192
    max_processes: Annotated[int, Field(ge=16)] = 4096
    keep_env: tuple[str, ...] = ()
    """Names of variables that look secret and that the command needs all the same."""


class EngineSettings(Frozen):
    """The embedded engine's size."""

    context_tokens: Annotated[int, Field(ge=1024, le=131072)] = 8192
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    """0 means one a core."""
    fetch: bool = False
    """Download the weights where they are missing, when the model is first asked. The action does; elsewhere a person
    says `selfheal model pull`."""


class ContainerSettings(Frozen):
    """Agents and model in containers of their own, on a runner (see the action). Images are named by digest."""

    isolation: Isolation = "auto"
    """auto: in containers where Docker can be used and both images are named, else in the runner's own processes."""
    agents_image: str = ""
    sidecar_image: str = ""
    model_digest: str = ""
    """What `ollama list` shows of a model that selfheal does not know by itself."""
    agents_memory_mb: Annotated[int, Field(ge=128)] = 1024
    sidecar_memory_mb: Annotated[int, Field(ge=512)] = 8192
    max_processes: Annotated[int, Field(ge=16)] = 512


_Day = Annotated[Day, BeforeValidator(lambda value: value.isoformat() if isinstance(value, date) else value)]
"""YAML makes a date of YYYY-MM-DD without quotes."""


class DependencySettings(Frozen):
    """How builds are healed that broke because the world moved. Days are written YYYY-MM-DD."""

    last_green: _Day | None = None
    """The last day on which the command passed; else the day of the commit. Locks of later commits are not tried."""
    today: _Day | None = None
    """Nothing that was published from this day on is seen; for repeating an investigation later."""
    min_age_days: Annotated[int, Field(ge=0, le=365)] = 3
    """A version younger than this is not chosen where an older one serves."""
    advisories: Path | None = None
    """A folder of advisories in OSV's format: the versions that they name are not chosen."""
    hold_back: bool = True
    """False: no release is held back; the code is adapted, by the model too, which is told what the change log says."""


class Settings(BaseSettings):
    """What a repair is told. Order: command line, `SELFHEAL_*` variables, the configuration file, defaults."""

    model_config = SettingsConfigDict(
        env_prefix="SELFHEAL_", env_nested_delimiter="__", frozen=True, extra="forbid", env_ignore_empty=True
    )

    engine: EngineName = "auto"
    model: str | None = None
    base_url: str | None = None
    api_key: str | None = None
    max_cycles: Annotated[int, Field(ge=0, le=1000)] = 5
    max_tokens: Annotated[int, Field(ge=0)] = 60_000
    max_seconds: Annotated[float, Field(gt=0)] = 600.0
    command_seconds: Annotated[float, Field(gt=0)] | None = None
    """The longest that one run of the command may take; the default is a third of `max_seconds`."""
    seed: int = 0
    models_dir: Path | None = None
    policy: PolicySettings = PolicySettings()
    sandbox: SandboxSettings = SandboxSettings()
    embedded: EngineSettings = EngineSettings()
    containers: ContainerSettings = ContainerSettings()
    dependencies: DependencySettings = DependencySettings()
    observability: ObservabilitySettings = ObservabilitySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave out dotenv files: one in a hostile repository must not steer us."""
        return (init_settings, env_settings)

    @property
    def command_timeout_s(self) -> float:
        """The limit of one run of the command."""
        return self.command_seconds or max(30.0, self.max_seconds / 3)


def load(*, repo: Path, config_file: Path | None, flags: Mapping[str, Any]) -> Settings:
    """Merge command line, environment and file. Raises UsageError that names file, line and key."""
    path = config_file or repo / CONFIG_FILE
    from_file: dict[str, Any] = {}
    lines: dict[str, int] = {}
    if config_file is not None and not path.is_file():
        raise UsageError(f"the configuration file {path} does not exist: check --config")
    if path.is_file():
        from_file, lines = _read(path)
    given = {key: value for key, value in flags.items() if value is not None}
    by_environment = {
        name.removeprefix("SELFHEAL_").lower().partition("__")[0] for name in os.environ if name.startswith("SELFHEAL_")
    }
    below = {key: value for key, value in from_file.items() if key not in by_environment}
    try:
        return Settings(**{**below, **given})
    except ValidationError as error:
        raise UsageError(_explain(error, path, lines, given)) from None


def environment() -> Mapping[str, str]:
    """The caller's environment, in which the failing command runs (less the secrets)."""
    return os.environ


def telemetry(settings: Settings) -> ExportPlan:
    """Where this process sends spans and metrics: the settings, and the standard `OTEL_*` variables."""
    return export_plan(settings.observability, os.environ)


def network_is_allowed(settings: Settings) -> bool:
    """Decide `sandbox.allow_network`: the model's port must never be reachable from the command."""
    if settings.sandbox.allow_network is not None:
        return settings.sandbox.allow_network
    if settings.engine == "embedded":
        return True  # it listens on a socket in a folder that is hidden from the command
    if settings.base_url is None and settings.engine == "openai":
        return True
    host = urlsplit(settings.base_url or _OLLAMA).hostname or ""
    is_local = host == "localhost" or host.startswith("127.") or host in ("::1", "0.0.0.0")  # noqa: S104 - no binding
    return not (is_local and _listens(settings.base_url or _OLLAMA))


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=1):
            return True
    except OSError:
        return False


def cache_home() -> Path:
    """Where caches belong: `XDG_CACHE_HOME`, else `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def models_dir(settings: Settings | None = None) -> Path:
    """The weights store's folder: `SELFHEAL_MODELS_DIR`, else below the cache home."""
    if settings is not None and settings.models_dir is not None:
        return settings.models_dir.expanduser()
    given = os.environ.get("SELFHEAL_MODELS_DIR")
    return Path(given).expanduser() if given else cache_home() / "selfheal" / "models"


def packages_dir() -> Path:
    """Where wheels are cached and throw-away environments lie: `SELFHEAL_PACKAGES_DIR`, else below the cache home."""
    given = os.environ.get("SELFHEAL_PACKAGES_DIR")
    return Path(given).expanduser() if given else cache_home() / "selfheal" / "packages"


def scratch_parent() -> Path:
    """Where working copies are made: `RUNNER_TEMP` on a runner, else the system's folder for temporary files."""
    return Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir())


def _read(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        document = YAML(typ="rt").load(path.read_bytes())
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UsageError(f"{path}:{line}: not valid YAML: {error.problem}") from None
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: can't be read: {error}") from None
    if document is None:
        return {}, {}
    if not isinstance(document, CommentedMap):
        raise UsageError(f"{path}:1: must be a mapping of settings to values")
    lines = dict(_key_lines(document, ""))
    return {str(key).replace("-", "_"): _plain(value) for key, value in document.items()}, lines


def _key_lines(document: Any, above: str) -> Iterator[tuple[str, int]]:
    """The line of each key, named with what it lies in: `policy`, `policy.max_files`."""
    for key, value in document.items():
        name = f"{above}{str(key).replace('-', '_')}"
        yield name, document.lc.key(key)[0] + 1
        if isinstance(value, dict):
            yield from _key_lines(value, f"{name}.")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).replace("-", "_"): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _explain(error: ValidationError, path: Path, lines: Mapping[str, int], given: Mapping[str, Any]) -> str:
    problems = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        top = str(item["loc"][0]) if item["loc"] else ""
        parts = [str(part) for part in item["loc"]]
        line = next((found for n in range(len(parts), 0, -1) if (found := lines.get(".".join(parts[:n])))), None)
        where = (
            f"--{top.replace('_', '-')}" if top in given else (f"{path}:{line}" if line else f"SELFHEAL_{top.upper()}")
        )
        message = "is no known setting" if item["type"] == "extra_forbidden" else item["msg"].lower()
        problems.append(f"{where}: {key}: {message}")
    return "\n".join(problems)
