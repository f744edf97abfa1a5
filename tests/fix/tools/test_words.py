"""Shell text is split as a shell would, and never guessed."""

import pytest

from selfheal.fix.tools.words import simple_commands


def split(text: str) -> list[list[str]]:
    return [[word.value for word in simple.words] for simple in simple_commands(text)]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("a 'b c' \"d\"e", [["a", "b c", "de"]]),
        ("a && b || c; d | e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("a >out 2>&1 <in b", [["a", "b"]]),
        ("a # b\nc", [["a"], ["c"]]),
        ("a \\\n  b", [["a", "b"]]),
        ("a#b", [["a#b"]]),
        ("x=$(a | b) c", [["a"], ["b"], ["x=$(a | b)", "c"]]),
        ('a "$(b "c d")"', [["b", "c d"], ["a", '"$(b "c d")"']]),
        ("a '$(b)'", [["a", "$(b)"]]),
        ("a `b c`", [["b", "c"], ["a", "`b c`"]]),
        ("while true; do a; done", [["true"], ["a"]]),
        ("", []),
    ],
)
def test_words_and_commands(text, commands):
    """Quotes, operators, redirections, comments and substitutions are the shell's."""
    assert split(text) == commands


def test_a_folder_holds_to_the_end_of_its_parentheses():
    """`cd` counts for what follows it; one that can't be followed leaves no place."""
    text = "a; (cd lib && cd sub && b); c; cd ../x; d"
    assert [(s.words[0].value, s.folder) for s in simple_commands(text)] == [("a", ""), ("b", "lib/sub"), ("c", "")]


def test_words_keep_what_was_written():
    """A glob stays a glob and a quoted one stays quoted."""
    (simple,) = simple_commands("a src/*.py 'src/*.ts'")
    assert [word.raw for word in simple.words] == ["a", "src/*.py", "'src/*.ts'"]


@pytest.mark.parametrize("text", ["'a", '"a', "$(a", "`a", "$(" * 50_000, "(" * 100_000, "'" * 99_999, "a " * 200_000])
def test_what_cannot_be_read_gives_no_command(text):
    """A quote without its end, endless nesting and endless lines are no commands."""
    assert split(text) == []
