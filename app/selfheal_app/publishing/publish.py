"""Publish the patch of one artifact: open it, check it again on the real tree, then hand it over."""

from typing import Literal, assert_never

from selfheal.contract.patch import Disposition, Patch
from selfheal.contract.report import Outcome, Report
from selfheal_app.artifact import Artifact, Contents, Refusal, Why, read, unproved
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.branch import make_branch, refused_write
from selfheal_app.publishing.client import Rejected
from selfheal_app.publishing.ending import Ending, Withheld, Withholding
from selfheal_app.publishing.pull_request import open_pull_request, pull_request_of
from selfheal_app.publishing.review import leave_review, shown_by
from selfheal_app.publishing.suggestions import Plan, plan
from selfheal_app.publishing.wording import commit_message, pull_request_words, review_body
from selfheal_app.recheck import NotAllowed, Rechecked, recheck
from selfheal_app.repository_policy import policy_of
from selfheal_app.tree_at import TreeAt

Mode = Literal["suggest", "pr"]


async def publish(
    contents: Contents | Refusal,
    run: FinishedRun,
    api: Api,
    *,
    mode: Mode,
    server: str,
) -> Ending:
    """Hand over what the artifact holds, if it may be. Doing it twice leaves one of each.

    A fork's patch never gets onto a branch of the repository: it becomes a review whatever the mode. Raises
    GitHubFailed where GitHub does not answer.
    """
    artifact = contents if isinstance(contents, Refusal) else read(contents, run)
    if isinstance(artifact, Refusal):
        why = Withholding.NOTHING if artifact.why is Why.ABSENT else Withholding.REFUSED
        return Withheld(why, artifact.message)
    if artifact.report.patch is None and artifact.report.outcome is not Outcome.HEALED:
        return Withheld(
            Withholding.NOTHING, f"the repair ended with {artifact.report.outcome.value}: there is no patch"
        )
    return await _hand_over(artifact, run, api, mode=mode, server=server)


async def _hand_over(artifact: Artifact, run: FinishedRun, api: Api, *, mode: Mode, server: str) -> Ending:
    report, patch = artifact.report, artifact.report.patch
    if (refusal := unproved(report)) is not None or patch is None or report.diagnosis is None:
        return Withheld(Withholding.REFUSED, refusal.message if refusal else "the report has no patch")
    base = await TreeAt.open(api, run.head_sha)
    if isinstance(base, Rejected):
        return refused_write(base, f"the commit {run.head_sha[:12]} can't be read")
    policy = await policy_of(api, run.default_branch)
    if isinstance(policy, NotAllowed):
        return Withheld(Withholding.REFUSED, policy.message, policy.settings_line)
    checked = await recheck(patch.diff, base.read, category=report.diagnosis.category, settings=policy)
    if isinstance(checked, NotAllowed):
        return Withheld(Withholding.REFUSED, checked.message)
    match "suggest" if run.is_fork else mode:
        case "suggest":
            return await _suggest(report, patch, checked, run, api, server=server)
        case "pr":
            return await _pull_request(report, patch, checked, run, api, base=base, server=server)
        case never:
            assert_never(never)


async def _pull_request(
    report: Report, patch: Patch, checked: Rechecked, run: FinishedRun, api: Api, *, base: TreeAt, server: str
) -> Ending:
    message = commit_message(report, run, checked.diffs)
    branch = await make_branch(api, run, base=base, files=checked.files, message=message)
    if isinstance(branch, Withheld):
        return branch
    words = pull_request_words(report, run, checked.diffs, server=server)
    is_draft = patch.disposition is Disposition.NEEDS_HUMAN
    return await open_pull_request(api, run, branch=branch.name, words=words, is_draft=is_draft)


async def _suggest(
    report: Report, patch: Patch, checked: Rechecked, run: FinishedRun, api: Api, *, server: str
) -> Ending:
    pull = await pull_request_of(api, run)
    if isinstance(pull, Withheld):
        return pull
    shown = await shown_by(api, pull.number)
    if isinstance(shown, Rejected):
        return refused_write(shown, "the pull request's files can't be listed")
    planned, whole = plan(patch.diff, checked.diffs, shown), Plan((), patch.diff)
    return await leave_review(
        api,
        run,
        pull,
        suggestions=planned.suggestions,
        body=review_body(report, run, planned, server=server),
        body_alone=review_body(report, run, whole, server=server),
    )
