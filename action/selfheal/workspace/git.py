"""The only place that starts git: a clean environment, a time limit, and no trust in anybody's configuration."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from selfheal.workspace.errors import GitFailed

TIME_LIMIT_S = 300.0

# A repository's configuration can name programs. None of these may run, whatever the repository says.
_FORCED = (
    ("safe.directory", "*"),
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.sshCommand", "false"),
    ("core.askPass", "false"),
    ("core.pager", "cat"),
    ("core.editor", "false"),
    ("core.attributesFile", "/dev/null"),
    ("core.untrackedCache", "false"),
    ("diff.external", ""),
    ("log.showSignature", "false"),
    ("gpg.program", "false"),
    ("credential.helper", ""),
    ("protocol.allow", "never"),
    ("protocol.file.allow", "never"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("commit.gpgSign", "false"),
    ("advice.addEmbeddedRepo", "false"),
)


def git_program() -> str | None:
    """Where git is, or None."""
    return shutil.which("git")


def git_environment(*, git_dir: Path | None, work_tree: Path | None, index: Path | None = None) -> dict[str, str]:
    """Build the whole environment of a git call; nothing is inherited."""
    variables = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_AUTHOR_NAME": "selfheal",
        "GIT_AUTHOR_EMAIL": "selfheal@localhost",
        "GIT_COMMITTER_NAME": "selfheal",
        "GIT_COMMITTER_EMAIL": "selfheal@localhost",
        "GIT_CONFIG_COUNT": str(len(_FORCED)),
    }
    for number, (key, value) in enumerate(_FORCED):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    for name, place in (("GIT_DIR", git_dir), ("GIT_WORK_TREE", work_tree), ("GIT_INDEX_FILE", index)):
        if place is not None:
            variables[name] = str(place)
    return variables


def git(
    *arguments: str,
    cwd: Path,
    git_dir: Path | None = None,
    work_tree: Path | None = None,
    index: Path | None = None,
    settings: Sequence[str] = (),
    stdin: bytes = b"",
    has_literal_paths: bool = True,
    time_limit_s: float = TIME_LIMIT_S,
) -> bytes:
    """Run git and return what it printed. `settings` are `name=value` pairs for this call.

    Raises:
        GitFailed: it ended with another status than 0, ran out of time, or git is not there.
    """
    program = git_program()
    if program is None:
        raise GitFailed(arguments[0], 127, "git is not installed")
    variables = git_environment(git_dir=git_dir, work_tree=work_tree, index=index)
    if not has_literal_paths:
        del variables["GIT_LITERAL_PATHSPECS"]
    line = [program, *(part for setting in settings for part in ("-c", setting)), *arguments]
    try:
        done = subprocess.run(
            line,
            cwd=cwd,
            env=variables,
            input=stdin,
            capture_output=True,
            timeout=time_limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitFailed(arguments[0], None, "time limit") from None
    if done.returncode != 0:
        raise GitFailed(arguments[0], done.returncode, done.stderr.decode("utf-8", "replace"))
    return done.stdout


def split_z(output: bytes) -> tuple[bytes, ...]:
    """Split the output of a `-z` call."""
    return tuple(part for part in output.split(b"\0") if part)
