"""What a person can ask for, by a button or a comment: retry, apply, dismiss, explain. Each found done is not done."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from pydantic import Field

from selfheal.contract import diff
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import Disposition
from selfheal.contract.report import Report
from selfheal_app.artifact import Artifact, Refusal, read
from selfheal_app.download import fetch
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.branch import branch_name, moved
from selfheal_app.publishing.client import Known, Nothing, Rejected
from selfheal_app.publishing.ending import Ending, Published, Withheld
from selfheal_app.publishing.pull_request import pull_requests
from selfheal_app.publishing.wording import bounded, cause, files, proof, rivals, short
from selfheal_app.runs import rerun
from selfheal_app.tree_at import Sha

_DEPENDENCY_FILES = frozenset(
    """
    pyproject.toml poetry.lock uv.lock pdm.lock pipfile pipfile.lock setup.py setup.cfg package.json package-lock.json
    npm-shrinkwrap.json yarn.lock pnpm-lock.yaml go.mod go.sum cargo.toml cargo.lock pom.xml build.gradle
    build.gradle.kts gradle.lockfile gemfile gemfile.lock composer.json composer.lock
    """.split()  # noqa: SIM905 -- thirty strings, each in quotes, are no list that anybody reads
)


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it, in a sentence of Markdown; `is_done` is False where it was not done."""

    message: str
    is_done: bool


class _Head(Known):
    sha: Sha


class _Pull(Known):
    head: _Head
    number: int = Field(gt=0)
    html_url: str
    state: str
    merged: bool = False


class _Branch(Known):
    protected: bool


class _Merged(Known):
    sha: Sha
    merged: bool


async def retry(api: Api, run: FinishedRun) -> Said:
    """Run the failed jobs of this attempt again."""
    told = await rerun(api, run.run_id, attempt=run.run_attempt)
    if isinstance(told, Rejected):
        return Said(f"The jobs can't be run again (GitHub: {told.status} {short(told.message)}).", False)
    if not told:
        return Said("They are running again already.", True)
    return Said("The failed jobs run again; what was tried is not tried again.", True)


async def explain(api: Api, run: FinishedRun) -> Said:
    """Tell what failed, why, and what was tried."""
    artifact = await _artifact(api, run)
    if isinstance(artifact, Refusal):
        return Said(f"There is nothing to tell of: {short(artifact.message)}.", False)
    report = artifact.report
    parts = [short(report.summary), *cause(report)]
    parts += [f"What to do: {short(report.diagnosis.advice)}"] if report.diagnosis and report.diagnosis.advice else []
    parts += [f"- {short(step)}" for step in report.next_steps[:8]]
    parts += proof(report) if report.patch is not None else []
    diffs = diff.parse(report.patch.diff) if report.patch is not None else ()
    parts += ["\n".join(files(diffs))] if isinstance(diffs, tuple) and diffs else []
    return Said(bounded([*parts, *rivals(report)]), True)


async def apply(api: Api, run: FinishedRun, ending: Ending) -> Said:
    """Merge what was published into the branch that failed, where a machine may.

    Never into the default or a protected branch, never what a person should look at, never what the project depends on.
    """
    if isinstance(ending, Withheld):
        return Said(f"There is no fix to apply: {short(ending.message)}.", False)
    if run.is_fork:
        return Said(f"A fork's branch is not mine to change: commit the suggestions in {ending.url}", False)
    artifact = await _artifact(api, run)
    if isinstance(artifact, Refusal):
        return Said(f"There is no fix: {short(artifact.message)}.", False)
    if (why := await _must_be_merged_by_hand(api, run, artifact.report)) is not None:
        return Said(f"{why}: merge {ending.url} yourself.", False)
    return await _merge(api, run, ending)


async def dismiss(api: Api, run: FinishedRun) -> Said:
    """Close the fix and delete its branch."""
    pull = await _pull_of(api, run)
    if isinstance(pull, Rejected):
        return Said(f"The fix can't be looked up (GitHub: {pull.status} {short(pull.message)}).", False)
    if pull is not None and pull.state == "open":
        told = await api.patch(f"/pulls/{pull.number}", _Pull, {"state": "closed"})
        if isinstance(told, Rejected):
            return Said(f"The fix can't be closed (GitHub: {told.status} {short(told.message)}).", False)
    await delete_branch(api, branch_name(run))
    return Said("Put aside." if pull is None else f"Closed {pull.html_url} and deleted its branch.", True)


async def delete_branch(api: Api, name: str) -> Nothing | Rejected:
    """Take a branch of ours away; one that is gone is taken away."""
    told = await api.delete(f"/git/refs/heads/{quote(name)}")
    is_gone = isinstance(told, Rejected) and (told.is_missing or told.status == 422)
    return Nothing() if is_gone else told


async def _artifact(api: Api, run: FinishedRun) -> Artifact | Refusal:
    contents = await fetch(api, run)
    return contents if isinstance(contents, Refusal) else read(contents, run)


async def _pull_of(api: Api, run: FinishedRun) -> _Pull | Rejected | None:
    owner = api.repository.partition("/")[0]
    found = await pull_requests(api, f"{owner}:{branch_name(run)}", state="all")
    if isinstance(found, Rejected) or not found:
        return found if isinstance(found, Rejected) else None
    return await api.get(f"/pulls/{found[0].number}", _Pull)


async def _must_be_merged_by_hand(api: Api, run: FinishedRun, report: Report) -> str | None:
    if run.head_branch == run.default_branch:
        return f"`{short(run.head_branch)}` is the default branch"
    branch = await api.get(f"/branches/{quote(run.head_branch, safe='')}", _Branch)
    if isinstance(branch, Rejected) or branch.protected:
        return f"`{short(run.head_branch)}` is protected, or gone"
    if report.patch is None or report.patch.disposition is Disposition.NEEDS_HUMAN:
        return "A person should look at this fix first"
    names = {PurePosixPath(file.path).name.lower() for file in report.patch.files}
    diffs = diff.parse(report.patch.diff)
    names |= {PurePosixPath(file.path).name.lower() for file in diffs} if isinstance(diffs, tuple) else set()
    is_dependency = report.diagnosis is None or report.diagnosis.category is Category.DEPENDENCY
    if is_dependency or names & _DEPENDENCY_FILES or any(name.startswith("requirements") for name in names):
        return "It changes what the project depends on"
    return None


async def _merge(api: Api, run: FinishedRun, ending: Published) -> Said:
    pull = await _pull_of(api, run)
    if pull is None or isinstance(pull, Rejected):
        return Said("The fix's pull request can't be looked up.", False)
    if pull.merged:
        return Said(f"{pull.html_url} is merged.", True)
    if pull.state != "open":
        return Said(f"{pull.html_url} was closed: open it again to apply it.", False)
    if (gone := await moved(api, run)) is not None:
        return Said(f"{short(gone.message)}.", False)
    body = {"sha": pull.head.sha, "merge_method": "merge"}
    told = await api.put(f"/pulls/{pull.number}/merge", _Merged, body)
    if isinstance(told, Rejected):
        again = await api.get(f"/pulls/{pull.number}", _Pull)
        if isinstance(again, Rejected) or not again.merged:
            words = f"{ending.url} can't be merged (GitHub: {told.status} {short(told.message)}): merge it yourself"
            return Said(f"{words}, or run the checks again.", False)
    return Said(f"Merged {pull.html_url} into `{short(run.head_branch)}`.", True)
