from pathlib import Path

import pytest

from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.levels import find_ladder
from verify.places import NEEDS_BWRAP


@pytest.mark.sandbox
@NEEDS_BWRAP[1]
def test_without_permission_only_the_tightest_level_is_used() -> None:
    """The network is never given without the owner's word."""
    assert find_ladder().levels in ((SandboxLevel.ISOLATED,), (SandboxLevel.PROCESS,))


@pytest.mark.sandbox
@NEEDS_BWRAP[1]
def test_the_ladder_goes_from_tight_to_loose() -> None:
    """With the owner's word, each level is looser than the one before."""
    ladder = find_ladder(allow_network=True)
    if ladder.loosest is not ladder.tightest:
        assert ladder.levels == (SandboxLevel.ISOLATED, SandboxLevel.NETWORK, SandboxLevel.PROCESS)


def test_a_machine_without_bubblewrap_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program only limits on processes are left, and the reason names the package."""
    monkeypatch.setenv("PATH", str(tmp_path))
    ladder = find_ladder()
    assert ladder.levels == (SandboxLevel.PROCESS,)
    assert "install the package `bubblewrap`" in ladder.why


def test_a_bubblewrap_that_is_not_allowed_is_found_out_by_trying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the kernel forbids user namespaces, the program's own words and the cure are in the reason."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ladder = find_ladder(allow_network=True)
    assert ladder.levels == (SandboxLevel.PROCESS,)
    assert "setting up uid map: Permission denied" in ladder.why
    assert "apparmor_restrict_unprivileged_userns" in ladder.why
