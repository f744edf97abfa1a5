"""Drift is told by numbers that a person can check."""

import pytest

from selfheal.trace.drift import Call, call_of, drift, invented_symbols


def calls(**columns: list[object]) -> list[Call]:
    """Calls that differ in what is given, and are ordinary otherwise."""
    length = max(len(column) for column in columns.values())
    ordinary = {"purpose": "rewrite", "prompt_tokens": 900, "broke_schema": False, "invented": 0}
    return [
        Call(**{**ordinary, "answer": f"answer {n}", **{name: column[n] for name, column in columns.items()}})  # type: ignore[arg-type]
        for n in range(length)
    ]


@pytest.mark.parametrize(
    ("columns", "name", "was", "value"),
    [
        ({"prompt_tokens": [500, 500, 900, 1100]}, "prompt_growth", 500, 1000),
        ({"answer": ["a", "a", "a", "b"]}, "repeated_answers", None, 0.5),
        ({"broke_schema": [False, False, True, True]}, "schema_failures", 0, 1),
        ({"invented": [0, 1, 2, 3]}, "invented_symbols", 0.5, 2.5),
    ],
)
def test_each_kind_of_drift_is_seen_with_its_numbers(
    columns: dict[str, list[object]], name: str, was: float | None, value: float
) -> None:
    """What it was in the earlier half, and what it is in the later."""
    (measure,) = drift(calls(**columns))

    assert (measure.name, measure.was, measure.value) == (name, was, value)


@pytest.mark.parametrize(
    "columns",
    [
        {"prompt_tokens": [500, 500, 2000]},
        {"prompt_tokens": [100, 100, 160, 160]},
        {"prompt_tokens": [200, 200, 2000, 2000], "purpose": ["fill", "fill", "rewrite", "rewrite"]},
        {"answer": ["a", "a", "b", "c"]},
        {"broke_schema": [True, True, False, True]},
        {"invented": [3, 3, 3, 3]},
    ],
    ids=["too few", "small prompts", "another purpose", "one repetition", "not rising", "not rising either"],
)
def test_what_is_ordinary_is_no_drift(columns: dict[str, list[object]]) -> None:
    """A false alarm costs a person's minute."""
    assert drift(calls(**columns)) == ()


def test_a_symbol_is_invented_where_nobody_told_of_it() -> None:
    """Neither the prompt, nor the answer itself, nor the language."""
    prompt = "def total(prices, discount):\n    return sum(prices) - rounded(discount)"
    answer = (
        "```python\nfrom decimal import Decimal\n\ndef total(prices, discount):\n    helper = Decimal(1)\n"
        "    '''calls nothing_here()'''\n    items = sorted(prices)\n"
        "    return prices.compute_sum() - rounded(discount) + fetch_rate(helper)  # see magic()\n```"
    )

    assert invented_symbols(answer, prompt) == {"compute_sum", "fetch_rate"}


def test_a_repetition_is_told_apart_from_its_layout() -> None:
    """White space makes no new answer."""
    made = [call_of("r", prompt="", answer=text, prompt_tokens=1, broke_schema=False) for text in ("a  b", "a\nb")]

    assert made[0].answer == made[1].answer
