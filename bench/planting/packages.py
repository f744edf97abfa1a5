"""The packages that failures are planted into."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("packages.toml")


@dataclass(frozen=True, slots=True)
class Package:
    """One sdist of PyPI: its pin, where its code lies and how its tests run."""

    name: str
    version: str
    sha256: str
    source: str
    root: str
    tests: str
    needs: tuple[str, ...] = ()
    docs: str = ""

    @property
    def test_command(self) -> str:
        """The command that runs the package's own tests."""
        prefix = "" if self.root == "." else f"PYTHONPATH={self.root} "
        return f"{prefix}python -m pytest -q {self.tests}"

    @property
    def module(self) -> str:
        """The name that it is imported by."""
        return Path(self.source).stem

    @property
    def sdist(self) -> str:
        """The requirement that names it to a package client."""
        return f"{self.name}=={self.version}"


def load_packages(path: Path = LIST) -> tuple[Package, ...]:
    """Read the committed list, in its order."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["package"]
    return tuple(Package(**{**row, "needs": tuple(row["needs"])}) for row in rows)
