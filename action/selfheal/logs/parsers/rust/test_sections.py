"""What stands in the section of one failed Rust test, made a finding."""

import posixpath
import re
from dataclasses import dataclass, field

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, Stage
from selfheal.logs.parsers.rust.panics import Panic, locate, read_panics
from selfheal.logs.repository import Repository

_DOC = re.compile(r"(\S.{0,400}\.(?:rs|md)) - (.{0,300}?) ?\(line (\d{1,9})\)(?: - .{1,40})?$")
_NO_PANIC = re.compile(r"\s{0,8}note: test did not panic as expected(?: at ([^:]{1,500}):(\d{1,9}):(\d{1,9}))?$")
_ERROR = re.compile(r"\s{0,8}(Error: .{1,2000})$")
_COMPILE = re.compile(r"error(?:\[E\d{4}\])?: .{1,500}$")
_MAX_LINES = 400


@dataclass(slots=True)
class Section:
    """The output of one test. `is_loose` when it is only a panic among other lines."""

    name: str
    first: int
    is_loose: bool = False
    status: str = ""
    program: str = ""
    lines: list[str] = field(default_factory=list)

    def add(self, _number: int, line: str) -> None:
        """Take one more line."""
        if len(self.lines) < _MAX_LINES:
            self.lines.append(line)

    @property
    def is_complete(self) -> bool:
        """True where a blank line ends a loose panic: not before its message."""
        return len(self.lines) > 1


def finding_of(section: Section, tool: str, root: str, repository: Repository) -> Finding:
    """The finding of a section; `root` is the main file of its test program."""
    panics = read_panics(section.lines)
    doc = _DOC.match(section.name)
    file: str | None = None
    line: int | None = None
    column: int | None = None
    frames: tuple[Frame, ...] = ()
    panic = _chosen(panics)
    if doc is not None:
        # Lines inside a doc test count from another place in every edition: its own first line is right.
        file, line = repository.name(doc.group(1)), int(doc.group(3))
    elif panic is not None:
        place = locate(panic, repository)
        file, line, column, frames = place.file, place.line, place.column, place.frames
    message, reason = _said(section, panic)
    unfulfilled = next((match for text in section.lines if (match := _NO_PANIC.match(text)) is not None), None)
    if unfulfilled is not None and unfulfilled.group(1):
        file, line = repository.name(unfulfilled.group(1)), int(unfulfilled.group(2))
    if file is None:
        file = module_file(section.name, root, repository)
    failure = Failure(
        tool=tool,
        message=message[:2_000],
        file=file,
        line=line,
        column=column,
        test_id=section.name if tool == "cargo test" else None,
        code=section.status or None,
        frames=frames,
        excerpt=_excerpt(section, panic),
    )
    last = section.first + len(section.lines)
    block = "\n".join(section.lines)[:6_000]
    return Finding(failure, Category.TEST, Stage.RUN, (section.first, last), block=block, reason=reason)


def module_file(name: str, root: str, repository: Repository) -> str | None:
    """The file of a test's module: `cart::tests::sums` lies in `src/cart.rs` or `src/cart/mod.rs`."""
    root = repository.name(root) if root else ""
    known = repository.known_files
    if not root:
        roots = [file for file in ("src/lib.rs", "src/main.rs") if file in known]
        if len(roots) != 1:
            return None
        root = roots[0]
    folder = posixpath.dirname(root)
    parts = name.split("::")[:-1]
    for length in range(len(parts), 0, -1):
        stem = posixpath.join(folder, *parts[:length])
        found = next((file for file in (f"{stem}.rs", f"{stem}/mod.rs") if file in known), None)
        if found is not None:
            return found
    return root


def _chosen(panics: tuple[Panic, ...]) -> Panic | None:
    """The first panic is the cause: what follows fails because of it."""
    return panics[0] if panics else None


def _said(section: Section, panic: Panic | None) -> tuple[str, str]:
    text = [line.strip() for line in section.lines if line.strip()]
    note = next((n for n, line in enumerate(text) if line.startswith("note: panic did not contain expected")), None)
    if note is not None:
        return "\n".join(text[note : note + 3]).removeprefix(
            "note: "
        ), "the test panics with another message than expected"
    if any(line.startswith("note: test did not panic as expected") for line in text):
        return "the test did not panic as expected", "a test that should panic does not"
    if panic is not None:
        is_assertion = panic.message.startswith("assertion ")
        reason = "a test's assertion does not hold" if is_assertion else "the code panicked"
        return panic.message or "explicit panic", reason
    errors = [match.group(1) for line in section.lines if (match := _ERROR.match(line)) is not None]
    if errors:
        return errors[-1], "the test returned an error"
    compile_error = next((line for line in text if _COMPILE.match(line) is not None), None)
    if compile_error is not None:
        return compile_error, "a doc test does not compile"
    if section.status:
        return f"{section.name}: {section.status}", "the test did not end as it should"
    return "\n".join(text[-10:]) or f"{section.name} failed", "a test fails"


def _excerpt(section: Section, panic: Panic | None) -> str:
    """The section, without the standard library's part of a backtrace."""
    kept = []
    is_trace = False
    for line in section.lines:
        if line.strip() == "stack backtrace:":
            is_trace = True
        elif line.startswith(("note: ", "---- ")) or "panicked at" in line:
            is_trace = False
        if not is_trace:
            kept.append(line)
    text = "\n".join(kept).strip("\n")
    if len(text) > MAX_EXCERPT and panic is not None:
        text = f"{panic.file}:{panic.line}:{panic.column}\n{panic.message}"
    return text[:MAX_EXCERPT]
