"""What kind of failure a compiler's message is."""

import difflib
import posixpath
import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import Stage
from selfheal.logs.parsers.native.diagnostic import Diagnostic
from selfheal.logs.repository import Repository

_NO_HEADER = re.compile(
    r"(?P<gcc>[^\s:'‘]{1,300}): No such file or directory$|'(?P<clang>[^']{1,300})' file not found"
    r"|Cannot open include file: '(?P<cl>[^']{1,300})'"
)
_HEADERS = (".h", ".hh", ".hpp", ".hxx", ".inc")
_SYNTAX = re.compile(
    r"expected (?!class-name|type-specifier|class name|\d)|stray |missing terminating |unterminated "
    r"|extraneous (?:closing|')"
    r"|#(?:endif|else|elif)(?: without|.{1,10} without)|unbalanced |invalid (?:preprocessing|suffix)|syntax error"
    r"|non-ASCII|unexpected character|‘else’ without|'else' without"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Category and rank of one diagnostic, and its code."""

    category: Category
    stage: Stage
    reason: str
    code: str = ""
    advice: str = ""


def judge_diagnostic(diagnostic: Diagnostic, repository: Repository, *, tool: str, is_first: bool) -> Verdict:
    """Judge an error. `is_first` where the same file had none before: later "expected ..." may only follow from it."""
    message, option = diagnostic.message, diagnostic.option
    code = diagnostic.code or _code(option)
    if tool == "clang-format":
        return Verdict(Category.FORMAT, Stage.FORMAT, "clang-format would rewrite the file", code)
    if tool in ("clang-tidy", "cppcheck") and not code.startswith("clang-diagnostic-error"):
        return Verdict(Category.LINT, Stage.LINT, f"{tool} reports {code}", code)
    if (missing := _NO_HEADER.search(message)) is not None and "fatal" in diagnostic.kind:
        return _missing_header(missing.group("gcc") or missing.group("clang") or missing.group("cl"), repository)
    if option.startswith("-Werror"):
        return Verdict(Category.LINT, Stage.LINT, f"the compiler's warning {code} counts as an error", code)
    if _SYNTAX.match(message) is not None:
        stage = Stage.SYNTAX if is_first else Stage.BUILD
        category = Category.SYNTAX if is_first else Category.BUILD
        return Verdict(category, stage, "the compiler can't parse the file", code)
    return Verdict(Category.BUILD, Stage.BUILD, "the file does not compile", code)


def _code(option: str) -> str:
    """`-Wname` of `-Werror=name` and `-Werror,-Wname`; clang-tidy's check without what follows it."""
    if option.startswith("-Werror="):
        return f"-W{option.removeprefix('-Werror=')}"
    parts = [part for part in option.split(",") if part not in ("-Werror", "-warnings-as-errors")]
    return parts[0] if parts else ""


def _missing_header(header: str, repository: Repository) -> Verdict:
    name = posixpath.basename(header)
    own = [file for file in sorted(repository.known_files) if posixpath.basename(file) == name]
    if own:
        reason = f"{header} lies in the repository as {own[0]}, but no include path leads there"
        return Verdict(Category.BUILD, Stage.BUILD, reason)
    folder = header.partition("/")[0]
    if "/" in header and any(f"/{folder}/" in f"/{file}" for file in repository.known_files):
        return Verdict(Category.BUILD, Stage.BUILD, f"the repository has a folder {folder}, but no {name} in it")
    if "/" not in header and (close := _similar(name, repository)):
        return Verdict(Category.BUILD, Stage.BUILD, f"there is no {header}, but the repository has {close}")
    if name == "Python.h":
        advice = "Install the headers of Python (Debian: python3-dev; Fedora: python3-devel)."
        reason = "the interpreter's own headers are not installed"
        return Verdict(Category.ENVIRONMENT, Stage.BUILD, reason, advice=advice)
    advice = f"Install the library that provides {header} (its -dev or -devel package) before the build."
    return Verdict(
        Category.DEPENDENCY,
        Stage.BUILD,
        f"the header {header} is neither the repository's own nor installed",
        advice=advice,
    )


def _similar(name: str, repository: Repository) -> str | None:
    """A header of the repository whose name differs by a slip of the hand."""
    headers = {posixpath.basename(file): file for file in sorted(repository.known_files) if file.endswith(_HEADERS)}
    close = difflib.get_close_matches(name, headers, n=1, cutoff=0.85)
    return headers[close[0]] if close else None
