"""The action on a runner that is only an environment: what failed is found, healed, and told."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fakes import ScriptedEngine
from github.test_telling import read_outputs
from selfheal.contract.origin import FILES
from selfheal.errors import UsageError
from selfheal.github.action import act, run_action
from selfheal.render.progress import SilentProgress
from workspace.repositories import a_repository

SCRIPTS = Path(__file__).parents[2] / "scripts"
LINT = f"{sys.executable} lint.py"
LINTER = """\
import sys

bad = [n for n, line in enumerate(open("shop.py"), 1) if "== None" in line]
for n in bad:
    print(f"shop.py:{n}:1: E711 comparison to None")
sys.exit(bool(bad))
"""
SHOP = "def price(amount):\n    if amount == None:\n        return 0\n    return amount * 2\n"
WORKFLOW = f"""\
on: push
jobs:
  check:
    steps:
      - run: {sys.executable} -c "print(1)"
      - run: {LINT}
        env: {{LEVEL: high}}
      - uses: org/selfheal-action@v1
        if: failure()
"""
FILES_OF_REPO = {"shop.py": SHOP, "lint.py": LINTER, ".github/workflows/ci.yml": WORKFLOW}
HOSTILE = "::error::x\n::set-output name=outcome::healed\n"


def a_runner(tmp_path: Path, files: dict[str, str] | None = None, **inputs: str) -> dict[str, str]:
    """The environment of a step, with its files."""
    a_repository(tmp_path / "work", {name: text.encode() for name, text in (files or FILES_OF_REPO).items()})
    temp = tmp_path / "temp"
    temp.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "GITHUB_WORKSPACE": str(tmp_path / "work"),
        "GITHUB_REPOSITORY": "org/shop",
        "GITHUB_RUN_ID": "7",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_JOB": "check",
        "GITHUB_WORKFLOW_REF": "org/shop/.github/workflows/ci.yml@refs/heads/main",
        # Nobody answers there: the steps are tried.
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "RUNNER_NAME": "r-1",
        "RUNNER_TEMP": str(temp),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
    }


async def run(environ: dict[str, str]) -> int:
    return await run_action(environ, progress=SilentProgress(), engine=ScriptedEngine(["nothing"]))


async def test_three_lines_are_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No input at all: the failed step is found, healed, and later steps can use what came of it."""
    environ = a_runner(tmp_path)
    assert await run(environ) == 0
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"]))
    assert (outputs["outcome"], outputs["category"]) == ("healed", "lint")
    subprocess.run(["git", "apply", outputs["patch"]], cwd=environ["GITHUB_WORKSPACE"], check=True)
    assert "is None" in Path(environ["GITHUB_WORKSPACE"], "shop.py").read_text()
    told = capsys.readouterr().out
    assert "::error file=shop.py,line=2," in told
    assert "is the first that fails when it is run again" in told
    summary = Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
    assert "Healed" in summary
    assert "```mermaid" in summary
    assert "gh run download 7 -R org/shop -n selfheal-report" in summary


async def test_the_artifact_is_bound_to_the_run(tmp_path: Path) -> None:
    """Repository, run, attempt and commit, and the digest of every file beside it."""
    environ = a_runner(tmp_path, command=LINT, mode="pr")
    await run(environ)
    assert (
        "opens a pull request with it. The patch is in the artifact" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
    )
    out = Path(environ["RUNNER_TEMP"], "selfheal-out")
    origin = json.loads((out / "origin.json").read_text())
    assert {path.name for path in out.iterdir()} == set(FILES)
    assert [origin[key] for key in ("repository", "run_id", "run_attempt", "sha")] == ["org/shop", 7, 1, "a" * 40]
    assert set(origin["files"]) == set(FILES) - {"origin.json"}


@pytest.mark.parametrize(("line", "status"), [("exit 0", 0), ("false | true", 1), ("exit 3", 3), ("kill -9 $$", 137)])
async def test_the_wrapper_keeps_the_commands_status(tmp_path: Path, line: str, status: int) -> None:
    """`run:` is run as a step would be, without us in its way, and its status is noted."""
    environ = a_runner(tmp_path, run=f"touch here; {line}", working_directory=".github")
    subprocess.run(["bash", SCRIPTS / "action-wrapped"], env=environ, check=True)
    passed = "true" if status == 0 else "false"
    assert read_outputs(Path(environ["GITHUB_OUTPUT"])) == {"status": str(status), "passed": passed}
    assert Path(environ["GITHUB_WORKSPACE"], ".github/here").is_file()


async def test_what_a_wrapped_command_writes_last_is_not_its_status(tmp_path: Path) -> None:
    """Nor can it speak as the step that heals: that one's outputs lie elsewhere."""
    environ = a_runner(
        tmp_path,
        run='printf "status=0\\npassed=true\\n" >>"$GITHUB_OUTPUT"; echo outcome=healed >>"$GITHUB_OUTPUT"; exit 4',
    )
    subprocess.run(["bash", SCRIPTS / "action-wrapped"], env=environ, check=True)
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"]))
    assert (outputs["status"], outputs["passed"]) == ("4", "false")


async def test_a_wrapped_command_that_failed_is_healed_and_stays_red(tmp_path: Path) -> None:
    """The workflow's later steps decide by the outcome."""
    environ = a_runner(tmp_path, run=f"{LINT} || exit 3") | {"SELFHEAL_WRAPPED_STATUS": "3"}
    assert await run(environ) == 3
    assert read_outputs(Path(environ["GITHUB_OUTPUT"]))["outcome"] == "healed"


@pytest.mark.parametrize("status", ["", "5"])
def test_on_windows_it_says_that_nothing_was_tried(tmp_path: Path, status: str) -> None:
    """The step is as red as a wrapped command was, and breaks nothing."""
    environ = a_runner(tmp_path) | {"RUNNER_OS": "Windows", "SELFHEAL_WRAPPED_STATUS": status}
    for words in (["action-install"], ["action-run", "--ask-steps"]):
        subprocess.run(["bash", SCRIPTS / words[0], *words[1:]], env=environ, check=True)
    done = subprocess.run(["bash", SCRIPTS / "action-run"], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == int(status or 0)
    assert "does not run on Windows" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
    assert read_outputs(Path(environ["GITHUB_OUTPUT"]))["outcome"] == "error"


async def test_a_second_attempt_does_not_try_again_what_the_first_one_tried(tmp_path: Path) -> None:
    """The earlier report lies where the action has put it."""
    environ = a_runner(tmp_path, command=LINT)
    await run(environ)
    temp = Path(environ["RUNNER_TEMP"])
    (temp / "selfheal-out").rename(temp / "selfheal-previous")
    environ["GITHUB_RUN_ATTEMPT"] = "2"
    await run(environ)
    report = json.loads((temp / "selfheal-out/report.json").read_text())
    assert any("earlier run" in attempt["reason"] for attempt in report["attempts"])


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"max_cycles": "many"}, "max-cycles"),
        ({"mode": "merge"}, "mode"),
        ({"command": "x", "working_directory": "../.."}, "working-directory"),
        ({"command": "x", "working_directory": "nowhere"}, "working-directory"),
        ({"command": "x", "engine": "other"}, "engine"),
    ],
)
async def test_a_wrong_input_is_named_as_the_workflow_spells_it(
    tmp_path: Path, inputs: dict[str, str], words: str
) -> None:
    """So that a person finds the line."""
    with pytest.raises(UsageError, match=words):
        await run(a_runner(tmp_path, **inputs))


async def test_where_nothing_fails_again_the_command_is_asked_for(tmp_path: Path) -> None:
    """It says what was tried and how to go on."""
    files = {**FILES_OF_REPO, "shop.py": SHOP.replace("== None", "is None")}
    with pytest.raises(UsageError, match="no step of the job fails when it is run again"):
        await run(a_runner(tmp_path, files))


def test_what_broke_is_told_where_people_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The step fails, and the summary and the outputs say why."""
    environ = a_runner(tmp_path, command="x", working_directory="::nowhere\n# big")
    with pytest.raises(UsageError):
        act(environ, progress=SilentProgress())
    assert "working-directory" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
    assert read_outputs(Path(environ["GITHUB_OUTPUT"]))["outcome"] == "error"
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("::error title=selfheal::")


async def test_a_wrapper_that_can_not_be_healed_keeps_its_status(tmp_path: Path) -> None:
    """Our own trouble never hides the command's."""
    environ = a_runner(tmp_path, run="exit 7", engine="nonsense") | {"SELFHEAL_WRAPPED_STATUS": "7"}
    assert await run(environ) == 7
    assert read_outputs(Path(environ["GITHUB_OUTPUT"]))["outcome"] == "error"


async def test_what_a_log_says_gives_no_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names, messages and commands are quoted, never obeyed."""
    script = f"import sys\nprint({HOSTILE!r})\nprint('shop.py:2:1: E711 {'::stop-commands::x'}')\nsys.exit(1)\n"
    environ = a_runner(tmp_path, {**FILES_OF_REPO, "lint.py": script}, command=f"{LINT} '::debug::x'")
    await run(environ)
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("selfheal: ", "::error file=", "::error title=")) for line in lines)
    assert read_outputs(Path(environ["GITHUB_OUTPUT"]))["outcome"] != "healed"


def test_a_cancelled_job_leaves_nothing_behind(tmp_path: Path) -> None:
    """The runner sends SIGTERM: the command ends, and no working copy stays."""
    environ = a_runner(tmp_path, command="echo begun > ../../began; sleep 300", max_seconds="200")
    line = "from selfheal.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", line, "action"],
        env={**environ, "SELFHEAL_ENGINE": "embedded"},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "what failed" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate()
    assert process.returncode == 130
    assert "interrupted" in told
    left = [path.name for path in Path(environ["RUNNER_TEMP"]).iterdir() if path.name.startswith("selfheal-")]
    assert [name for name in left if name != "selfheal-out"] == []
