"""The searches propose what survived, say what they did not choose, and give up with a reason."""

from dataclasses import replace

import pytest

from builders import a_case, a_diagnosis, a_failure, a_suspect
from fakes import ScriptedEngine, ScriptedTrials
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate
from selfheal.fix.search.branch_strategy import BranchSearch
from selfheal.fix.search.candidates import applied, candidates_of
from selfheal.fix.search.strategy import OperatorSearch, PartialSearch, WiderSearch

CODE = "def f(a, b):\n    return a < b\n"


def _case(trials, code=CODE):
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=code.count("\n"))
    return a_case({"m.py": code}, suspects=(suspect,), trials=trials)


async def _proposed(strategy, case, sample=0):
    (target,) = strategy.targets(case)
    return await strategy.propose(case, target, sample=sample, tried=())


def _passing(*texts):
    return lambda text: "P" if any(one in text for one in texts) else "F"


async def test_the_edit_that_passes_is_proposed():
    """With what it does and how many others passed."""
    made = await _proposed(OperatorSearch(), _case(ScriptedTrials(CODE, _passing("a <= b"))))
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == b"def f(a, b):\n    return a <= b\n"
    assert made.disposition is Disposition.AUTO
    assert made.rationale.startswith("comparison: < becomes <= at line 2; ")


async def test_a_close_choice_is_a_persons():
    """Two edits pass and do otherwise on further inputs: the likelier is proposed, the other named."""
    trials = ScriptedTrials(CODE, _passing("a <= b", "a > b", "a >= b"), does=lambda text: (text, "same"))
    made = await _proposed(OperatorSearch(), _case(trials))
    assert isinstance(made, CandidatePatch)
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "not chosen: comparison: < becomes" in made.rationale


async def test_what_leaves_alone_that_which_was_right_is_searched_for_further():
    """The first that passes overturns what passing tests bear out: the last of some hundred, which does not, is heard
    of too, and preferred."""
    code = "def f(a, b, c):\n    d = a + b * c\n    e = d - a if b < c else b\n    return [d, e + 1][a:b]\n"
    case = _case(ScriptedTrials(code, _passing()), code)
    order = [applied(code, one.splices) for one in candidates_of(case, most=1500)]
    assert len(order) > 300
    early, late = order[0], order[-1]
    does = {code: ("+a", "+b", "?c"), early: ("+x", "+y", "?z"), late: ("+a", "+b", "?z")}
    trials = ScriptedTrials(code, lambda text: "P" if text in (early, late) else "F", does=lambda text: does[text])
    made = await _proposed(OperatorSearch(), _case(trials, code))
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == late.encode()


async def test_nothing_that_passes_is_said_and_spent():
    """A search that found nothing is not asked again."""
    made = await _proposed(OperatorSearch(), _case(ScriptedTrials(CODE, _passing("never"))))
    assert isinstance(made, NoCandidate)
    assert made.is_spent
    assert made.reason.startswith("0 of ")


class SlowTrials(ScriptedTrials):
    """Each trial takes a fifth of a second; what does not fit into the time is not tried, what was tried is known."""

    async def run(self, candidates, *, enough, seconds, text=600, patience=1.0):
        fitting, left_s = [], seconds
        for one in candidates:
            left_s -= 0.0 if self._made(one) in self.tried else 0.2
            if left_s < 0:
                break
            fitting.append(one)
        done = await super().run(fitting, enough=enough, seconds=seconds)
        slow = (one.model_copy(update={"cpu_s": 0.2}) for one in done)
        return (*slow, *[None] * (len(candidates) - len(fitting)))


async def test_a_search_that_ended_too_early_is_gone_on_with():
    """What it has found or seen to the end is not searched again."""
    code = "def f(a, b, c):\n    d = a + b * c\n    e = d - a if b < c else b\n    return [d, e + 1][a:b]\n"
    order = [
        applied(code, one.splices) for one in candidates_of(_case(ScriptedTrials(code, _passing()), code), most=150)
    ]
    case = _case(SlowTrials(code, _passing(order[140])), code)
    assert isinstance(await _proposed(OperatorSearch(), case), NoCandidate)
    made = await _proposed(WiderSearch(), case)
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == order[140].encode()
    for letters in (_passing(order[3]), _passing()):
        seen = await _proposed(WiderSearch(), _case(ScriptedTrials(code, letters), code))
        assert seen == NoCandidate("the shorter search has seen what there is", is_spent=True)
    assert WiderSearch().targets(_case(None)) == ()


async def test_the_longer_search_takes_further_suspects():
    """What calls everything is run by every test: nothing but its place speaks against it."""
    code = "def f(a, b):\n    return a + b\n\n\ndef g(a, b):\n    return f(a, b) < b\n"
    near = a_suspect(file="m.py", symbol="f", first_line=1, last_line=2, suspiciousness=0.9)
    far = a_suspect(file="m.py", symbol="g", first_line=5, last_line=6, suspiciousness=0.2)
    trials = SlowTrials(code, _passing("f(a, b) <= b"))
    asked = []

    def relocated(tests):
        asked.append(tests)
        return replace(case, suspects=(near, far))

    case = a_case({"m.py": code}, suspects=(near,), trials=trials, relocated=relocated)
    assert isinstance(await _proposed(OperatorSearch(), case), NoCandidate)
    made = await _proposed(WiderSearch(), case)
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == code.replace("< b", "<= b").encode()
    assert (await _proposed(WiderSearch(), case, sample=1)).is_spent
    assert asked == [None], "they are located once"


async def test_without_warm_tests_candidates_come_one_by_one():
    """Then the command decides."""
    first = await _proposed(OperatorSearch(), _case(None))
    second = await _proposed(OperatorSearch(), _case(None), sample=1)
    assert isinstance(first, CandidatePatch)
    assert isinstance(second, CandidatePatch)
    assert first.edits != second.edits
    assert BranchSearch().targets(_case(None)) == ()
    assert PartialSearch().targets(_case(None)) == ()


async def test_a_missing_branch_is_found_in_two_steps():
    """First what helps whatever the condition, then the condition that keeps the other tests."""
    code = "def f(n):\n    return f(n - 1) * n\n"

    def letters(text):
        return "P" if "if True:\n        return 1" in text or "if n == 0:\n        return 1" in text else "F"

    made = await _proposed(BranchSearch(), _case(ScriptedTrials(code, letters), code))
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content in (
        b"def f(n):\n    if n == 0:\n        return 1\n    return f(n - 1) * n\n",
        b"def f(n):\n    if True:\n        return 1\n    return f(n - 1) * n\n",
    )


async def test_what_a_handler_caught_is_raised_again():
    """Where the test waits for an error, rather that one than another of its name."""
    code = (
        "def f(g, n):\n    for k in range(n):\n        try:\n            return g(k)\n        except Exception:\n"
        "            k = 0\n"
    )
    test = "from m import f\n\ndef test_f():\n    with pytest.raises(OSError):\n        f(g, 2)\n"
    files = {"m.py": code, "t.py": test}
    trials = ScriptedTrials(code, lambda text: "P" if "raise" in text else "F")
    failure = a_failure(file="t.py", line=5, message="DID NOT RAISE OSError", test_id="t.py::test_f")
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=6)
    case = a_case(files, suspects=(suspect,), trials=trials, diagnosis=a_diagnosis(failure))
    made = await _proposed(BranchSearch(), case)
    assert isinstance(made, CandidatePatch)
    assert b":\n                raise\n" in (made.edits[0].content or b"")
    assert any("raise OSError" in text for text in trials.tried)


@pytest.mark.parametrize(
    ("code", "first", "mended"),
    [
        (
            "def f(a, b):\n    if len(a) > 1 and b:\n        return 1\n    return 2\n",
            "if True and b:",
            "if a == b and b:",
        ),
        (
            "def f(n):\n    for k in range(n):\n        try:\n            return f(k)\n        except ValueError:\n"
            "            k = 0\n",
            "if True:\n                raise\n",
            "if k == n:\n                raise\n",
        ),
        ("def f(a, b):\n    if a > 1:\n        return 1\n    return 2\n", "if True:", "if a > 1 or b == 0:"),
        ("def f(a, b):\n    if a or b:\n        return 1\n    return 2\n", "if False:", "if (a or b) and b < 0:"),
        ("def f(low, high):\n    last = low\n    return last\n", "last = high", "last = high if not low else low"),
        (
            "def f(a):\n    b = []\n    def g(c):\n        b.append(c)\n    for d in a:\n        g(d)\n    return b\n",
            "if True:\n            return []\n        b.append",
            "if c in b:\n            return []\n        b.append",
        ),
        (
            "def f(a):\n    if not a:\n        return a\n    return a + 's'\n\n\nODD: set[str] = {'sheep', 'fish'}\n",
            "if True:",
            "if not a or a.lower() in ODD:",
        ),
    ],
)
async def test_other_conditions_values_and_names_from_around_are_found(code, first, mended):
    """Another condition or one more, `raise` in a handler, a value under a condition, a name or a list from around."""
    trials = ScriptedTrials(code, _passing(first, mended))
    name = "g" if "def g" in code else "f"
    at = code[: code.index(f"def {name}")].count("\n") + 1
    suspect = a_suspect(file="m.py", symbol=name, first_line=at, last_line=at + 1 if name == "g" else code.count("\n"))
    case = a_case({"m.py": code}, suspects=(suspect,), trials=trials)
    made = [await _proposed(BranchSearch(), case, sample=sample) for sample in range(3)]
    texts = [(one.edits[0].content or b"").decode() for one in made if isinstance(one, CandidatePatch)]
    assert texts
    assert all(first in text or mended in text for text in texts)
    tried = "\n".join(trials.tried)
    assert mended in tried


@pytest.mark.parametrize(
    ("passing", "sample", "is_proposed"),
    [("PPFFF", 0, False), ("PPFFF", 1, True), ("PPPPF", 0, True), ("FFFFF", 0, False), ("FFFFF", 1, False)],
)
async def test_a_part_of_the_failing_tests_makes_a_new_base(passing, sample, is_proposed):
    """An edit that mends most of them is proposed early, one that mends two of five late, one that mends none never."""
    trials = ScriptedTrials(
        CODE, lambda text: passing if "a <= b" in text else "FFFFF", failing=tuple(f"t::{n}" for n in range(5))
    )
    made = await _proposed(PartialSearch(), _case(trials), sample=sample)
    assert isinstance(made, CandidatePatch) is is_proposed
    # Whatever mends the rest, a person looks at it: the tests bear out a part less than a whole.
    assert not isinstance(made, CandidatePatch) or made.disposition is Disposition.NEEDS_HUMAN


async def test_of_edits_that_mend_as_much_the_model_finds_one_likelier():
    """They do different things: which of them is meant the tests can't tell."""
    engine = ScriptedEngine(["nothing"], likely=lambda text: -1.0 if "a >= b" in text else -30.0)
    trials = ScriptedTrials(
        CODE,
        lambda text: "PPPPF" if "<=" in text or ">=" in text else "FFFFF",
        failing=tuple(f"t::{n}" for n in range(5)),
        does=lambda text: (text, "same"),
    )
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=2)
    case = a_case({"m.py": CODE}, engine, suspects=(suspect,), trials=trials)
    made = await _proposed(PartialSearch(), case)
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == CODE.replace("<", ">=").encode()
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "not chosen: comparison: < becomes <=" in made.rationale


async def test_the_rest_of_the_line_is_tried_before_a_part_is_taken():
    """The right edit may be one that the search had not come to; where it mends as much the model tells them apart."""
    code = "def f(a, b, c):\n    d = a + b * c\n    e = d - a if b < c else b\n    return [d, e + 1][a:b]\n"
    found = candidates_of(_case(ScriptedTrials(code, _passing()), code), most=1500)
    known = next(one for one in found[:60] if one.line == 3)
    late = [one for one in found[60:] if one.line == 3][9]
    wrong, right = (applied(code, one.splices) for one in (known, late))
    engine = ScriptedEngine(["nothing"], likely=lambda text: -1.0 if right.splitlines()[2] in text else -30.0)
    trials = SlowTrials(
        code,
        lambda text: "PPPPF" if text in (wrong, right) else "FFFFF",
        failing=tuple(f"t::{n}" for n in range(5)),
        does=lambda text: (text, "same"),
    )
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=4)
    case = a_case({"m.py": code}, engine, suspects=(suspect,), trials=trials)
    await trials.run([one.splices for one in found[:60]], enough=1 << 30, seconds=60.0)
    assert right not in trials.tried
    made = await _proposed(PartialSearch(), case)
    assert isinstance(made, CandidatePatch)
    assert right in trials.tried
    assert made.edits[0].content == right.encode()


def test_a_part_of_few_tests_makes_none():
    """An edit that mends one of two tests does so by chance as often as not."""
    assert PartialSearch().targets(_case(ScriptedTrials(CODE, lambda _: "PF", failing=("t::a", "t::b")))) == ()


async def test_a_list_that_holds_a_word_of_the_failure_is_asked_about_first():
    """Of several lists, and of some hundred conditions."""
    lists = "".join(f"L{n} = {{'word_{n}': {n}}}\n" for n in range(9))
    code = f"{lists}\n\ndef f(a, b):\n    return a + b\n"
    failure = a_failure(message="AssertionError: assert 'word_7s' == 'word_7'", file="t.py", line=3)
    trials = ScriptedTrials(code, lambda text: "P" if "if True:\n        return a\n" in text else "F")
    suspect = a_suspect(file="m.py", symbol="f", first_line=12, last_line=13)
    case = a_case({"m.py": code}, suspects=(suspect,), trials=trials, diagnosis=a_diagnosis(failure))
    await _proposed(BranchSearch(), case)
    asked = [text.partition("if ")[2].partition(":")[0] for text in trials.tried if "if True" not in text]
    assert asked.index("a in L7") < asked.index("not a")
    assert "a.lower() in L7" in asked
    assert asked.index("a in L0") > asked.index("not a")
