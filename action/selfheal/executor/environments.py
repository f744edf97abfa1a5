"""The throw-away environments of one executor: folders in one locked place, and what a run has to know of each.

The place goes with `close`, with the reaper when the process is killed, and with the sweep of the next start when the
machine was.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from selfheal.executor.environment_reaper import watch
from selfheal.workspace.scratch import Scratch, make_scratch


@dataclass(frozen=True, slots=True)
class Activation:
    """What makes a run see an environment: variables, what goes in front of the PATH, and folders shown in the tree.

    `shared` are folders outside of the tree that the run must see. `shown` are (folder, name in the tree) pairs.
    """

    variables: Mapping[str, str]
    front: tuple[str, ...] = ()
    shared: tuple[Path, ...] = ()
    shown: tuple[tuple[Path, str], ...] = ()


@dataclass(slots=True)
class Environments:
    """Gives out folders and remembers how they are used. Nothing is made before the first call."""

    root: Path
    """Holds the lasting caches and the environments; one folder, so that files can be hard-linked between them."""
    _scratch: Scratch | None = field(default=None, init=False)
    _reaper: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _count: int = field(default=0, init=False)
    _known: dict[str, Activation] = field(default_factory=dict, init=False)

    def folder(self) -> Path:
        """The locked place of all of them."""
        if self._scratch is None:
            self._scratch = make_scratch(self.root / "environments")
            self._reaper = watch(self._scratch.path)
        return self._scratch.path

    def new_place(self) -> tuple[str, Path]:
        """A name that was not given out before, and where its folder may be made."""
        folder = self.folder()
        self._count += 1
        name = f"env-{self._count}"
        return name, folder / name

    def remember(self, name: str, activation: Activation) -> None:
        """From now on runs may ask for it."""
        self._known[name] = activation

    def find(self, name: str) -> Activation | None:
        """How a run uses an environment; None for a name that was not given out here."""
        if self._scratch is None or not re.fullmatch(r"env-\d{1,6}", name):
            return None
        return self._known.get(name)

    def close(self) -> None:
        """Remove everything. Idempotent."""
        self._known.clear()
        if self._scratch is not None:
            scratch, self._scratch = self._scratch, None
            scratch.remove()
        if self._reaper is not None:
            reaper, self._reaper = self._reaper, None
            assert reaper.stdin is not None
            reaper.stdin.close()
            reaper.wait()


def python_activation(place: Path) -> Activation:
    """The variables of a shell in which the virtual environment at `place` was activated."""
    return Activation(
        variables={
            "VIRTUAL_ENV": str(place),
            "UV_PROJECT_ENVIRONMENT": str(place),
            "UV_NO_SYNC": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        },
        front=(str(place / "bin"),),
        shared=(place,),
    )
