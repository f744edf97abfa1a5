"""The pytest hooks: where the server serves, and where its children run their tests."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

from . import running, server

_ALONE: dict[str, Any] = {
    "numprocesses": None,
    "dist": "no",
    "tx": [],
    "maxfail": 0,
    "usepdb": False,
    "looponfail": False,
}
"""Options, the project's own defaults too, that would hand the tests to other processes or stop them early."""
_BRIEF: dict[str, Any] = {"tbstyle": "short", "showlocals": False}


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: Any) -> Generator[None, None, None]:
    """Serve before anything of the project is imported; only children get past this."""
    known = early_config.known_args_namespace
    if hasattr(known, "cov_source"):
        known.cov_source = None
    server.serve(os.environ["SELFHEAL_FORK_HOME"], os.environ["SELFHEAL_FORK_ROOT"])
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_cmdline_main(config: Any) -> Generator[None, None, None]:
    """Keep the tests in this process."""
    for name, value in {**_ALONE, **_BRIEF}.items():
        if hasattr(config.option, name):
            setattr(config.option, name, value)
    yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: Any) -> bool:
    """Serve candidates from here where this is the hot child; else run the one trial and end."""
    server.after_collection(session)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: Any) -> None:
    """Have failures told shortly: laying out a traceback takes longer than most tests."""
    item.repr_failure = running.told


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: Any) -> None:
    """Note what became of a test."""
    running.REPORTS.note(report)


@pytest.hookimpl(tryfirst=True)
def pytest_collectreport(report: Any) -> None:
    """Note what could not be collected."""
    if report.failed:
        running.REPORTS.note_uncollected(report)
