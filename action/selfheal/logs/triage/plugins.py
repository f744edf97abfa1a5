"""A plugin or conftest file that the installed pytest lacks or does not take."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.judgement import Judgement

_NO_FIXTURE = re.compile(r"fixture '(\w{1,100})' not found")
# Names that a project would hardly give to a fixture of its own.
_FIXTURES_OF = {
    "aiohttp_client": "pytest-aiohttp",
    "benchmark": "pytest-benchmark",
    "celery_worker": "celery[pytest]",
    "data_regression": "pytest-regressions",
    "django_assert_num_queries": "pytest-django",
    "django_user_model": "pytest-django",
    "file_regression": "pytest-regressions",
    "freezer": "pytest-freezer",
    "httpserver": "pytest-httpserver",
    "httpx_mock": "pytest-httpx",
    "mocker": "pytest-mock",
    "num_regression": "pytest-regressions",
    "qtbot": "pytest-qt",
    "requests_mock": "requests-mock",
    "respx_mock": "respx",
    "subtests": "pytest-subtests",
    "transactional_db": "pytest-django",
}


def judge_plugin(finding: Finding, _context: LogContext) -> Judgement | None:
    """Judge what is missing or broken in pytest's plugins: fixtures, hooks with wrong arguments, failed loads."""
    if finding.failure.code == "FixtureLookupError":
        return _no_fixture(finding)
    top = final(finding.chain)
    if top is None or not top.type_name.startswith(("pluggy.", "_pytest.config.")):
        return None
    return Judgement(
        Category.CONFIG,
        f"pytest refuses a plugin or a conftest file ({top.short_name})",
        advice="Make the hook fit the installed pytest, or pin pytest to the version that it was written for.",
    )


def _no_fixture(finding: Finding) -> Judgement | None:
    name = _NO_FIXTURE.search(finding.failure.message)
    plugin = _FIXTURES_OF.get(name.group(1)) if name is not None else None
    if name is None or plugin is None:
        return None
    return Judgement(
        Category.DEPENDENCY,
        f"the fixture {name.group(1)} comes from {plugin}, which is not installed",
        advice=f"Add {plugin} to the dependencies of the tests.",
    )
