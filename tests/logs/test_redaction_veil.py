"""A model sees placeholders for secrets in source code, and what it writes gets them back."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from selfheal.logs import Redactor, Veil, mapped

SECRET = "hunter2-correct-" + "horse-battery"
CODE = f'def connect():\n    return open_port("{SECRET}", "{SECRET}", retries=3)\n'


def test_answer_holds_what_the_question_held() -> None:
    """Covered, answered and uncovered, the code is as it was, but for the model's change."""
    veil = Veil(Redactor((SECRET,)))
    covered = veil.cover(CODE)

    assert SECRET not in covered
    assert veil.uncover(covered.replace("3", "4")) == CODE.replace("3)", "4)")


def test_each_secret_has_one_placeholder() -> None:
    """The same in every text of a question; another secret has another."""
    other = "xyzzy-plugh-" + "0123456789"
    veil = Veil(Redactor((SECRET, other)))

    first, second = veil.cover(f"a = '{SECRET}'"), veil.cover(f"b = '{other}' + '{SECRET}'")

    assert first.count("[redacted-1]") == 1
    assert "[redacted-2]" in second
    assert veil.uncover(second) == f"b = '{other}' + '{SECRET}'"


@given(st.text(max_size=200))
def test_text_without_secrets_is_left_alone(text: str) -> None:
    """Most prompts hold none."""
    veil = Veil(Redactor(rules=lambda: None))

    assert veil.uncover(veil.cover(text)) == veil.cover(text)


def test_texts_of_a_document_are_mapped() -> None:
    """At every depth, and not in the fields that must stay exact."""

    class Part(BaseModel):
        names: tuple[str, ...]
        count: int

    class Whole(BaseModel):
        part: Part
        exact: str
        note: str | None = None

    document = Whole(part=Part(names=("a", "b"), count=3), exact="a")

    changed = mapped(document, str.upper, keep=frozenset({"exact"}))

    assert changed == Whole(part=Part(names=("A", "B"), count=3), exact="a")
