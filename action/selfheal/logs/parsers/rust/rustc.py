"""rustc and clippy: what cargo build, check and clippy print, in full, short and JSON form."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.rust.diagnostics import Block, BlockReader
from selfheal.logs.parsers.rust.lints import LintMemory
from selfheal.logs.parsers.rust.panics import is_own

_SYNTAX_CODES = ("E0748", "E0758", "E0762", "E0763", "E0765", "E0766", "E0768")
_SYNTAX = re.compile(
    r"expected (?!.{0,40}(?:attribute|meta item|literal string))|this file contains an (?:un|mis)"
    r"|(?:un|mis)matched closing"
    r"|(?:unexpected|mismatched|unclosed) (?:closing )?delimiter|unknown start of token|unterminated|unexpected token"
    r"|missing (?:`|condition|parameters|type|expression)|keyword `|invalid (?:suffix|variable declaration)"
    r"|leading `|comparison operators cannot be chained|.{0,60}cannot be (?:used as an identifier)|struct literal body"
    r"|incorrect (?:use|parentheses)|let chains|unexpected `|identifiers? (?:cannot|may not)|bare "
)
_CRATE = re.compile(
    r"(?:unresolved module or unlinked crate|undeclared crate or module"
    r"|unresolved import .{1,200}; maybe a missing crate"
    r"|can't find crate for|no external crate"
    r"|(?:maybe|might be missing) (?:a )?(?:missing )?crate(?: named)?) `(\w{1,100})`"
)
_TYPO = re.compile(r"crate or module with a similar name|to make use of source file|is defined in the current crate")
_REGISTRY = re.compile(r"/(?:registry/src|git/checkouts)/[^/]{1,200}/([^/]{1,200})/")
_STANDARD = ("std", "core", "alloc")
_LINKING = re.compile(r"linking with `([^`]{1,200})` failed|linker `([^`]{1,200})` not found")
_LINKED = re.compile(
    r"(undefined (?:symbol|reference).{0,300}|cannot find -l\S{1,100}|unable to find library \S{1,100}"
    r"|multiple definition of .{1,200})"
)
_ECHO = ("could not compile `", "aborting due to", "test failed", "build failed", "unused manifest key")


class RustcParser:
    """Reads errors; a warning is none, unless the build denies it."""

    anchors: ClassVar[tuple[str, ...]] = (
        "error[E",
        "could not compile `",
        "aborting due to ",
        '"compiler-message"',
        ".rs:",
        "linking with `",
        "linker `",
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._reader = BlockReader()
        self._lints = LintMemory()
        self._findings: list[Finding] = []
        self._seen: set[tuple[str | None, int | None, int | None, str]] = set()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        for block in self._reader.feed(number, line):
            self._block(block)

    def finish(self) -> Reading:
        """Say what was found."""
        for block in self._reader.end():
            self._block(block)
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _block(self, block: Block) -> None:
        lint = self._lints.lint_of(block)
        if block.level != "error" or block.message.startswith(_ECHO):
            return
        linking = _LINKING.match(block.message)
        if linking is not None:
            self._link(block, linking)
            return
        place = next((place for place in block.places if is_own(place[0], self._repository)), None)
        place = place or (block.places[0] if block.places else None)
        if place is None or place[0].endswith(".toml"):
            return
        if _REGISTRY.search(place[0]) is not None:
            self._of_crate(block, place)
            return
        category, stage, reason, advice = self._judged(block, lint)
        tool = "rustc"
        if lint is not None and "::" in lint:
            tool = lint.partition("::")[0]
        elif lint is not None and not lint:
            tool = "clippy"
        file = self._repository.name(place[0])
        failure = Failure(
            tool=tool,
            message=block.message[:2_000],
            file=file,
            line=place[1],
            column=place[2],
            code=lint or block.code,
            excerpt=block.text[:MAX_EXCERPT],
        )
        self._add(Finding(failure, category, stage, (block.first, block.last), reason=reason, advice=advice))

    def _of_crate(self, block: Block, place: tuple[str, int, int]) -> None:
        """A crate that does not compile: its file can't be mended, its version can be changed."""
        found = _REGISTRY.search(place[0])
        crate = found.group(1) if found is not None else ""
        failure = Failure(
            tool="rustc",
            message=f"{crate} does not compile: {block.message}"[:2_000],
            file="Cargo.toml",
            code=block.code,
            excerpt=block.text[:MAX_EXCERPT],
        )
        reason = "a crate that the repository depends on does not compile"
        self._add(Finding(failure, Category.DEPENDENCY, Stage.BUILD, (block.first, block.last), reason=reason))

    def _judged(self, block: Block, lint: str | None) -> tuple[Category, Stage, str, str]:
        if lint is not None:
            return Category.LINT, Stage.LINT, f"{lint or 'a lint'} is denied", ""
        if block.code in _SYNTAX_CODES or (block.code is None and _SYNTAX.match(block.message) is not None):
            return Category.SYNTAX, Stage.SYNTAX, "rustc can't parse the file", ""
        crate = _CRATE.search(block.text)
        if crate is not None and _TYPO.search(block.text) is None:
            name = crate.group(1)
            if name in _STANDARD:
                advice = "Install the target in the job: `rustup target add <target>`."
                return Category.ENVIRONMENT, Stage.BUILD, "the target's standard library is not installed", advice
            if not self._is_module(name):
                return Category.DEPENDENCY, Stage.BUILD, f"the crate {name} is not among the dependencies", ""
        return Category.BUILD, Stage.BUILD, "the crate does not compile", ""

    def _is_module(self, name: str) -> bool:
        ends = (f"/{name}.rs", f"/{name}/mod.rs")
        return any(file.endswith(ends) for file in self._repository.known_files)

    def _link(self, block: Block, match: re.Match[str]) -> None:
        detail = _LINKED.search(block.text)
        message = f"{block.message}: {detail.group(1)}" if detail is not None else block.message
        start = max(0, detail.start() - 200) if detail is not None else 0
        failure = Failure(
            tool="rustc",
            message=message[:2_000],
            excerpt=f"error: {block.message}\n{block.text[start:]}"[:MAX_EXCERPT],
        )
        lines = (block.first, block.last)
        if match.group(2):
            reason = f"the linker {match.group(2)} is not installed"
            advice = f"Install {match.group(2)} in the job before this step."
            self._add(Finding(failure, Category.ENVIRONMENT, Stage.BUILD, lines, reason=reason, advice=advice))
        else:
            reason = "the program can't be linked"
            self._add(Finding(failure, Category.BUILD, Stage.BUILD, lines, reason=reason))

    def _add(self, finding: Finding) -> None:
        # A library and its tests are compiled one by one, and say the same.
        failure = finding.failure
        key = (failure.file, failure.line, failure.column, failure.message)
        if key not in self._seen and len(self._findings) < MAX_FINDINGS:
            self._seen.add(key)
            self._findings.append(finding)
