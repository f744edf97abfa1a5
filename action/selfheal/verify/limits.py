"""How much of the machine one run of the command may take."""

import os
from dataclasses import dataclass

_GIB = 1 << 30


def _most_of_the_memory() -> int:
    return max(2 * _GIB, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 8 // 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Generous by default: they stop a run-away, they don't ration a build.

    `memory_bytes` bounds each process's writable private memory (RLIMIT_DATA, which, unlike RLIMIT_AS,
    does not count address space that the JVM, Node and wasm only reserve; None: 80 % of the machine)
    and, by a look every fraction of a second, the resident memory of all processes together.
    `processes` bounds processes and threads together: RLIMIT_NPROC where the user is not root (the
    kernel ignores it for root), and the same look for everybody. Cgroups would be exact, but on CI runners
    they can hardly ever be written to.
    """

    memory_bytes: int | None = None
    processes: int = 2048
    file_bytes: int = 8 * _GIB
    output_head_bytes: int = 256 * 1024
    output_tail_bytes: int = 768 * 1024

    def memory(self) -> int:
        """The memory limit in bytes."""
        return self.memory_bytes if self.memory_bytes is not None else _most_of_the_memory()
