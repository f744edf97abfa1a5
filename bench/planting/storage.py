"""The cache folder: downloaded sdists, the environment of the tools, prepared bases and proved cases."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from planting.packages import Package

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class StorageError(Exception):
    """Something could not be fetched or is not what it was pinned to."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Where everything that is made once lies. With `programs` the tools are those of that folder."""

    root: Path
    programs: Path | None = None

    @classmethod
    def default(cls) -> "Storage":
        """`$SELFHEAL_BENCH_CACHE`, else below the user's cache folder."""
        return cls(Path(os.environ.get("SELFHEAL_BENCH_CACHE") or Path.home() / ".cache/selfheal/bench"))

    @property
    def bin(self) -> Path:
        """The tools' programs."""
        return self.programs or self.root / "venv" / "bin"

    def make_environment(self, requirements: Path = REQUIREMENTS) -> None:
        """Install the pinned tools, once for each state of the list."""
        folder = self.bin.parent
        stamp = folder / ".pins"
        pins = requirements.read_text(encoding="utf-8")
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == pins:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([self.bin / "python", "-m", "pip", "install", "-q", "-r", requirements], check=True)
        if (self.bin / "pyright").exists():
            # Its program is fetched when it first runs.
            subprocess.run([self.bin / "pyright", "--version"], check=True, stdout=subprocess.DEVNULL)
        stamp.write_text(pins, encoding="utf-8")

    def sdist(self, package: Package) -> Path:
        """Download the package's source, or find it in the cache; its digest is checked each time."""
        folder = self.root / "sdists" / f"{package.name}-{package.version}"
        if not folder.is_dir() or not any(folder.iterdir()):
            folder.mkdir(parents=True, exist_ok=True)
            # The client builds the metadata, which runs code of the package: it must see the digest before that.
            pin = folder.with_suffix(".txt")
            pin.write_text(f"{package.sdist} --hash=sha256:{package.sha256}\n", encoding="utf-8")
            command = [self.bin / "python", "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
            subprocess.run([*command, "--require-hashes", "-r", pin, "--dest", folder], check=True)
        (path,) = folder.iterdir()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != package.sha256:
            raise StorageError(f"{path} has the digest {digest}, {package.sdist} is pinned to {package.sha256}")
        return path

    def unpack(self, package: Package, target: Path) -> None:
        """Lay the package's files out in `target`, which must not exist."""
        scratch = target.with_name(target.name + ".unpacking")
        shutil.rmtree(scratch, ignore_errors=True)
        with tarfile.open(self.sdist(package)) as archive:
            archive.extractall(scratch, filter="data")
        (inside,) = scratch.iterdir()
        inside.rename(target)
        scratch.rmdir()
