"""Make a `.git` for the scratch tree that tools may use: history shared by reference, no credentials."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from selfheal.workspace.repository import Repository

_HEAD_FILES = ("HEAD", "ORIG_HEAD", "index")
_COMMON_FILES = (
    "packed-refs",
    "shallow",
    "info/exclude",
    "info/attributes",
    "info/sparse-checkout",
)
_FOLDERS = ("refs", "reftable")

# What tools read and what can't run a program or hold a password; everything else stays behind
# (http.*.extraheader, credential.*, url.*.insteadOf, include*, alias.*, filter.*, core.sshCommand ...).
_KEPT = re.compile(
    r"core\.(repositoryformatversion|filemode|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol"
    r"|safecrlf|sparsecheckout|sparsecheckoutcone|abbrev|quotepath)"
    r"|extensions\.(objectformat|refstorage|partialclone|noop)"
    r"|remote\..*\.(url|fetch|promisor|partialclonefilter|tagopt)"
    r"|branch\..*\.(remote|merge|rebase)"
    r"|user\.(name|email)|init\.defaultbranch|submodule\..*\.(url|active)",
    re.DOTALL | re.IGNORECASE,
)
_USERINFO = re.compile(r"(?<=://)[^/@\s]*@")
_MAX_ALTERNATES = 64


def share_git(repository: Repository, *, tree: Path, links: Path) -> tuple[tuple[Path, Path], ...]:
    """Make `tree/.git`. Objects are reached through links in the new folder `links`.

    Returns (original, link) pairs. Inside a sandbox the copy lies at the original's own place, so the
    original's objects are out of sight there: the sandbox mounts each original over its link.
    """
    target = tree / ".git"
    (target / "objects" / "info").mkdir(parents=True)
    (target / "objects" / "pack").mkdir()
    (target / "info").mkdir()
    for name in _HEAD_FILES:
        _copy_if_there(repository.git_dir / name, target / name)
    for shared in repository.git_dir.glob("sharedindex.*"):
        _copy_if_there(shared, target / shared.name)
    for name in _COMMON_FILES:
        _copy_if_there(repository.common_dir / name, target / name)
    for name in _FOLDERS:
        _copy_plain_files(repository.common_dir / name, target / name)
    (target / "refs" / "heads").mkdir(parents=True, exist_ok=True)
    (target / "config").write_bytes(_config_text(repository.settings()).encode("utf-8", "surrogateescape"))
    links.mkdir()
    pairs = []
    for number, objects in enumerate(_object_folders(repository.common_dir / "objects")):
        link = links / str(number)
        link.symlink_to(objects, target_is_directory=True)
        pairs.append((objects, link))
    (target / "objects" / "info" / "alternates").write_bytes(b"".join(os.fsencode(link) + b"\n" for _, link in pairs))
    return tuple(pairs)


def _object_folders(first: Path) -> tuple[Path, ...]:
    """The repository's object folder and, in turn, those that it borrows from."""
    found: list[Path] = []
    pending = [first]
    while pending and len(found) < _MAX_ALTERNATES:
        objects = pending.pop(0)
        if objects in found or not objects.is_dir():
            continue
        found.append(objects)
        try:
            lines = (objects / "info" / "alternates").read_bytes().splitlines()
        except OSError:
            continue
        names = [os.fsdecode(line) for line in lines if line and not line.startswith((b"#", b'"'))]
        pending.extend(Path(os.path.normpath(objects / name)) for name in names)
    return tuple(found)


def _config_text(settings: Iterable[tuple[str, str]]) -> str:
    lines = ["[core]", "\tbare = false"]
    for key, value in settings:
        if not _KEPT.fullmatch(key):
            continue
        section, _, rest = key.partition(".")
        subsection, _, name = rest.rpartition(".")
        header = f'[{section} "{_escape(subsection)}"]' if subsection else f"[{section}]"
        lines += [header, f'\t{name} = "{_escape(_USERINFO.sub("", value))}"']
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def _copy_if_there(source: Path, target: Path) -> None:
    if source.is_file():
        shutil.copyfile(source, target)


def _copy_plain_files(source: Path, target: Path) -> None:
    for folder, _, names in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not name.endswith(".lock"):
                _copy_if_there(Path(folder, name), place / name)
