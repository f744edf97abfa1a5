"""Make a finding out of a thrown error: its place, its category, an excerpt that one can act on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.exceptions import locate
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Stage
from selfheal.logs.parsers.javascript.missing import Missing, read_missing
from selfheal.logs.parsers.javascript.outage import read_outage
from selfheal.logs.parsers.javascript.stack import Spot, is_frame, read_frame
from selfheal.logs.parsers.javascript.thrown import Thrown, read_thrown
from selfheal.logs.repository import Repository

_UNHELPFUL = ("Error", "")
_MODULE_KIND = ("Must use import to load ES Module", "Cannot use import statement outside a module")
_TSCONFIG = re.compile(r"\[TSCONFIG_ERROR\]|[Ff]ailed to load tsconfig|failed to resolve \"extends\":")
_NOT_SYNTAX = ("does not provide an export named",)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one failure. `file` is the test file where its frames name no place in the repository."""

    tool: str
    lines: tuple[str, ...]
    span: tuple[int, int]
    test_id: str | None = None
    file: str | None = None
    line: int | None = None
    stage: Stage = Stage.RUN


@dataclass(frozen=True, slots=True)
class _Place:
    file: str | None = None
    line: int | None = None
    column: int | None = None


def finding_of(block: Block, context: LogContext) -> Finding:
    """Read the block's error and judge it."""
    repository = context.repository
    thrown = read_thrown(block.lines)
    missing = read_missing(f"{thrown.type_name}: {thrown.message}")
    is_syntax = _is_syntax(thrown, repository)
    place = _place(thrown, repository, is_syntax=is_syntax)
    is_tsconfig = _TSCONFIG.search(thrown.message) is not None
    place = place if place.file is not None else _fallback(block, missing, repository)
    if is_tsconfig and place.line is None:
        place = _Place("tsconfig.json" if "tsconfig.json" in repository.known_files else None)
    category, stage, reason, advice = _category(thrown, missing, block, is_syntax=is_syntax)
    if is_tsconfig and category is Category.TEST:
        category, stage, reason = Category.CONFIG, Stage.COLLECTION, "a tsconfig that is extended can't be loaded"
    if category is Category.TEST and (outage := read_outage(thrown, is_own=_is_own(thrown, block, repository))):
        category, reason, advice = Category.INFRA, outage.reason, outage.advice
    name = thrown.type_name
    code = (thrown.code or name) if name in _UNHELPFUL else name
    message = f"{name}: {thrown.message}" if name else thrown.message
    failure = Failure(
        tool=block.tool,
        message=message or "the test failed",
        file=place.file,
        line=place.line,
        column=place.column,
        test_id=block.test_id,
        code=code or None,
        frames=_frames(thrown, repository),
        excerpt=excerpt(block.lines, repository),
    )
    text = "\n".join(block.lines)[:6_000]
    return Finding(failure, category, stage, block.span, thrown.chain, text, reason, advice)


def excerpt(lines: Sequence[str], repository: Repository) -> str:
    """The block without the libraries' frames and without runs of blank lines."""
    kept: list[str] = []
    for line in lines:
        if is_frame(line):
            spot = read_frame(line)
            if spot is None or repository.relative(spot.file) is None:
                continue
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    margin = min((len(line) - len(line.lstrip()) for line in kept if line), default=0)
    return "\n".join(line[margin:] for line in kept).strip()[:MAX_EXCERPT]


def _is_syntax(thrown: Thrown, repository: Repository) -> bool:
    """A file that a parser refuses; not a SyntaxError that running code threw, such as JSON.parse's."""
    if thrown.syntax is None or repository_name(thrown.syntax.file, repository) is None:
        return False
    if any(words in thrown.message for words in _NOT_SYNTAX):
        return False
    innermost = next((spot for spot in thrown.spots if repository.relative(spot.file) is not None), None)
    if thrown.type_name == "SyntaxError":
        at = thrown.syntax
        return innermost is None or (innermost.file, innermost.line) != (at.file, at.line)
    return "SyntaxError: " in thrown.message or ": ERROR: " in thrown.message or "Parse failure" in thrown.message


def _is_own(thrown: Thrown, block: Block, repository: Repository) -> bool:
    """The repository's code made the error itself: the innermost frame is its own.

    jest hides Node's and the libraries' frames, so that there the innermost shown says nothing.
    """
    first = thrown.spots[0] if thrown.spots and block.tool != "jest" else None
    return first is not None and repository.relative(first.file) is not None


def _place(thrown: Thrown, repository: Repository, *, is_syntax: bool) -> _Place:
    location = locate(thrown.chain, repository)
    if is_syntax or location.file is None or repository.relative(location.file) is None:
        at = thrown.syntax
        file = repository_name(at.file, repository) if at is not None else None
        return _Place(file, at.line, at.column or None) if at is not None and file is not None else _Place()
    column = next(
        (
            spot.column
            for spot in thrown.spots
            if spot.line == location.line and repository.name(spot.file) == location.file
        ),
        None,
    )
    return _Place(location.file, location.line, column)


def _fallback(block: Block, missing: Missing | None, repository: Repository) -> _Place:
    """Where no frame lies in the repository: the file that imports what is missing, else the test's."""
    if missing is not None and missing.importer is not None:
        importer = Spot(missing.importer, 0, 0).file.removeprefix("file://")
        if (file := repository.relative(importer)) is not None:
            return _Place(file)
    if block.file is None:
        return _Place()
    return _Place(repository.name(block.file), block.line)


def repository_name(path: str, repository: Repository) -> str | None:
    """The path inside the repository; Vite prints paths below its root with a slash before them."""
    return repository.relative(path) or (repository.relative(path[1:]) if path.startswith("/") else None)


def _category(
    thrown: Thrown, missing: Missing | None, block: Block, *, is_syntax: bool
) -> tuple[Category, Stage, str, str]:
    if is_syntax:
        return Category.SYNTAX, Stage.SYNTAX, "a file can't be parsed", ""
    if thrown.message.startswith(_MODULE_KIND):
        return Category.SYNTAX, Stage.SYNTAX, "the file is an ES module where CommonJS is expected", ""
    if missing is not None and missing.package is not None and not missing.package.startswith("node:"):
        advice = f"Add {missing.package} to the project's dependencies, or install them in the job."
        reason = f"the package {missing.package} is not installed"
        return Category.DEPENDENCY, Stage.COLLECTION, reason, advice
    if missing is not None:
        return Category.TEST, Stage.COLLECTION, f"there is no file {missing.name}", ""
    if thrown.type_name == "TypeCheckError":
        return Category.TYPES, Stage.TYPES, "the type checker refuses a test", ""
    return Category.TEST, block.stage, "", ""


def _frames(thrown: Thrown, repository: Repository) -> tuple[Frame, ...]:
    frames = locate(thrown.chain, repository).frames
    return tuple(frame for frame in frames if repository.relative(frame.file) is not None)
