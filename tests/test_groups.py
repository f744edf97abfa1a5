"""Tests that must not run beside one another are kept on one worker."""

import pytest


@pytest.mark.xdist_group("kept")
def test_a_group_is_kept_by_pytest_and_xdist(request: pytest.FixtureRequest) -> None:
    """The group is part of the node id, which decides the worker; versions that do not fit lose it silently."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("one process runs the tests: nothing is grouped (pytest -n 2 --dist loadgroup)")
    assert request.node.nodeid.endswith("@kept")
