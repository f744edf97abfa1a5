"""A conftest file or plugin that the installed pytest does not take."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.judgement import Judgement


def judge_plugin(finding: Finding, _context: LogContext) -> Judgement | None:
    """Judge errors of pytest's own plugin system: hooks with wrong arguments, plugins that don't load."""
    top = final(finding.chain)
    if top is None or not top.type_name.startswith(("pluggy.", "_pytest.config.")):
        return None
    return Judgement(
        Category.CONFIG,
        f"pytest refuses a plugin or a conftest file ({top.short_name})",
        advice="Make the hook fit the installed pytest, or pin pytest to the version that it was written for.",
    )
