"""The commit that a run is about, which is not always the one that is checked out."""

import json
from pathlib import Path

import pytest

from selfheal.github.context import context_of

MERGE, HEAD = "b" * 40, "a" * 40


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (json.dumps({"pull_request": {"head": {"sha": HEAD}}}), HEAD),
        (json.dumps({"head_commit": {"id": HEAD}}), MERGE),
        (json.dumps({"pull_request": {"head": {"sha": "$(touch owned)"}}}), MERGE),
        (json.dumps({"pull_request": "x"}), MERGE),
        ("[" * 100_000, MERGE),
        ("", MERGE),
    ],
)
def test_a_pull_request_s_head_is_noted_beside_its_merge(tmp_path: Path, event: str, expected: str) -> None:
    """GITHUB_SHA is the merge with the base; whoever publishes knows the head. A broken event is no head."""
    file = tmp_path / "event.json"
    file.write_text(event)
    context = context_of({"GITHUB_SHA": MERGE, "GITHUB_EVENT_PATH": str(file), "GITHUB_WORKSPACE": str(tmp_path)})
    assert (context.sha, context.head_sha) == (MERGE, expected)


def test_no_event_is_no_other_head(tmp_path: Path) -> None:
    """Outside of GitHub, or where the file can't be read."""
    for path in ("", str(tmp_path / "nowhere"), str(tmp_path)):
        assert context_of({"GITHUB_SHA": MERGE, "GITHUB_EVENT_PATH": path}).head_sha == MERGE
