"""Say what came of a repair in the files that a workflow has for it: outputs and the job's summary."""

import secrets
from collections.abc import Mapping
from pathlib import Path

MAX_SUMMARY_BYTES = 1024 * 1024
"""GitHub drops a longer summary of a step altogether."""
_CUT = "\n\n… cut: the whole is in the artifact.\n"


def write_outputs(file: Path, values: Mapping[str, str]) -> None:
    """Append outputs for later steps. No value can end its own block: the delimiter is drawn anew each time."""
    with file.open("a", encoding="utf-8", newline="\n") as stream:
        for name, value in values.items():
            delimiter = f"selfheal-{secrets.token_hex(16)}"
            stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def write_summary(file: Path, markdown: str) -> None:
    """Append to the job's summary, cut where it would be too long together with what stands there."""
    used = file.stat().st_size if file.is_file() else 0
    room = MAX_SUMMARY_BYTES - used - 1024
    data = markdown.encode("utf-8", "replace")
    if len(data) > room:
        data = (
            data[: max(0, room)].decode("utf-8", "ignore").encode()
            + _close_fences(data[: max(0, room)])
            + _CUT.encode()
        )
    with file.open("ab") as stream:
        stream.write(data + b"\n")


def _close_fences(data: bytes) -> bytes:
    """What closes a code fence and a folded part that the cut has left open."""
    text = data.decode("utf-8", "ignore")
    fences = [line for line in text.splitlines() if line.startswith("```")]
    tail = "\n" + "`" * (len(fences[-1]) - len(fences[-1].lstrip("`"))) if len(fences) % 2 else ""
    if text.count("<details>") > text.count("</details>"):
        tail += "\n\n</details>"
    return tail.encode()
