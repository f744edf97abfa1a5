from pathlib import Path

from selfheal.verify.cachedir import cache_mounts


def test_folders_are_mounted_read_only_and_small_files_copied(tmp_path: Path) -> None:
    """Two levels down the real folders are shown; small files above them are ours to change."""
    real, own = tmp_path / "real", tmp_path / "own"
    (real / "tool/env").mkdir(parents=True)
    (real / "tool/state.db").write_bytes(b"state")
    (real / "top.json").write_bytes(b"{}")
    own.mkdir()
    options = cache_mounts(real, own)
    assert options[:3] == ["--bind", str(own), str(real)]
    assert options[3:] == ["--ro-bind-try", str(real / "tool/env"), str(real / "tool/env")]
    assert (own / "tool/state.db").read_bytes() == b"state"
    assert (own / "top.json").read_bytes() == b"{}"


def test_what_the_command_changed_is_not_overwritten(tmp_path: Path) -> None:
    """A second run finds what the first one wrote."""
    real, own = tmp_path / "real", tmp_path / "own"
    real.mkdir()
    own.mkdir()
    (real / "f").write_bytes(b"real")
    cache_mounts(real, own)
    (own / "f").write_bytes(b"ours")
    cache_mounts(real, own)
    assert (own / "f").read_bytes() == b"ours"
    assert (real / "f").read_bytes() == b"real"


def test_a_link_of_the_commands_is_never_followed(tmp_path: Path) -> None:
    """A command that put a link into its cache can't make the next run write or mount through it."""
    real, own, precious = tmp_path / "real", tmp_path / "own", tmp_path / "precious"
    (real / "tool/env").mkdir(parents=True)
    (real / "tool/f").write_bytes(b"real")
    (real / "g").write_bytes(b"real")
    precious.mkdir()
    own.mkdir()
    (own / "tool").symlink_to(precious)
    (own / "g").symlink_to(precious / "g")
    cache_mounts(real, own)
    assert list(precious.iterdir()) == []


def test_no_cache_is_no_mount(tmp_path: Path) -> None:
    """A home without a cache, or with a link in its place, is left as it is."""
    (tmp_path / "link").symlink_to(tmp_path)
    assert cache_mounts(tmp_path / "missing", tmp_path) == []
    assert cache_mounts(tmp_path / "link", tmp_path) == []


def test_a_file_of_the_commands_in_a_folders_place_does_not_stop_the_next_run(tmp_path: Path) -> None:
    """Where the command replaced a tool's folder by a file, that tool's cache is left out and all else works."""
    real, own = tmp_path / "real", tmp_path / "own"
    (real / "tool/env").mkdir(parents=True)
    (real / "other/env").mkdir(parents=True)
    own.mkdir()
    (own / "tool").write_bytes(b"")
    (own / "other").mkdir()
    (own / "other/env").write_bytes(b"")
    assert cache_mounts(real, own) == ["--bind", str(own), str(real)]


def test_a_tool_with_many_folders_takes_one_mount(tmp_path: Path) -> None:
    """A compiler's cache of 256 folders neither slows each run down nor takes the room of other tools."""
    real, own = tmp_path / "real", tmp_path / "own"
    for number in range(256):
        (real / f"go-build/{number:02x}").mkdir(parents=True)
    (real / "uv/archive").mkdir(parents=True)
    own.mkdir()
    shown = own / ".selfheal-shown/go-build"
    for _ in range(2):
        assert cache_mounts(real, own)[3:] == [
            *("--ro-bind-try", str(real / "go-build"), str(real / ".selfheal-shown/go-build")),
            *("--ro-bind-try", str(real / "uv/archive"), str(real / "uv/archive")),
        ]
        assert (own / "go-build/ff").readlink() == Path("../.selfheal-shown/go-build/ff")
        assert shown.is_dir()


def test_a_link_of_the_commands_is_no_mount_point(tmp_path: Path) -> None:
    """What is mounted for many folders can't be led elsewhere either."""
    real, own, precious = tmp_path / "real", tmp_path / "own", tmp_path / "precious"
    for number in range(9):
        (real / f"tool/{number}").mkdir(parents=True)
    own.mkdir()
    precious.mkdir()
    (own / ".selfheal-shown").symlink_to(precious)
    assert cache_mounts(real, own) == ["--bind", str(own), str(real)]
    assert list(precious.iterdir()) == []


def test_virtualenv_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    """It locks files at every depth, and builds anew what it does not find: shown read-only, none of it works."""
    real, own = tmp_path / "real", tmp_path / "own"
    (real / "virtualenv/wheel/3.11").mkdir(parents=True)
    own.mkdir()
    assert cache_mounts(real, own) == ["--bind", str(own), str(real)]
    assert (own / "virtualenv").is_dir()
