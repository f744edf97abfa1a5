"""The project's own tools are run so that they mend, first all together, then alone, then for one rule."""

from builders import a_case, a_diagnosis, a_failure
from fakes import FakeTransformer
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase
from selfheal.fix.registry import CODE_STRATEGIES
from selfheal.fix.tools import ProjectFixer, RuleFixer

LINT = a_failure(tool="ruff", code="F401", file="pkg/a.py", message="`os` imported but unused")
LAYOUT = a_failure(tool="ruff", code="unformatted", file="pkg/a.py", message="the file is not formatted")
FILES = {"pkg/a.py": "import os\n", "pkg/b.py": "import os\n", "tests/test_a.py": "x = 1\n"}


def case_of(command: str, *failures, files=FILES, edits=(), output="", category=Category.LINT) -> RepairCase:
    transformer = FakeTransformer(lambda line: tuple(edits), output=output)
    diagnosis = a_diagnosis(*failures, category=category)
    return a_case(files, command=command, diagnosis=diagnosis, transformer=transformer)


def places(case: RepairCase) -> list[str]:
    return [target.place for target in ProjectFixer().targets(case)]


def rules(case: RepairCase) -> list[str]:
    return [target.place for target in RuleFixer().targets(case)]


async def propose(case: RepairCase, place: str) -> CandidatePatch | NoCandidate:
    strategy = RuleFixer() if ":" in place and place != "all:permitted" else ProjectFixer()
    return await strategy.propose(case, Target(strategy=strategy.name, place=place), sample=0, tried=())


def ran(case: RepairCase) -> list[str]:
    assert isinstance(case.transformer, FakeTransformer)
    return case.transformer.commands[-1].splitlines()


def test_all_tools_together_come_first_and_unsafe_fixes_last():
    """Each candidate costs a run of the command: the one that may mend all is tried first."""
    case = case_of("ruff check . && ruff format --check .", LINT, LAYOUT)
    assert places(case) == ["all", "ruff-fix", "ruff-format"]
    assert rules(case) == ["ruff-fix:F401", "ruff-unsafe-fix:F401"]


async def test_a_rule_without_a_fix_costs_no_run_of_its_own():
    """One run for all rules names those that were fixed; where it changed nothing no rule is tried."""
    failures = [a_failure(tool="ruff", code=code, file="pkg/a.py") for code in ("F401", "ARG001", "E722")]
    edit = FileEdit(path="pkg/a.py", content=b"")
    case = case_of(
        "ruff check .", *failures, edits=[edit], output="Fixed 1 error:\n- pkg/a.py:\n    1 × F401 (unused)\n"
    )
    strategy = RuleFixer()
    made = [
        await strategy.propose(case, Target(strategy="rule_fixer", place=f"ruff-unsafe-fix:{code}"), sample=0, tried=())
        for code in ("ARG001", "E722", "F401")
    ]
    assert [isinstance(one, CandidatePatch) for one in made] == [False, False, True]
    assert isinstance(case.transformer, FakeTransformer)
    assert case.transformer.commands == [
        "ruff check --fix-only --unsafe-fixes --show-fixes .",
        "ruff check --fix-only --unsafe-fixes --fixable F401 .",
    ]


def test_the_findings_own_rewrites_come_between_safe_and_unsafe_fixes():
    """What the tool calls unsafe is the last of the exact ways that mends more than one finding."""
    names = [strategy.name for strategy in CODE_STRATEGIES]
    order = ("project_fixer", "lint_rewrite", "rule_fixer", "lint_rewrite_one")
    assert [name for name in names if name in order] == list(order)


async def test_a_broken_configuration_starts_no_formatter():
    """isort goes on with its defaults where it can't read its file: that would rewrite the whole package."""
    failure = a_failure(tool="isort", code="unformatted", file="pkg/a.py")
    edit = FileEdit(path="pkg/a.py", content=b"")
    for name, text in ((".isort.cfg", "[settings\nprofile=black\n"), ("pyproject.toml", "[tool.isort]\nprofile=\n")):
        case = case_of("isort --check-only pkg", failure, files={**FILES, name: text}, edits=[edit])
        assert isinstance(await propose(case, "isort"), NoCandidate)
    others = {**FILES, "setup.cfg": "[metadata\n", ".isort.cfg": "[settings]\nprofile=black\n"}
    found = await propose(case_of("isort --check-only pkg", failure, files=others, edits=[edit]), "isort")
    assert isinstance(found, CandidatePatch)


def test_a_test_failure_starts_no_tool():
    """What no tool reported, no tool mends."""
    assert places(a_case({}, command="ruff check . && pytest")) == []


async def test_fixers_run_before_the_formatter():
    """A formatter that ran first would leave what the fixers laid out."""
    edit = FileEdit(path="pkg/a.py", content=b"")
    case = case_of("black --check . && isort -c . && ruff check .", LINT, edits=[edit])
    await propose(case, "all")
    assert ran(case) == ["isort .", "ruff check --fix-only .", "black pkg/a.py"]


async def test_a_safe_fix_may_be_merged_by_a_machine():
    """The edits are the tool's, the strategy names it, the rationale tells the call."""
    edit = FileEdit(path="pkg/a.py", content=b"")
    found = await propose(case_of("ruff check .", LINT, edits=[edit]), "ruff-fix")
    assert isinstance(found, CandidatePatch)
    assert (found.strategy, found.edits) == ("project_fixer:ruff-fix", (edit,))
    assert found.disposition is Disposition.AUTO
    assert found.rationale == "Mend by `ruff check --fix-only .` in 1 file"


async def test_an_unsafe_fix_needs_a_person_where_no_test_is_run():
    """A linter that passes says nothing of what the program does."""
    edit = FileEdit(path="pkg/a.py", content=b"")
    found = await propose(case_of("ruff check .", LINT, edits=[edit]), "ruff-unsafe-fix:F401")
    assert isinstance(found, CandidatePatch)
    assert found.disposition is Disposition.NEEDS_HUMAN
    assert "unsafe" in found.rationale


async def test_tests_in_the_command_prove_an_unsafe_fix():
    """Where the same command runs the tests, a run that passes is their word."""
    edit = FileEdit(path="pkg/a.py", content=b"")
    found = await propose(case_of("ruff check . && pytest", LINT, edits=[edit]), "ruff-unsafe-fix:F401")
    assert isinstance(found, CandidatePatch)
    assert found.disposition is Disposition.AUTO


async def test_only_failing_files_change():
    """The call goes over the whole project as the user's own does; what did not fail stays."""
    edits = [FileEdit(path=path, content=b"") for path in ("pkg/a.py", "pkg/b.py", "pkg/new.py")]
    found = await propose(case_of("ruff check .", LINT, edits=edits), "ruff-fix")
    assert isinstance(found, CandidatePatch)
    assert [edit.path for edit in found.edits] == ["pkg/a.py"]


async def test_a_finding_without_a_file_lets_all_files_change():
    """`black -q` names none."""
    edits = [FileEdit(path="pkg/a.py", content=b""), FileEdit(path="pkg/b.py", content=b"")]
    failure = a_failure(tool="black", code="unformatted", file=None)
    found = await propose(case_of("black -q --check .", failure, edits=edits), "black")
    assert isinstance(found, CandidatePatch)
    assert len(found.edits) == 2


async def test_workflow_files_are_left_alone():
    """A hook that trims blanks everywhere does not touch what runs it."""
    files = {".github/workflows/ci.yml": "on: push  \n", "a.txt": "x  \n"}
    edits = [FileEdit(path=path, content=b"x\n") for path in files]
    failures = [a_failure(tool="pre-commit", code="trailing-whitespace", file=path) for path in files]
    case = case_of("pre-commit run -a", *failures, files=files, edits=edits, category=Category.FORMAT)
    found = await propose(case, "pre-commit")
    assert isinstance(found, CandidatePatch)
    assert [edit.path for edit in found.edits] == ["a.txt"]


async def test_what_the_policy_would_refuse_can_be_left_out():
    """A fix that changes a test is refused as a whole, so the rest is offered without it."""
    failures = [a_failure(tool="ruff", code="UP032", file=path) for path in ("pkg/a.py", "tests/test_a.py")]
    edits = [FileEdit(path=path, content=b"x = 2\n") for path in ("pkg/a.py", "tests/test_a.py")]
    case = case_of("ruff check .", *failures, edits=edits)
    assert "all:permitted" in places(case)
    found = await propose(case, "all:permitted")
    assert isinstance(found, CandidatePatch)
    assert [edit.path for edit in found.edits] == ["pkg/a.py"]


async def test_a_file_that_no_longer_parses_is_not_proposed():
    """A tool that breaks a file has no candidate."""
    edit = FileEdit(path="pkg/a.py", content=b"def (:\n")
    found = await propose(case_of("ruff check .", LINT, edits=[edit]), "ruff-fix")
    assert isinstance(found, NoCandidate)


async def test_a_tool_that_changes_nothing_is_spent():
    """The same exact method is not run twice."""
    found = await propose(case_of("ruff check .", LINT), "ruff-fix")
    assert isinstance(found, NoCandidate)
    assert found.is_spent


async def test_a_hook_that_cannot_be_installed_is_named():
    """The reason names the hook, not only its repository."""
    output = (
        "[INFO] Initializing environment for https://example.org/hooks.\n"
        "[INFO] Installing environment for https://example.org/hooks.\n"
        "An unexpected error has occurred: CalledProcessError: command: pip install\n"
    )
    config = "repos:\n- repo: https://example.org/hooks\n  rev: v1\n  hooks:\n  - id: typos\n"
    failure = a_failure(tool="pre-commit", code="typos", file="pkg/a.py")
    case = case_of("pre-commit run -a", failure, files={**FILES, ".pre-commit-config.yaml": config}, output=output)
    found = await propose(case, "pre-commit")
    assert isinstance(found, NoCandidate)
    assert "the hook typos of https://example.org/hooks can't be installed" in found.reason


async def test_a_file_name_that_is_an_option_is_not_passed():
    """A log is hostile: a file called `--config=evil` is no file, nor is one outside."""
    failures = [a_failure(tool="ruff", code="F401", file=name) for name in ("--config=evil", "../x.py", "gone.py")]
    found = await propose(case_of("make lint", *failures), "ruff-fix")
    assert isinstance(found, NoCandidate)


async def test_what_no_parser_reads_is_mended_by_what_the_command_calls():
    """`autoflake --check` names files in a form of its own."""
    edit = FileEdit(path="pkg/a.py", content=b"")
    failure = a_failure(tool="log", file=None, message="pkg/a.py: Unused imports/variables detected")
    case = case_of("autoflake --check -r pkg", failure, edits=[edit], category=Category.UNKNOWN)
    assert "autoflake" in places(case)
    found = await propose(case, "autoflake")
    assert isinstance(found, CandidatePatch)
    assert ran(case) == ["autoflake --in-place -r pkg"]
