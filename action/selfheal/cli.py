"""The command line. Heavy imports happen inside the commands, so that `--help` stays instant."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from selfheal import __version__
from selfheal.private_process import keep_private

EXIT_OK, EXIT_NOT_HEALED, EXIT_USAGE, EXIT_INTERNAL, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_MAIN_EPILOG = """\b
Start here:
  selfheal doctor                              is everything there? how to mend it
  selfheal model pull                          fetch the default model (1.1 GB, once)
  selfheal demo                                watch it heal bundled broken projects
  selfheal repair --repo . --command "pytest -q" --out /tmp/heal
"""

_REPAIR_EPILOG = """\b
Examples:
  selfheal repair --repo . --command "pytest -q" --out /tmp/heal
  selfheal repair --repo . --command "ruff check . && mypy src" --out /tmp/heal --apply
  selfheal repair --repo . --command "make test" --out heal --engine ollama --model qwen2.5-coder:7b

\b
What lies in --out afterwards:
  report.json   everything, for machines       summary.md   the same, for people
  fix.patch     git apply it; absent if none   trace.jsonl  what the agents did (OpenTelemetry)

\b
Exit status:
  0  healed, or nothing to heal       1  not healed; the report says why
  2  wrong usage or configuration     3  an internal error
"""


@click.group(context_settings=_CONTEXT, epilog=_MAIN_EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="selfheal")
def main() -> None:
    """Heal a failed build: reproduce it, find the cause, patch it, and prove the patch by running
    the failing command again. A small model runs on this machine; no code leaves it."""


@main.command(epilog=_REPAIR_EPILOG, short_help="Repair a repository so that a failing command passes.")
@click.option(
    "--repo",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The git repository, as it is now.",
)
@click.option("--command", required=True, help="The command that fails, as a shell line.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the report and the patch.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "embedded", "ollama", "openai"]),
    help="Where the model runs. auto: Ollama where a server answers, else embedded.  [default: auto]",
)
@click.option("--model", metavar="NAME", help="The model's name in that engine, or a .gguf file.")
@click.option("--base-url", metavar="URL", help="The server's address, for ollama and openai.")
@click.option("--max-cycles", type=int, help="Targets that the model may work on.  [default: 5]")
@click.option("--max-tokens", type=int, help="Prompt and answer tokens in all.  [default: 60000]")
@click.option("--max-seconds", type=float, help="Wall-clock seconds in all.  [default: 600]")
@click.option("--seed", type=int, help="Makes the model's sampling repeatable.  [default: 0]")
@click.option("--apply", is_flag=True, help="Apply the proved patch to the repository's working tree.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file.  [default: .github/selfheal.yml]")
@click.option(
    "--previous", type=click.Path(path_type=Path), help="An earlier report.json: what it tried is not tried again."
)
@click.option("--quiet", "-q", is_flag=True, help="Print the result only.")
def repair(
    repo: Path,
    command: str,
    out: Path,
    apply: bool,
    config: Path | None,
    previous: Path | None,
    quiet: bool,
    **flags: Any,
) -> None:
    """Repair the repository so that the failing command passes.

    The command runs in a copy of your tree, in a sandbox, in your environment less its secrets. Your
    tree is left untouched without --apply.
    """
    from selfheal import config as configuration
    from selfheal.render.closing import closing_lines
    from selfheal.render.progress import progress_on
    from selfheal.team.repair import RepairRequest, run_repair

    keep_private()

    def work() -> int:
        settings = configuration.load(repo=repo, config_file=config, flags=flags)
        plan = configuration.telemetry(settings)
        request = RepairRequest(
            repo=repo,
            command=command,
            out=out,
            settings=settings,
            apply=apply,
            previous=previous,
            telemetry=plan,
        )
        with progress_on(quiet=quiet) as progress:
            report = run_repair(request, progress=progress)
        if plan.metrics is not None:
            from selfheal.trace.metering import send_metrics

            send_metrics(report, plan.metrics, settings.observability.metrics)
        click.echo("\n".join(closing_lines(report, out=out, applied=apply)))
        return exit_status(report.outcome.value)

    sys.exit(guarded(work))


@main.command(short_help="Watch bundled broken projects being healed.")
@click.option("--out", type=click.Path(path_type=Path), help="Keep each project's report here.")
@click.option("--only", metavar="NAME", help="Heal this one project. --list names them.")
@click.option("--list", "list_only", is_flag=True, help="List the projects and stop.")
@click.option(
    "--engine", type=click.Choice(["auto", "embedded", "ollama", "openai"]), default="embedded", show_default=True
)
@click.option("--model", metavar="NAME", help="The model's name in that engine, or a .gguf file.")
@click.option("--base-url", metavar="URL", help="The server's address, for ollama and openai.")
@click.option("--yes", "-y", is_flag=True, help="Fetch the model without asking when it is missing.")
def demo(out: Path | None, only: str | None, list_only: bool, yes: bool, **flags: Any) -> None:
    """Heal bundled broken projects, and leave alone the one that is not the code's fault."""
    from selfheal import demo as bundled

    def work() -> int:
        if list_only:
            click.echo("\n".join(f"{p.name:<16} {p.title}" for p in bundled.projects()))
            return EXIT_OK
        return bundled.run(out=out, only=only, flags=flags, may_pull=yes)

    sys.exit(guarded(work))


_DIAGNOSE_EPILOG = """\b
Examples:
  pytest -q 2>&1 | selfheal diagnose - --format text
  gh run view 123456789 --log | selfheal diagnose - --format text
  selfheal diagnose logs_123456789.zip --format text       the archive that GitHub offers for download
  selfheal diagnose red.log --baseline green.log           set aside what the green run printed too
  selfheal diagnose build.log --format github              annotations, inside a workflow

\b
No model is asked, and nothing leaves this machine. Where no parser knows the log, the lines that sound
most like the failure are shown; --ask-model lets the local model read those.
"""


@main.command(epilog=_DIAGNOSE_EPILOG, short_help="Say what failed in a build's log.")
@click.argument("log", type=click.File("rb"))
@click.option("--format", "form", type=click.Choice(["json", "text", "github"]), default="json", show_default=True)
@click.option("--baseline", type=click.File("rb"), metavar="LOG", help="A log of the last green run.")
@click.option(
    "--repo", type=click.Path(path_type=Path, file_okay=False, exists=True), help="The repository, to know its files."
)
@click.option("--root", default="", metavar="DIR", help="The repository's path in the log.  [default: that of --repo]")
@click.option("--exit-code", type=int, metavar="N", help="The command's exit status, where you know it.")
@click.option("--ask-model", is_flag=True, help="Let the model read a log that no parser knows.")
@click.option("--engine", type=click.Choice(["auto", "embedded", "ollama", "openai"]), help="For --ask-model.")
@click.option("--model", metavar="NAME", help="For --ask-model.")
def diagnose(log: Any, form: str, baseline: Any, repo: Path | None, root: str, **options: Any) -> None:
    """Say what failed in a build's LOG and why: a file, a zip of logs, or - for standard input."""
    import shutil

    from selfheal.render.diagnosis import RENDERERS, as_text
    from selfheal.team.log_reading import LogRequest, read_log_file

    def work() -> int:
        request = LogRequest(log=log, baseline=baseline, repo=repo, root=root, exit_code=options.pop("exit_code"))
        ask = options.pop("ask_model")
        found = read_log_file(request, ask_with=options if ask else None)
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        click.echo(as_text(found, width=width) if form == "text" else RENDERERS[form](found))
        return EXIT_OK

    sys.exit(guarded(work))


@main.command(short_help="Check what a repair needs; say how to mend it.")
@click.option("--engine", type=click.Choice(["auto", "embedded", "ollama", "openai"]))
@click.option("--model", metavar="NAME")
@click.option("--base-url", metavar="URL")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file.  [default: .github/selfheal.yml]")
@click.option("--deep", is_flag=True, help="Also load the model and ask it something.")
def doctor(config: Path | None, deep: bool, **flags: Any) -> None:
    """Check what a repair needs (git, sandbox, engine, model) and say how to mend each."""
    from selfheal import config as configuration
    from selfheal.doctor import examine
    from selfheal.render.checks import print_checks

    def work() -> int:
        settings = configuration.load(repo=Path.cwd(), config_file=config, flags=flags)
        checks = examine(settings, deep=deep)
        print_checks(checks)
        return EXIT_OK if all(check.is_ok or not check.is_required for check in checks) else EXIT_NOT_HEALED

    sys.exit(guarded(work))


@main.command(short_help="Be a step of a GitHub Actions job (see action.yml).")
@click.option("--ask-steps", is_flag=True, help="Only note how the job's steps went, for the step that heals.")
def action(ask_steps: bool) -> None:
    """Heal the job that this runs in: the inputs come from INPUT_ variables, the job from the runner's own.

    Finds the failed step where no command is given, leaves the report in RUNNER_TEMP/selfheal-out, and writes
    annotations, outputs and the job's summary.
    """
    import os

    from selfheal.github.action import act, note_steps
    from selfheal.render.progress import PlainProgress

    keep_private()
    if ask_steps:
        sys.exit(guarded(lambda: note_steps(os.environ)))
    sys.exit(guarded(lambda: act(os.environ, progress=PlainProgress(sys.stderr))))


@main.group()
def trace() -> None:
    """Look at what the agents did: the trace that a repair leaves."""


@trace.command("view")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), help="The page.  [default: FILE with .html]")
@click.option("--report", type=click.Path(path_type=Path), help="The report.json.  [default: the one beside FILE]")
def trace_view(file: Path, out: Path | None, report: Path | None) -> None:
    """Make one HTML page of FILE (trace.jsonl): what went wrong, the way there, what each agent saw and said.

    The page needs no network and no server; open it from disk.
    """
    from selfheal.page.files import write_page

    def work() -> int:
        click.echo(write_page(file, out=out, report=report))
        return EXIT_OK

    sys.exit(guarded(work))


@main.group()
def model() -> None:
    """Fetch and list the weights of the embedded engine. Every file is checked by its SHA-256."""


@model.command("pull")
@click.argument("name", default="")
@click.option("--from", "source", type=click.Path(path_type=Path), help="Take this file instead of downloading.")
def model_pull(name: str, source: Path | None) -> None:
    """Download the weights NAME (default: the 1.5B model); resumes where it was interrupted."""
    from selfheal import weights

    sys.exit(guarded(lambda: weights.pull(name or None, source)))


@model.command("list")
def model_list() -> None:
    """List the weights that selfheal knows and which of them are here."""
    from selfheal import weights

    click.echo("\n".join(weights.list_lines()))


@model.command("path")
@click.argument("name", default="")
def model_path(name: str) -> None:
    """Print where the weights NAME lie; status 1 if they are not here."""
    from selfheal import weights

    sys.exit(guarded(lambda: weights.print_path(name or None)))


def exit_status(outcome: str) -> int:
    """Map an outcome to the process's exit status."""
    return {"healed": EXIT_OK, "already_passing": EXIT_OK, "error": EXIT_INTERNAL}.get(outcome, EXIT_NOT_HEALED)


def guarded(work: Any) -> int:
    """Run a command's body and turn what it raises into a message and an exit status."""
    from selfheal.errors import SelfhealError, UsageError

    try:
        with _terminated_as_interrupted():
            return int(work())
    except UsageError as error:
        click.echo(_redacted(f"selfheal: {error}"), err=True)
        return EXIT_USAGE
    except KeyboardInterrupt:
        click.echo("selfheal: interrupted; your repository is as it was", err=True)
        return EXIT_INTERRUPTED
    except SelfhealError as error:
        click.echo(_redacted(f"selfheal: {error}"), err=True)
        return EXIT_INTERNAL
    except BrokenPipeError:
        return EXIT_INTERNAL
    except Exception as error:  # noqa: BLE001 - the outermost edge of the process
        return _crashed(error)


@contextlib.contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does, which cleans up; by itself it would leave the working copies behind."""
    # What a script starts in the background is deaf to SIGINT, and must not become deaf to SIGTERM; and only the main
    # thread may set a handler.
    is_deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if is_deaf or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _crashed(error: Exception) -> int:
    import errno
    import traceback

    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        click.echo(f"selfheal: no space left on the device ({error.filename}): free some and run it again", err=True)
        return EXIT_INTERNAL
    told = f"selfheal: internal error: {type(error).__name__}: {error}\n{''.join(traceback.format_exception(error))}"
    click.echo(_redacted(told), err=True)
    return EXIT_INTERNAL


def _redacted(text: str) -> str:
    """What goes to standard error lands in a log that others read."""
    from selfheal import config
    from selfheal.logs import Redactor
    from selfheal.team.secrets import secrets_of

    return Redactor(secrets_of(config.environment())).redact(text)
