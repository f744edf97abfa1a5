"""Lines that start the fork server in the sandbox and ask it, and the reading of what it answers. Pure.

What answers shares a process with the code under test: every answer is bounded, and anything unexpected is no answer.
"""

import base64
import functools
import io
import json
import re
import shlex
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from selfheal.contract.trials import CoveredTest, Ended, Spectrum, Trial
from selfheal.shell import Invocation, find_invocations
from selfheal.verify.narrow import options_for_a_part

_FOLDER = Path(__file__).with_name("forked")
_PACKAGE = "selfheal_forked"
_CHANGES_FOLDER = re.compile(r"\s*cd\s+([\w./-]+)\s*&&\s*")
_SEARCHED = "PYTHONPATH="
_PLAIN_PATH = re.compile(r"(?:[\w./:-]|\$\w)*")
_EXPANDED = frozenset("$`*?{}~<>|&;()")
_MAX_TRACE = 3 << 20
_MAX_ID = 500
_LONGEST_S = 3600.0
_MAX_LINE_NUMBER = 1_000_000
NO_SERVER = 9
"""The exit code of a line where no server is up."""

_START = """\
d="$TMPDIR/{name}"; mkdir "$d" && cd . && printf %s {package} | base64 -d | tar -xzf - -C "$d" || exit 8
mkfifo "$d/ask" "$d/tick" && exec 9<>"$d/tick"
root="$(cd "./{up}" && pwd -P)"{enter}
(export SELFHEAL_FORK_HOME="$d" SELFHEAL_FORK_ROOT="$root" PYTHONPATH="$d"{path}
 exec 9>&-; {call}) >"$d/log" 2>&1 </dev/null &
echo $! > "$d/pid"
until [ -e "$d/ready" ]; do
  kill -0 "$(<"$d/pid")" 2>/dev/null || {{ tail -c 2000 "$d/log"; exit {no_server}; }}
  read -rt 0.01 -u 9 _ || true
done
"""
_ASK = """\
d="$TMPDIR/{name}"; [ -e "$d/pid" ] && kill -0 "$(<"$d/pid")" 2>/dev/null || exit {no_server}
exec 9<>"$d/tick" 8<>"$d/ask"
base64 -d <<'END' | gzip -d > "$d/job-{number}"
{job}
END
echo {number} >&8
until [ -e "$d/out-{number}" ]; do
  kill -0 "$(<"$d/pid")" 2>/dev/null || {{ cat "$d/part-{number}"; exit {no_server}; }}
  read -rt 0.01 -u 9 _ || true
done
cat "$d/out-{number}"; rm -f "$d/out-{number}" "$d/job-{number}"
"""
_TRACE = """
if [ -f "$d/trace.json" ] && [ ! -L "$d/trace.json" ]; then head -c {most} "$d/trace.json"; rm -f "$d/trace.json"; fi
"""
_STOP = 'd="$TMPDIR/{name}"; [ -e "$d/pid" ] && kill -9 "$(<"$d/pid")"; rm -rf "$d"; true\n'


def start_line(command: str, files: Iterable[str], *, name: str, subdirectory: str) -> str | None:
    """Write the line that starts the server `name` for the pytest that `command` calls; None where it calls none."""
    folders, rest = [], command
    while match := _CHANGES_FOLDER.match(rest):
        folders.append(match.group(1))
        rest = rest[match.end() :]
    calls = find_invocations(rest, "pytest")
    # A wrapper such as make runs it out of sight: whether a plain call shows the same failure, the first trial tells.
    call = calls[0] if calls else Invocation(("python", "-m", "pytest"), ())
    options = options_for_a_part(call.arguments)
    call, path = _without_search_path(call)
    if any(_EXPANDED & set(word) for word in (*call.prefix, *options)) or len(calls) > 1:
        return None
    if any(word.startswith("/") or ".." in word.split("/") for word in folders):
        return None
    ups = "/".join(".." for part in PurePosixPath(subdirectory).parts)
    line = call.with_arguments("-p", f"{_PACKAGE}.plugin", *options, *files)
    enter = "".join(f"; cd {shlex.quote(folder)}" for folder in folders)
    return _START.format(name=name, package=_packed(), up=ups, enter=enter, path=path, call=line, no_server=NO_SERVER)


def _without_search_path(call: Invocation) -> tuple[Invocation, str]:
    """The call without its own PYTHONPATH, and what goes behind ours: `PYTHONPATH=src pytest` would hide the server."""
    own = [word.removeprefix(_SEARCHED) for word in call.prefix if word.startswith(_SEARCHED)]
    if not own:
        return call, '"${PYTHONPATH:+:$PYTHONPATH}"'
    kept = tuple(word for word in call.prefix if not word.startswith(_SEARCHED))
    # The parser took the quotes away: only what can mean nothing else may be expanded.
    path = f'":{own[-1]}"' if _PLAIN_PATH.fullmatch(own[-1]) else f":{shlex.quote(own[-1])}"
    return Invocation(kept, call.arguments), path


def folder_of(command: str, subdirectory: str) -> str:
    """The folder that the tests run in, relative to the repository."""
    folder, rest = PurePosixPath(subdirectory), command
    while match := _CHANGES_FOLDER.match(rest):
        folder, rest = folder / match.group(1), rest[match.end() :]
    return "" if str(folder) == "." else str(folder)


def ask_line(job: Mapping[str, object], *, name: str, number: int) -> str:
    """Write the line that hands a job to the server and prints its answers, one JSON document a line."""
    import gzip

    packed = base64.b64encode(gzip.compress(json.dumps(job).encode(), 6, mtime=0)).decode()
    wrapped = "\n".join(packed[i : i + 4000] for i in range(0, len(packed), 4000))
    line = _ASK.format(name=name, number=number, job=wrapped, no_server=NO_SERVER)
    return line + (_TRACE.format(most=_MAX_TRACE) if job["kind"] == "trace" else "")


def stop_line(name: str) -> str:
    """Write the line that ends a server."""
    return _STOP.format(name=name)


def read_answer(output: str) -> dict[str, object]:
    """The first answer of a job; empty where there is none."""
    try:
        found = json.loads(output.partition("\n")[0])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_trials(output: str, count: int) -> tuple[Trial | None, ...]:
    """The answers to `count` candidates in their order; None for one that was not tried."""
    found: list[Trial | None] = [None] * count
    for line in output.splitlines():
        answer = read_answer(line)
        number = answer.get("n")
        if isinstance(number, int) and 0 <= number < count:
            found[number] = _trial(answer)
    return tuple(found)


def read_spectrum(output: str) -> Spectrum | None:
    """What each test ran; None where it can't be had."""
    _, _, document = output.partition("\n")
    try:
        tests = json.loads(document)
        return Spectrum(tests=tuple(_covered(test) for test in tests[:2000]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _trial(answer: Mapping[str, object]) -> Trial:
    facts = {"ended": answer.get("ended"), "wall_s": answer.get("s"), "cpu_s": answer.get("cpu", 0.0)}
    facts["is_hot"] = answer.get("how") == "hot"
    texts = {name: answer.get(name) or "" for name in ("tests", "others", "also")}
    try:
        return Trial.model_validate(facts | texts | {"text": str(answer.get("text") or "")[:8000]})
    except ValidationError:
        return Trial(ended=Ended.BROKEN)


def _covered(test: Mapping[str, object]) -> CoveredTest:
    lines = test["lines"]
    if not isinstance(lines, dict):
        raise TypeError("no lines by file")
    return CoveredTest(
        test_id=str(test["id"])[:_MAX_ID],
        has_failed=test["outcome"] == "F",
        cpu_s=_bounded_s(float(str(test["s"]))),
        lines=tuple(
            (str(file), tuple(int(line) for line in numbers if 0 < int(line) < _MAX_LINE_NUMBER))
            for file, numbers in lines.items()
        ),
    )


def _bounded_s(seconds: float) -> float:
    """A duration that can be reckoned with, whatever was said."""
    return seconds if 0 <= seconds <= _LONGEST_S else 0.0


@functools.cache
def _packed() -> str:
    """The server's modules as a compressed archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=9) as archive:
        for path in sorted(_FOLDER.glob("*.py")):
            content = path.read_bytes()
            entry = tarfile.TarInfo(f"{_PACKAGE}/{path.name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return base64.b64encode(stream.getvalue()).decode()
