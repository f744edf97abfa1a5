"""Read many objects from one `git cat-file --batch`, so that a read costs microseconds and no process."""

import os
import selectors
import subprocess
import time
from pathlib import Path

from selfheal.workspace.errors import GitFailed
from selfheal.workspace.git import git_environment, git_program

_BLOCK = 1 << 20


class BlobReader:
    """Reads blobs by their hash. Starts its process at the first read; not for use from two threads at once."""

    def __init__(self, git_dir: Path, *, time_limit_s: float = 60.0) -> None:
        self._git_dir = git_dir
        self._time_limit_s = time_limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def read(self, blob: str) -> bytes:
        """The object's bytes. Raises GitFailed when it is missing or the process does not answer."""
        process = self._process or self._start()
        assert process.stdin is not None
        self._rest = b""
        deadline = time.monotonic() + self._time_limit_s
        try:
            process.stdin.write(blob.encode() + b"\n")
            process.stdin.flush()
            while b"\n" not in self._rest:
                self._rest += self._more(process, deadline)
            header, _, body = self._rest.partition(b"\n")
            if header.endswith(b" missing") or len(header.split()) != 3:
                raise GitFailed("cat-file", None, f"{blob} is missing")
            chunks, left = [body], int(header.split()[2]) + 1 - len(body)
            while left > 0:
                chunks.append(self._more(process, deadline))
                left -= len(chunks[-1])
        except OSError as error:
            self.close()
            raise GitFailed("cat-file", None, str(error)) from error
        except GitFailed:
            self.close()
            raise
        return b"".join(chunks)[:-1]

    def close(self) -> None:
        """End the process. Idempotent; a later read starts a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue

    def _start(self) -> subprocess.Popen[bytes]:
        program = git_program()
        if program is None:
            raise GitFailed("cat-file", 127, "git is not installed")
        self._process = subprocess.Popen(
            [program, "cat-file", "--batch"],
            cwd=self._git_dir,
            env=git_environment(git_dir=self._git_dir, work_tree=None),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        return self._process

    def _more(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise GitFailed("cat-file", None, "time limit")
        block = os.read(process.stdout.fileno(), _BLOCK)
        if not block:
            raise GitFailed("cat-file", process.poll(), "ended early")
        return block
