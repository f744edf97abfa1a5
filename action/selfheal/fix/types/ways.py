"""Which ways there are to mend findings, with the types that the repairs need to know."""

from collections.abc import Iterable
from dataclasses import replace

from selfheal.contract.diagnosis import Failure
from selfheal.fix.interface import RepairCase
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend
from selfheal.fix.types.project import Project
from selfheal.fix.types.repairs import REPAIRS, questions, ways_to_mend
from selfheal.fix.types.reveal import reveal

CHECKERS = ("mypy", "pyright")


def mendable(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """Keep what a rule may mend: a checker's finding at a known place."""
    return tuple(
        failure
        for failure in failures
        if failure.tool in CHECKERS and failure.file and failure.line and (failure.code or "") in REPAIRS
    )


async def find_ways(case: RepairCase, failures: tuple[Failure, ...]) -> tuple[tuple[Mend, ...], ...]:
    """Give the ways to mend each failure, the likeliest first. At most one run of each checker."""
    project = Project(case.tree)
    findings = [_finding(project, failure, case.diagnosis.failures) for failure in failures]
    for tool in CHECKERS:
        asked = [one for one in findings if one is not None and one.failure.tool == tool]
        wanted = list(dict.fromkeys(question for one in asked for question in questions(one)))
        if not wanted:
            continue
        revealed = await reveal(case, tool, wanted)
        findings = [
            replace(one, revealed=revealed) if one is not None and one.failure.tool == tool else one for one in findings
        ]
    return tuple(ways_to_mend(one) if one is not None else () for one in findings)


def _finding(project: Project, failure: Failure, failures: tuple[Failure, ...]) -> Finding | None:
    source = project.source(failure.file or "")
    if source is None or not failure.line:
        return None
    return Finding(failure, source, project, failures=failures)
