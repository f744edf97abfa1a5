"""Where edits pass that do different things the model is heard, which saw none of them."""

import pytest

from builders import a_case, a_suspect
from fakes import ScriptedEngine, ScriptedTrials
from selfheal.contract.engine import Given
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.trials import Ended, Splice, Trial
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.choosing import Choice, Survivor
from selfheal.fix.search.likelihood import log_odds
from selfheal.fix.search.proposing import choice_of
from selfheal.fix.search.second_opinion import likeliest, with_second_opinion
from selfheal.fix.search.strategy import OperatorSearch

CODE = "def f(a, b):\n    return a < b\n"


def survivor(operator: str, *, score: float = 1.0) -> Survivor:
    candidate = Candidate((), operator, suspect=0, line=2, score=score, old="", new="")
    return Survivor(candidate, Trial(ended=Ended.RAN, tests="P"))


def answer(line: str) -> str:
    return f"```python\ndef f(a, b):\n    {line}\n```"


async def proposed(engine: ScriptedEngine, *passing: str, behaves=lambda text: (text.partition("return")[2], "same")):
    trials = ScriptedTrials(CODE, lambda text: "P" if any(one in text for one in passing) else "F", does=behaves)
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=2)
    case = a_case({"m.py": CODE}, engine, suspects=(suspect,), trials=trials)
    (target,) = OperatorSearch().targets(case)
    made = await OperatorSearch().propose(case, target, sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    return made


async def test_the_edit_that_the_model_arrives_at_too_is_taken() -> None:
    """Although another one looks likelier; and nobody has to decide any more."""
    made = await proposed(ScriptedEngine([answer("return a >= b")]), "a <= b", "a >= b")
    assert b"a >= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.AUTO
    assert "the model, which saw none of them" in made.rationale
    assert "not chosen: comparison: < becomes <=" in made.rationale


async def test_a_third_way_that_passes_is_a_persons_choice() -> None:
    """A common edit stays first and the model's is named as the rival."""
    made = await proposed(ScriptedEngine([answer("return a + b == 7")]), "a <= b", "a >= b", "a + b == 7")
    assert b"a <= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "not chosen: the model's version" in made.rationale


async def test_against_an_edit_that_may_pass_by_chance_the_models_way_comes_first() -> None:
    """And the search's is named as the rival."""
    made = await proposed(ScriptedEngine([answer("return a + b == 7")]), "< min(", "< max(", "a + b == 7")
    assert b"a + b == 7" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "not chosen: missing limit" in made.rationale


async def test_a_model_that_has_no_answer_changes_nothing() -> None:
    """What fails the tests, is no code, or says what the code says already."""
    for text in (answer("return b"), "I don't know", answer("return a < b")):
        made = await proposed(ScriptedEngine([text]), "a <= b", "a >= b")
        assert b"a <= b" in (made.edits[0].content or b"")
        assert "model" not in made.rationale


async def test_what_may_pass_by_chance_and_nothing_else_speaks_for_is_a_persons_choice() -> None:
    """Alone among all edits, and of a kind that makes much of a place: the model's silence is no consent."""
    made = await proposed(ScriptedEngine(["I don't know"]), "< min(", behaves=lambda text: ("same",))
    assert b"< min(" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "nothing but the tests speaks for it" in made.rationale


async def test_without_the_models_say_a_common_edit_comes_before_one_that_may_pass_by_chance() -> None:
    """They come near each other, and nothing tells them apart but their kinds; a person decides."""
    trials = ScriptedTrials(CODE, lambda _: "P")
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=2)
    case = a_case({"m.py": CODE}, ScriptedEngine(["I don't know"]), suspects=(suspect,), trials=trials)
    loose, common = survivor("missing limit"), survivor("comparison")
    choice = await with_second_opinion(case, trials, Choice((loose, common), is_doubtful=True, rival=common))
    assert choice.order == (common, loose)
    assert (choice.rival, choice.is_doubtful) == (loose, True)


@pytest.mark.parametrize(
    ("score", "failing", "is_asked"), [(1.0, 1, False), (0.15, 1, True), (0.15, 5, False), (0.05, 5, True)]
)
async def test_what_is_far_fetched_is_asked_about_whatever_its_kind(score, failing, is_asked) -> None:
    """A common kind of edit in a place that hardly anything speaks for, and sooner where few tests judge it."""
    engine = ScriptedEngine(["I don't know"])
    trials = ScriptedTrials(CODE, lambda _: "P", failing=tuple(f"t::{n}" for n in range(failing)))
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=2)
    case = a_case({"m.py": CODE}, engine, suspects=(suspect,), trials=trials)
    one = survivor("comparison", score=score)
    choice = await with_second_opinion(case, trials, Choice((one,), is_doubtful=False, rival=None))
    own = [one for one in engine.requests if one.forced is None]
    assert (bool(own), choice.is_doubtful) == (is_asked, is_asked)


async def test_where_one_common_edit_passes_nobody_is_asked() -> None:
    """Or where all that pass do the same: a question costs tokens."""
    engine = ScriptedEngine([answer("return a >= b")])
    await proposed(engine, "a <= b")
    await proposed(engine, "a <= b", "b >= a", behaves=lambda text: ("same",))
    assert engine.requests == []


async def test_the_model_is_heard_once() -> None:
    """What comes after a proposal that the command turned down is not asked about again."""
    engine = ScriptedEngine([answer("return a >= b")])
    trials = ScriptedTrials(
        CODE, lambda text: "P" if "a <= b" in text or "a >= b" in text else "F", does=lambda t: (t,)
    )
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=2)
    case = a_case({"m.py": CODE}, engine, suspects=(suspect,), trials=trials)
    (target,) = OperatorSearch().targets(case)
    for sample in range(3):
        await OperatorSearch().propose(case, target, sample=sample, tried=())
    assert len(engine.requests) == 1


def weighed(text: str) -> float:
    return -1.0 if "a >= b" in text else -30.0


async def test_a_model_that_has_no_answer_still_tells_which_edit_is_likelier() -> None:
    """It is asked about the function's own lines, with what stands before them begun; a person decides."""
    engine = ScriptedEngine(["I don't know"], likely=weighed)
    made = await proposed(engine, "a <= b", "a >= b")
    assert b"a >= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "less likely in the model's eyes" in made.rationale
    assert "not chosen: comparison: < becomes <=" in made.rationale
    asked = [given for one in engine.requests if one.forced is not None for given in one.forced.answers]
    assert {one.begun for one in asked} == {"```python\ndef f(a, b):\n"}
    assert {one.text for one in asked} == {"    return a < b\n", "    return a <= b\n", "    return a >= b\n"}


async def test_edits_that_no_input_at_hand_tells_apart_are_no_agreement() -> None:
    """They do the same there, and would not elsewhere: the model is heard, and agrees with the one that it writes."""
    same = {"behaves": lambda text: ("same",)}
    engine = ScriptedEngine(["I don't know"], likely=weighed)
    made = await proposed(engine, "a <= b", "a >= b", **same)
    assert b"a >= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    made = await proposed(ScriptedEngine(["I don't know"]), "a <= b", "a >= b", **same)
    assert b"a <= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "< becomes >= at line 2, which passes as well and differs from it only where no input" in made.rationale
    made = await proposed(ScriptedEngine([answer("return not a < b")]), "a <= b", "a >= b", "not a < b", **same)
    assert b"a >= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.AUTO
    # A version that is none of them says nothing of which.
    made = await proposed(ScriptedEngine([answer("return a in {b}")]), "a <= b", "a >= b", "a in {b}", **same)
    assert made.disposition is Disposition.NEEDS_HUMAN


async def test_what_else_passes_on_the_same_line_is_a_rival(monkeypatch) -> None:
    """However many edits of other lines are likelier than the second of the two."""
    monkeypatch.setattr("selfheal.fix.search.strategy._NEAR", 1)
    made = await proposed(ScriptedEngine(["I don't know"], likely=weighed), "a <= b", "a >= b")
    assert b"a >= b" in (made.edits[0].content or b"")
    assert "not chosen: comparison: < becomes <=" in made.rationale


async def test_the_models_own_version_is_weighed_like_any_edit() -> None:
    """Shown the failure it mends that; which it finds likely without it is asked of all that pass."""
    engine = ScriptedEngine([answer("return a + b == 7")], likely=lambda text: -1.0 if "min(" in text else -30.0)
    made = await proposed(engine, "< min(b, a)", "a + b == 7")
    assert b"< min(" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "not chosen: the model's version" in made.rationale
    own, weighing = engine.requests
    assert "The failure:" in own.user
    assert "The failure:" not in weighing.user
    # What the engine has read of the first is not read again.
    assert own.system == weighing.system
    assert own.user.startswith(weighing.user[: weighing.user.index("The whole")])


async def test_the_models_version_is_weighed_beside_however_many() -> None:
    """Ten other ways score more each; none of them is likely."""
    ways = ("a <= b", "a > b", "a >= b", "a == b", "a != b", "b < a", "a < a", "b < b", "not a < b", "a < (b or 0)")
    engine = ScriptedEngine([answer("return a + b == 7")], likely=lambda text: -1.0 if "== 7" in text else -30.0)
    made = await proposed(engine, *ways, "a + b == 7")
    assert b"a + b == 7" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN


@pytest.mark.parametrize(("odds", "is_kept"), [(-6.0, True), (-30.0, False)])
async def test_what_takes_code_away_must_be_much_likelier(odds: float, is_kept: bool) -> None:
    """What is left is a likely text as often as not."""
    code = "def f(a, b):\n    a = b[1]\n    return a\n"
    trials = ScriptedTrials(code, lambda _: "P", does=lambda text: (text, "same"))
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=3)
    engine = ScriptedEngine(["I don't know"], likely=lambda text: odds if "b[0]" in text else -2.0)
    case = a_case({"m.py": code}, engine, suspects=(suspect,), trials=trials)
    texts = {"number": code.replace("[1]", "[0]"), "extra statement": code.replace("    a = b[1]\n", "")}
    edits = [
        Survivor(
            Candidate((Splice.between("m.py", code, text),), kind, suspect=0, line=2, score=1.0, old="x", new="y"),
            Trial(ended=Ended.RAN, tests="P"),
        )
        for kind, text in texts.items()
    ]
    choice = await with_second_opinion(case, trials, await choice_of(case, trials, edits))
    assert choice.order[0] is edits[not is_kept]


async def test_between_two_functions_the_model_tells_which_edit_is_likelier() -> None:
    """Each is weighed against its own function as it stands; the one that scores less is taken where it is likelier."""
    code = "def f(a, b):\n    return a == b and a.c == b.c\n\n\ndef g(a, b):\n    return a + b\n"
    trials = ScriptedTrials(code, lambda _: "P", does=lambda text: ("same", text))
    suspects = (
        a_suspect(file="m.py", symbol="f", first_line=1, last_line=2),
        a_suspect(file="m.py", symbol="g", first_line=5, last_line=6),
    )
    engine = ScriptedEngine(["I don't know"], likely=lambda text: -2.0 if "a - b" in text else -20.0)
    case = a_case({"m.py": code}, engine, suspects=suspects, trials=trials)
    edits = [
        Survivor(
            Candidate((Splice.between("m.py", code, text),), "op", suspect=place, line=2, score=score, old="", new=""),
            Trial(ended=Ended.RAN, tests="P"),
        )
        for place, score, text in ((0, 2.0, code.replace("and", "or")), (1, 1.0, code.replace("+", "-")))
    ]
    choice = await choice_of(case, trials, edits)
    assert choice.order == tuple(edits)
    told = await likeliest(case, choice)
    assert told.order == (edits[1], edits[0])
    assert told.rival is edits[0]
    assert told.is_doubtful


async def test_the_same_program_is_the_same_where_behaviour_cannot_be_told() -> None:
    """As of a changed default, which takes another process: the model arrives at the search's edit, word by word."""
    engine = ScriptedEngine([answer("return a >= b")], likely=weighed)
    made = await proposed(engine, "a <= b", "a >= b", behaves=lambda text: ("same",) if "a < b" in text else ())
    assert b"a >= b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.AUTO


async def test_likelihood_does_not_outweigh_everything() -> None:
    """An edit that the model finds a little less likely, and that changes far less, stays first."""
    engine = ScriptedEngine(["I don't know"], likely=lambda text: -1.0 if "a >= b" in text else -2.0)
    made = await proposed(engine, "a <= b", "a >= b", behaves=lambda text: ("same", *("><"["<" in text] * 9)))
    assert b"a <= b" in (made.edits[0].content or b"")


async def test_an_engine_that_cannot_tell_changes_nothing() -> None:
    """It writes something of its own where it was to go on from what is given."""
    made = await proposed(ScriptedEngine(["I don't know"]), "a <= b", "a >= b")
    assert b"a <= b" in (made.edits[0].content or b"")
    assert "likely" not in made.rationale


@pytest.mark.parametrize(
    ("code", "edits", "ways"),
    [
        (
            "class A:\n    def f(self):\n        a = 1\n        b = 2\n        return a\n",
            (("b = 2", "b = 3"), ("        b = 2\n", "")),
            (
                ("def f(self):\n    a = 1\n", "    b = 2\n    return a\n", "    b = 3\n    return a\n"),
                ("def f(self):\n    a = 1\n", "    b = 2\n    return a\n", "    return a\n"),
            ),
        ),
        (
            'def f():\n    """\nDo.\n    """\n    return 1\n',
            (("return 1", "return 2"), ("    return 1\n", "    if x:\n        return 3\n    return 1\n")),
            (
                ('def f():\n    """\nDo.\n    """\n', "    return 1\n", "    return 2\n"),
                ('def f():\n    """\nDo.\n    """\n', "    return 1\n", "    if x:\n        return 3\n    return 1\n"),
            ),
        ),
        (
            "def f(a=True):\n" + "    work()\n" * 40 + "    return a\n",
            (("a=True", "a=False"), ("return a", "return 1")),
            (
                ("", "def f(a=True):\n    work()\n", "def f(a=False):\n    work()\n"),
                ("def f(a=True):\n" + "    work()\n" * 40, "    return a\n", "    return 1\n"),
            ),
        ),
    ],
)
async def test_an_edit_is_weighed_against_the_lines_that_it_changes(code, edits, ways) -> None:
    """Those lines and the next one, wherever they stand; a method moves to the margin, as the model would write it."""
    engine = ScriptedEngine(["nothing"], likely=lambda text: -float(len(text)))
    first = code.splitlines().index(next(line for line in code.splitlines() if "def f" in line)) + 1
    suspect = a_suspect(file="m.py", symbol="f", first_line=first, last_line=code.count("\n"))
    case = a_case({"m.py": code}, engine, suspects=(suspect,))
    splices = [
        Splice(path="m.py", first=code.index(old), last=code.index(old) + len(old), text=new) for old, new in edits
    ]
    rivals = [Candidate((one,), "op", suspect=0, line=first, score=1.0, old="", new="") for one in splices]
    found = await log_odds(case, rivals)
    assert found == tuple(float(len(old) - len(new)) for _, old, new in ways)
    (request,) = engine.requests
    assert request.forced is not None
    assert set(request.forced.answers) == {Given(f"```python\n{begun}", text) for begun, *both in ways for text in both}


async def test_of_a_long_function_only_the_lines_around_the_edits_are_read() -> None:
    """What is asked is about those; the edits are weighed as ever."""
    head = "def f(a):\n" + "".join(f"    step{n}()\n" for n in range(80))
    code = head + "    if a < 1:\n        a = 2\n" + "".join(f"    last{n}()\n" for n in range(80))
    engine = ScriptedEngine(["nothing"], likely=lambda text: -float(len(text)))
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=code.count("\n"))
    case = a_case({"m.py": code}, engine, suspects=(suspect,))
    at = code.index("< 1")
    edits = [Splice(path="m.py", first=at, last=at + 1, text=text) for text in ("<=", ">")]
    rivals = [Candidate((one,), "op", suspect=0, line=82, score=1.0, old="<", new=one.text) for one in edits]
    assert await log_odds(case, rivals) == (-1.0, 0.0)
    (request,) = engine.requests
    assert request.forced is not None
    assert "step70()" in request.user
    assert "step69()" not in request.user
    assert "last8()" in request.user
    assert "last9()" not in request.user
    begun = "".join(f"    step{n}()\n" for n in range(70, 80))
    assert {one.begun for one in request.forced.answers} == {f"```python\n{begun}"}
    assert "    if a < 1:\n        a = 2\n" in {one.text for one in request.forced.answers}
