"""Ask the rules, in order; the parser's own category stands where none speaks."""

from collections.abc import Callable

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.imports import judge_import
from selfheal.logs.triage.judgement import Judgement
from selfheal.logs.triage.lacking import judge_lacking
from selfheal.logs.triage.machine import judge_machine
from selfheal.logs.triage.plugins import judge_plugin
from selfheal.logs.triage.services import judge_service
from selfheal.logs.triage.words import judge_words

RULES: tuple[Callable[[Finding, LogContext], Judgement | None], ...] = (
    judge_import,
    judge_machine,
    judge_service,
    judge_lacking,
    judge_plugin,
    judge_words,
)

_BY_CATEGORY = {
    Category.TEST: "a test fails",
    Category.SYNTAX: "a file can't be parsed",
    Category.LINT: "a linter reports a finding",
    Category.FORMAT: "a formatter would rewrite a file",
    Category.TYPES: "a type checker reports an error",
    Category.DEPENDENCY: "a dependency is missing or does not fit",
    Category.CONFIG: "the command or its configuration is refused",
    Category.BUILD: "the code does not compile or link",
}


def judge(finding: Finding, context: LogContext) -> Judgement:
    """Say why this finding failed."""
    if finding.category is not Category.SYNTAX:
        for rule in RULES:
            judgement = rule(finding, context)
            if judgement is not None:
                return judgement
    reason = finding.reason or _reason(finding)
    return Judgement(finding.category, reason, advice=finding.advice)


def _reason(finding: Finding) -> str:
    top = final(finding.chain)
    if finding.category is Category.TEST and top is not None and top.type_name:
        if top.short_name == "AssertionError":
            return "a test's assertion does not hold"
        return f"the code raised {top.short_name}"
    return _BY_CATEGORY.get(finding.category, "no rule knows this failure")
