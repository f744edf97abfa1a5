"""Read a log outside of a repair: `selfheal diagnose`."""

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from selfheal import config
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.engine import ModelFailure
from selfheal.errors import UsageError
from selfheal.logs import Redactor, diagnose_log, mapped, prepare
from selfheal.logs.baseline import Baseline
from selfheal.logs.parsers.interface import LogContext
from selfheal.logs.repository import Repository
from selfheal.logs.source import seekable
from selfheal.team.secrets import secrets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRequest:
    """What to read. `root` is the repository's path as the log prints it, by default that of `repo`."""

    log: IO[bytes]
    baseline: IO[bytes] | None = None
    repo: Path | None = None
    root: str = ""
    exit_code: int | None = None


def read_log_file(request: LogRequest, *, ask_with: Mapping[str, Any] | None = None) -> Diagnosis:
    """Diagnose a log, redacted. `ask_with` are the engine's settings where the model may be asked.

    Raises `UsageError` for what can't be read, and where the model was wanted and can't be had.
    """
    prepare()
    repository = _repository(request)
    redactor = Redactor(secrets_of(config.environment()))
    with ExitStack() as stack:
        baseline = None
        if request.baseline is not None:
            baseline = Baseline.read(stack.enter_context(seekable(request.baseline)))
        log = stack.enter_context(seekable(request.log))
        context = LogContext(request.exit_code, repository)
        # Before anything is read, since a value cut out of its line may no longer look like a secret; and after.
        found = diagnose_log(log, context, baseline=baseline, redact=redactor.redact)
    found = mapped(found, redactor.redact)
    return found if ask_with is None else mapped(_asked(found, ask_with), redactor.redact)


def _asked(found: Diagnosis, options: Mapping[str, Any]) -> Diagnosis:
    from selfheal.team.last_resort import needs_model, read_with_engine

    if not needs_model(found):
        return found
    settings = config.load(repo=Path.cwd(), config_file=None, flags=dict(options))
    answer = read_with_engine(found, settings, config.models_dir(settings))
    if isinstance(answer, ModelFailure):
        raise UsageError(f"the model can't be asked: {answer.message}")
    return answer


def _repository(request: LogRequest) -> Repository:
    if request.repo is None:
        return Repository(request.root)
    listed = subprocess.run(
        ["git", "-C", str(request.repo), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        raise UsageError(f"{request.repo} is no git repository: leave --repo out, or name the checkout")
    files = frozenset(name.decode("utf-8", "replace") for name in listed.stdout.split(b"\0") if name)
    return Repository(request.root or str(request.repo.resolve()), files)
