"""A patch is handed over once, where it may be, and only after it was judged again on the real tree."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.artifacts import a_diff, a_report, a_run, contents
from app.fake_github import FakeGitHub, Fault, serving
from selfheal.contract.patch import Disposition
from selfheal.contract.report import Attempt, Report
from selfheal.contract.verdict import VerdictKind
from selfheal_app.artifact import Refusal, Why
from selfheal_app.errors import GitHubFailed
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.ending import Ending, Published, Withheld, Withholding
from selfheal_app.publishing.publish import Mode, publish

SHOP = "".join(f"line_{n} = {n}\n" for n in range(1, 41))
BROKEN = SHOP.replace("line_5 = 5\n", "line_5 = 4\n")
BASE = {"shop.py": SHOP, "lib/other.py": "x = 1\n", "run.sh": ("100755", "echo 1\n"), "link": ("120000", "shop.py")}
HEAD = BASE | {"shop.py": BROKEN}
HOSTILE = (
    "fixes #1 @org/team [skip ci] <img src=x> ![x](https://evil.example) ::error::x GH-2 www.evil.example ```\n# hi"
)
NAME = "selfheal/7-1"


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with serving(FakeGitHub(tmp_path / "github.git")) as fake:
        yield fake


def a_topic(github: FakeGitHub, head: dict[str, Any] | None = None, **changes: Any) -> FinishedRun:
    """A run of the branch `topic`, whose commit broke the build."""
    base = github.commit(BASE, branch="main")
    sha = github.commit(head or HEAD, branch="topic", parent=base)
    return a_run(head_sha=sha, **changes)


def a_pull_request(github: FakeGitHub, **changes: Any) -> tuple[FinishedRun, int]:
    run = a_topic(github, event="pull_request", **changes)
    base = github.branches()["main"]
    number = github.pull_request(head=run.head_sha, base=base, head_branch="topic", head_repository=run.head_repository)
    return run, number


def healing(tmp_path: Path, before: dict[str, str] | None = None, after: dict[str, str] | None = None) -> Report:
    """A report whose patch mends shop.py, or makes of one tree another."""
    return a_report(a_diff(before or {"shop.py": BROKEN}, after or {"shop.py": SHOP}, tmp_path / "diff"))


async def hand_over(github: FakeGitHub, run: FinishedRun, report: Report, mode: Mode = "pr", **origin: Any) -> Ending:
    async with Api("org/shop", token="t", base_url=github.url, backoff_s=0) as api:
        return await publish(contents(report, run, **origin), run, api, mode=mode, server="https://github.example")


def why(ending: Ending) -> Withholding | None:
    return ending.why if isinstance(ending, Withheld) else None


async def test_a_pull_request_is_opened_on_a_branch_of_its_own(github: FakeGitHub, tmp_path: Path) -> None:
    """The patch on top of the run's commit, everything else as it was, nothing of the author made up."""
    run = a_topic(github)
    ending = await hand_over(github, run, healing(tmp_path))

    assert ending == Published(
        "https://github.example/org/shop/pull/1", "opened a pull request into topic", is_new=True
    )
    made = github.branches()[NAME]
    assert github.files_of(made) == github.files_of(run.head_sha) | {"shop.py": ("100644", SHOP.rstrip("\n"))}
    assert github.get_git_commits(made, None)["parents"] == [{"sha": run.head_sha}]
    (body,) = [body for method, path, body in github.requests if method == "POST" and path.endswith("/git/commits")]
    assert set(body) == {"message", "tree", "parents"} and "Co-authored" not in body["message"]
    assert (github.pulls[0]["base"]["ref"], github.pulls[0]["draft"]) == ("topic", False)


async def test_twice_leaves_one_of_each(github: FakeGitHub, tmp_path: Path) -> None:
    """What is there is found again, also a pull request that a person has closed."""
    run, report = a_topic(github), healing(tmp_path)
    await hand_over(github, run, report)
    before = github.branches()
    again = await hand_over(github, run, report)
    github.pulls[0]["state"] = "closed"
    closed = await hand_over(github, run, report)

    assert isinstance(again, Published) and not again.is_new
    assert isinstance(closed, Published) and not closed.is_new
    assert (len(github.pulls), github.branches()) == (1, before)


async def test_a_patch_that_needs_a_person_is_a_draft(github: FakeGitHub, tmp_path: Path) -> None:
    """And the body says why."""
    report = healing(tmp_path)
    assert report.patch is not None
    patch = report.patch.model_copy(update={"disposition": Disposition.NEEDS_HUMAN})
    await hand_over(github, a_topic(github), report.model_copy(update={"patch": patch}))

    assert github.pulls[0]["draft"] is True
    assert "A person should look at it" in github.pulls[0]["body"]


async def test_where_there_are_no_drafts_it_is_none(github: FakeGitHub, tmp_path: Path) -> None:
    """A plan without draft pull requests is no reason to keep the fix."""
    report = healing(tmp_path)
    assert report.patch is not None
    patch = report.patch.model_copy(update={"disposition": Disposition.NEEDS_HUMAN})
    words = "Draft pull requests are not supported in this repository."
    github.faults.append(Fault("POST", "/pulls$", status=422, message=words))
    ending = await hand_over(github, a_topic(github), report.model_copy(update={"patch": patch}))

    assert isinstance(ending, Published) and github.pulls[0]["draft"] is False


async def test_a_head_that_moved_is_left_alone(github: FakeGitHub, tmp_path: Path) -> None:
    """Pushed to meanwhile, or gone: nothing is made, and the words say what to do."""
    run, report = a_topic(github), healing(tmp_path)
    github.commit(HEAD | {"new.py": "1\n"}, branch="topic", parent=run.head_sha)
    moved = await hand_over(github, run, report)
    github.git("update-ref", "-d", "refs/heads/topic")
    gone = await hand_over(github, run, report)

    assert why(moved) is why(gone) is Withholding.HEAD_MOVED
    assert NAME not in github.branches() and not github.pulls


async def test_a_branch_with_something_else_in_it_is_not_touched(github: FakeGitHub, tmp_path: Path) -> None:
    """Somebody else's branch under our name, or the default branch under it."""
    run, report = a_topic(github), healing(tmp_path)
    other = github.commit({"x": "x"}, branch=NAME)
    taken = await hand_over(github, run, report)
    default = await hand_over(github, a_run(head_sha=run.head_sha, default_branch=NAME), report)

    assert why(taken) is why(default) is Withholding.BRANCH_TAKEN
    assert github.branches()[NAME] == other and not github.pulls


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ({"shop.py": BROKEN}, {"shop.py": BROKEN, ".github/workflows/x.yml": "on: push\n"}, "protected"),
        ({"shop.py": BROKEN}, {"shop.py": BROKEN, "CODEOWNERS": "* @evil\n"}, "protected"),
        ({"shop.py": BROKEN}, {"shop.py": BROKEN.replace("5 = 4", "5 = 4  # type: ignore")}, "suppression"),
        ({"shop.py": SHOP}, {"shop.py": SHOP.replace("5", "6")}, "does not fit"),
        ({"shop.py": BROKEN}, {"shop.py": BROKEN, "link/x.py": "1\n"}, "is no folder"),
        ({"shop.py": BROKEN}, {"shop.py": BROKEN, "lib/other.py": "1\n"}, "exists already"),
        ({"link": "shop.py\n"}, {"link": "lib\n"}, "no plain file"),
    ],
)
async def test_a_cheating_patch_is_refused(
    github: FakeGitHub, tmp_path: Path, before: dict[str, str], after: dict[str, str], rule: str
) -> None:
    """Whatever the report says of it: the policy is asked again on the real tree, and nothing is made."""
    ending = await hand_over(github, a_topic(github), healing(tmp_path, before, after))

    assert isinstance(ending, Withheld) and ending.why is Withholding.REFUSED
    assert rule in ending.message
    assert NAME not in github.branches() and github.writes() == []


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ("policy:\n  protected-paths: ['shop.*']\n", "protected"),
        ("policy:\n  max_changed_lines: 0\n", "size"),
        ("policy:\n  no_such_key: 1\n", "policy.no_such_key"),
        ("policy: [", "no YAML"),
        ("- policy", "no mapping"),
    ],
)
async def test_the_owner_s_policy_counts(github: FakeGitHub, tmp_path: Path, settings: str, word: str) -> None:
    """As it stands on the default branch; one that can't be read allows nothing."""
    run = a_topic(github)
    github.commit(BASE | {".github/selfheal.yml": settings}, branch="main")
    ending = await hand_over(github, run, healing(tmp_path))

    assert isinstance(ending, Withheld) and ending.why is Withholding.REFUSED
    assert word in ending.message and github.writes() == []


async def test_a_commit_can_t_loosen_the_policy(github: FakeGitHub, tmp_path: Path) -> None:
    """What the failed commit itself says of the policy is not read."""
    loose = {".github/selfheal.yml": "policy: {allow_suppressions: true}\n"}
    hidden = {"shop.py": BROKEN.replace("5 = 4", "5 = 4  # type: ignore")}
    report = healing(tmp_path, {"shop.py": BROKEN}, hidden)
    run = a_topic(github, HEAD | loose)
    assert why(await hand_over(github, run, report)) is Withholding.REFUSED
    github.commit(BASE | loose, branch="main")
    assert isinstance(await hand_over(github, run, report), Published)


async def test_modes_links_and_binaries_are_refused(github: FakeGitHub, tmp_path: Path) -> None:
    """Only plain text changes of plain files are a patch."""
    run = a_topic(github)
    header = "diff --git a/x b/x\n"
    for rest in (
        "new file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+/etc/passwd\n",
        "new file mode 160000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+Subproject commit 1\n",
        "new file mode 100755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n",
        "old mode 100644\nnew mode 100755\n",
        "GIT binary patch\nliteral 0\n",
    ):
        assert why(await hand_over(github, run, a_report(header + rest))) is Withholding.REFUSED
    assert github.writes() == []


async def test_another_run_s_artifact_is_refused(github: FakeGitHub, tmp_path: Path) -> None:
    """Before GitHub is asked for anything."""
    run, report = a_topic(github), healing(tmp_path)
    for origin in ({"run_id": 8}, {"run_attempt": 2}, {"head_sha": "b" * 40}, {"repository": "evil/shop"}):
        assert why(await hand_over(github, run, report, **origin)) is Withholding.REFUSED
    assert github.requests == []


async def test_no_patch_is_nothing_to_hand_over(github: FakeGitHub) -> None:
    """A repair that found none is no fault of anybody's; an unreadable artifact is."""
    run = a_topic(github)
    assert why(await hand_over(github, run, a_report(None))) is Withholding.NOTHING
    async with Api("org/shop", token="t", base_url=github.url) as api:
        broken = await publish(Refusal(Why.NO_ARCHIVE, "no"), run, api, mode="pr", server="")
    assert broken == Withheld(Withholding.REFUSED, "no")


async def test_an_executable_stays_one_and_a_deleted_file_goes(github: FakeGitHub, tmp_path: Path) -> None:
    """The mode is the tree's own; files in folders and new ones too."""
    before = {"shop.py": BROKEN, "run.sh": "echo 1\n", "lib/other.py": "x = 1\n"}
    after = {"shop.py": SHOP, "run.sh": "echo 2\n", "lib/deep/new.py": "y = 1\n"}
    run = a_topic(github)
    ending = await hand_over(github, run, healing(tmp_path, before, after))

    assert isinstance(ending, Published), ending
    files = github.files_of(github.branches()[NAME])
    assert files["run.sh"] == ("100755", "echo 2") and files["lib/deep/new.py"] == ("100644", "y = 1")
    assert files["link"] == ("120000", "shop.py") and "lib/other.py" not in files


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GET", "/git/trees/", status=500),
        Fault("GET", "/git/blobs/", is_half=True),
        Fault("POST", "/git/blobs$", status=502),
        Fault("POST", "/git/commits$", status=503, is_after=True),
        Fault("POST", "/git/refs$", status=502),
        Fault("POST", "/git/refs$", status=502, is_after=True),
        Fault("POST", "/git/refs$", is_half=True),
        Fault("POST", "/pulls$", status=502),
        Fault("POST", "/pulls$", status=502, is_after=True),
        Fault("POST", "/pulls$", is_half=True),
        Fault("POST", "/git/refs$", status=429, headers={"Retry-After": "0"}),
        Fault("POST", "/pulls$", status=403, message="secondary rate limit", headers={"Retry-After": "0"}),
        Fault("GET", "/pulls$", status=403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}),
    ],
    ids=lambda fault: f"{fault.method}{fault.path}-{fault.status}-{fault.is_after}-{fault.is_half}",
)
async def test_faults_leave_one_of_each(github: FakeGitHub, tmp_path: Path, fault: Fault) -> None:
    """A fault before, after or in the middle of the work: one branch, one pull request, the right files."""
    github.faults.append(fault)
    ending = await hand_over(github, a_topic(github), healing(tmp_path))

    assert isinstance(ending, Published) and fault.times == 0
    assert len(github.pulls) == 1
    assert github.files_of(github.branches()[NAME])["shop.py"] == ("100644", SHOP.rstrip("\n"))


async def test_a_github_that_stays_broken_is_told(github: FakeGitHub, tmp_path: Path) -> None:
    """It comes to an end, and the next try finishes the work."""
    run, report = a_topic(github), healing(tmp_path)
    for path in ("/git/blobs$", "/git/refs$", "/pulls$"):
        fault = Fault("POST", path, times=20)
        github.faults[:] = [fault]
        with pytest.raises(GitHubFailed):
            await hand_over(github, run, report)
    github.faults.clear()

    assert isinstance(await hand_over(github, run, report), Published)
    assert len(github.pulls) == 1


@pytest.mark.parametrize("path", ["/git/blobs$", "/git/refs$", "/pulls$"])
async def test_a_token_without_the_right_says_which(github: FakeGitHub, tmp_path: Path, path: str) -> None:
    """403 is no stack trace."""
    github.faults.append(Fault("POST", path, status=403, message="Resource not accessible by integration", times=9))
    ending = await hand_over(github, a_topic(github), healing(tmp_path))

    assert isinstance(ending, Withheld) and ending.why is Withholding.NOT_PERMITTED
    assert "pull-requests: write" in ending.message


async def test_suggestions_are_left_where_the_diff_shows_the_lines(github: FakeGitHub, tmp_path: Path) -> None:
    """One review with a suggestion block; replayed, it stays one."""
    run, number = a_pull_request(github)
    first = await hand_over(github, run, healing(tmp_path), "suggest")
    again = await hand_over(github, run, healing(tmp_path / "again"), "suggest")

    assert isinstance(first, Published) and first.is_new
    assert isinstance(again, Published) and not again.is_new
    (review,) = github.reviews[number]
    (comment,) = review["comments"]
    assert comment["body"] == "```suggestion\nline_5 = 5\n```"
    assert (comment["path"], comment["line"], comment["side"]) == ("shop.py", 5, "RIGHT")
    assert (review["event"], review["commit_id"]) == ("COMMENT", run.head_sha)
    assert "```diff" not in review["body"]
    assert github.branches().keys() == {"main", "topic"}


async def test_what_the_diff_does_not_show_is_folded(github: FakeGitHub, tmp_path: Path) -> None:
    """One hunk is suggested, the others stand in the review's text as a patch that git takes."""
    run, number = a_pull_request(github)
    after = {"shop.py": SHOP.replace("line_30 = 30", "line_30 = 31"), "new.py": "y = 1\n"}
    await hand_over(github, run, healing(tmp_path, {"shop.py": BROKEN}, after), "suggest")

    (review,) = github.reviews[number]
    assert [comment["line"] for comment in review["comments"]] == [5]
    assert "+line_30 = 31" in review["body"] and "+y = 1" in review["body"] and "line_5" not in review["body"]


async def test_a_review_that_github_does_not_take_is_left_as_text(github: FakeGitHub, tmp_path: Path) -> None:
    """422 of the suggestions: the whole patch is in the text then."""
    run, number = a_pull_request(github)
    github.faults.append(Fault("POST", "/reviews$", status=422, message="Validation Failed"))
    assert isinstance(await hand_over(github, run, healing(tmp_path), "suggest"), Published)

    (review,) = github.reviews[number]
    assert review["comments"] == [] and "+line_5 = 5" in review["body"]


@pytest.mark.parametrize("is_after", [True, False])
async def test_an_unanswered_review_is_looked_for(github: FakeGitHub, tmp_path: Path, is_after: bool) -> None:
    """A time-out after the work leaves one review."""
    run, number = a_pull_request(github)
    github.faults.append(Fault("POST", "/reviews$", status=504, is_after=is_after))
    assert isinstance(await hand_over(github, run, healing(tmp_path), "suggest"), Published)

    assert len(github.reviews[number]) == 1


async def test_a_stranger_s_marker_keeps_nothing_away(github: FakeGitHub, tmp_path: Path) -> None:
    """Only those who may write, and bots, are believed to have left our review."""
    run, number = a_pull_request(github)
    forged = {
        "html_url": "javascript:x",
        "body": "<!-- selfheal:review:7-1 -->",
        "user": {"type": "User"},
        "author_association": "CONTRIBUTOR",
    }
    github.reviews[number] = [forged]
    ending = await hand_over(github, run, healing(tmp_path), "suggest")

    assert isinstance(ending, Published) and ending.is_new and len(github.reviews[number]) == 2


async def test_a_fork_s_patch_never_gets_onto_a_branch(github: FakeGitHub, tmp_path: Path) -> None:
    """Whatever the mode, it becomes a review; with a token that can't write it is said, and is no failure."""
    run, number = a_pull_request(github, head_repository="fork/shop")
    ending = await hand_over(github, run, healing(tmp_path), "pr")
    assert isinstance(ending, Published) and len(github.reviews[number]) == 1
    assert NAME not in github.branches() and len(github.pulls) == 1

    github.reviews.clear()
    github.faults.append(Fault("POST", "/reviews$", status=403, message="Resource not accessible by integration"))
    refused = await hand_over(github, run, healing(tmp_path / "again"), "suggest")
    assert why(refused) is Withholding.READ_ONLY and Withholding.READ_ONLY.is_expected


async def test_a_pull_request_that_moved_or_is_not_there(github: FakeGitHub, tmp_path: Path) -> None:
    """No review on other code than was healed, and none on another fork's branch of the same name."""
    run, _ = a_pull_request(github)
    github.pulls[0]["head"]["sha"] = github.branches()["main"]
    assert why(await hand_over(github, run, healing(tmp_path), "suggest")) is Withholding.HEAD_MOVED
    github.pulls[0]["head"]["repo"] = {"full_name": "org/another"}
    assert why(await hand_over(github, run, healing(tmp_path / "b"), "suggest")) is Withholding.NO_PULL_REQUEST
    github.pulls.clear()
    assert why(await hand_over(github, run, healing(tmp_path / "c"), "suggest")) is Withholding.NO_PULL_REQUEST


async def test_text_of_a_report_does_not_come_alive(github: FakeGitHub, tmp_path: Path) -> None:
    """No mention, reference, link, image, HTML or command; none of it at all in commit message and title."""
    report = healing(tmp_path)
    assert report.diagnosis is not None and report.patch is not None
    failure = report.diagnosis.failures[0].model_copy(update={"message": HOSTILE, "file": HOSTILE})
    tried = Attempt(
        number=1,
        strategy=HOSTILE,
        patch_sha256=None,
        verdict=VerdictKind.WORSE,
        reason=HOSTILE,
        model_calls=0,
        prompt_tokens=0,
        completion_tokens=0,
        wall_s=0,
    )
    changes = {
        "summary": HOSTILE,
        "command": HOSTILE,
        "sandbox": HOSTILE,
        "attempts": (tried, tried.model_copy(update={"verdict": VerdictKind.PROVED, "rationale": HOSTILE})),
        "diagnosis": report.diagnosis.model_copy(update={"summary": HOSTILE, "failures": (failure,) * 50}),
        "patch": report.patch.model_copy(update={"strategy": HOSTILE}),
    }
    run, number = a_pull_request(github)
    hostile = report.model_copy(update=changes)
    await hand_over(github, run, hostile, "suggest")
    await hand_over(github, run, hostile, "pr")

    (commit,) = [body for method, path, body in github.requests if method == "POST" and path.endswith("/git/commits")]
    opened = github.pulls[-1]
    for text in (commit["message"], opened["title"]):
        assert "skip" not in text and "@" not in text and "#" not in text
    for live in ("[skip ci]", "#1", "@org", "GH-2"):  # in code too: a squash makes a commit message of the body
        assert live not in opened["body"]
    for text in (opened["body"], github.reviews[number][0]["body"]):
        outside = _outside(text)
        for live in ("@org", " #1", "[skip ci]", "<img", "![x]", "https://evil", "GH-2", "www.evil"):
            assert live not in outside, live
        assert not any(line.startswith(("# h", "::", "/")) for line in text.splitlines())


def _outside(text: str) -> str:
    """What stands outside of code spans, less what is escaped."""
    return re.sub(r"\\.", "", "".join(re.split(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)", text)[::2]))
