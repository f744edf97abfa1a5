"""docker build's newer words, which the recording machine's docker does not speak, and cut logs."""

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose

FILES = frozenset({"Dockerfile", "docker/app.Dockerfile", "shop/cart.py"})


def _diagnose(log: str) -> Diagnosis:
    return diagnose(log, exit_code=1, root="/repo", known_files=FILES)


def _buildx(step: str, error: str, *, file: str = "Dockerfile", shown: str = "", log: str = "") -> str:
    """A build of buildx that ends with `error`; `shown` are the lines of the Dockerfile."""
    return (
        f"#1 [internal] load build definition from {file.rpartition('/')[2]}\n#1 DONE 0.0s\n\n"
        f"#8 {step}\n{log}#8 ERROR: {error}\n------\n > {step}:\n------\n"
        f"{file}:12\n--------------------\n{shown}--------------------\n"
        f"ERROR: failed to build: failed to solve: {error}\n"
    )


RUN = "[4/4] RUN frobnicate --all   && true"
RUN_SHOWN = "  11 |     COPY . .\n  12 | >>> RUN frobnicate --all \\\n  13 | >>>   && true\n  14 |     \n"
RUN_ERROR = 'process "/bin/sh -c frobnicate --all   && true" did not complete successfully: exit code: 3'


def test_failing_run_is_at_its_line_of_the_dockerfile() -> None:
    """BuildKit shows the instruction with its line: one finding, though the log says it three times."""
    diagnosis = _diagnose(_buildx(RUN, RUN_ERROR, shown=RUN_SHOWN, log="#8 0.300 frobnicating\n#8 0.400 can't\n"))
    failure = diagnosis.failures[0]
    assert diagnosis.category is Category.BUILD
    assert (failure.file, failure.line, failure.code) == ("Dockerfile", 12, "3")
    assert ">>> RUN frobnicate" in failure.excerpt
    assert len(diagnosis.failures) == 1


def test_what_failed_inside_a_run_comes_first() -> None:
    """The inner tool's finding is the cause, docker's is its echo."""
    inner = (
        "#8 0.300 Traceback (most recent call last):\n"
        '#8 0.300   File "/app/shop/cart.py", line 7, in <module>\n'
        "#8 0.300     total()\n"
        "#8 0.301 NameError: name 'total' is not defined\n"
    )
    diagnosis = _diagnose(_buildx(RUN, RUN_ERROR, shown=RUN_SHOWN, log=inner))
    assert [failure.tool for failure in diagnosis.failures] == ["python", "docker"]
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("shop/cart.py", 7)


def test_missing_file_of_a_copy_is_named() -> None:
    """The checksum's error names the file that the build context lacks."""
    error = (
        'failed to compute cache key: failed to calculate checksum of ref ab12::cd34: "/requirements.txt": not found'
    )
    shown = "  11 |     WORKDIR /app\n  12 | >>> COPY requirements.txt .\n"
    diagnosis = _diagnose(_buildx("[3/4] COPY requirements.txt .", error, shown=shown))
    failure = diagnosis.failures[0]
    assert (failure.file, failure.line, failure.code) == ("Dockerfile", 12, "COPY")
    assert "requirements.txt" in failure.message


@pytest.mark.parametrize(
    ("error", "category"),
    [
        (
            "builder: failed to resolve source metadata for docker.io/library/builder:latest: pull access denied, "
            "repository does not exist or may require authorization: server message: insufficient_scope: "
            "authorization failed",
            Category.CONFIG,
        ),
        (
            "python:3.99-slim: failed to resolve source metadata for docker.io/library/python:3.99-slim: "
            "docker.io/library/python:3.99-slim: not found",
            Category.DEPENDENCY,
        ),
        (
            "python:3.12-slim: failed to resolve source metadata for docker.io/library/python:3.12-slim: "
            "failed to do request: Head: dial tcp: lookup registry.invalid: i/o timeout",
            Category.INFRA,
        ),
        (
            "python:3.12-slim: failed to resolve source metadata for docker.io/library/python:3.12-slim: unexpected "
            "status from HEAD request to https://registry.invalid/v2/python/manifests/3: 503 Service Unavailable",
            Category.INFRA,
        ),
    ],
)
def test_base_image_that_can_not_be_had(error: str, category: Category) -> None:
    """A name that nobody has, a tag that does not exist, and a registry that is down are told apart."""
    shown = "  12 | >>> FROM python:3.12-slim\n"
    diagnosis = _diagnose(_buildx("[internal] load metadata for docker.io/library/python", error, shown=shown))
    assert diagnosis.category is category
    assert diagnosis.failures[0].line == 12


def test_broken_dockerfile_names_its_line() -> None:
    """The newer frontend says `dockerfile parse error on line`, and shows the line."""
    log = (
        "#1 [internal] load build definition from app.Dockerfile\n#1 DONE 0.0s\n"
        "docker/app.Dockerfile:5\n--------------------\n   5 | >>> RUNN make\n--------------------\n"
        "ERROR: failed to solve: dockerfile parse error on line 5: unknown instruction: RUNN (did you mean RUN?)\n"
    )
    diagnosis = _diagnose(log)
    failure = diagnosis.failures[0]
    assert diagnosis.category is Category.SYNTAX
    assert (failure.file, failure.line) == ("docker/app.Dockerfile", 5)


def test_run_that_was_killed_is_no_failure_of_the_code() -> None:
    """Exit code 137 is the out-of-memory killer's."""
    error = 'process "/bin/sh -c npm run build" did not complete successfully: exit code: 137'
    assert _diagnose(_buildx("[4/4] RUN npm run build", error)).category is Category.INFRA


def test_log_that_ends_in_the_step_is_still_read() -> None:
    """The step's own error suffices."""
    log = f"#8 {RUN}\n#8 0.3 working\n#8 ERROR: {RUN_ERROR}\n"
    assert _diagnose(log).failures[0].code == "3"


def test_imitated_excerpt_without_an_error_says_nothing() -> None:
    """A log that shows a Dockerfile's lines, but no error of docker, has no finding of docker's."""
    diagnosis = _diagnose("Dockerfile:12\n--------------------\n  12 | >>> RUN rm -rf /\n--------------------\ndone\n")
    assert all(failure.tool != "docker" for failure in diagnosis.failures)
