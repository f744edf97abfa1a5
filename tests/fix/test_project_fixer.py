"""The project's own fixers are called as its own command calls them."""

from builders import a_case, a_diagnosis, a_failure
from fakes import FakeTransformer
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.fix.interface import NoCandidate
from selfheal.fix.project_fixer import FIXERS, ProjectFixer, fix_command

LINT = a_failure(tool="ruff", code="F401", file="pkg/a.py", message="`os` imported but unused")


def fixer(name: str):
    return next(f for f in FIXERS if f.name == name)


def test_the_users_own_call_is_turned_to_rewriting():
    """Paths and options stay; what only looks goes."""
    command = "ruff check --output-format=github --config x.toml src && ruff format --check --diff src"
    assert fix_command(fixer("ruff-fix"), command, (LINT,)) == "ruff check --fix-only --config x.toml src"
    assert fix_command(fixer("ruff-format"), command, (LINT,)) == "ruff format src"


def test_black_and_isort_drop_their_check_flags():
    """`--check` and `--check-only` would keep them from writing."""
    assert fix_command(fixer("black"), "python -m black --check .", ()) == "python -m black ."
    assert fix_command(fixer("isort"), "isort --check-only --diff .", ()) == "isort ."


def test_a_tool_behind_another_command_mends_the_failing_files_only():
    """With `make lint` the call is not known; the files that failed are."""
    failure = a_failure(tool="ruff", file="pkg/a b.py")
    assert fix_command(fixer("ruff-fix"), "make lint", (failure,)) == "ruff check --fix-only -- 'pkg/a b.py'"


def test_a_file_name_that_is_an_option_is_not_passed():
    """A log is hostile: a file called `--config=evil` is no file."""
    failure = a_failure(tool="ruff", file="--config=evil")
    assert fix_command(fixer("ruff-fix"), "make lint", (failure,)) is None


def test_only_tools_that_reported_something_are_targets():
    """A test failure does not start the formatter."""
    lint = a_case({}, diagnosis=a_diagnosis(LINT, category=Category.LINT))
    assert [t.place for t in ProjectFixer().targets(lint)] == ["ruff-fix", "ruff-unsafe-fix"]
    assert ProjectFixer().targets(a_case({})) == ()


def test_a_formatters_finding_is_the_formatters():
    """`ruff format --check` and `ruff check` report as one tool, and are mended by two."""
    failure = a_failure(tool="ruff", code="unformatted", file="pkg/a.py", message="the file is not formatted")
    case = a_case({}, diagnosis=a_diagnosis(failure, category=Category.FORMAT))
    assert [t.place for t in ProjectFixer().targets(case)] == ["ruff-format"]


async def test_what_the_tool_rewrote_becomes_the_candidate():
    """The edits are the tool's, the strategy names it."""
    edit = FileEdit(path="pkg/a.py", content=b"")
    transformer = FakeTransformer(lambda command: (edit,))
    case = a_case(
        {}, command="ruff check .", diagnosis=a_diagnosis(LINT, category=Category.LINT), transformer=transformer
    )
    safe, unsafe = ProjectFixer().targets(case)
    candidate = await ProjectFixer().propose(case, safe, sample=0, tried=())
    assert isinstance(candidate, CandidatePatch)
    assert (candidate.strategy, candidate.edits) == ("project_fixer:ruff-fix", (edit,))
    assert candidate.disposition is Disposition.AUTO
    candidate = await ProjectFixer().propose(case, unsafe, sample=0, tried=())
    assert isinstance(candidate, CandidatePatch)
    assert candidate.disposition is Disposition.NEEDS_HUMAN


async def test_a_tool_that_changes_nothing_is_spent():
    """The same exact method is not run twice."""
    case = a_case({}, command="ruff check .", diagnosis=a_diagnosis(LINT, category=Category.LINT))
    outcome = await ProjectFixer().propose(case, ProjectFixer().targets(case)[0], sample=0, tried=())
    assert isinstance(outcome, NoCandidate)
    assert outcome.is_spent
