"""cargo itself: resolution, lock files, manifests, build scripts, refused options."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.rust.cargo_rules import OPTION, RULES, Rule, rule_of
from selfheal.logs.parsers.rust.panics import is_own, read_panics

# A place that the network could not reach is not the manifest's fault.
_NETWORK = re.compile(
    r"[Cc]ould ?n[o']t (?:resolve|connect)|spurious network error|network failure|[Tt]imeout was reached|timed out"
    r"|failed to (?:connect|send request|lookup address|receive)|SSL |Connection (?:refused|reset)"
    r"|failed to authenticate"
    r"|HTTP response code (?:from .{1,60}: )?(?:got )?(?:429|5\d\d)|got 5\d\d|download of .{1,200} failed|[Pp]roxy"
)
_SYSTEM = re.compile(
    r"system library `([^`]{1,80})` required by|[Cc]ould not find (?:directory of )?(OpenSSL|`?protoc`?)"
    r"|(pkg-config) command could not be (?:found|run)|is `(cmake|protoc|clang|nasm)` not installed"
    r"|[Uu]nable to find (libclang)"
    r"|failed to find tool \"([^\"]{1,60})\"|failed to execute command: .{0,60}\"(\w{1,40})\""
)
_TOML = re.compile(r"\s{0,12}--> (\S{1,300}\.toml):(\d{1,9}):(\d{1,9})$")
_MANIFEST_AT = re.compile(r"failed to (?:parse|read|load) manifest at `([^`]{1,400}\.toml)`")
_PARSED_AT = re.compile(r"\s{0,8}(?:TOML parse error at|.{0,100}at) line (\d{1,9}),? column (\d{1,9})")
_PACKAGE = re.compile(
    r"failed to run custom build command for `[^`]{1,200}?(?: \((/[^)]{1,300}|[A-Za-z]:[^)]{1,300})\))?`"
)
_ECHO = re.compile(r"could not compile `([^`]{1,200})`")
_MAX_LINES = 120


class CargoParser:
    """Reads the blocks that cargo's own errors make."""

    anchors: ClassVar[tuple[str, ...]] = (
        "no matching package",
        "failed to select a version",
        "failed to get `",
        "failed to parse manifest",
        "failed to load manifest",
        "failed to read manifest",
        "Cargo.toml",
        "Cargo.lock",
        "lock file",
        "could not compile `",
        "requires rustc",
        "is not supported by the following package",
        "does not contain this feature",
        " target named `",
        "manifest path `",
        "no such command: `",
        "no such subcommand: `",
        "is not installed for the toolchain",
        "unexpected argument '",
        "custom build command",
        "package ID specification",
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._open: tuple[int, Rule | None, list[str]] | None = None
        self._findings: list[Finding] = []
        self._echo: tuple[int, str] | None = None
        self._has_compiler_error = False
        self._is_indented = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith(("error: ", "error[")):
            self._close(number - 1)
            self._headline(number, line)
            return
        if self._echo is not None and "(signal: 9, SIGKILL" in line:
            # Who was killed did not fail to compile.
            self._echo = None
        if '"level":"error"' in line or (".rs:" in line and ": error" in line):
            self._has_compiler_error = True
        if self._open is None:
            return
        if _ends(line) or len(self._open[2]) >= _MAX_LINES:
            self._close(number - 1)
        else:
            self._open[2].append(line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(self._open[0] + len(self._open[2]) - 1 if self._open is not None else 0)
        if self._echo is not None and not self._findings and not self._has_compiler_error:
            number, line = self._echo
            failure = Failure(tool="cargo", message=line.removeprefix("error: "), excerpt=line)
            reason = "a crate does not compile"
            self._findings.append(Finding(failure, Category.BUILD, Stage.ENDING, (number, number), reason=reason))
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _headline(self, number: int, line: str) -> None:
        text = line.partition(": ")[2]
        if _ECHO.match(text) is not None:
            self._echo = self._echo or (number, line)
            return
        rule = next((rule for rule in RULES if line.startswith("error: ") and rule.pattern.match(text)), None)
        # Without a rule it is the compiler's, or a manifest's: the place below tells.
        self._open = (number, rule, [line])

    def _close(self, last: int) -> None:
        opened, self._open = self._open, None
        if opened is None:
            return
        number, rule, lines = opened
        while lines and not lines[-1].strip():
            lines.pop()
        toml = next((match for line in lines[:4] if (match := _TOML.match(line)) is not None), None)
        if rule is None or toml is not None:
            if toml is not None:
                self._manifest(number, lines, toml)
            elif any("--> " in line for line in lines[:4]) or "linking with" in lines[0] or "linker `" in lines[0]:
                self._has_compiler_error = True
            return
        text = "\n".join(lines)
        if rule.category is Category.DEPENDENCY and _NETWORK.search(text[:8_000]) is not None:
            return
        if rule.pattern.pattern == OPTION and "Usage: cargo" not in text and "cargo <" not in text:
            return
        if "custom build command" in lines[0]:
            self._build_script(number, lines, min(last, number + len(lines) - 1))
            return
        at = _MANIFEST_AT.search(text[:2_000])
        parsed = next((match for line in lines if (match := _PARSED_AT.match(line)) is not None), None)
        file = self._repository.name(at.group(1)) if at is not None else rule.file
        is_manifest = file is not None and file.endswith(".toml") and parsed is not None
        failure = Failure(
            tool="cargo",
            message=_message(lines),
            file=file,
            line=int(parsed.group(1)) if parsed is not None and is_manifest else None,
            column=int(parsed.group(2)) if parsed is not None and is_manifest else None,
            excerpt=text[:MAX_EXCERPT],
        )
        self._add(number, lines, failure, rule)

    def _manifest(self, number: int, lines: list[str], at: re.Match[str]) -> None:
        failure = Failure(
            tool="cargo",
            message=lines[0].removeprefix("error: "),
            file=self._repository.name(at.group(1)),
            line=int(at.group(2)),
            column=int(at.group(3)),
            excerpt="\n".join(lines)[:MAX_EXCERPT],
        )
        self._add(number, lines, failure, rule_of("", Category.CONFIG, "the manifest can't be read"))

    def _build_script(self, number: int, lines: list[str], last: int) -> None:
        text = "\n".join(lines)
        package = _PACKAGE.search(lines[0])
        is_foreign = package is None or package.group(1) is None
        panics = read_panics(lines)
        own = next((panic for panic in panics if not is_foreign and is_own(panic.file, self._repository)), None)
        system = _SYSTEM.search(text)
        start = next((n for n, line in enumerate(lines) if line.strip() == "--- stderr"), 0)
        told = "\n".join(line.strip() for line in lines[start + 1 :])[:1_000] if start else ""
        said = own.message if own is not None else panics[0].message if panics else told
        headline = lines[0].removeprefix("error: ")
        failure = Failure(
            tool="cargo",
            message=f"{headline}: {said}".rstrip(": ")[:2_000],
            file=self._repository.name(own.file) if own is not None else None,
            line=own.line if own is not None else None,
            column=own.column if own is not None else None,
            excerpt=f"{lines[0]}\n{chr(10).join(lines[start:])}"[:MAX_EXCERPT] if start else text[:MAX_EXCERPT],
        )
        rule = rule_of("", Category.BUILD, "a build script failed")
        if system is not None and is_foreign:
            name = next(group for group in system.groups() if group).strip("`")
            advice = f"Install {name} (its development package) in the job before this step."
            rule = rule_of("", Category.ENVIRONMENT, f"a crate needs {name}, which is not installed", None, advice)
        self._add(number, lines, failure, rule, last=last)

    def _add(self, number: int, lines: list[str], failure: Failure, rule: Rule, last: int | None = None) -> None:
        if len(self._findings) >= MAX_FINDINGS or any(one.failure == failure for one in self._findings):
            return
        is_config = rule.category in (Category.CONFIG, Category.DEPENDENCY)
        stage = Stage.SYNTAX if is_config else Stage.BUILD
        span = (number, last or number + len(lines) - 1)
        self._findings.append(Finding(failure, rule.category, stage, span, reason=rule.reason, advice=rule.advice))


def _ends(line: str) -> bool:
    """True for the lines of cargo's progress and of the shell, which end a block."""
    stripped = line.lstrip()
    return stripped.startswith(
        ("Compiling ", "Checking ", "Finished ", "warning: ", "Running ", "make", "Error: ")
    ) or (line.startswith("Process completed"))


def _message(lines: list[str]) -> str:
    """The headline with the causes below it."""
    causes = [line.strip() for line in lines[1:] if line.strip() and line.strip() != "Caused by:"]
    return "\n".join((lines[0].removeprefix("error: "), *causes[:8]))[:2_000]
