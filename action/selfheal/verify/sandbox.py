"""Write the command line and the environment of each sandbox level."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.cachedir import cache_mounts
from selfheal.verify.editable import editable_folders
from selfheal.verify.levels import BASE_OPTIONS, NO_NETWORK

# Relative to HOME: what a build does not need and a thief looks for first.
_HOME_SECRETS = (
    *(".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".netrc", ".git-credentials", ".pypirc", ".npmrc"),
    *(".config/gh", ".config/gcloud", ".config/git/credentials", ".config/op", ".vault-token", ".terraform.d"),
    *(".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml", ".password-store"),
)
# Sockets work on a read-only mount too (Docker's would give the whole machine away), so these go as a whole.
_SOCKET_FOLDERS = ("/run", "/var/run")
_PRIVATE_FOLDERS = ("/tmp", "/var/tmp")  # noqa: S108 - named to be replaced by private ones
_ABSOLUTE = re.compile(r"/[\w./+@%=-]+")
_RESOLVER_FOLDERS = ("/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager")


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxTree:
    """What the command works on.

    `tree` is the scratch copy, `original` the place that it was copied from and at which the sandbox
    shows it, `subdirectory` the working directory below it. `linked_dirs` are environments that exist
    only in the original. `shared` are (source, place) pairs to be mounted read-only. `private` is an empty
    folder of ours for the sandbox's `/tmp` and caches. `hidden` must not be seen by the command. `writable` are folders
    beside the tree that it may write to. `overlaid` are (source, name) pairs: folders of ours that are shown at a place
    in the tree, instead of what lies or is linked there.
    """

    tree: Path
    original: Path
    private: Path
    subdirectory: str = ""
    linked_dirs: tuple[str, ...] = ()
    shared: tuple[tuple[Path, Path], ...] = ()
    hidden: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    overlaid: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start the command at one level."""

    argv: tuple[str, ...]
    cwd: str
    env: dict[str, str]


def shell_line(command: str) -> tuple[str, ...]:
    """Wrap a command line as GitHub's `run:` does, so that the first failing part fails the whole."""
    if bash := shutil.which("bash"):
        return (bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", command)
    return ("/bin/sh", "-e", "-c", command)


def launch(
    command: str, *, level: SandboxLevel, place: SandboxTree, environment: Mapping[str, str], status_fd: int
) -> Launch:
    """Write the start of `command`; at the bwrap levels `status_fd` tells whether the sandbox came up."""
    tmp = place.private / "tmp"
    if not level.has_bwrap:
        env = _process_environment(place, environment, tmp)
        return Launch(argv=shell_line(command), cwd=env["PWD"], env=env)
    program = shutil.which("bwrap") or "bwrap"
    working_directory = str(place.original / place.subdirectory)
    # The place where TMPDIR points can't be written to in there, and /tmp is private anyway.
    env = {**environment, "TMPDIR": "/tmp", "PWD": working_directory}  # noqa: S108 - the sandbox's own
    options = [*BASE_OPTIONS, *(NO_NETWORK if level is SandboxLevel.ISOLATED else ())]
    options += ["--uid", str(os.getuid()), "--gid", str(os.getgid())]
    options += _mounts(level, place, environment, tmp, command)
    options += ["--chdir", working_directory, "--json-status-fd", str(status_fd)]
    return Launch(argv=(program, *options, "--", *shell_line(command)), cwd="/", env=env)


def place_links(place: SandboxTree, *, as_links: bool) -> None:
    """Make the linked environments' places in the copy fit the level.

    A sandbox mounts the original over an empty folder. Without one, a symbolic link must do.
    """
    shown = {name: place.original / name for name in place.linked_dirs}
    for name, source in (shown | {name: source for source, name in place.overlaid}).items():
        spot = place.tree / name
        if any(parent.is_symlink() or not parent.is_dir() for parent in _between(place.tree, spot)):
            continue
        if spot.is_symlink():
            spot.unlink()
        if spot.is_dir() and not any(spot.iterdir()):
            spot.rmdir()
        if spot.exists():
            continue
        if as_links:
            spot.symlink_to(source, target_is_directory=True)
        else:
            spot.mkdir()


def _mounts(
    level: SandboxLevel, place: SandboxTree, environment: Mapping[str, str], tmp: Path, command: str
) -> list[str]:
    options: list[str] = []
    for folder in _PRIVATE_FOLDERS:
        if _is_real_folder(folder):
            options += ["--bind", str(tmp), folder]
    for folder in _SOCKET_FOLDERS:
        if _is_real_folder(folder):
            options += ["--tmpfs", folder]
    if level is SandboxLevel.NETWORK:
        for folder in _RESOLVER_FOLDERS:
            options += ["--ro-bind-try", folder, folder]
    # What the environment needs comes back first; what is to be hidden is hidden after that.
    for needed in _needed(environment, command):
        options += ["--ro-bind", needed, needed]
    home = environment.get("HOME", "")
    if home.startswith("/") and home != "/":
        for name in _HOME_SECRETS:
            options += _mask(Path(home, name))
        options += cache_mounts(Path(environment.get("XDG_CACHE_HOME") or f"{home}/.cache"), place.private / "cache")
    for path in place.hidden:
        if not path.resolve().is_relative_to(place.original):
            options += _mask(path)
    options += ["--bind", str(place.tree), str(place.original)]
    for name in place.linked_dirs:
        # Where the command put something else in its place, there is nothing to mount over.
        spot = place.tree / name
        is_real = all(_is_real_folder(folder) for folder in (spot, *_between(place.tree, spot)))
        if is_real and (place.original / name).is_dir():
            options += ["--ro-bind", str(place.original / name), str(place.original / name)]
    for source, name in place.overlaid:
        if _is_real_folder(place.tree / name) and all(map(_is_real_folder, _between(place.tree, place.tree / name))):
            options += ["--ro-bind", str(source), str(place.original / name)]
    for source, spot in place.shared:
        options += ["--ro-bind-try", str(source), str(spot)]
    for beside in place.writable:
        options += ["--bind", str(beside), str(beside)]
    return options


def _mask(path: Path) -> list[str]:
    real = path.resolve()
    if real.is_dir():
        return ["--tmpfs", str(real)]
    return ["--ro-bind", "/dev/null", str(real)] if real.exists() else []


def _needed(environment: Mapping[str, str], command: str) -> Iterator[str]:
    """Folders that the environment or the command names and that lie below a folder that the sandbox replaces."""
    names = [environment.get("VIRTUAL_ENV", ""), environment.get("UV_PROJECT_ENVIRONMENT", "")]
    programs = [str(Path(word).parent) for word in programs_of(command)]
    for variable in ("PATH", "PYTHONPATH", None):
        for entry in environment.get(variable, "").split(":") if variable else programs:
            names.append(entry)
            if entry.endswith("/bin") and _is_file(Path(entry).parent / "pyvenv.cfg"):
                names.append(entry.removesuffix("/bin"))
    seen: set[str] = set()
    for name in names:
        is_replaced = name.startswith(tuple(f"{folder}/" for folder in (*_PRIVATE_FOLDERS, *_SOCKET_FOLDERS)))
        if is_replaced and name not in seen and _is_folder(Path(name)):
            seen.add(name)
            yield name


def programs_of(command: str) -> tuple[str, ...]:
    """Files that a command names by their full path, such as the Python of an environment."""
    return tuple(word for word in dict.fromkeys(_ABSOLUTE.findall(command)) if _is_file(Path(word)))


def _process_environment(place: SandboxTree, environment: Mapping[str, str], tmp: Path) -> dict[str, str]:
    tree = place.tree
    # An editable install names the original; the copy has to be found before it.
    front = [str(tree / folder) for folder in editable_folders(place.original, environment)]
    python_path = [*front, environment.get("PYTHONPATH", "")]
    return {
        **environment,
        "TMPDIR": str(tmp),
        "PWD": str(tree / place.subdirectory),
        **({"PYTHONPATH": ":".join(part for part in python_path if part)} if any(python_path) else {}),
    }


def _is_file(path: Path) -> bool:
    """Tell whether a word of a command names a file; one too long for a path, as packed text is, names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_real_folder(path: str | Path) -> bool:
    return Path(path).is_dir() and not Path(path).is_symlink()


def _between(top: Path, place: Path) -> Iterator[Path]:
    for parent in place.parents:
        if parent == top:
            return
        yield parent
