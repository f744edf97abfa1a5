"""`selfheal diagnose` from the outside."""

import json
import zipfile
from pathlib import Path

from click.testing import CliRunner, Result

from selfheal.cli import main
from workspace.repositories import a_repository

MYPY = "pkg/a.py:3: error: Name 'x' is not defined  [name-defined]\n"
UNKNOWN = "frobbing a.frob\nfrob: gap at a.frob:12 is invalid\n"


def _diagnose(*arguments: object, stdin: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(main, ["diagnose", *map(str, arguments)], input=stdin, env=environment)


def test_json_is_the_default(tmp_path: Path) -> None:
    """The same keys as in report.json."""
    log = tmp_path / "red.log"
    log.write_text(MYPY)

    result = _diagnose(log)

    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["category"], found["failures"][0]["line"], found["source"]) == ("types", 3, "parser")


def test_standard_input_and_text() -> None:
    """`- --format text` for people."""
    result = _diagnose("-", "--format", "text", stdin=MYPY)

    assert result.stdout.splitlines()[0].startswith("types: name-defined")


def test_annotations() -> None:
    """`--format github` inside a workflow."""
    result = _diagnose("-", "--format", "github", stdin=MYPY)

    assert result.stdout.startswith("::error file=pkg/a.py,line=3,")


def test_zip_of_logs(tmp_path: Path) -> None:
    """The archive that GitHub hands out; the failing step is named."""
    log = tmp_path / "logs.zip"
    with zipfile.ZipFile(log, "w") as archive:
        ending = "##[error]Process completed with exit code 1.\n"
        archive.writestr("0_build.txt", f"##[group]Run mypy\n##[endgroup]\n{MYPY}{ending}")

    found = json.loads(_diagnose(log).stdout)

    assert (found["step"], found["failures"][0]["file"]) == ("mypy", "pkg/a.py")


def test_broken_zip_is_the_callers_to_mend(tmp_path: Path) -> None:
    """Exit status 2 and one line, no traceback."""
    log = tmp_path / "logs.zip"
    log.write_bytes(b"PK\x03\x04 broken")

    result = _diagnose(log)

    assert result.exit_code == 2
    assert "can't be read" in result.output
    assert "Traceback" not in result.output


def test_baseline(tmp_path: Path) -> None:
    """What the green run printed too is set aside."""
    green = tmp_path / "green.log"
    green.write_text("note: invalid cache, rebuilding\nfrobbing a.frob\n")

    result = _diagnose("-", "--baseline", green, "--format", "text", stdin="note: invalid cache, rebuilding\nblorp a\n")

    assert "blorp a" in result.stdout
    assert "invalid cache" not in result.stdout


def test_repository_tells_which_files_are_its_own(tmp_path: Path) -> None:
    """A path with another beginning is found again among the repository's files."""
    repo = a_repository(tmp_path / "repo", {"src/pkg/a.py": b"x\n"})

    found = json.loads(_diagnose("-", "--repo", repo, stdin=MYPY).stdout)

    assert found["failures"][0]["file"] == "src/pkg/a.py"


def test_no_repository(tmp_path: Path) -> None:
    """A folder without git is refused with what to do."""
    result = _diagnose("-", "--repo", tmp_path, stdin=MYPY)

    assert result.exit_code == 2
    assert "no git repository" in result.output


def test_secrets_are_redacted() -> None:
    """By their value in the environment, and by their shape."""
    value = "hunter2-hunter2-" + "hunter2"

    result = _diagnose("-", stdin=f"{MYPY[:-1]} {value}\nfrob: error: token {value}\n", DEPLOY_TOKEN=value)

    assert value not in result.stdout


def test_unknown_log_is_said_to_be_unknown() -> None:
    """The lines that sound most like the failure, with a confidence below a half."""
    found = json.loads(_diagnose("-", stdin=UNKNOWN).stdout)

    assert (found["category"], found["failures"][0]["file"], found["failures"][0]["line"]) == ("unknown", "a.frob", 12)
    assert found["confidence"] < 0.5


def test_model_that_is_not_there() -> None:
    """Wanted and not to be had: exit status 2, and why."""
    result = _diagnose("-", "--ask-model", "--engine", "ollama", stdin=UNKNOWN, OLLAMA_HOST="127.0.0.1:9")

    assert result.exit_code == 2
    assert "the model can't be asked" in result.output


def test_model_is_not_started_for_what_a_parser_knows() -> None:
    """No server is looked for."""
    result = _diagnose("-", "--ask-model", "--engine", "ollama", stdin=MYPY, OLLAMA_HOST="127.0.0.1:9")

    assert result.exit_code == 0


def test_binary_input() -> None:
    """Nothing is raised."""
    assert _diagnose("-", stdin=bytes(range(256)) * 50).exit_code == 0
