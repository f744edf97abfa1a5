"""The judge of the requests can say no; what it judges is every request of every test beside it (conftest.py)."""

import json
from collections.abc import Callable

import pytest

from app.real import node_tools
from app.real.prism import Prism, Sent, described

REPO = "/repos/org/shop"


@pytest.fixture
def judge(github_description: Callable[[], Prism | None]) -> Prism:
    started = github_description()
    if started is None:
        pytest.skip(node_tools.missing("prism (GitHub's own description, which every request is held against)"))
    return started


def post(path: str, **body: object) -> Sent:
    return Sent("POST", REPO + path, json.dumps(body).encode())


@pytest.mark.parametrize(
    "sent",
    [
        Sent("GET", REPO + "/git/ref/heads/selfheal/7-1", b""),
        Sent("GET", REPO + "/pulls?state=all&head=org:topic&per_page=100", b""),
        Sent("GET", REPO + "/commits/heads/a/b/check-runs?check_name=selfheal", b""),
        post("/git/blobs", content="eA==", encoding="base64"),
        post("/check-runs", name="selfheal", head_sha="a" * 40, status="completed", conclusion="neutral"),
    ],
    ids=lambda sent: sent.target,
)
def test_what_github_documents_is_taken(judge: Prism, sent: Sent) -> None:
    """Also names with slashes in them."""
    assert judge.wrong_with(sent) is None


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (Sent("GET", REPO + "/nonsense", b""), "no path matched|hasn't been found"),
        (Sent("PATCH", REPO + "/git/blobs", b"{}"), "method"),
        (Sent("GET", REPO + "/pulls?state=none", b""), "query.state"),
        (post("/git/blobs", encoding="base64"), "content"),
        (post("/git/blobs", content="eA==", encodign="base64"), "encodign"),
        (post("/check-runs", name="selfheal", head_sha="a", conclusion="fine"), "conclusion"),
        (post("/pulls", title="x", head="y", base=3), "base"),
    ],
    ids=lambda value: value.target if isinstance(value, Sent) else "",
)
def test_what_github_would_not_take_is_named(judge: Prism, sent: Sent, expected: str) -> None:
    """An unknown path, a wrong method, a value, a missing and a misspelt name."""
    found = judge.wrong_with(sent)

    assert found is not None
    assert any(word in found.lower() for word in expected.split("|")), found


def test_a_name_with_slashes_is_one_part_of_a_path() -> None:
    """As GitHub reads it."""
    assert described("/repos/o/r/git/ref/heads/a/b?x=1/2") == "/repos/o/r/git/ref/heads%2Fa%2Fb?x=1/2"
    assert described("/repos/o/r/contents/.github/selfheal.yml") == "/repos/o/r/contents/.github%2Fselfheal.yml"
    assert described("/repos/o/r/commits/abc/check-runs") == "/repos/o/r/commits/abc/check-runs"
    assert described("/repos/o/r/git/refs") == "/repos/o/r/git/refs"
