import contextlib
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.runner import SandboxedRunner
from selfheal.verify.sandbox import SandboxTree
from selfheal.workspace import Workspace
from verify.places import BOTH, ISOLATED, LONG_S, NETWORK, a_folder_outside_tmp, a_place, a_runner, an_environment
from workspace.repositories import a_repository, contents

ONLY_ISOLATED = pytest.mark.parametrize("level", [ISOLATED])

_CONNECT = """
import socket, sys
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as peer:
        print("reached", peer.recv(5).decode())
except OSError as error:
    print("not reached")
"""
_OWN_LOOPBACK = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    with socket.create_connection(server.getsockname()) as peer:
        accepted, _ = server.accept()
        accepted.sendall(b"own")
        print(peer.recv(3).decode())
"""


@contextlib.contextmanager
def a_server() -> Iterator[int]:
    """A server on the machine's loopback that greets whoever comes, as a model's port would."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with contextlib.suppress(OSError):
                while True:
                    peer, _ = server.accept()
                    peer.sendall(b"hello")
                    peer.close()

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """As `tmp_path`, at a place that the sandbox shows as it is."""
    with a_folder_outside_tmp(tmp_path) as folder:
        yield folder


def put(place: SandboxTree, text: str) -> None:
    (place.tree / "script.py").write_text(text)


@ONLY_ISOLATED
async def test_a_server_on_the_machines_loopback_can_not_be_reached(tmp_path: Path, level: SandboxLevel) -> None:
    """The model's port, and every other one of the machine, is out of reach; the sandbox's own loopback works."""
    runner = a_runner(tmp_path, level)
    put(runner.place, _CONNECT)
    with a_server() as port:
        outside = await runner.at(SandboxLevel.PROCESS).run(
            f"{sys.executable} script.py 127.0.0.1 {port}", timeout_s=LONG_S
        )
        inside = await runner.run(f"{sys.executable} script.py 127.0.0.1 {port}", timeout_s=LONG_S)
    assert outside.output == "reached hello\n"
    assert inside.output == "not reached\n"
    put(runner.place, _OWN_LOOPBACK)
    assert (await runner.run(f"{sys.executable} script.py", timeout_s=LONG_S)).output == "own\n"


@ONLY_ISOLATED
async def test_there_is_no_way_out(tmp_path: Path, level: SandboxLevel) -> None:
    """No interface but loopback, so no address of the world has a route."""
    runner = a_runner(tmp_path, level)
    put(runner.place, "import socket\nprint(sorted(name for _, name in socket.if_nameindex()))\n")
    assert (await runner.run(f"{sys.executable} script.py", timeout_s=LONG_S)).output == "['lo']\n"
    put(runner.place, _CONNECT)
    assert (await runner.run(f"{sys.executable} script.py 192.0.2.1 80", timeout_s=LONG_S)).output == "not reached\n"


@ONLY_ISOLATED
async def test_abstract_sockets_of_the_machine_are_out_of_reach(tmp_path: Path, level: SandboxLevel) -> None:
    """Sockets without a file, as D-Bus has them, belong to the network and are shut off with it."""
    name = f"\0selfheal-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        runner = a_runner(tmp_path, level)
        put(
            runner.place,
            "import socket, sys\n"
            "try:\n    socket.socket(socket.AF_UNIX).connect('\\0' + sys.argv[1]); print('reached')\n"
            "except OSError:\n    print('not reached')\n",
        )
        run = await runner.run(f"{sys.executable} script.py {name[1:]}", timeout_s=LONG_S)
    assert run.output == "not reached\n"


@pytest.mark.parametrize("level", [NETWORK])
async def test_the_network_level_has_the_machines_network(outside: Path, level: SandboxLevel) -> None:
    """Where the owner allows the network, the machine's is there, and the file system is guarded all the same."""
    runner = a_runner(outside, level)
    put(runner.place, _CONNECT)
    with a_server() as port:
        run = await runner.run(f"{sys.executable} script.py 127.0.0.1 {port}; touch ../x || true", timeout_s=LONG_S)
    assert run.output.startswith("reached hello\n")
    assert "Read-only" in run.output


@ONLY_ISOLATED
async def test_the_command_works_at_the_originals_place_on_the_copys_bytes(tmp_path: Path, level: SandboxLevel) -> None:
    """The working directory is the original's path, what is written there lands in the copy and only there."""
    runner = a_runner(tmp_path, level)
    (runner.place.tree / "only-in-copy").write_text("1")
    run = await runner.run("pwd; echo $PWD; ls; echo changed > file; mkdir -p new && touch new/x", timeout_s=LONG_S)
    assert run.output == f"{runner.place.original}\n{runner.place.original}\nfile\nonly-in-copy\n"
    assert (runner.place.tree / "file").read_text() == "changed\n"
    assert (runner.place.tree / "new/x").exists()
    assert (runner.place.original / "file").read_text() == "as it was\n"
    assert [path.name for path in runner.place.original.iterdir()] == ["file"]


@BOTH
async def test_the_working_directory_may_be_below_the_top(tmp_path: Path, level: SandboxLevel) -> None:
    """A command of a subfolder runs in that subfolder."""
    place = a_place(tmp_path)
    for folder in (place.tree, place.original):
        (folder / "web").mkdir()
    below = SandboxTree(tree=place.tree, original=place.original, private=place.private, subdirectory="web")
    runner = SandboxedRunner(level=level, place=below, environment=an_environment(tmp_path))
    top = place.original if level.has_bwrap else place.tree
    assert (await runner.run("pwd -P", timeout_s=LONG_S)).output == f"{top}/web\n"


@ONLY_ISOLATED
async def test_nothing_outside_the_tree_can_be_written(outside: Path, level: SandboxLevel) -> None:
    """Not the home folder, not the system, not the tree's neighbours; `/tmp` is private and can be."""
    runner = a_runner(outside, level)
    (outside / "neighbour").write_text("1")
    tries = [f"{outside}/neighbour", f"{outside}/home/x", f"{outside}/x", "/etc/x", "/usr/x", "/proc/sys/kernel/x"]
    mark = outside.name
    line = "; ".join(f"(echo 2 > {place}) 2>/dev/null && echo wrote {place} || true" for place in tries)
    run = await runner.run(
        f"{line}; echo 1 > /tmp/{mark}; echo 1 > /var/tmp/{mark}2; cat /tmp/{mark}", timeout_s=LONG_S
    )
    assert run.output == "1\n"
    assert (outside / "neighbour").read_text() == "1"
    assert not Path("/tmp", mark).exists()
    assert not Path("/var/tmp", mark).exists()


@ONLY_ISOLATED
async def test_hidden_places_and_the_homes_secrets_can_not_be_read(outside: Path, level: SandboxLevel) -> None:
    """What is to be hidden, and what a thief looks for first, is not there for the command."""
    place = a_place(outside)
    (outside / "scratch/versions.git").mkdir(parents=True)
    (outside / "scratch/versions.git/HEAD").write_text("sesame")
    (outside / "key").write_text("sesame")
    environment = an_environment(outside)
    home = Path(environment["HOME"])
    (home / ".ssh").mkdir()
    (home / ".ssh/id_rsa").write_text("sesame")
    (home / ".netrc").write_text("sesame")
    (home / ".gitconfig").write_text("harmless")
    hiding = SandboxTree(
        tree=place.tree,
        original=place.original,
        private=place.private,
        hidden=(outside / "scratch", outside / "key", outside / "missing"),
    )
    runner = SandboxedRunner(level=level, place=hiding, environment=environment)
    run = await runner.run(f"grep -rs sesame {outside} || echo nothing; cat $HOME/.gitconfig", timeout_s=LONG_S)
    assert run.output == "nothing\nharmless"


@ONLY_ISOLATED
async def test_the_copy_may_lie_in_a_hidden_folder(outside: Path, level: SandboxLevel) -> None:
    """The scratch folder is hidden as a whole, and the tree in it is shown at the original's place all the same."""
    place = a_place(outside)
    scratch = outside / "scratch"
    scratch.mkdir()
    place.tree.rename(scratch / "tree")
    place.private.rename(scratch / "private")
    moved = SandboxTree(tree=scratch / "tree", original=place.original, private=scratch / "private", hidden=(scratch,))
    runner = SandboxedRunner(level=level, place=moved, environment=an_environment(outside))
    run = await runner.run(f"cat file; ls -A {scratch}; echo 1 > /tmp/x; echo 2 > new", timeout_s=LONG_S)
    assert run.output == "as it was\n"
    assert (scratch / "tree/new").exists()


@ONLY_ISOLATED
async def test_a_secret_is_not_in_reach_through_the_processes_above(tmp_path: Path, level: SandboxLevel) -> None:
    """Neither the command's environment nor that of any process it can see holds what was scrubbed."""
    runner = a_runner(tmp_path, level)
    secret = "sesame" + "open" * 4
    os.environ["SELFHEAL_TEST_SECRET"] = secret
    try:
        run = await runner.run("env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'", timeout_s=LONG_S)
    finally:
        del os.environ["SELFHEAL_TEST_SECRET"]
    assert run.passed
    assert secret not in run.output


async def test_without_a_sandbox_the_parents_environment_is_empty(tmp_path: Path) -> None:
    """At the level of processes only, the command's parent holds no environment that could be read."""
    runner = a_runner(tmp_path, SandboxLevel.PROCESS)
    run = await runner.run("wc -c < /proc/$PPID/environ; echo ${SECRET-unset}", timeout_s=LONG_S)
    assert run.output == "0\nunset\n"


@ONLY_ISOLATED
async def test_the_sandbox_holds_no_rights(tmp_path: Path, level: SandboxLevel) -> None:
    """No capability, no way to new ones, same user as outside, and no process of the machine in sight."""
    runner = a_runner(tmp_path, level)
    run = await runner.run(
        "grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status; id -u; echo /proc/[0-9]*", timeout_s=LONG_S
    )
    caps, *_ = (line.split()[1] for line in run.output.splitlines() if line.startswith("CapEff"))
    assert int(caps, 16) == 0
    assert "NoNewPrivs:\t1" in run.output
    assert f"\n{os.getuid()}\n" in run.output
    assert len(run.output.splitlines()[-1].split()) < 6


@BOTH
async def test_linked_environments_are_there(tmp_path: Path, level: SandboxLevel) -> None:
    """An environment that was not copied is visible at its place, at each level, and back again."""
    place = a_place(tmp_path)
    (place.original / "node_modules/m").mkdir(parents=True)
    (place.original / "node_modules/m/index.js").write_text("module")
    (place.tree / "node_modules").mkdir()
    linked = SandboxTree(
        tree=place.tree, original=place.original, private=place.private, linked_dirs=("node_modules", "gone/venv")
    )
    runner = SandboxedRunner(level=level, place=linked, environment=an_environment(tmp_path))
    assert (await runner.run("cat node_modules/m/index.js", timeout_s=LONG_S)).output == "module"
    if level.has_bwrap:
        assert not (await runner.run("echo x > node_modules/m/index.js", timeout_s=LONG_S)).passed
        other = await runner.at(SandboxLevel.PROCESS).run("cat node_modules/m/index.js", timeout_s=LONG_S)
        again = await runner.run("cat node_modules/m/index.js", timeout_s=LONG_S)
        assert (other.output, again.output) == ("module", "module")
    assert (place.original / "node_modules/m/index.js").read_text() == "module"


@BOTH
async def test_an_editable_install_leads_to_the_copy(tmp_path: Path, level: SandboxLevel) -> None:
    """A virtual environment whose `.pth` file names the original imports the copy's code, not the original's."""
    place = a_place(tmp_path)
    for folder, value in ((place.original, "original"), (place.tree, "copy")):
        (folder / "src/pkg").mkdir(parents=True)
        (folder / "src/pkg/__init__.py").write_text(f"WHERE = {value!r}\n")
    venv = tmp_path / "venv"
    site = venv / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    site.mkdir(parents=True)
    (venv / "bin").mkdir()
    (venv / "bin/python").symlink_to(Path(sys.executable).resolve())
    (venv / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    (site / "_pkg.pth").write_text(f"{place.original}/src\n")
    environment = an_environment(tmp_path, VIRTUAL_ENV=str(venv))
    runner = SandboxedRunner(level=level, place=place, environment=environment)
    run = await runner.run(f"{venv}/bin/python -c 'import pkg; print(pkg.WHERE)'", timeout_s=LONG_S)
    assert run.output == "copy\n"


@BOTH
async def test_the_temporary_folder_is_private_and_empty_at_each_run(outside: Path, level: SandboxLevel) -> None:
    """No run finds what an earlier one left in its temporary folder."""
    runner = a_runner(outside, level)
    line = 'ls -A "$TMPDIR"; echo 1 > "$TMPDIR/left"; mkdir -p "$TMPDIR/folder/deep"'
    first, second = [(await runner.run(line, timeout_s=LONG_S)).output.split() for _ in range(2)]
    # An environment below /tmp, such as that of these tests, is mounted at its place.
    mounted = {Path(sys.prefix).parts[2]} if sys.prefix.startswith("/tmp/") else set()
    assert set(first) <= mounted
    assert set(second) <= mounted


@ONLY_ISOLATED
async def test_caches_are_shown_and_can_be_written_without_touching_the_real_ones(
    tmp_path: Path, level: SandboxLevel
) -> None:
    """The user's cache is readable at its place; what the command writes there lasts for our runs and stays ours."""
    environment = an_environment(tmp_path)
    cache = Path(environment["HOME"], ".cache")
    (cache / "pre-commit/repo1").mkdir(parents=True)
    (cache / "pre-commit/repo1/tool").write_text("tool")
    (cache / "pre-commit/db.db").write_text("db")
    runner = SandboxedRunner(level=level, place=a_place(tmp_path), environment=environment)
    line = (
        'cd "$HOME/.cache"; cat pre-commit/repo1/tool pre-commit/db.db; echo changed > pre-commit/db.db;'
        " mkdir -p new && echo kept >> new/file; cat new/file"
    )
    assert (await runner.run(line, timeout_s=LONG_S)).output == "tooldbkept\n"
    assert (await runner.run(line, timeout_s=LONG_S)).output == "toolchanged\nkept\nkept\n"
    assert (cache / "pre-commit/db.db").read_text() == "db"
    assert sorted(path.name for path in cache.iterdir()) == ["pre-commit"]


@ONLY_ISOLATED
async def test_many_folders_of_a_cache_are_shown_too(tmp_path: Path, level: SandboxLevel) -> None:
    """A tool with hundreds of folders in its cache reads each of them, and changes none."""
    environment = an_environment(tmp_path)
    for number in range(250):
        folder = Path(environment["HOME"], ".cache/go-build", f"{number:02x}")
        folder.mkdir(parents=True)
        (folder / "built").write_text(f"{number} ")
    runner = SandboxedRunner(level=level, place=a_place(tmp_path), environment=environment)
    line = 'cd "$HOME/.cache/go-build"; cat 00/built f9/built; echo x > 00/built || echo kept; mkdir new && ls new'
    assert "0 249 " in (ran := await runner.run(line, timeout_s=LONG_S)).output
    assert "kept" in ran.output
    assert Path(environment["HOME"], ".cache/go-build/00/built").read_text() == "0 "


@ONLY_ISOLATED
@pytest.mark.skipif(shutil.which("git") is None, reason="git is missing: history in the sandbox is not tried")
async def test_git_works_on_the_shared_history(tmp_path: Path, level: SandboxLevel) -> None:
    """Tools that ask git (setuptools-scm, linters) see the whole history, and can't write to the original's objects."""
    repo = a_repository(tmp_path / "repo")
    before = contents(repo, skip=frozenset())
    workspace = Workspace.open(repo, scratch_parent=tmp_path / "scratch")
    assert isinstance(workspace, Workspace)
    with workspace:
        place = SandboxTree(
            tree=workspace.tree,
            original=workspace.root,
            private=workspace.private,
            shared=workspace.shared_objects,
            hidden=(workspace.scratch,),
        )
        runner = SandboxedRunner(level=level, place=place, environment=an_environment(tmp_path))
        run = await runner.run("git log --format=%s; git status --short; git show HEAD:app.py", timeout_s=LONG_S)
    assert run.output == "first\nprint('one')\n"
    assert contents(repo, skip=frozenset()) == before


@BOTH
@pytest.mark.parametrize("slash", ["/", "/x/"])
async def test_a_word_too_long_for_a_path_is_no_program(tmp_path: Path, level: SandboxLevel, slash: str) -> None:
    """A command that carries packed text, with slashes as base64 has them, runs as any other."""
    runner = a_runner(tmp_path, level)
    run = await runner.run(f"printf %s {slash}{'a' * 6000} | wc -c", timeout_s=LONG_S)
    assert run.output.strip() == str(6000 + len(slash))
