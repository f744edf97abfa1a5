"""What the machine lacks: space, a variable, a permission."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.judgement import Judgement
from selfheal.logs.triage.subject import is_asserted, is_named_for_it

_ENVIRON = re.compile(r"os\.environ\s*\[|environ\[")
_TEST_SETS_IT = re.compile(r"monkeypatch|delenv|setenv|patch\.dict|environ\.pop|environ\.clear")
_NAME = re.compile(r"'?([A-Za-z_][A-Za-z0-9_]{0,100})'?$")
_DENIED = re.compile(r"\[Errno 13\] Permission denied: '([^']{1,300})'")


def judge_machine(finding: Finding, context: LogContext) -> Judgement | None:
    """Judge a full disk, an unset environment variable and a denied system path."""
    top = final(finding.chain)
    if top is None:
        return None
    if _is_full(top.message, top.short_name) and not (is_asserted(finding) or is_named_for_it(finding)):
        if _is_own_raise(finding, context):
            return None
        return Judgement(
            Category.INFRA,
            f"{top.short_name}: no space left on device",
            "no space left on the disk",
            "Free disk space on the runner, or take a bigger one.",
        )
    if top.short_name == "KeyError":
        return _variable(finding, top.message.strip(), context)
    if top.short_name == "PermissionError" and (denied := _DENIED.search(top.message)) is not None:
        path = denied.group(1)
        if path.startswith(("/etc/", "/usr/", "/var/", "/root/", "/opt/", "/sys/", "/proc/")):
            return Judgement(
                Category.ENVIRONMENT,
                f"the job may not touch {path}",
                f"no permission for {path}",
                f"Give the job access to {path}, or let the project use a folder of its own.",
                0.8,
            )
    return None


def _is_full(message: str, name: str) -> bool:
    return "[Errno 28]" in message or (name == "OSError" and "No space left on device" in message)


def _is_own_raise(finding: Finding, context: LogContext) -> bool:
    top = final(finding.chain)
    if top is None or not top.frames:
        return False
    is_own = context.repository.relative(top.frames[-1].file) is not None
    return is_own and top.source.strip().startswith("raise ")


def _variable(finding: Finding, message: str, context: LogContext) -> Judgement | None:
    """An unset variable, unless the test plays with the environment itself."""
    top = final(finding.chain)
    name = _NAME.match(message)
    if top is None or name is None or not top.frames:
        return None
    innermost = top.frames[-1]
    in_os = innermost.file == "<frozen os>" or (
        innermost.file.replace("\\", "/").endswith("/os.py") and context.repository.relative(innermost.file) is None
    )
    if not in_os and _ENVIRON.search(top.source) is None:
        return None
    if _TEST_SETS_IT.search(finding.block) is not None:
        return None
    variable = name.group(1)
    return Judgement(
        Category.ENVIRONMENT,
        f"os.environ has no {variable}",
        f"the environment variable {variable} is not set",
        f"Set {variable} in the job (as a secret, if it is one); pull requests from forks don't get secrets.",
        0.9,
    )
