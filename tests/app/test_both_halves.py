"""What the action leaves behind is what the publishing side takes: nothing between them is made up here."""

from pathlib import Path

from app.artifacts import a_run
from app.fake_github import FakeGitHub, serving
from app.test_publish import NAME
from github.test_action import FILES_OF_REPO, a_runner, run
from selfheal_app.artifact import open_folder
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.ending import Published
from selfheal_app.publishing.publish import publish


async def test_a_failed_job_ends_as_a_pull_request(tmp_path: Path) -> None:
    """The action heals a real repository; its artifact becomes a branch on that commit; only shop.py differs."""
    async with serving(FakeGitHub(tmp_path / "github.git")) as github:
        sha = github.commit(dict(FILES_OF_REPO), branch="main")
        github.git("update-ref", "refs/heads/topic", sha)
        environ = a_runner(tmp_path) | {"GITHUB_SHA": sha}
        assert await run(environ) == 0

        contents = open_folder(Path(environ["RUNNER_TEMP"]) / "selfheal-out")
        async with Api("org/shop", token="t", base_url=github.url, backoff_s=0) as api:
            ending = await publish(contents, a_run(head_sha=sha), api, mode="pr", server="https://github.example")

        assert isinstance(ending, Published), ending
        before, after = github.files_of(sha), github.files_of(github.branches()[NAME])
        assert {path for path in before if before[path] != after[path]} == {"shop.py"}
        assert "amount is None" in after["shop.py"][1]
        assert "lint" in github.pulls[0]["title"]
