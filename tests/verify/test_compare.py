"""What failed before and what fails after are told apart by what they are, not by where they stand now."""

from builders import a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category, Failure
from selfheal.verify.compare import compare, signature


def test_a_moved_line_is_the_same_failure():
    """An edit shifts every line below it; the failure is not a new one for that."""
    before = a_failure(tool="mypy", code="arg-type", line=10, message='line 10: argument 1 has type "int"')
    after = a_failure(tool="mypy", code="arg-type", line=14, message='line 14: argument 1 has type "int"')
    seen = compare(a_diagnosis(before), a_diagnosis(after))
    assert (seen.fixed, seen.remaining, seen.new) == (0, 1, 0)


def test_addresses_and_counts_do_not_matter():
    """`<object at 0x7f…>` differs from run to run."""
    one = a_failure(message="<Job object at 0x7f31> was left in 3 places")
    other = a_failure(message="<Job object at 0x7FA9> was left in 4 places")
    assert signature(one) == signature(other)


def test_a_test_is_named_by_its_id_whatever_it_says():
    """The same test with another message is the same failure, also when the crash moved to another file."""
    before = a_failure(test_id="tests/test_a.py::test_one", message="assert 1 == 2", file="a.py")
    after = a_failure(test_id="tests/test_a.py::test_one", message="KeyError: 'x'", file="b.py")
    seen = compare(a_diagnosis(before), a_diagnosis(after))
    assert (seen.fixed, seen.remaining, seen.new) == (0, 1, 0)


def test_the_same_finding_in_another_file_is_another_failure():
    """Findings without a test are told apart by their file."""
    seen = compare(a_diagnosis(a_failure(file="a.py")), a_diagnosis(a_failure(file="b.py")))
    assert (seen.fixed, seen.new) == (1, 1)


def test_a_linters_findings_may_give_way_to_fewer():
    """`Optional[int]` becomes `int | None`, and the import of `Optional` is found unused."""
    old = [a_failure(tool="ruff", code=code, file="a.py") for code in ("UP045", "UP006")]
    unused = a_failure(tool="ruff", code="F401", file="a.py")
    assert compare(a_diagnosis(*old), a_diagnosis(unused)).is_traded
    assert not compare(a_diagnosis(old[0]), a_diagnosis(unused)).is_traded


def test_nothing_is_traded_for_an_error_or_for_another_file():
    """A name that is no longer defined is no matter of style, and a test is none of a linter's."""
    old = [a_failure(tool="ruff", code=code, file="a.py") for code in ("UP045", "UP006")]
    undefined = a_failure(tool="ruff", code="F821", file="a.py")
    elsewhere = a_failure(tool="ruff", code="F401", file="b.py")
    typed = a_failure(tool="mypy", code="arg-type", file="a.py")
    for new in (undefined, elsewhere, typed):
        assert not compare(a_diagnosis(*old), a_diagnosis(new)).is_traded


def test_equal_findings_are_counted():
    """Two of three equal findings gone is progress, and a fourth is a new one."""
    three, one, four = ([a_failure()] * n for n in (3, 1, 4))
    fewer = compare(a_diagnosis(*three), a_diagnosis(*one))
    more = compare(a_diagnosis(*three), a_diagnosis(*four))
    assert (fewer.fixed, fewer.remaining, fewer.new) == (2, 1, 0)
    assert (more.fixed, more.remaining, more.new) == (0, 3, 1)


def test_a_tool_that_only_now_speaks_is_another_stage():
    """`ruff && mypy`: what mypy finds once ruff is content was hidden, not caused."""
    seen = compare(a_diagnosis(a_failure(tool="ruff", code="F401")), a_diagnosis(a_failure(tool="mypy", code="attr")))
    assert (seen.fixed, seen.new, seen.new_from_other_stages) == (1, 1, 1)


def test_formatting_is_a_stage_of_its_own():
    """`ruff check && ruff format --check` are two stages of one tool."""
    lint, layout = a_failure(tool="ruff", code="F401"), a_failure(tool="ruff", code="unformatted")
    assert compare(a_diagnosis(lint), a_diagnosis(layout)).new_from_other_stages == 1


def test_a_file_that_no_longer_loads_blocks():
    """A collection error hides every test of that file."""
    uncollected = a_failure(test_id="tests/test_a.py", message="ImportError")
    before = a_failure(test_id="tests/test_a.py::test_one")
    assert compare(a_diagnosis(before), a_diagnosis(uncollected)).is_blocked
    assert not compare(a_diagnosis(uncollected), a_diagnosis(uncollected)).is_blocked


def test_a_syntax_error_blocks_unless_it_was_there_before():
    """A patch that does not parse is no progress, however few failures are left."""
    broken = a_diagnosis(a_failure(tool="python", message="SyntaxError"), category=Category.SYNTAX)
    assert compare(a_diagnosis(), broken).is_blocked
    assert not compare(broken, broken).is_blocked


def test_nothing_left_is_all_fixed():
    """An empty diagnosis after a full one."""
    empty = a_diagnosis().model_copy(update={"failures": ()})
    seen = compare(a_diagnosis(a_failure(), a_failure(file="b.py")), empty)
    assert (seen.fixed, seen.remaining, seen.new, seen.is_blocked) == (2, 0, 0, False)


def _unparsed(file: str, line: int = 3) -> Failure:
    return a_failure(
        tool="pytest",
        test_id="tests/test_a.py",
        code="SyntaxError",
        file=file,
        line=line,
        message="SyntaxError: '(' was",
    )


def test_the_next_module_that_does_not_parse_was_broken_before():
    """Python stops at the first: with that one mended, the error in a file that nobody touched comes up."""
    before = a_diagnosis(_unparsed("a.py"), category=Category.SYNTAX)
    after = a_diagnosis(_unparsed("b.py"), category=Category.SYNTAX)

    seen = compare(before, after, touched=frozenset({"a.py"}))

    assert (seen.fixed, seen.remaining, seen.new, seen.is_blocked) == (1, 1, 0, False)


def test_a_module_that_the_candidate_breaks_is_no_progress():
    """The new error lies in what was touched."""
    before = a_diagnosis(_unparsed("a.py"), category=Category.SYNTAX)
    after = a_diagnosis(_unparsed("b.py"), category=Category.SYNTAX)

    assert compare(before, after, touched=frozenset({"a.py", "b.py"})).new == 1


def test_what_a_tool_finds_once_it_can_read_its_configuration_is_not_the_repairs_doing():
    """Only the tool that was stopped is excused, and only for files that were left alone."""
    before = a_diagnosis(a_failure(tool="ruff", code="config", file="ruff.toml"), category=Category.CONFIG)
    after = a_diagnosis(
        a_failure(tool="ruff", code="F401", file="a.py"), a_failure(tool="mypy", code="misc", file="a.py")
    )

    assert compare(before, after, touched=frozenset({"ruff.toml"})).new == 1
    assert compare(before, after, touched=frozenset({"ruff.toml", "a.py"})).new == 2
