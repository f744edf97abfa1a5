"""The model is shown little, and its answer goes where the error is."""

from builders import a_case, a_diagnosis, a_failure
from fakes import FakeTransformer, ScriptedEngine
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate
from selfheal.fix.types.type_model import SYSTEM, TypeModel

TEXT = """\
import os


class Shape:
    name: str

    def area(self, scale: float) -> float:
        return scale


def describe(shape: Shape, unit: str | None) -> str:
    total = shape.area(unit)
    return f"{shape.name}: {total}"
"""
FAILURE = a_failure(
    tool="mypy",
    code="arg-type",
    file="a.py",
    line=12,
    message='Argument 1 to "area" of "Shape" has incompatible type "str | None"; expected "float"',
)
SAID = 'a.py:12:24: note: Revealed type is "builtins.str | None"\n'


async def draw(answer: str, *, sample: int = 0, text: str = TEXT):
    engine = ScriptedEngine([answer])
    transformer = FakeTransformer(lambda command: (), output=SAID)
    case = a_case({"a.py": text}, engine, diagnosis=a_diagnosis(FAILURE), transformer=transformer)
    (target,) = TypeModel().targets(case)
    return await TypeModel().propose(case, target, sample=sample, tried=()), engine


async def test_the_prompt_holds_the_place_the_error_the_types_and_the_signatures():
    """And nothing else: each line costs time on two cores."""
    _, engine = await draw("```python\ntotal = shape.area(1.0)\n```")
    (request,) = engine.requests
    assert "# >>> wrong\n    total = shape.area(unit)\n    # <<<" in request.user
    assert 'expected "float"' in request.user
    assert "def area(self, scale: float) -> float: ..." in request.user
    assert "import os" not in request.user
    assert request.system == SYSTEM
    assert len(request.system) + len(request.user) < 1_400


async def test_the_lines_of_the_answer_take_the_place_of_the_marked_ones():
    """Indented like them; a person looks at what a model wrote."""
    outcome, _ = await draw("```python\ntotal = shape.area(float(unit or 1))\n```")
    assert isinstance(outcome, CandidatePatch)
    assert outcome.edits[0].content == TEXT.replace("area(unit)", "area(float(unit or 1))").encode()
    assert outcome.disposition is Disposition.NEEDS_HUMAN


async def test_names_of_typing_that_an_answer_needs_are_imported():
    """The model writes the line and forgets the import."""
    outcome, _ = await draw("```python\ntotals: Sequence[float] = [1.0]\ntotal = totals[0]\n```")
    assert isinstance(outcome, CandidatePatch)
    content = outcome.edits[0].content or b""
    assert b"from collections.abc import Sequence\n" in content
    assert b"    totals: Sequence[float] = [1.0]\n    total = totals[0]\n" in content


async def test_a_whole_function_is_taken_as_one():
    """Every other sample asks for it, and some answer so unasked."""
    answer = "```python\ndef describe(shape: Shape, unit: float) -> str:\n    total = shape.area(unit)\n" + (
        '    return f"{shape.name}: {total}"\n```'
    )
    for sample in (0, 1):
        outcome, _ = await draw(answer, sample=sample)
        assert isinstance(outcome, CandidatePatch)
        assert outcome.edits[0].content == TEXT.replace("unit: str | None", "unit: float").encode()


async def test_an_answer_that_looks_away_is_refused():
    """Any, a cast and an ignore are no repairs."""
    for line in (
        "total = cast(float, unit)",
        "total: Any = shape.area(unit)",
        "total = shape.area(unit)  # type: ignore",
    ):
        outcome, _ = await draw(f"```python\n{line}\n```")
        assert isinstance(outcome, NoCandidate)
        assert "silences" in outcome.reason


async def test_an_answer_that_does_not_parse_or_changes_nothing_is_no_candidate():
    """Another sample may do better."""
    for line in ("total = shape.area(", "total = shape.area(unit)", ""):
        outcome, _ = await draw(f"```python\n{line}\n```")
        assert isinstance(outcome, NoCandidate)
        assert not outcome.is_spent


async def test_a_method_that_a_class_lacks_is_written_at_its_end():
    """The error stands where the class is made; what is missing belongs elsewhere."""
    text = (
        "from abc import ABC, abstractmethod\n\n\nclass Store(ABC):\n    @abstractmethod\n    def size(self) -> int:\n"
        '        """Count the keys."""\n\n\nclass Memory(Store):\n    def __init__(self) -> None:\n'
        "        self.rows = [1]\n\n\nMemory()\n"
    )
    message = 'Cannot instantiate abstract class "Memory" with abstract attribute "size"'
    failure = a_failure(tool="mypy", code="abstract", file="a.py", line=15, message=message)
    engine = ScriptedEngine(["```python\nclass Memory(Store):\n    def size(self) -> int:\n        return 1\n```"])
    case = a_case({"a.py": text}, engine, diagnosis=a_diagnosis(failure))
    outcome = await TypeModel().propose(case, TypeModel().targets(case)[0], sample=0, tried=())
    assert isinstance(outcome, CandidatePatch)
    added = "\n    def size(self) -> int:\n        return 1\n"
    assert outcome.edits[0].content == text.replace("[1]\n", f"[1]\n{added}").encode()
    assert "def size(self) -> int: ...  # Count the keys." in engine.requests[0].user
