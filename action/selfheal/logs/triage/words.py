"""Failures of any tool whose own words tell an outage, or something that the job was not given."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext, Stage
from selfheal.logs.parsers.system.sign import Sign
from selfheal.logs.parsers.system.sign_table import signs_in
from selfheal.logs.triage.judgement import Judgement
from selfheal.logs.triage.subject import (
    PYTHON_TOOLS,
    is_asserted,
    is_named_for_it,
    is_own_subject,
    is_served_by_the_test,
)

_LINES = 12
_RUNS = (Category.TEST, Category.UNKNOWN)
_WORLDS = (Category.INFRA, Category.ENVIRONMENT)
_INSTALLS = (Category.DEPENDENCY, Category.CONFIG, Category.BUILD, Category.UNKNOWN)
# Statuses are what servers say, and a test's server may well be its own.
_STATUS_CODES = frozenset({"http-status", "service-down", "rate-limit", "flaky"})
_PORT = re.compile(r"\b(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|0\.0\.0\.0):(\d{1,5})\b")
# What a build says with a line of the code, though the code is not to blame.
_OUTSIDE = re.compile(
    r"https?://|\bdial tcp\b|\blookup [\w.-]{1,200}|environment variable `(?!CARGO_|OUT_DIR)\w{1,80}` not defined"
)
_FIRST_EPHEMERAL, _LAST_DEAD = 32_768, 19


def judge_words(finding: Finding, context: LogContext) -> Judgement | None:
    """Judge a failed test or program, and a failed installation, by the sign that its message shows."""
    failure = finding.failure
    if failure.tool == "log":
        return None
    if finding.category in _WORLDS and failure.test_id is not None:
        return _of_a_parsers_claim(finding, context)
    if finding.category in _RUNS and finding.stage is not Stage.ENDING:
        return _of_a_run(finding, context)
    if finding.category in _INSTALLS and _is_install(finding):
        return _of_an_install(finding)
    return None


def _of_a_parsers_claim(finding: Finding, context: LogContext) -> Judgement | None:
    """Take back what a parser said of the world where the test itself is about it."""
    is_lack = finding.category is Category.ENVIRONMENT
    is_own = is_own_subject(finding, context, is_lack=is_lack)
    if is_own or (not is_lack and (is_served_by_the_test(finding) or _is_own_port(finding.failure.message))):
        return Judgement(Category.TEST, "the test itself is about such an error, made it, or serves the other end")
    told = _of_a_run(finding, context)
    return told if told is not None and told.category is finding.category else None


def _of_a_run(finding: Finding, context: LogContext) -> Judgement | None:
    failure = finding.failure
    is_python = failure.tool in PYTHON_TOOLS
    top = final(finding.chain) if is_python else None
    message = f"{top.type_name}: {top.message}" if top is not None else f"{failure.code or ''}: {failure.message}"
    if failure.code == "ECONNREFUSED" and "ECONNREFUSED" not in message:
        message += "\nconnect ECONNREFUSED"
    sign, detail = _first(message, finding.category)
    if sign is None or sign.code in _STATUS_CODES or (top is not None and sign.category is Category.INFRA):
        return None
    is_lack = sign.category is Category.ENVIRONMENT
    # A heap is full where the next object is made, which is mostly the repository's own line.
    is_heap = sign.code == "heap" and not (is_asserted(finding) or is_named_for_it(finding))
    if not is_heap and is_own_subject(finding, context, is_lack=is_lack):
        return None
    if not is_lack and (is_served_by_the_test(finding) or _is_own_port(message)):
        return None
    return _judgement(sign, detail, f"the failure itself says so ({failure.tool})", 0.85)


def _is_install(finding: Finding) -> bool:
    """True for what a package manager or a build tool says without a place in the code."""
    failure = finding.failure
    if finding.category is Category.BUILD and failure.line is not None:
        return _OUTSIDE.search(failure.message[:2_000]) is not None
    return True


def _of_an_install(finding: Finding) -> Judgement | None:
    failure = finding.failure
    # npm's own code stands in a line of its own, which its parser has taken apart.
    code = f"npm error code {failure.code}\n" if failure.tool == "npm" and failure.code else ""
    # What is not indented below an error's first line is often another program's.
    head, *rest = failure.message[:6_000].split("\n")
    own = [line for line in rest if line[:1] in (" ", "\t", ">")]
    sign, detail = _first("\n".join((f"{code}{head}", *own)), finding.category)
    return None if sign is None else _judgement(sign, detail, f"{failure.tool} says so itself", 0.9)


def _first(text: str, category: Category) -> tuple[Sign | None, str]:
    """The strongest sign of the world's failures in a text."""
    best: tuple[Sign | None, str] = None, ""
    for line in text[:6_000].split("\n")[: _LINES if category in _RUNS else 4 * _LINES]:
        for sign, detail in signs_in(line):
            if not sign.category.is_repairable and (best[0] is None or sign.weight > best[0].weight):
                best = sign, detail
    return best


def _is_own_port(message: str) -> bool:
    """True for a port that no service has: one that the system chose, or that is known to be dead."""
    ports = [int(port) for port in _PORT.findall(message[:4_000])]
    return bool(ports) and all(port >= _FIRST_EPHEMERAL or port <= _LAST_DEAD for port in ports)


def _judgement(sign: Sign, detail: str, reason: str, confidence: float) -> Judgement:
    summary = f"{sign.summary}: {detail}" if detail else sign.summary
    return Judgement(sign.category, reason, summary, sign.advice, confidence)
