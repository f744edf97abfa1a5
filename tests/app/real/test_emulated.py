"""Against a stateful GitHub that nobody here wrote, which signs its own webhooks: from a failed run to its end."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.apps import INSTALLATION
from app.artifacts import a_run, an_event, contents, zipped
from app.real import node_tools
from app.real.emulated import TOKENS, Emulated, emulating, installed
from app.real.process import RealService
from app.test_publish import BROKEN, NAME, SHOP, healing


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[tuple[Emulated, RealService]]:
    tools = installed()
    if tools is None:
        pytest.skip(node_tools.missing("emulate (a stateful GitHub)"))
    async with emulating(Emulated(tmp_path / "unknown.git"), tmp_path, tools, seeded={}, told={}) as found:
        yield found


async def until(ask: Callable[[], Awaitable[Any]]) -> Any:
    """What is answered once it is something."""
    import asyncio

    while not (found := await ask()):
        await asyncio.sleep(0.05)
    return found


async def test_a_failed_run_ends_as_a_pull_request_and_people_are_answered(
    stage: tuple[Emulated, RealService], tmp_path: Path
) -> None:
    """One branch, pull request and check run, also the second time; a command is obeyed only of whoever may write;
    closing the pull request, of which the emulator itself tells, removes the branch."""
    github, service = stage
    main = (await github.branches_there())["main"]
    head = await github.push({"shop.py": BROKEN, "lib/other.py": "x = 1\n"}, "topic", main)
    run = a_run(head_sha=head)
    github.run(run.run_id, head, "topic")
    github.artifact(run.run_id, zipped(contents(healing(tmp_path), run)))
    event = json.loads(an_event(run)) | {"installation": {"id": INSTALLATION}}

    assert await service.deliver("workflow_run", "first", json.dumps(event).encode()) == 202
    assert await service.deliver("workflow_run", "again", json.dumps(event | {"again": True}).encode()) == 202

    (check,) = await until(lambda: checks(github, head))
    (pull,) = await github.ask("GET", "/pulls")
    assert (pull["head"]["ref"], pull["base"]["ref"], pull["draft"]) == (NAME, "topic", False)
    assert pull["html_url"] in check["output"]["summary"] and check["conclusion"] == "action_required"
    assert await files(github, NAME) == {"shop.py": SHOP, "lib/other.py": "x = 1\n"}
    assert (await github.branches_there())["topic"] == head

    number = pull["number"]
    await say(github, service, number, "/selfheal dismiss", "eve")
    await say(github, service, number, "/selfheal explain", "ada")
    answers = await until(lambda: said(github, number))
    assert [who for who, _ in answers] == ["Bot"] and "assert 1 == 2" in answers[0][1]
    assert (await github.ask("GET", f"/pulls/{number}"))["state"] == "open"

    await github.ask("PATCH", f"/pulls/{number}", {"state": "closed"})
    await until(lambda: gone(github, NAME))
    assert len(await checks(github, head)) == 1 and len(await github.ask("GET", "/pulls?state=all")) == 1
    assert set(await github.branches_there()) == {"main", "topic"}
    assert {each.split("/shop/")[-1] for each in github.mine if "/store/" not in each} == {
        "actions/runs/N/artifacts",
        "actions/artifacts/N/zip",
        "actions/runs/N/attempts/N",
        "issues/comments/N/reactions",
    }


async def say(github: Emulated, service: RealService, number: int, text: str, who: str) -> None:
    """A comment of a person's, and the event that tells of it."""
    made = await github.ask("POST", f"/issues/{number}/comments", {"body": text}, token=TOKENS[who])
    event = {
        "action": "created",
        "comment": made,
        "issue": {"number": number, "pull_request": {"url": "x"}},
        "repository": {"full_name": "org/shop", "default_branch": "main"},
        "sender": made["user"],
        "installation": {"id": INSTALLATION},
    }
    assert await service.deliver("issue_comment", f"comment-{made['id']}", json.dumps(event).encode()) == 202


async def checks(github: Emulated, head: str) -> list[dict[str, Any]]:
    return list((await github.ask("GET", f"/commits/{head}/check-runs"))["check_runs"])


async def said(github: Emulated, number: int) -> list[tuple[str, str]]:
    """What was said by none of the people."""
    comments = await github.ask("GET", f"/issues/{number}/comments")
    return [(each["user"]["type"], each["body"]) for each in comments if each["user"]["login"] not in ("ada", "eve")]


async def gone(github: Emulated, branch: str) -> bool:
    return branch not in await github.branches_there()


async def files(github: Emulated, branch: str) -> dict[str, str]:
    """What lies on a branch."""
    import base64

    sha = (await github.branches_there())[branch]
    commit = await github.ask("GET", f"/git/commits/{sha}")
    tree = await github.ask("GET", f"/git/trees/{commit['tree']['sha']}?recursive=1")
    found = {}
    for each in tree["tree"]:
        if each["type"] == "blob":
            blob = await github.ask("GET", f"/git/blobs/{each['sha']}")
            found[each["path"]] = base64.b64decode(blob["content"]).decode()
    return found
