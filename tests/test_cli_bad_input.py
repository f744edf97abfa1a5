"""Whatever the command line is given: a clear message, the right exit status, nothing lost, no traceback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selfheal.cli import main
from verify.places import living
from workspace.repositories import a_repository, fingerprint, git, write

NO_MODEL = ("--engine", "openai", "--base-url", "http://127.0.0.1:9", "--model", "none")
"""A server that refuses every connection: what heals here heals without a model."""

RUFF = Path(sys.executable).parent / "ruff"
NEEDS_RUFF = pytest.mark.skipif(not RUFF.exists(), reason="ruff is not in the environment: no exact strategy is tried")
UNUSED = {"a.py": b"import os\n\nx = 1\n"}
LINT = f"{RUFF} check --no-cache a.py"


def selfheal(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


def repair(repo: Path, command: str, *more: str | Path, out: Path | None = None, **environment: str) -> Result:
    place = out or repo.parent / "out"
    return selfheal("repair", "--repo", repo, "--command", command, "--out", place, *NO_MODEL, *more, **environment)


def report_of(repo: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((repo.parent / "out" / "report.json").read_bytes())
    return loaded


def assert_told(result: Result, status: int, *words: str) -> None:
    """The status and the words are there, and no stack trace is."""
    assert result.exit_code == status, result.output
    for word in words:
        assert word in result.output
    assert "Traceback" not in result.output


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return a_repository(tmp_path / "repo")


def test_a_folder_without_git(tmp_path):
    """Says which folder and what to do, and makes no repository of it."""
    folder = tmp_path / "plain"
    write(folder, {"a.py": b"x = 1\n"})
    assert_told(repair(folder, "false"), 2, str(folder), "git")
    assert [path.name for path in folder.iterdir()] == ["a.py"]


def test_a_missing_repository(tmp_path):
    """Names it and the option."""
    assert_told(repair(tmp_path / "nowhere", "false"), 2, "nowhere does not exist", "--repo")


def test_a_file_for_a_repository(tmp_path):
    """Names it and the option."""
    (tmp_path / "file").write_text("x")
    assert_told(repair(tmp_path / "file", "false"), 2, "is not a folder", "--repo")


@pytest.mark.parametrize("command", ["", "   ", "\n\t"])
def test_an_empty_command(repo, command):
    """Nothing to run is wrong usage."""
    assert_told(repair(repo, command), 2, "--command is empty")


def test_a_missing_option(repo):
    """click's own message, and its status is ours."""
    assert_told(selfheal("repair", "--repo", repo), 2, "--command")


def test_a_number_that_is_none(repo):
    """Each option that is wrong is named as it was typed."""
    assert_told(repair(repo, "false", "--max-cycles", "-3"), 2, "--max-cycles")
    assert_told(repair(repo, "false", "--max-seconds", "0"), 2, "--max-seconds")


def test_a_command_that_does_not_exist(repo):
    """No patch can install a program: the diagnosis says environment, and what a person should do."""
    assert_told(repair(repo, "no-such-program-anywhere --now"), 1, "no-such-program-anywhere")
    report = report_of(repo)
    assert report["outcome"] == "not_fixable"
    assert report["diagnosis"]["category"] == "environment"
    assert report["next_steps"]


def test_a_command_that_passes(repo):
    """Nothing to heal is a success, and there is no patch."""
    assert_told(repair(repo, "true"), 0)
    assert report_of(repo)["outcome"] == "already_passing"
    assert not (repo.parent / "out" / "fix.patch").exists()


def test_a_command_that_never_ends(repo):
    """It is stopped, run once only, and the message says how to give it longer."""
    assert_told(repair(repo, "sleep 1000.0625", "--max-seconds", "4"), 1, "did not end", "--max-seconds")
    assert report_of(repo)["usage"]["command_runs"] == 1
    assert living("1000.0625") == []


def test_output_that_is_not_utf8(repo):
    """Bytes of no encoding are read as far as they can be."""
    command = "printf 'a\\377\\200\\000b \\033[31m\\303('; exit 1"
    assert_told(repair(repo, command), 1)
    assert report_of(repo)["outcome"] == "exhausted"


def test_sixty_megabytes_of_output(repo):
    """The middle is left out; memory, report and trace stay small."""
    assert_told(repair(repo, "yes 0123456789012345678901234567890123456789 | head -c 60000000; exit 1"), 1)
    assert sum(path.stat().st_size for path in (repo.parent / "out").iterdir()) < 1_000_000


@NEEDS_RUFF
def test_a_submodule_a_link_and_a_name_with_a_newline(tmp_path):
    """None of them is in the way of a repair, and all of them stay as they are."""
    other = a_repository(tmp_path / "other")
    repo = a_repository(tmp_path / "repo", UNUSED | {"odd\nname \u00e9.txt": b"x\n"})
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub")
    (repo / "link").symlink_to("a.py")
    (repo / "dangling").symlink_to("/nowhere/at/all")
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "-m", "odd")
    before = fingerprint(repo)
    assert_told(repair(repo, LINT), 0)
    assert report_of(repo)["outcome"] == "healed"
    assert fingerprint(repo) == before
    git(repo, "apply", "--check", str(tmp_path / "out" / "fix.patch"))


@NEEDS_RUFF
def test_a_dirty_tree(tmp_path):
    """Work that is not committed is neither lost nor committed, with --apply too."""
    repo = a_repository(tmp_path / "repo", {"a.py": b"x = 1\n", "b.py": b"y = 1\n"})
    write(repo, UNUSED | {"b.py": b"y = 2\n", "new.txt": b"mine\n"})
    assert_told(repair(repo, LINT, "--apply"), 0)
    assert (repo / "a.py").read_bytes() == b"\nx = 1\n"
    assert (repo / "b.py").read_bytes() == b"y = 2\n"
    assert git(repo, "status", "--porcelain").split(b"\n")[:-1] == [b" M a.py", b" M b.py", b"?? new.txt"]


def test_an_out_folder_that_can_not_be_written(repo, tmp_path):
    """Found out before anything runs."""
    (tmp_path / "file").write_text("x")
    assert_told(repair(repo, "touch ran; false", out=tmp_path / "file" / "out"), 2, "--out")
    assert_told(repair(repo, "false", out=Path("/proc/selfheal-out")), 2, "--out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere: a read-only folder is not tried")
def test_a_read_only_out_folder(repo, tmp_path):
    """As above, by its mode."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert_told(repair(repo, "false", out=folder), 2, "--out")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"max_cycles: [1\nseed: 2\n", ("selfheal.yml:2", "not valid YAML")),
        (b"# ours\n\nmax_cycle: 3\n", ("selfheal.yml:3", "max_cycle", "no known setting")),
        (b"seed: 1\nmax_cycles: many\n", ("selfheal.yml:2", "max_cycles", "integer")),
        (b"seed: 1\npolicy:\n  max_file: 3\n", ("selfheal.yml:", "policy.max_file", "no known setting")),
        (b"engine: gpt\n", ("selfheal.yml:1", "engine", "ollama")),
        (b"- a\n- b\n", ("selfheal.yml:1", "must be a mapping")),
        (b"max-seconds: -1\n", ("selfheal.yml:1", "max_seconds")),
        (b"\xff\xfe\x00garbage", ("selfheal.yml",)),
        (b"seed: 1\nseed: 2\n", ("selfheal.yml:2", "duplicate")),
        (b"a: &a [*a]\n", ("selfheal.yml:1",)),
        (b"1: 2\n", ("selfheal.yml:1", "no known setting")),
    ],
    ids=["syntax", "unknown", "value", "nested", "choice", "list", "dash", "bytes", "twice", "recursive", "number"],
)
def test_a_wrong_configuration_names_file_line_and_key(repo, text, words):
    """Nobody has to search: the place is in the message."""
    write(repo, {".github/selfheal.yml": text})
    arguments = ("repair", "--repo", repo, "--command", "false", "--out", repo.parent / "out")
    assert_told(selfheal(*arguments), 2, *words)


def test_a_configuration_that_is_not_there(repo, tmp_path):
    """A file that was asked for by name must exist; a folder is none."""
    assert_told(repair(repo, "false", "--config", tmp_path / "no.yml"), 2, "no.yml", "--config")
    assert_told(repair(repo, "false", "--config", tmp_path), 2, str(tmp_path), "--config")


def test_a_variable_that_is_wrong_is_named(repo):
    """The environment has no line: the variable's name is the place."""
    assert_told(repair(repo, "false", SELFHEAL_MAX_TOKENS="lots"), 2, "SELFHEAL_MAX_TOKENS")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"attempts": 3}', '{"attempts": [1]}', "\0"])
def test_a_previous_report_that_is_none(repo, tmp_path, text):
    """Names the file and the option."""
    (tmp_path / "earlier.json").write_text(text)
    assert_told(repair(repo, "false", "--previous", tmp_path / "earlier.json"), 2, "earlier.json", "--previous")


def test_a_model_file_that_is_cut_short(tmp_path):
    """The digest tells; the message says how to get the whole file, and the diagnosis is not lost."""
    files = {"check.py": b"def check(x):\n    raise ValueError(x)\n\n\ncheck(3)\n"}
    repo = a_repository(tmp_path / "repo", files)
    models = tmp_path / "models"
    write(models, {"qwen2.5-coder-1.5b-instruct-q4_k_m.gguf": b"GGUF" + bytes(1000)})
    arguments = ("repair", "--repo", repo, "--command", f"{sys.executable} check.py", "--out", tmp_path / "out")
    result = selfheal(*arguments, "--engine", "embedded", SELFHEAL_MODELS_DIR=str(models))
    assert result.exit_code in (1, 2)
    assert_told(result, result.exit_code, "selfheal model pull")
    assert report_of(repo)["diagnosis"]["failures"][0]["file"] == "check.py"


def test_a_log_that_is_not_there():
    """`diagnose` of a missing file is wrong usage, of an empty one an answer."""
    assert_told(selfheal("diagnose", "/nowhere/log"), 2, "/nowhere/log")
    assert_told(CliRunner().invoke(main, ["diagnose", "-"], input=b"\xff\x00\xfe"), 0, "unknown")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(tmp_path, how):
    """Ctrl-C, or kill, in the middle of the command: status 130, the repository as it was, no folder, no process."""
    repo = a_repository(tmp_path / "repo")
    before = fingerprint(repo)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    mark = f"1000.{os.getpid()}{time.monotonic_ns()}"
    line = [
        "repair",
        "--repo",
        repo,
        "--command",
        f"sleep {mark}",
        "--max-seconds",
        "60",
        "--out",
        tmp_path / "out",
        *NO_MODEL,
    ]
    environment = {**os.environ, "RUNNER_TEMP": str(scratch)}
    # A shell that started the tests in the background has had SIGINT ignored, also by what they start.
    hearing = ("env", "--default-signal=INT", sys.executable, "-m", "selfheal")
    process = subprocess.Popen([*hearing, *line], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        while not any(_is_sleep(pid) for pid in living(mark)):
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(how)
        _, errors = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 130, errors.decode()
    assert b"your repository is as it was" in errors
    assert b"Traceback" not in errors
    assert fingerprint(repo) == before
    assert [path.name for path in scratch.iterdir() if path.name != ".selfheal.lock"] == []
    assert living(mark) == []


def _is_sleep(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "sleep"
    except OSError:
        return False


@pytest.mark.parametrize("line", [["--help"], ["--version"], ["repair", "--help"], ["model", "--help"]])
def test_help_imports_nothing_heavy(line):
    """Help answers at once: what costs is imported when it is needed."""
    script = (
        "import sys\nfrom selfheal.cli import main\n"
        f"try:\n    main({line!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'pydantic', 'autogen_core', 'autogen_agentchat', 'rich', 'opentelemetry', 'libcst', 'httpx'}\n"
        "print('HEAVY', sorted(heavy & {name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "HEAVY []" in done.stdout


def test_git_that_is_not_there(repo):
    """Without git on the PATH the message says so."""
    empty = repo.parent / "bin"
    empty.mkdir()
    (empty / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    assert_told(repair(repo, "false", PATH=str(empty)), 2, "git")
