"""The errors of npm, pnpm and yarn by their codes: what kind each is and what to do about it."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Stage

_PLACE = re.compile(
    r"(?:in|parsing|Invalid|SyntaxError:) (?:JSON )?['\"]?((?:[^\s'\":()]{0,400}[/\\])?package(?:-lock)?\.json)"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an error code means. `file` is the manifest or lock file that a repair would change."""

    category: Category
    reason: str
    advice: str = ""
    file: str | None = None
    stage: Stage = Stage.COLLECTION


CONFLICT = Kind(
    Category.DEPENDENCY,
    "the versions that the dependencies ask for do not fit together",
    "Align the conflicting versions in package.json.",
    "package.json",
)
NO_SUCH_PACKAGE = Kind(
    Category.DEPENDENCY,
    "the registry has no such package",
    "Correct the name in package.json, or give the job access to the registry that has it.",
    "package.json",
)
NO_SUCH_VERSION = Kind(
    Category.DEPENDENCY,
    "the registry has no version that fits",
    "Ask for a version in package.json that is published.",
    "package.json",
)
NO_LOCK = Kind(
    Category.DEPENDENCY, "there is no lock file to install from", "Run the install once and commit the lock file."
)
INTEGRITY = Kind(
    Category.DEPENDENCY,
    "a download's checksum is not the lock file's",
    "Refresh the lock file's entry; if nobody changed it, find out why the registry's file differs.",
)
NO_SCRIPT = Kind(Category.CONFIG, "package.json has no such script", "", "package.json")
ENGINE = Kind(
    Category.CONFIG,
    "a package's `engines` does not allow this version of Node or of the package manager",
    "Run the job with a version that `engines` allows, or widen it.",
    "package.json",
)
PLATFORM = Kind(
    Category.DEPENDENCY,
    "a package does not support this platform",
    "Move the package to `optionalDependencies`, or drop it.",
    "package.json",
)
BAD_JSON = Kind(Category.SYNTAX, "package.json is no valid JSON", "", "package.json", Stage.SYNTAX)
NO_MANIFEST = Kind(Category.CONFIG, "there is no package.json where the command runs")
USAGE = Kind(Category.CONFIG, "the package manager refuses the command or its options")
NO_ACCESS = Kind(
    Category.ENVIRONMENT,
    "the registry refuses the job's credentials",
    "Give the job a token for the registry; pull requests from forks don't get secrets.",
)
INSTALL_SCRIPT = Kind(
    Category.DEPENDENCY,
    "a dependency's install script failed",
    "Choose a version with a prebuilt binary for this platform, or install what its script needs.",
)
NATIVE_BUILD = Kind(
    Category.BUILD,
    "a dependency's native code does not build here",
    "Choose a version with a prebuilt binary for this version of Node, or install its build tools.",
    stage=Stage.BUILD,
)
NOT_INSTALLED = Kind(
    Category.DEPENDENCY, "the project's dependencies are not installed", "Run the install before this step."
)
ENDING = Kind(Category.UNKNOWN, "the package manager only says that a script failed", stage=Stage.ENDING)


def out_of_sync(lock: str) -> Kind:
    """A lock file that does not fit package.json."""
    return Kind(
        Category.DEPENDENCY,
        f"{lock} does not fit package.json",
        f"Run the install without its frozen mode and commit {lock}.",
        lock,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a package manager said: its code, its own words, and the lines that it said them in."""

    tool: str
    code: str | None
    message: str
    excerpt: str
    lines: tuple[int, int]
    file: str | None = None
    line: int | None = None


def package_finding(told: Told, kind: Kind, context: LogContext) -> Finding:
    """A finding of that kind; a manifest that the words name stands before the kind's own."""
    named = _PLACE.search(told.excerpt) if kind.category is Category.SYNTAX else None
    file = told.file or (named.group(1) if named is not None else None) or kind.file
    failure = Failure(
        tool=told.tool,
        message=told.message[:2_000],
        file=context.repository.name(file) if file is not None else None,
        line=told.line,
        code=told.code,
        excerpt=told.excerpt.strip()[:1_500],
    )
    return Finding(failure, kind.category, kind.stage, told.lines, reason=kind.reason, advice=kind.advice)
