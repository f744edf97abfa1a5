"""Why docker build gave up, told from its error."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category


@dataclass(frozen=True, slots=True)
class Why:
    """What an error of docker build means. `is_run` is True where a command of the Dockerfile failed."""

    code: str
    message: str
    category: Category
    reason: str
    advice: str = ""
    line: int | None = None
    is_run: bool = False
    is_in_dockerfile: bool = True


_RUN = re.compile(
    r"(?:process \"(.{1,2500}?)\" did not complete successfully: (?:exit code: (\d{1,5})|(.{1,200}))"
    r"|executor failed running \[(.{1,2500})\]: exit code: (\d{1,5})"
    r"|The command '(.{1,2500})' returned a non-zero code: (\d{1,5}))"
)
_PARSE = re.compile(
    r"(?:.{0,60}[Dd]ockerfile parse error (?:on )?line (\d{1,9}): (.{1,500})"
    r"|failed to parse [Dd]ockerfile: (.{1,500})|.{0,60}unknown (?:instruction|flag): (.{1,300}))$"
)
_AT_LINE = re.compile(r"(?:on )?line (\d{1,9})\b")
_COPY = re.compile(
    r".{0,2000}?(?:\"([^\"]{1,500})\":? not found"
    r"|(?:failed to calculate checksum of ref .{0,300}?|.{0,300}?walking |lstat )(\S{1,500}?): "
    r"(?:not found|no such file or directory)"
    r"|(?:COPY|ADD) failed: (?:file not found in build context or excluded by \.dockerignore: stat "
    r"|no source files were specified|stat )(\S{0,500}?)(?::.{0,200})?$)"
)
_DENIED = re.compile(
    r".{0,2000}?(?:pull access denied for|pull access denied, repository) ([^\s,]{1,300})|.{0,2000}?pull access denied"
)
_NO_TAG = re.compile(
    r".{0,2000}?(?:manifest for (\S{1,300}) not found"
    r"|(\S{1,300}): (?:failed to resolve source metadata for \S{1,300}: )?\S{0,300}: not found)"
)
_NO_STAGE = re.compile(
    r".{0,500}?(?:invalid from flag value (\S{1,200})|target stage \"?([^\s\"]{1,200})\"? could not be found"
    r"|failed to reach build target (\S{1,200}))"
)
_NO_FILE = re.compile(
    r".{0,500}?(?:failed to read dockerfile|unable to prepare context|error from sender: resolve"
    r"|unable to evaluate symlinks in Dockerfile path|the Dockerfile .{0,60}cannot be empty)"
)
_NETWORK = re.compile(
    r".{0,2000}?(?:dial tcp|i/o timeout|TLS handshake timeout|no such host|[Cc]onnection refused|connection reset|"
    r"toomanyrequests|"
    r"unexpected status(?: from \w{1,10} request.{0,300})?:? 5\d\d|50[234] (?:Bad|Service|Gateway)|EOF$)"
)
_SPACE = "no space left on device"
_ONLY_NOT_FOUND = re.compile(r"(\S{1,300}:[\w.-]{1,128}): .{0,500}not found$")


def explain(said: str, step: str) -> Why:
    """Tell what the error means; `step` is the instruction that ran, as docker names it."""
    run = _RUN.search(said)
    if run is not None:
        return _run(run, step)
    for rule in (_parse, _no_file, _world, _stage, _copy, _image):
        why = rule(said, step)
        if why is not None:
            return why
    return Why("docker-build", said[:500], Category.BUILD, "docker build failed")


def _run(run: re.Match[str], step: str) -> Why:
    command = next((group for n in (1, 4, 6) if (group := run.group(n)) is not None), step)
    status = next((group for n in (2, 5, 7) if (group := run.group(n)) is not None), "")
    ending = f"exit code {status}" if status else run.group(3) or "it failed"
    message = f"RUN failed with {ending}: {command[:300]}"
    if status == "137":
        return Why(
            status,
            message,
            Category.INFRA,
            "something outside the command killed it, most often for want of memory",
            "Give the build more memory.",
            is_run=True,
        )
    return Why(status or "RUN", message, Category.BUILD, "a command of the Dockerfile failed", is_run=True)


def _parse(said: str, _step: str) -> Why | None:
    found = _PARSE.search(said)
    if found is None:
        return None
    line = _AT_LINE.search(said)
    message = next((group for group in reversed(found.groups()) if group and not group.isdigit()), said)
    return Why(
        "parse",
        message if found.group(4) is None else f"unknown instruction: {message}",
        Category.SYNTAX,
        "docker can't parse the Dockerfile",
        line=int(line.group(1)) if line is not None else None,
    )


def _no_file(said: str, _step: str) -> Why | None:
    if _NO_FILE.match(said) is None:
        return None
    advice = "Correct the path that the job passes to docker build."
    return Why(
        "no-dockerfile", said[:500], Category.CONFIG, "docker finds no Dockerfile", advice, is_in_dockerfile=False
    )


def _world(said: str, _step: str) -> Why | None:
    if _SPACE in said:
        return Why("ENOSPC", said[:500], Category.INFRA, "no space left on the disk", "Free disk space on the runner.")
    if _NETWORK.match(said) is not None and "not found" not in said:
        return Why("registry", said[:500], Category.INFRA, "the image registry can't be reached", "Run the job again.")
    return None


def _stage(said: str, _step: str) -> Why | None:
    found = _NO_STAGE.match(said)
    if found is None:
        return None
    return Why("no-stage", said[:500], Category.CONFIG, "the Dockerfile has no such build stage")


def _copy(said: str, step: str) -> Why | None:
    is_copy = (
        "COPY" in step or "ADD" in step or "checksum" in said or "cache key" in said or said.startswith(("COPY", "ADD"))
    )
    found = _COPY.match(said) if is_copy else None
    if found is None:
        return None
    name = next((group for group in found.groups() if group), "a file")
    return Why(
        "COPY",
        f"the build context has no {name.lstrip('/')}",
        Category.BUILD,
        "the Dockerfile copies a file that the build context lacks",
        "Correct the path, or look whether .dockerignore leaves the file out.",
    )


def _image(said: str, _step: str) -> Why | None:
    denied = _DENIED.match(said)
    if denied is not None:
        name = denied.group(1) or _ref(said)
        advice = "Correct the image's name, or log in to its registry before the build."
        return Why(
            "pull-denied",
            f"the image {name} can't be pulled",
            Category.CONFIG,
            "there is no such image, or it is private",
            advice,
        )
    missing = _NO_TAG.match(said) or _ONLY_NOT_FOUND.match(said)
    if missing is not None:
        name = next((group for group in missing.groups() if group), _ref(said))
        return Why(
            "no-such-tag", f"the image {name} does not exist", Category.DEPENDENCY, "the base image has no such tag"
        )
    return None


def _ref(said: str) -> str:
    return said.partition(": ")[0][:200]
