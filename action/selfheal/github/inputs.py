"""The action's inputs. They come through the environment alone, one `INPUT_…` variable each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from selfheal.contract.base import Frozen
from selfheal.errors import UsageError

Mode = Literal["report", "suggest", "pr"]
_PREFIX = "INPUT_"


class ActionInputs(Frozen):
    """What a workflow says under `with:`. An empty value is one that was not given."""

    command: Annotated[str, Field(max_length=100_000)] = ""
    """The command that failed; empty: found from the job."""
    run: Annotated[str, Field(max_length=100_000)] = ""
    """A command that the action runs itself (`scripts/action-wrapped`), and heals only if it fails."""
    working_directory: str = "."
    mode: Mode = "report"
    config: str = ""
    isolation: str = ""
    agents_image: str = ""
    sidecar_image: str = ""
    model_digest: str = ""
    engine: str = ""
    model: str = ""
    base_url: str = ""
    max_cycles: int | None = None
    max_tokens: int | None = None
    max_seconds: float | None = None
    seed: int | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _without_spaces(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @property
    def settings(self) -> dict[str, Any]:
        """The settings that were given, by the names of `config.Settings`."""
        names = ("engine", "model", "base_url", "max_cycles", "max_tokens", "max_seconds", "seed")
        of_containers = ("isolation", "agents_image", "sidecar_image", "model_digest")
        given = {name: getattr(self, name) for name in names}
        given["containers"] = {name: value for name in of_containers if (value := getattr(self, name))} or None
        return {name: value for name, value in given.items() if value not in ("", None)}

    def folder(self, workspace: Path) -> Path:
        """The folder that `working-directory` means. Raises UsageError where it is none below the workspace."""
        folder = (workspace / self.working_directory).resolve()
        if not folder.is_dir() or not folder.is_relative_to(workspace.resolve()):
            raise UsageError(
                f"working-directory {self.working_directory!r} is no folder of the workspace: give a path below it"
            )
        return folder


def inputs_of(environ: Mapping[str, str]) -> ActionInputs:
    """Read the inputs. Raises UsageError that names the input as a workflow spells it."""
    given = {
        name: environ[_PREFIX + name.upper()]
        for name in ActionInputs.model_fields
        if environ.get(_PREFIX + name.upper(), "").strip()
    }
    try:
        return ActionInputs.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise UsageError(f"the input {name} of selfheal: {first['msg'].lower()}") from None
