"""Programs, locales, browsers and daemons that Python code asked for in vain."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.judgement import Judgement
from selfheal.logs.triage.subject import is_asserted, is_named_for_it

_NO_FILE = re.compile(r"\[Errno 2\] No such file or directory: '([\w.+-]{1,100})'")
_LOCALE = re.compile(r"\b[a-z]{2}_[A-Z]{2}(?:\.(?:UTF-8|utf-?8)\b|['\"])")
_DRIVERS = frozenset({"NoSuchDriverException", "SessionNotCreatedException"})


def judge_lacking(finding: Finding, context: LogContext) -> Judgement | None:
    """Judge a program that subprocess does not find, a browser that selenium does not, and docker's daemon."""
    top = final(finding.chain)
    if top is None or is_asserted(finding) or is_named_for_it(finding, is_lack=True):
        return None
    if top.short_name == "FileNotFoundError" and top.frames:
        innermost = top.frames[-1].file.replace("\\", "/")
        missing = _NO_FILE.search(top.message)
        if missing is None or not innermost.endswith(("/subprocess.py", "/asyncio/base_events.py")):
            return None
        name = missing.group(1)
        if context.repository.relative(innermost) is not None or name in context.repository.known_files:
            return None
        return Judgement(
            Category.ENVIRONMENT,
            f"subprocess finds no program {name}",
            f"{name} is not installed here or not on PATH",
            f"Install {name} in the job before this step, or put it on PATH.",
            0.9,
        )
    if top.type_name == "locale.Error" and top.message == "unsupported locale setting":
        named = _LOCALE.search(finding.block)
        if named is None:
            return None
        name = named.group().strip("'\"")
        return Judgement(
            Category.ENVIRONMENT,
            f"the machine has no locale {name}",
            f"the locale {name} is not installed here",
            f"Generate {name} in the job (`sudo locale-gen {name}`), or use an image that has it.",
            0.8,
        )
    if top.short_name in _DRIVERS:
        return Judgement(
            Category.ENVIRONMENT,
            f"selenium raised {top.short_name}",
            "the browser or its driver is not there, or they don't fit",
            "Install the browser and the driver of its version in the job.",
            0.85,
        )
    if top.type_name == "docker.errors.DockerException" and "Error while fetching server API version" in top.message:
        return Judgement(
            Category.ENVIRONMENT,
            "docker's client finds no daemon",
            "the docker daemon does not answer",
            "Start docker in the job, or use a runner that has it.",
            0.85,
        )
    return None
