"""Which step failed, from the workflow file and what GitHub says of the steps."""

from pathlib import Path
from typing import Any

import pytest

from selfheal.github.failed_step import ReportedStep, command_of, failed_steps
from selfheal.github.workflow import Job, find_job, workflow_path

WORKFLOW = """\
on: push
env: {COLOUR: "no"}
defaults: {run: {working-directory: src}}
jobs:
  test:
    strategy: {matrix: {python: ["3.11", "3.12"]}}
    env: {LEVEL: "${{ matrix.python }}"}
    steps:
      - uses: actions/checkout@v4
      - run: pip install -e .[test]
      - name: Lint
        run: ruff check .
        working-directory: .
      - run: |
          # the tests of one version
          echo "${{ matrix.python }}"
          pytest -q ${{ env.LEVEL }}
        env: {MODE: "${{ matrix.python }}-fast", KEY: x}
      - run: curl -u ${{ secrets.KEY }} example.org
      - name: Publish
        run: twine upload dist/*
      - uses: org/selfheal-action@v1
        if: failure()
      - run: echo after
  other:
    steps: [{run: make}]
"""
CONTEXTS: dict[str, Any] = {"matrix": {"python": "3.12"}, "env": {}, "github": {"ref": "main"}}


def a_job(tmp_path: Path, text: str = WORKFLOW, *, named: str | None = ".github/workflows/ci.yml") -> Job | None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ci.yml").write_text(text)
    return find_job(tmp_path, workflow=named, job="test", contexts=CONTEXTS)


def test_steps_are_read_as_the_runner_fills_them(tmp_path: Path) -> None:
    """Defaults, directories, environments and the matrix; only what stands before this action."""
    job = a_job(tmp_path)
    assert job is not None
    assert [step.number for step in job.steps] == [2, 3, 4, 5, 6]
    tests = job.steps[2]
    assert tests.script.splitlines()[1:] == ['echo "3.12"', "pytest -q 3.12"]
    assert dict(tests.environment) == {"MODE": "3.12-fast", "KEY": "x"}
    assert [step.directory for step in job.steps[:3]] == ["src", ".", "src"]
    assert job.steps[3].unknown == "it uses secrets.KEY"


def test_the_step_that_github_names_is_it(tmp_path: Path) -> None:
    """Its name decides; unnamed steps are named by their first line."""
    job = a_job(tmp_path)
    assert job is not None
    reported = [
        ReportedStep(name="Run pip install -e .[test]", number=3, status="completed", conclusion="success"),
        ReportedStep(name="Lint", number=4, status="completed", conclusion="failure"),
    ]
    found = failed_steps(job, reported)
    assert found.is_certain
    assert [command_of(step) for step in found.steps] == ["ruff check ."]


def test_without_a_word_from_github_the_checks_are_tried_in_their_order(tmp_path: Path) -> None:
    """What only prepares comes last; what needs a secret, publishes or stands behind us is not run at all."""
    job = a_job(tmp_path)
    assert job is not None
    found = failed_steps(job, ())
    assert not found.is_certain
    assert [step.number for step in found.steps] == [3, 4, 2]
    assert [words.partition(" (")[2] for words in found.left_out] == [
        "it uses secrets.KEY)",
        "it publishes or deploys)",
    ]
    assert command_of(found.steps[1]).startswith("set -e\n")


def test_of_two_steps_of_one_name_the_place_decides() -> None:
    """A matrix of names is common; the runner's own first step shifts the numbers by one."""
    from selfheal.github.workflow import RunStep

    steps = tuple(RunStep(n, "Test", f"pytest part{n}", "bash", "", ()) for n in (2, 3))
    reported = [ReportedStep(name="Test", number=4, status="completed", conclusion="failure")]
    (found,) = failed_steps(Job("w", "test", steps), reported).steps
    assert found.number == 3


def test_the_workflow_is_found_by_its_job_where_github_does_not_name_it(tmp_path: Path) -> None:
    """A reusable workflow is named by its caller; two candidates are none."""
    assert a_job(tmp_path, named=None) is not None
    (tmp_path / ".github/workflows/copy.yml").write_text(WORKFLOW)
    assert a_job(tmp_path, named=None) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "jobs: 3",
        "jobs: {test: {steps: 4}}",
        "jobs: {test: {steps: [1, {run: [1]}]}}",
        "jobs: {test: {steps: [{run: '${{ fromJSON(x)[0] }}'}]}}",
        "a: &a [*a]",
        "\x00",
        "jobs: {test: {defaults: {run: 3}, env: [1], steps: [{run: ls, env: {A: [1]}, shell: 3}]}}",
        "x: " + "[" * 3000,
    ],
)
def test_a_hostile_workflow_is_no_workflow(tmp_path: Path, text: str) -> None:
    """Whatever stands there: no error, and nothing that could be run wrongly."""
    job = a_job(tmp_path, text)
    for step in failed_steps(job, ()).steps if job is not None else ():
        assert step.script in ("[1]", "ls") or step.unknown == ""


def test_a_path_that_climbs_is_not_opened(tmp_path: Path) -> None:
    """The reference comes from the environment, but the file from the repository."""
    (tmp_path / "outside.yml").write_text(WORKFLOW)
    inside = tmp_path / "repo"
    inside.mkdir()
    assert find_job(inside, workflow="../outside.yml", job="test", contexts=CONTEXTS) is None
    (inside / "link.yml").symlink_to(tmp_path / "outside.yml")
    assert find_job(inside, workflow="link.yml", job="test", contexts=CONTEXTS) is None


def test_the_reference_gives_the_path_of_this_repository_alone() -> None:
    """A reusable workflow of another repository has no file here."""
    reference = "org/shop/.github/workflows/ci.yml@refs/heads/main"
    assert workflow_path(reference, "org/shop") == ".github/workflows/ci.yml"
    assert workflow_path(reference, "org/other") is None
    assert workflow_path("", "") is None
