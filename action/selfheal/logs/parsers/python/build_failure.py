"""Why a package could not be built: the cause inside what its build backend printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.exceptions import SYNTAX_ERRORS, Raised, final, locate
from selfheal.logs.native_traceback import HEADER, read_chain
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Stage
from selfheal.logs.parsers.python.tool_crash import refusal

_COMPILER = re.compile(
    r"\s{0,12}((?:[A-Za-z]:)?[^:\s][^:]{0,500}\.\w{1,5})(?::(\d{1,9})(?::(\d{1,9}))?|\((\d{1,9})\)) ?: "
    r"(?:fatal )?error\b ?\w{0,8}: (.*)$"
)
_SCHEMA = re.compile(r"\s{0,12}configuration error: (`.{1,300})$")
_LACKING = re.compile(
    r".{0,200}?(?:error: command '(\S{1,100})' failed: No such file or directory"
    r"|(Microsoft Visual C\+\+ [\d.]{1,6}) or greater is required"
    r"|(\w{1,40}(?:_config|-config)) executable not found"
    r"|can't find (Rust compiler)"
    r"|fatal error: (Python\.h): No such file)"
)
_RUN_SETUP = "exec(code, locals())"
_WRAPPED = re.compile(r"\bFile\s{1,20}\"([^\"]{1,500})\",\s{1,20}line (\d{1,9}), in ")


@dataclass(frozen=True, slots=True)
class Build:
    """A build that failed: who asked for it, whether it built the repository itself, what it printed.

    `has_output` is False where only the asker's own words are known.
    """

    tool: str
    code: str
    message: str
    is_own: bool
    lines: tuple[int, int]
    output: Sequence[str]
    has_output: bool = True


def build_finding(context: LogContext, build: Build) -> Finding:
    """The finding of a failed build, at its cause where that lies in the repository."""
    text = _WRAPPED.sub(lambda found: f'File "{found.group(1)}", line {found.group(2)}, in ', "\n".join(build.output))
    output = text.split("\n")
    lacking = next((found for line in output if (found := _LACKING.match(line)) is not None), None)
    if lacking is not None:
        name = next(group for group in lacking.groups() if group)
        return _finding(
            build,
            build.code,
            f"{name} is missing",
            Category.ENVIRONMENT,
            text,
            advice=f"Install what provides {name} in the job.",
        )
    compiler = next((found for line in output if (found := _COMPILER.match(line)) is not None), None)
    if compiler is not None:
        return _compiled(context, build, compiler, text)
    schema = next((found for line in output if (found := _SCHEMA.match(line)) is not None), None)
    if schema is not None:
        file = "pyproject.toml" if build.is_own else None
        return _finding(
            build,
            "invalid-pyproject",
            schema.group(1),
            Category.CONFIG if build.is_own else Category.DEPENDENCY,
            text,
            file=file,
        )
    chain = _with_setup(read_chain(_last_traceback(output)), build)
    top = final(chain)
    if top is None or not top.type_name:
        said = next((line.strip() for line in reversed(output) if line.strip()), "")
        message = f"{build.message}: {said}" if said else build.message
        # Nothing told: whatever was said stands before it, and other parsers may know it.
        return _finding(build, build.code, message, Category.BUILD if build.is_own else Category.DEPENDENCY, text)
    return _raised(context, build, chain, top, text)


def _compiled(context: LogContext, build: Build, compiler: re.Match[str], text: str) -> Finding:
    is_inside = build.is_own and context.repository.relative(compiler.group(1)) is not None
    line = compiler.group(2) or compiler.group(4)
    return _finding(
        build,
        build.code,
        compiler.group(5),
        Category.BUILD if build.is_own else Category.DEPENDENCY,
        text,
        file=context.repository.name(compiler.group(1)) if is_inside else None,
        line=int(line) if is_inside else None,
        column=int(compiler.group(3)) if is_inside and compiler.group(3) else None,
        around=compiler.group(0),
    )


def _raised(context: LogContext, build: Build, chain: tuple[Raised, ...], top: Raised, text: str) -> Finding:
    place = locate(chain, context.repository)
    is_inside = build.is_own and place.file is not None and context.repository.relative(place.file) is not None
    is_syntax = is_inside and top.short_name in SYNTAX_ERRORS
    is_config = build.is_own and ("pyproject.toml" in top.message or (not is_inside and refusal(chain) is not None))
    category = (
        Category.SYNTAX
        if is_syntax
        else Category.CONFIG
        if is_config
        else Category.BUILD
        if build.is_own
        else Category.DEPENDENCY
    )
    return _finding(
        build,
        top.type_name,
        f"{top.type_name}: {top.message}",
        category,
        text,
        file=place.file if is_inside else "pyproject.toml" if is_config else None,
        line=place.line if is_inside else None,
        frames=place.frames,
        chain=chain,
    )


def _last_traceback(output: Sequence[str]) -> list[str]:
    """From the last header that begins no chained exception, dedented."""
    starts = [n for n, line in enumerate(output) if line.strip() == HEADER]
    if not starts:
        return []
    margin = min(len(output[n]) - len(output[n].lstrip()) for n in starts)
    return [line[min(margin, len(line) - len(line.lstrip())) :] for line in output[starts[0] :]]


def _with_setup(chain: tuple[Raised, ...], build: Build) -> tuple[Raised, ...]:
    """setuptools runs setup.py from a string: its frame is the one right after setuptools' own `exec`."""
    if not build.is_own or not any(_RUN_SETUP in line for line in build.output):
        return chain
    renamed = []
    for raised in chain:
        frames = list(raised.frames)
        for n in range(1, len(frames)):
            if frames[n].file == "<string>" and frames[n - 1].file.replace("\\", "/").endswith(
                "setuptools/build_meta.py"
            ):
                frames[n] = Frame(file="setup.py", line=frames[n].line, function=frames[n].function)
        renamed.append(
            Raised(
                raised.type_name,
                raised.message,
                tuple(frames),
                raised.source,
                raised.link,
                raised.syntax,
                raised.column,
            )
        )
    return tuple(renamed)


def _finding(
    build: Build,
    code: str,
    message: str,
    category: Category,
    text: str,
    *,
    file: str | None = None,
    line: int | None = None,
    column: int | None = None,
    frames: tuple[Frame, ...] = (),
    chain: tuple[Raised, ...] = (),
    around: str = "",
    advice: str = "",
) -> Finding:
    at = text.find(around) if around else -1
    shown = text[max(0, at - 200) : at + 1_000] if at >= 0 else text.strip()[-1_100:]
    failure = Failure(
        tool=build.tool,
        message=message[:2_000],
        file=file,
        line=line,
        column=column,
        code=code,
        frames=frames,
        excerpt=f"{message[:300]}\n{shown}"[:MAX_EXCERPT],
    )
    whose = "the project" if build.is_own else "a dependency"
    stage = Stage.SYNTAX if category is Category.SYNTAX else Stage.BUILD if build.has_output else Stage.ENDING
    return Finding(
        failure, category, stage, build.lines, chain, text[:6_000], reason=f"{whose} could not be built", advice=advice
    )
