"""What a diagnosis promises, whatever the log holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from selfheal.contract.diagnosis import Category
from selfheal.logs import count_tests, diagnose
from selfheal.logs.redaction import Redactor

FRAGMENTS = (
    "Traceback (most recent call last):",
    '  File "/repo/a.py", line 3, in f',
    '  File "a.py", line 2',
    "    x = 1",
    "    ^",
    "ValueError: x",
    "During handling of the above exception, another exception occurred:",
    "  + Exception Group Traceback (most recent call last):",
    "  +-+---------------- 1 ----------------",
    "    | ValueError: x",
    "=================================== FAILURES ===================================",
    "==================================== ERRORS ====================================",
    "_________________________________ test_a ___________________________________",
    "_ _ _ _ _ _ _ _ _ _",
    ">       assert a",
    "E       assert 1 == 2",
    'E     File "a.py", line 1',
    "tests/test_a.py:3: AssertionError",
    "/repo/mod.py:4: DocTestFailure",
    "=========================== short test summary info ============================",
    "FAILED tests/test_a.py::test_a[x - y] - assert 1",
    "1 failed in 0.1s",
    "INTERNALERROR> boom",
    "+++++++++ Timeout +++++++++",
    "======================================================================",
    "----------------------------------------------------------------------",
    "FAIL: test_a (m.T.test_a)",
    "a.py:1:2: error: no  [arg-type]",
    "a.py:1: note: b",
    "a.py:1:1: F401 x",
    "Found 1 error.",
    "[",
    "]",
    '{"cell":null,',
    '{"file": 1}',
    " --> a.py:1:1",
    "--- a.py",
    "+++ a.py",
    "bash: line 1: x: command not found",
    "Fatal Python error: Aborted",
    "No space left on device",
    "",
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=30))).map("\n".join)))
def test_never_raises(output: str) -> None:
    """Garbage, and shreds of every tool's output in any order, give a diagnosis."""
    diagnosis = diagnose(output, exit_code=1, root="/repo", known_files=frozenset({"a.py"}))

    assert diagnosis.summary
    diagnosis.model_dump_json()
    count_tests(output)
    Redactor(("hunter2hunter2",)).redact(output)


def test_lone_surrogates_can_be_written() -> None:
    """Output decoded with surrogate escapes still becomes valid JSON."""
    diagnose("E \ud800\nValueError: \udcff", exit_code=1).model_dump_json()


def test_one_endless_line_is_no_trouble() -> None:
    """A line of many megabytes is cut before any pattern sees it."""
    for unit in ("a", "[", " ", "a.py:1:", "Traceback ", "\x1b[", "=", "_ ", "\r", "E   "):
        diagnose(unit * (3_000_000 // len(unit)), exit_code=1)


def test_binary_is_no_trouble() -> None:
    """Bytes of an executable, decoded with replacement."""
    diagnose(bytes(range(256)).decode("utf-8", "replace") * 2_000, exit_code=1)


def test_success_is_no_failure() -> None:
    """Exit status 0 without failed tests is not diagnosed away from."""
    diagnosis = diagnose("error: something\nall fine\n", exit_code=0)

    assert diagnosis.failures == ()
    assert "succeeded" in diagnosis.summary


def test_unknown_output_says_that_it_is_a_guess() -> None:
    """No parser, no claim: the last line, low confidence, and the reason."""
    diagnosis = diagnose("compiling\nwidget exploded\n", exit_code=3)

    assert diagnosis.category is Category.UNKNOWN
    assert diagnosis.confidence < 0.5
    assert "widget exploded" in diagnosis.summary
    assert "3" in diagnosis.summary


def test_code_failure_outranks_an_outage() -> None:
    """A lint finding keeps the run repairable though the log complains of the network."""
    log = "curl: (6) Could not resolve host: cdn.test\na.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.\n"

    assert diagnose(log, exit_code=1).category is Category.LINT


def test_failed_tests_of_an_unknown_runner_are_never_an_outage() -> None:
    """An outage in the output of failing tests may be what they test."""
    log = "  ✗ retries\n  HTTP Error 503: Service Unavailable\n  3 failing\n"

    assert diagnose(log, exit_code=1).category is Category.UNKNOWN


def test_download_that_recovered_explains_nothing() -> None:
    """A warning of pip before a successful installation is not why a later command failed."""
    log = (
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError(...)': /simple/x\n"
        "Successfully installed x-1.0\nwidget exploded\n"
    )

    assert diagnose(log, exit_code=1).category is Category.UNKNOWN


def test_test_that_unsets_a_variable_itself_is_a_test() -> None:
    """A KeyError on os.environ in a test that plays with the environment is the code's fault."""
    log = """\
=================================== FAILURES ===================================
_________________________________ test_default _________________________________

monkeypatch = <_pytest.monkeypatch.MonkeyPatch object at 0x7f>

    def test_default(monkeypatch):
        monkeypatch.delenv("PORT", raising=False)
>       assert port() == 80

test_a.py:5:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
a.py:3: in port
    return os.environ["PORT"]
<frozen os>:679: in __getitem__
    ???
E   KeyError: 'PORT'
=========================== short test summary info ============================
FAILED test_a.py::test_default - KeyError: 'PORT'
============================== 1 failed in 0.02s ===============================
"""

    diagnosis = diagnose(log, exit_code=1)

    assert diagnosis.category is Category.TEST
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("a.py", 3)


def test_frames_are_the_repositorys_first() -> None:
    """Frames of the repository, outermost first, then the libraries'."""
    log = """\
Traceback (most recent call last):
  File "/repo/main.py", line 9, in main
    load()
  File "/usr/lib/python3.11/json/decoder.py", line 5, in decode
    scan()
  File "/repo/hook.py", line 2, in hook
    return 1 / 0
ZeroDivisionError: division by zero
"""
    failure = diagnose(log, exit_code=1, root="/repo").failures[0]

    assert [frame.file for frame in failure.frames] == ["main.py", "hook.py", "/usr/lib/python3.11/json/decoder.py"]
    assert (failure.file, failure.line) == ("hook.py", 2)


def test_excerpt_begins_with_the_values() -> None:
    """The gist starts with the assertion and its values and holds the statement."""
    log = """\
=================================== FAILURES ===================================
____________________________________ test_a ____________________________________

    def test_a():
>       assert total() == 3
E       assert 4 == 3
E        +  where 4 = total()

test_a.py:2: AssertionError
"""
    excerpt = diagnose(log, exit_code=1).failures[0].excerpt

    assert excerpt.startswith("E assert 4 == 3\nE  +  where 4 = total()")
    assert "> assert total() == 3" in excerpt


def test_repeats_of_one_cause_come_after_other_causes() -> None:
    """Two tests that crash at one place are one cause; another place comes before the second of them."""
    block = "_____________ {0} _____________\n{1}:{2}: in f\n    x\nE   ValueError: no\n"
    log = "=============== FAILURES ===============\n" + "".join(
        block.format(*entry) for entry in (("test_a", "a.py", 1), ("test_b", "a.py", 1), ("test_c", "c.py", 4))
    )

    failures = diagnose(log, exit_code=1).failures

    assert [failure.file for failure in failures] == ["a.py", "c.py", "a.py"]


def test_summary_tells_the_values_rather_than_the_matcher() -> None:
    """A matcher's own name tells a reader nothing."""
    log = (
        "FAIL ./index.test.js\n  ● prices › adds up\n\n    expect(received).toBe(expected) // Object.is equality\n\n"
        "    Expected: 60000\n    Received: 1000\n\n      at Object.toBe (index.test.js:5:22)\n\n"
        "Tests:       1 failed, 1 total\n"
    )

    assert "Expected: 60000, Received: 1000" in diagnose(log, exit_code=1).summary
