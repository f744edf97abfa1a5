"""The trials are what they claim to be, and who tries them is judged by tests that they never saw."""

import asyncio
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest

from fakes import ScriptedEngine
from planting.storage import Storage
from trials import outsiders
from trials.contestants import Outcome
from trials.entering import contestants
from trials.naive import Naive, Place, laid_like, place_of
from trials.records import Book
from trials.running import Runner
from trials.scores import lines, scores
from trials.small_set import SetError, small_trials, with_bug
from trials.trial import Trial, spread, write
from trials.verdict import judge

ALARM = """
import signal

import pytest


@pytest.fixture(autouse=True)
def _ends():
    signal.alarm(20)
    yield
    signal.alarm(0)


def pytest_configure(config):
    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
"""
GOOD = "def add(a, b):\n    return a + b\n"
BAD = "def add(a, b):\n    return a - b\n"
NARROW = "def add(a, b):\n    return 3\n"
VISIBLE = "from adding import add\n\ndef test_one():\n    assert add(1, 2) == 3\n"
HIDDEN = "from adding import add\n\ndef test_other():\n    assert add(5, 5) == 10\n"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """The tools of the environment that the tests run in."""
    return Storage(tmp_path / "cache", programs=Path(sys.executable).parent)


@pytest.fixture
def trial() -> Trial:
    """An addition that subtracts."""
    command = "python -m pytest -q -p no:cacheprovider"
    return Trial(
        group="small",
        name="adding",
        kind="wrong operator",
        command=command,
        check=command,
        broken=(("adding.py", BAD), ("test_adding.py", VISIBLE)),
        hidden=(("test_hidden.py", HIDDEN),),
        original=(("adding.py", GOOD),),
    )


class Says:
    """A contestant that writes what it is told to, and counts how often it is asked."""

    name = "says"
    stamp = "1"

    def __init__(self, **files: str) -> None:
        self.files = tuple((f"{name}.py", text) for name, text in files.items())
        self.times = 0

    def repair(self, trial: Trial, tree: Path, scratch: Path, storage: Storage) -> Outcome:
        self.times += 1
        write(tree, self.files)
        return Outcome(True, "healed", 1, 10, 5)


def failed_files(root: Path) -> set[str]:
    """The test files, with their folder, in which something fails."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--tb=no",
        "-rfE",
        "--rootdir",
        root,
        root,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    return set(re.findall(r"^(?:FAILED|ERROR) (?:\S*/)?([\w-]+/test_\w+\.py)", ran.stdout, re.M))


def test_every_small_trial_tells_its_bug_from_the_original(tmp_path: Path):
    """Visible and hidden tests both fail on the bug and pass without it; a bug that never ends fails too."""
    every = small_trials()
    for state in ("broken", "original"):
        for trial in every:
            tree = tmp_path / state / trial.name
            if state == "broken":
                trial.lay_out(tree)
            else:
                trial.lay_out_original(tree)
            write(tree, trial.hidden)
        (tmp_path / state / "conftest.py").write_text(ALARM)
    assert failed_files(tmp_path / "original") == set()
    tests = {
        f"{one.name}/{name}" for one in every for name, _ in (*one.broken, *one.hidden) if name.startswith("test_")
    }
    assert tests - failed_files(tmp_path / "broken") == set()


def test_there_are_enough_small_trials():
    """Sixty and more, each with a name and a module of its own, of many kinds."""
    every = small_trials()
    assert len(every) >= 60
    assert len({one.name for one in every}) == len({one.broken[0][0] for one in every}) == len(every)
    assert len({one.kind for one in every}) >= 15


def test_a_bug_whose_place_is_not_clear_is_refused():
    """A text that stands twice would plant two."""
    with pytest.raises(SetError, match="stands 2 times"):
        with_bug("a\na\n", [["a", "b"]], name="x")


@pytest.mark.parametrize(
    ("files", "is_plausible", "is_correct"),
    [({"adding": GOOD}, True, True), ({"adding": NARROW}, True, False), ({"adding": BAD}, False, False)],
    ids=["right", "overfits", "still fails"],
)
def test_hidden_tests_decide(trial: Trial, storage: Storage, tmp_path: Path, files, is_plausible, is_correct):
    """What fools the visible tests is plausible and not correct."""
    tree = tmp_path / "tree"
    trial.lay_out(tree)
    Says(**files).repair(trial, tree, tmp_path, storage)
    verdict = judge(trial, tree, tmp_path, storage)
    assert (verdict.is_plausible, verdict.is_correct) == (is_plausible, is_correct)


def test_a_changed_test_is_put_back(trial: Trial, storage: Storage, tmp_path: Path):
    """Who bends the test has healed nothing."""
    tree = tmp_path / "tree"
    trial.lay_out(tree)
    write(tree, (("test_adding.py", "def test_one():\n    assert True\n"),))
    assert not judge(trial, tree, tmp_path, storage).is_plausible


def test_an_interrupted_run_goes_on(trial: Trial, storage: Storage, tmp_path: Path):
    """What the book holds is not tried again; a line that was cut off is."""
    book = Book(tmp_path / "book.jsonl")
    says = Says(adding=GOOD)
    for _ in range(2):
        (record,) = Runner(book, engine="none", storages={trial.id: storage}).run_all([trial], [says])
        assert record.is_right
    assert says.times == 1
    book.path.write_text(book.path.read_text()[:-40])
    Runner(book, engine="none", storages={trial.id: storage}).run_all([trial], [says])
    assert says.times == 2


def test_after_its_time_no_trial_is_begun(trial: Trial, storage: Storage, tmp_path: Path):
    """What the book holds already is not asked for either: the table says how many it counts."""
    says = Says(adding=GOOD)
    runner = Runner(Book(tmp_path / "book.jsonl"), engine="none", storages={trial.id: storage})
    assert runner.run_all([trial], [says], seconds=0) == []
    assert says.times == 0


def test_the_naive_loop_stops_at_the_first_answer_that_passes(trial: Trial, storage: Storage, tmp_path: Path):
    """A wrong answer, then a right one: two calls, and the tokens of both."""
    engine = ScriptedEngine([f"```python\n{BAD}```", f"Here it is:\n```python\n{GOOD}```"])
    loop = asyncio.new_event_loop()
    trial.lay_out(tmp_path / "tree")
    outcome = Naive(engine, loop).repair(trial, tmp_path / "tree", tmp_path, storage)
    loop.close()
    assert outcome.is_claimed
    assert outcome.calls == 2
    assert (tmp_path / "tree" / "adding.py").read_text() == GOOD
    assert "return a - b" in engine.requests[0].user
    assert "assert -1 == 3" in engine.requests[0].user


def test_the_naive_loop_asks_four_times_at_most(trial: Trial, storage: Storage, tmp_path: Path):
    """Then it gives up and claims nothing."""
    engine = ScriptedEngine(["no idea"])
    loop = asyncio.new_event_loop()
    trial.lay_out(tmp_path / "tree")
    outcome = Naive(engine, loop).repair(trial, tmp_path / "tree", tmp_path, storage)
    loop.close()
    assert not outcome.is_claimed
    assert len(engine.requests) == 4


def test_the_naive_loop_shows_the_last_place_outside_the_tests(tmp_path: Path):
    """A frame of the program, else the module that the test speaks of."""
    write(
        tmp_path, (("shop/cart.py", "x = 1\n"), ("shop/till.py", "y = 2\n"), ("tests/test_a.py", "import shop.till\n"))
    )
    assert place_of(tmp_path, "tests/test_a.py:3: in test\nshop/cart.py:1: KeyError") == Place("shop/cart.py", 1)
    assert place_of(tmp_path, "tests/test_a.py:3: AssertionError") == Place("shop/till.py", 0)


def test_a_long_file_is_shown_in_part():
    """The function around the line; it comes back with its indentation."""
    text = "class A:\n    def f(self):\n        return 1\n" + "# filler\n" * 1000
    assert Place("a.py", 3).span(text) == (1, 3)
    assert laid_like("    def f(self):\n", "def f(self):\n    return 2\n") == "    def f(self):\n        return 2\n"


def test_the_table_counts_what_is_right(trial: Trial, storage: Storage, tmp_path: Path):
    """One right, one that overfits: half of what is plausible is not correct."""
    runner = Runner(Book(tmp_path / "book.jsonl"), engine="none", storages={trial.id: storage}, is_fresh=True)
    records = [runner.run(trial, Says(adding=text)) for text in (GOOD, NARROW)]
    (score,) = scores(records)
    assert (score.cases, score.plausible, score.correct, score.overfit, score.tokens) == (2, 2, 1, 0.5, 30)
    assert "50.0%" in "\n".join(lines([score]))


def test_a_sample_is_spread():
    """Over the whole set, not its beginning."""
    every = small_trials()
    assert len(spread(every, 6)) == 6
    assert spread(every, 2)[1] == every[len(every) // 2]
    assert spread(every, 0) == spread(every, 999) == every


def test_a_run_from_end_to_end_with_a_model_that_knows_the_answer(storage: Storage, tmp_path: Path):
    """selfheal and the naive loop on one trial, over a server that recites the original."""
    from contextlib import ExitStack

    trial = next(one for one in small_trials() if one.name == "power-negative")
    with ExitStack() as stack:
        entered = contestants("scripted", "naive", (trial,), keep=None, stack=stack)
        runner = Runner(Book(tmp_path / "book.jsonl"), engine="scripted", storages={trial.id: storage})
        records = runner.run_all([trial], entered)
    assert [record.contestant for record in records] == ["selfheal", "naive"]
    assert all(record.is_right for record in records), [record.said for record in records]
    assert records[1].calls, "what selfheal finds by search asks no model; the naive loop always does"


def test_an_outsider_is_judged_by_its_tree_and_pays_for_what_it_asks(
    tmp_path: Path, trial: Trial, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that asks the relay by HTTP and writes what it is told; the tokens are the engine's own count."""
    program = tmp_path / "program.py"
    program.write_text(
        "import json, os, sys, urllib.request\n"
        "body = {'messages': [{'role': 'system', 'content': 's'}, {'role': 'user', 'content': [{'text': 'u'}]}]}\n"
        "url = os.environ['OPENAI_API_BASE'] + '/chat/completions'\n"
        "asked = urllib.request.Request(url, json.dumps(body).encode(), {'Content-Type': 'application/json'})\n"
        "answer = json.load(urllib.request.urlopen(asked))['choices'][0]['message']['content']\n"
        "open(sys.argv[1], 'w').write(answer)\n"
    )
    monkeypatch.setattr(outsiders, "program_of", lambda name, storage: program)
    engine = ScriptedEngine([GOOD])
    with ExitStack() as stack:
        loop = asyncio.new_event_loop()
        stack.callback(loop.close)
        thread = Thread(target=loop.run_forever)
        thread.start()
        stack.callback(thread.join)
        stack.callback(lambda: loop.call_soon_threadsafe(loop.stop))
        relay, url = stack.enter_context(outsiders.relayed(engine, loop))
        words = lambda program, trial, file, output: [sys.executable, str(program), file]  # noqa: E731
        outsider = outsiders.Outsider("made-up", relay, url, words)
        tree, scratch = tmp_path / "tree", tmp_path / "scratch"
        trial.lay_out(tree)
        scratch.mkdir()
        outcome = outsider.repair(trial, tree, scratch, storage)
    assert outcome.is_claimed
    assert outcome.calls == len(engine.requests) == 1
    assert (engine.requests[0].system, engine.requests[0].user) == ("s", "u")
    assert outcome.prompt_tokens == relay.prompt_tokens
