"""Reading the wire's own account of an answer."""

import itertools
import json

from hypothesis import given
from hypothesis import strategies as st

from selfheal.models.stream_facts import StreamFacts, StreamReader

_OPENAI = b"".join(
    b"data: " + json.dumps(event).encode() + b"\n\n"
    for event in (
        {"choices": [{"delta": {"role": "assistant", "content": None}, "finish_reason": None}]},
        {"choices": [{"delta": {"content": "Ja"}, "finish_reason": None}]},
        {"choices": [{"delta": {"content": "!"}, "finish_reason": None}]},
        {"choices": [{"delta": {}, "finish_reason": "length"}]},
        {
            "choices": [],
            "usage": {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}},
        },
    )
)


@given(st.lists(st.integers(0, len(_OPENAI)), max_size=12))
def test_facts_do_not_depend_on_how_the_bytes_were_cut(cuts: list[int]) -> None:
    """Network packets end anywhere."""
    reader = StreamReader()
    edges = [0, *sorted(cuts), len(_OPENAI)]
    for start, end in itertools.pairwise(edges):
        reader.feed(_OPENAI[start:end])
    assert reader.facts() == StreamFacts("length", 9, 2, 4, 2)


@given(st.binary())
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    """The stream is a stranger's."""
    reader = StreamReader()
    reader.feed(data + b"\n")
    reader.feed(b'{"choices": [[]], "usage": {"prompt_tokens": true}, "timings": [], "done": 1}\n')
    assert reader.facts().prompt_tokens is None


def test_deep_nesting_is_passed_over() -> None:
    """A line that would exhaust the parser's stack counts as none."""
    reader = StreamReader()
    reader.feed(b'{"a":' * 100_000 + b"\n")
    assert reader.facts() == StreamFacts()


def test_an_endless_line_is_not_kept() -> None:
    """Memory stays bounded while no line ends."""
    reader = StreamReader()
    for _ in range(64):
        reader.feed(b"x" * 65536)
    reader.feed(b'\n{"done": true, "done_reason": "stop", "eval_count": 3}\n')
    assert reader.facts().completion_tokens == 3


def test_a_broken_stream_still_tells_what_was_spent() -> None:
    """Without a final count the pieces that arrived are counted."""
    reader = StreamReader()
    reader.feed(b'{"message": {"content": "a"}}\n{"message": {"content": "b"}}\n')
    assert reader.facts().spent_completion_tokens == 2
