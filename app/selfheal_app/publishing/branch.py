"""Make the branch `selfheal/<run>-<attempt>` through the git data interface. No branch is ever moved, only made."""

import base64
import re
from dataclasses import dataclass
from urllib.parse import quote

from selfheal_app.errors import GitHubFailed, Uncertain
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Rejected
from selfheal_app.publishing.ending import Withheld, Withholding
from selfheal_app.recheck import NewFile
from selfheal_app.tree_at import CommitFacts, Sha, TreeAt, is_blob

_ROUNDS = 3
_NAME = re.compile(r"selfheal/([1-9][0-9]{0,18})-([1-9][0-9]{0,8})")


class _Target(Known):
    sha: Sha
    type: str


class _Ref(Known):
    ref: str
    object: _Target


class _Made(Known):
    sha: Sha


@dataclass(frozen=True, slots=True)
class Branch:
    """The branch, and whether it was made just now."""

    name: str
    is_new: bool


def branch_name(run: FinishedRun) -> str:
    """The one name for the run's attempt."""
    return f"selfheal/{run.run_id}-{run.run_attempt}"


def run_of_branch(name: str) -> tuple[int, int] | None:
    """The run and its attempt that a branch of ours is about; None for any other branch."""
    match = _NAME.fullmatch(name)
    return (int(match[1]), int(match[2])) if match is not None else None


async def make_branch(
    api: Api, run: FinishedRun, *, base: TreeAt, files: tuple[NewFile, ...], message: str
) -> Branch | Withheld:
    """Put the files on top of the run's commit, under a name of its own; find it again where it is there.

    Only where the branch that the run was about still stands at the run's commit. Without author and committer in the
    request GitHub names the token's own App, and signs.
    """
    name = branch_name(run)
    if name == run.default_branch:
        return Withheld(Withholding.BRANCH_TAKEN, f"{name} is the repository's default branch")
    made = await _tree(api, base, files)
    if isinstance(made, Rejected):
        return refused_write(made, "the patch can't be stored")
    commit: _Made | None = None
    for _ in range(_ROUNDS):
        found = await _head(api, name)
        if isinstance(found, Rejected):
            return refused_write(found, f"{name} can't be looked up")
        if found is not None:
            return await _ours(api, name, found, parent=base.commit.sha, tree=made.sha)
        if (gone := await moved(api, run)) is not None:
            return gone
        if commit is None:
            body = {"message": message, "tree": made.sha, "parents": [base.commit.sha]}
            answer = await api.post("/git/commits", _Made, body)
            if isinstance(answer, Rejected):
                return refused_write(answer, "the commit can't be made")
            commit = answer
        try:
            ref = await api.post("/git/refs", _Ref, {"ref": f"refs/heads/{name}", "sha": commit.sha})
        except Uncertain:
            continue
        if not isinstance(ref, Rejected):
            return Branch(name, is_new=True)
        if ref.status != 422:
            return refused_write(ref, f"{name} can't be made")
    raise GitHubFailed(f"{name} could not be made in {_ROUNDS} rounds, and is not there either")


def refused_write(rejected: Rejected, what: str) -> Withheld:
    """Say which right is missing, as far as GitHub's answer tells."""
    said = f"{what} (GitHub: {rejected.status} {rejected.message})"
    if rejected.is_forbidden or rejected.is_missing:
        advice = "give the job `contents: write` and `pull-requests: write`"
        return Withheld(Withholding.NOT_PERMITTED, f"{said}: {advice}")
    return Withheld(Withholding.REFUSED, said)


async def _head(api: Api, branch: str) -> str | Rejected | None:
    """The commit that a branch stands at; None where there is no such branch."""
    ref = await api.get(f"/git/ref/heads/{quote(branch)}", _Ref)
    if isinstance(ref, Rejected):
        return None if ref.is_missing else ref
    return ref.object.sha


async def moved(api: Api, run: FinishedRun) -> Withheld | None:
    """None where the branch that the run was about still stands at the run's commit."""
    head = await _head(api, run.head_branch) if run.head_branch else None
    if isinstance(head, Rejected):
        return refused_write(head, f"the branch {run.head_branch} can't be looked up")
    if head == run.head_sha:
        return None
    now = f"stands at {head[:12]} now" if head else "is gone"
    words = f"the branch {run.head_branch} {now}, the run was of {run.head_sha[:12]}: run its checks again"
    return Withheld(Withholding.HEAD_MOVED, words)


async def _ours(api: Api, name: str, sha: str, *, parent: str, tree: str) -> Branch | Withheld:
    """True where an earlier try has made the branch: the same tree on the same commit."""
    commit = await api.get(f"/git/commits/{sha}", CommitFacts)
    if isinstance(commit, Rejected):
        return refused_write(commit, f"the commit of {name} can't be looked up")
    if commit.tree.sha == tree and [each.sha for each in commit.parents] == [parent]:
        return Branch(name, is_new=False)
    words = f"the branch {name} is there already with something else in it: delete it and run the job again"
    return Withheld(Withholding.BRANCH_TAKEN, words)


async def _tree(api: Api, base: TreeAt, files: tuple[NewFile, ...]) -> _Made | Rejected:
    entries: list[dict[str, str | None]] = []
    for file in files:
        sha: str | None = None
        if file.content is not None:
            body = {"content": base64.b64encode(file.content).decode(), "encoding": "base64"}
            blob = await api.post("/git/blobs", _Made, body)
            if isinstance(blob, Rejected):
                return blob
            if not is_blob(file.content, blob.sha):
                raise GitHubFailed(f"GitHub keeps other bytes than were sent for {file.path}")
            sha = blob.sha
        entries.append({"path": file.path, "mode": file.mode, "type": "blob", "sha": sha})
    return await api.post("/git/trees", _Made, {"base_tree": base.commit.tree.sha, "tree": entries})
