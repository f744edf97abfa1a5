"""A command is a command only where a person wrote it as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfheal_app.commands import Command, command_of


@pytest.mark.parametrize("command", list(Command))
def test_a_line_of_its_own_is_a_command(command: Command) -> None:
    """Alone, after a text, with blanks around it, with Windows's line ends."""
    for comment in (
        f"/selfheal {command}",
        f"Thanks!\n/selfheal {command}",
        f"Thanks!\r\n\r\n  /selfheal \t{command}  \r\nbye",
    ):
        assert command_of(comment) is command


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "/selfhealretry",
        "please /selfheal retry",
        "/selfheal retry now",
        "/selfheal retry; apply",
        "/SELFHEAL retry",
        "> /selfheal retry",
        "> she said\n/selfheal retry",
        ">\n/selfheal retry",
        "    /selfheal retry",
        "\t/selfheal retry",
        "```\n/selfheal retry\n```",
        "```\n\n/selfheal retry\n",
        "~~~ text\n/selfheal retry\n```\n~~~",
        "````\n```\n/selfheal retry\n````",
        "`\n/selfheal retry\n`",
        "<!-- \n/selfheal retry\n-->",
        "<!--\n\n/selfheal retry",
        "<pre>\n\n/selfheal retry\n\n</pre>",
        "- /selfheal retry",
        "\u2028/selfheal retry",
    ],
)
def test_what_only_looks_like_one_is_none(comment: str) -> None:
    """Quotes, code, hidden text, other words on the line."""
    assert command_of(comment) is None


@pytest.mark.parametrize(
    "comment",
    ["```\nx\n```\n/selfheal retry", "<!-- x -->\n\n/selfheal retry", "> quoted\n\n/selfheal retry"],
)
def test_what_was_closed_hides_nothing_after_it(comment: str) -> None:
    """A quote ends with its paragraph, a block with its mark."""
    assert command_of(comment) is Command.RETRY


@pytest.mark.parametrize("comment", ["/selfheal", "/selfheal frobnicate"])
def test_an_unknown_word_asks_for_help(comment: str) -> None:
    """Rather than nothing."""
    assert command_of(comment) is Command.HELP


@given(st.text(alphabet="/selfheal retry\n`>~<!-\t ", max_size=200))
def test_any_text_is_read(comment: str) -> None:
    """Without an exception."""
    assert command_of(comment) in (None, *Command)
