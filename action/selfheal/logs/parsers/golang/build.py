"""go build, and everything that compiles on its way: compile, import, cgo and link errors, `go generate`."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.golang.sections import Report, SectionReader
from selfheal.logs.parsers.golang.sources import GoSources
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

# Errors that go list reports before a compiler runs; they stand under no `# package` line.
_LOADING = re.compile(
    r"package \S{1,300} is not in (?:std|GOROOT)|pattern \S{1,300}: |use of internal package|use of vendored package"
    r"|import \"[^\"]{0,300}\" is a program|import cycle not allowed|cannot embed|invalid embed|local import"
    r"|malformed import path|go:embed|build constraints exclude|\S{1,300}: invalid import path"
)
PARSING = re.compile(
    r"syntax error: |expected .{1,80}(?:, found|; found)|unexpected .{1,60}(?:; expecting|, expect)|illegal character"
    r"|missing import path|missing ',' |(?:string|rune|raw string|comment|escape).{0,30} not terminated|expected '"
    r"|non-declaration statement|invalid character|newline in string"
)
_LINKING = re.compile(
    r"(?:\S{1,300}: )?(?:function main is undeclared in the main package|relocation target \S{1,300} not defined"
    r"|missing function body|duplicated definition of symbol)"
    r"|\S{0,300}/link: .{1,300}|(?:\S{0,200}/)?ld: .{1,300}|collect2: .{1,200}|cgo: .{1,300}"
)
_ALONE = re.compile(
    r"found packages .{1,200} in \S{1,300}$|package \S{1,300}: build constraints exclude all Go files"
    r"|package \S{1,300}: no (?:non-test )?Go files in"
)
_IMPORTS = re.compile(r"\timports (\S{1,300})(?: from (\S{1,200}\.go))?(: import cycle not allowed.{0,100})?$")
_UNREAD = re.compile(r"\S{1,300}@v\S{1,100}: reading ")
_GENERATE = re.compile(r'running "([^"]{1,200})": (.*)$')


class GoBuildParser:
    """Reads the compiler's sections and the errors of loading packages."""

    anchors: ClassVar[tuple[str, ...]] = (
        ".go:",
        "import cycle not allowed",
        "found packages ",
        "undeclared in the main package",
        "build constraints exclude all",
        "relocation target ",
        "/link: running",
        "cgo: C compiler",
    )

    def __init__(self, context: LogContext) -> None:
        self._sources = GoSources(context.repository)
        self._reader = SectionReader()
        self._findings: list[Finding] = []
        self._seen: set[tuple[str | None, int | None, int | None, str]] = set()
        self._cycle: tuple[int, list[str]] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._cycle is not None:
            self._imports(number, line)
        elif line.startswith("package ") and " " not in line[8:]:
            self._cycle = (number, [line])
        report, rest = self._reader.feed(number, line)
        if report is not None:
            self._report(report, number - 1)
        if rest and self._reader.is_in_section and _LINKING.match(rest) is not None:
            self._link(number, rest)
        elif rest.startswith(("found packages ", "package ")) and _ALONE.match(rest) is not None:
            self._add(number, Failure(tool="go build", message=rest, excerpt=rest), "go can't load a package")

    def finish(self) -> Reading:
        """Say what was found."""
        report = self._reader.end()
        if report is not None:
            self._report(report, report.number)
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _report(self, report: Report, last: int) -> None:
        if report.message in ("too many errors", ""):
            return
        is_parsing = PARSING.match(report.message) is not None
        if report.section == "vet" and not report.is_vet_prefixed:
            return
        if report.section == "":
            generate = _GENERATE.match(report.message)
            if generate is not None:
                self._generate(report, generate.group(1), generate.group(2))
                return
            # A parse error in the middle of a file comes from gofmt: go build would have printed a section.
            is_loading = _LOADING.match(report.message) is not None or (
                is_parsing and ("'package'" in report.message or "import" in report.message)
            )
            if not (is_loading or report.is_vet_prefixed):
                return
        is_module = report.message.startswith(("no required module", "cannot find module"))
        if is_module or "go.sum entry" in report.message or _UNREAD.match(report.message) is not None:
            return
        if "/pkg/mod/" in report.file:
            self._of_module(report, last)
            return
        file = self._sources.path(report.file)
        failure = Failure(
            tool="go build",
            message=report.text,
            file=file,
            line=report.line,
            column=report.column,
            excerpt="\n".join((f"{file}:{report.line}:{report.column or ''} {report.message}", *report.more))[
                :MAX_EXCERPT
            ],
        )
        reason = "Go's parser refuses the file" if is_parsing else "the package does not compile"
        self._add(report.number, failure, reason, category=Category.SYNTAX if is_parsing else Category.BUILD, last=last)

    def _of_module(self, report: Report, last: int) -> None:
        """A module that does not compile: its file can't be mended, its version can be changed."""
        module = report.file.rpartition("/pkg/mod/")[2].partition("/")[0]
        text = f"{report.file}:{report.line}: {report.text}"
        failure = Failure(
            tool="go build",
            message=f"{report.package or module} does not compile: {report.text}"[:2_000],
            file="go.mod",
            excerpt=text[:MAX_EXCERPT],
        )
        reason = "a module that the repository requires does not compile"
        self._add(report.number, failure, reason, category=Category.DEPENDENCY, last=last)

    def _generate(self, report: Report, command: str, message: str) -> None:
        file = self._sources.path(report.file)
        failure = Failure(
            tool="go generate",
            message=f'running "{command}": {message}',
            file=file,
            line=report.line,
            excerpt=f"{file}:{report.line}: running {command}: {message}"[:MAX_EXCERPT],
        )
        if "executable file not found" in message:
            self._add(
                report.number,
                failure,
                f"go generate runs {command}, which is not installed",
                category=Category.ENVIRONMENT,
                advice=f"Install {command} in the job before this step.",
            )
        else:
            self._add(report.number, failure, "a generator failed")

    def _link(self, number: int, line: str) -> None:
        """Keep the first line of what the linker or cgo says about a package."""
        before = self._findings[-1] if self._findings else None
        if before is not None and before.lines[1] >= number - 3:
            return
        message = line.partition(": ")[2] if line.startswith("runtime.") else line
        failure = Failure(tool="go build", message=message[:2_000], excerpt=line[:MAX_EXCERPT])
        if "cgo: C compiler" in line and "not found" in line:
            self._add(
                number,
                failure,
                "cgo needs a C compiler and finds none",
                category=Category.ENVIRONMENT,
                advice="Install gcc in the job, or set CGO_ENABLED=0.",
            )
        else:
            self._add(number, failure, "the program can't be linked")

    def _imports(self, number: int, line: str) -> None:
        first, lines = self._cycle or (number, [])
        match = _IMPORTS.match(line)
        if match is None or len(lines) > 60:
            self._cycle = None
            return
        lines.append(line)
        if match.group(3) is None:
            return
        self._cycle = None
        step = _IMPORTS.match(lines[1])
        package = lines[0].removeprefix("package ")
        file = self._sources.path(step.group(2), package) if step is not None and step.group(2) else None
        chain = " imports ".join([package, *(text.split()[1].rstrip(":") for text in lines[1:])])
        failure = Failure(
            tool="go build",
            message=f"import cycle not allowed: {chain}"[:2_000],
            file=file,
            excerpt="\n".join(lines)[:MAX_EXCERPT],
        )
        self._add(first, failure, "packages import each other", last=number)

    def _add(
        self,
        number: int,
        failure: Failure,
        reason: str,
        *,
        category: Category = Category.BUILD,
        advice: str = "",
        last: int | None = None,
    ) -> None:
        # A package and its test variant are compiled one by one, and say the same.
        key = (failure.file, failure.line, failure.column, failure.message)
        if key in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        stage = Stage.SYNTAX if category is Category.SYNTAX else Stage.BUILD
        lines = (number, max(number, last or number))
        self._findings.append(Finding(failure, category, stage, lines, reason=reason, advice=advice))
