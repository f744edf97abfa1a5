"""Say what came of a repair in the ways that a workflow has: outputs, annotations, the job's summary."""

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from selfheal.contract.diagnosis import Failure

MAX_ANNOTATIONS = 10
"""GitHub shows no more of a kind for one step."""
MAX_SUMMARY_BYTES = 1024 * 1024
"""GitHub drops a longer summary of a step altogether."""
_MAX_MESSAGE = 2000
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


def annotations(failures: Iterable[Failure], *, root: str = "") -> tuple[str, ...]:
    """Render the best ten failures as workflow commands. `root` leads from the workspace to the repository."""
    placed = [failure for failure in failures if failure.file and failure.line]
    seen: dict[tuple[str, int], Failure] = {}
    for failure in placed:
        seen.setdefault((str(failure.file), int(failure.line or 0)), failure)
    return tuple(_annotation(failure, root) for failure in list(seen.values())[:MAX_ANNOTATIONS])


def _annotation(failure: Failure, root: str) -> str:
    path = f"{root}/{failure.file}" if root else str(failure.file)
    title = " ".join(filter(None, (failure.tool, failure.code)))
    properties = {"file": path, "line": str(failure.line), "col": str(failure.column or ""), "title": title}
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::error {given}::{_data(failure.message[:_MAX_MESSAGE])}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _close_fences(data: bytes) -> bytes:
    """What closes a code fence and a folded part that the cut has left open."""
    text = data.decode("utf-8", "ignore")
    fences = [line for line in text.splitlines() if line.startswith("```")]
    tail = "\n" + "`" * (len(fences[-1]) - len(fences[-1].lstrip("`"))) if len(fences) % 2 else ""
    if text.count("<details>") > text.count("</details>"):
        tail += "\n\n</details>"
    return tail.encode()
