"""Java's stack traces, and the place that one points at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.diagnosis import Frame
from selfheal.contract.test_paths import is_test_path
from selfheal.logs.exceptions import MAX_FRAMES, Link, Raised
from selfheal.logs.repository import Repository

_FRAME = re.compile(
    r"\s*(?:at )?(?:[\w.@$ -]{0,200}/{1,2}){0,2}((?:[\w$]{1,200}\.){1,30})([\w$<>]{1,200})"
    r"\(([\w$-]{1,200}\.\w{1,10})(?::(\d{1,7}))?\)"
)
_SHORT = re.compile(r"\s*(?:Caused by: )?([\w.$]{1,300}) at ([\w$-]{1,200}\.\w{1,10}):(\d{1,7})$")
_HEADER = re.compile(r"((?:[\w$]{1,100}\.){0,30}[A-Z][\w$]{0,200})(?:: ?(.*))?$")
_LIBRARY = (
    "java.",
    "javax.",
    "jdk.",
    "sun.",
    "com.sun.",
    "kotlin.",
    "kotlinx.",
    "scala.",
    "groovy.",
    "org.junit.",
    "junit.",
    "org.opentest4j.",
    "org.testng.",
    "org.hamcrest.",
    "org.assertj.",
    "org.mockito.",
    "org.apache.maven.",
    "org.gradle.",
    "org.springframework.",
    "org.codehaus.",
    "com.google.common.",
    "org.hibernate.",
    "net.bytebuddy.",
    "io.netty.",
    "worker.org.gradle.",
    "org.eclipse.",
    "io.kotest.",
    "org.spockframework.",
    "com.intellij.",
)
_ASSERTIONS = (
    "AssertionError",
    "AssertionFailedError",
    "ComparisonFailure",
    "MultipleFailuresError",
    "ArrayComparisonFailure",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trace points: file and line, and the repository's own frames, outermost first."""

    file: str | None = None
    line: int | None = None
    frames: tuple[Frame, ...] = ()


def read_trace(lines: Sequence[str]) -> tuple[Raised, ...]:
    """The exceptions of one printed trace, the root cause first, each with its frames outermost first."""
    raised: list[Raised] = []
    title: list[str] | None = None
    frames: list[Frame] = []
    is_suppressed = False
    expects_cause = False

    def close() -> None:
        if title is not None:
            raised.append(_raised(title, frames))

    for line in lines:
        text = line.strip()
        if text.startswith("Suppressed: "):
            is_suppressed = True
        elif text.startswith("Caused by:"):
            is_suppressed = False
            close()
            text = text.removeprefix("Caused by:").strip()
            title, frames, expects_cause = ([text] if text else None), [], not text
        elif is_suppressed or not text:
            continue
        elif title is None:
            title, expects_cause = [text], False
        elif (frame := read_frame(line)) is not None:
            frames.append(frame)
        elif not frames and len(title) < 40 and not text.startswith(("at ", "...", "[...]")):
            title.append(text)
        if title is not None and len(title) == 1 and not frames and (short := _SHORT.match(text)) is not None:
            title, frames = [short.group(1)], [Frame(file=short.group(2), line=int(short.group(3)))]
    if not expects_cause:
        close()
    chain = list(reversed(raised[:20]))
    return tuple(
        Raised(one.type_name, one.message, one.frames, link=Link.FIRST if n == 0 else Link.CAUSE)
        for n, one in enumerate(chain)
    )


def read_frame(line: str) -> Frame | None:
    """One line of a trace; the file is the path that its package tells, below any root of sources."""
    match = _FRAME.match(line)
    if match is None or match.group(4) is None:
        return None
    owner, method, file, number = match.groups()
    package = owner[:-1].rpartition(".")[0].replace(".", "/")
    return Frame(file=f"{package}/{file}" if package else file, line=int(number), function=f"{owner}{method}")


def locate(chain: Sequence[Raised], repository: Repository) -> Place:
    """The innermost frame of the repository that is no test, the root cause before what wraps it.

    A failed assertion points at the assertion itself. Without one, the test's own line.
    """
    own = [[frame for frame in one.frames if is_own(frame, repository)] for one in chain]
    shown = [_named(frame, repository) for frames in reversed(own) for frame in frames]
    candidates = [_named(frame, repository) for frames in own for frame in reversed(frames)]
    if not candidates:
        return Place()
    code = next((frame for frame in candidates if not is_test_path(frame.file)), None)
    top = [_named(frame, repository) for frame in own[-1]]
    is_assertion = chain[-1].short_name.rpartition("$")[2] in _ASSERTIONS
    chosen = top[-1] if is_assertion and top else code or (top[-1] if top else candidates[0])
    frames = tuple(dict.fromkeys(shown))[-MAX_FRAMES:]
    return Place(chosen.file, chosen.line, frames)


def is_own(frame: Frame, repository: Repository) -> bool:
    """True for a frame of the repository; by the name of the package where its files are not known."""
    if repository.known_files:
        return _inside(frame.file, repository) is not None
    name = frame.function or ""
    return not name.startswith(_LIBRARY)


def _named(frame: Frame, repository: Repository) -> Frame:
    return frame.model_copy(update={"file": _inside(frame.file, repository) or frame.file})


def _inside(file: str, repository: Repository) -> str | None:
    found = repository.relative(file)
    if found is None and file.endswith((".kt", ".scala", ".groovy")):
        # Only Java asks that folders follow packages.
        found = repository.relative(file.rpartition("/")[2])
    return found


def _raised(title: Sequence[str], frames: Sequence[Frame]) -> Raised:
    text = "\n".join(title)
    head, _, rest = text.partition("\n")
    match = _HEADER.match(head)
    outermost_first = tuple(reversed(frames[:200]))
    if match is None:
        return Raised("", text[:2_000], outermost_first)
    message = f"{match.group(2) or ''}\n{rest}".strip()
    return Raised(match.group(1), message[:2_000], outermost_first)
