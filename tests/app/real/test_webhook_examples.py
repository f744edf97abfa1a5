"""The payloads that GitHub publishes are read: from the outside, and by the handler of their event."""

import json
from collections import Counter

import pytest

from app.real import node_tools
from selfheal_app.deliveries import Delivery, read
from selfheal_app.events import workflow_run
from selfheal_app.events.registry import HANDLERS, is_wanted

from app.test_deliveries import SECRET, headers  # isort: skip


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, bytes]]:
    """Event and payload."""
    packages = node_tools.packages()
    if packages is None:
        pytest.skip(node_tools.missing("GitHub's published webhook examples"))
    file = packages / "@octokit/webhooks-examples/api.github.com/index.json"
    return [
        (kind["name"], json.dumps(example).encode())
        for kind in json.loads(file.read_bytes())
        for example in kind["examples"]
    ]


def test_every_published_example_is_a_delivery(examples: list[tuple[str, bytes]]) -> None:
    """Of those that somebody works on, action, installation and repository are what they say."""
    assert len(examples) > 300
    handled = {event for event, _ in HANDLERS}
    for event, body in examples:
        found = read(headers(body, X_GitHub_Event=event), body, secrets=(SECRET,), is_wanted=is_wanted)
        told = json.loads(body)
        assert isinstance(found, Delivery), (event, found)
        if event not in handled:
            continue
        assert found.action == told.get("action", "")
        assert found.installation_id == (told.get("installation") or {}).get("id")
        assert found.repository == (told.get("repository") or {}).get("full_name", "")


def test_the_examples_of_finished_runs_are_read(examples: list[tuple[str, bytes]]) -> None:
    """Each of them; the ids are those that it tells."""
    bodies = [body for event, body in examples if event == "workflow_run"]
    assert bodies
    for body in bodies:
        run = workflow_run.read(body)
        told = json.loads(body)["workflow_run"]
        assert isinstance(run, workflow_run.FinishedRun), run
        assert (run.run_id, run.head_sha, run.run_attempt) == (told["id"], told["head_sha"], told["run_attempt"])


def test_most_events_are_nobody_s(examples: list[tuple[str, bytes]]) -> None:
    """Only those in the table are kept, and each event of the table is published."""
    kept: Counter[bool] = Counter()
    for event, body in examples:
        found = read(headers(body, X_GitHub_Event=event), body, secrets=(SECRET,), is_wanted=is_wanted)
        assert isinstance(found, Delivery)
        kept[found.is_wanted] += 1
        assert not found.is_wanted or (event, found.action) in HANDLERS
    assert kept[False] > kept[True]
    assert {event for event, _ in HANDLERS} <= {event for event, _ in examples}
