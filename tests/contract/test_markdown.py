"""Foreign text stands in a page as it was written, and does nothing there."""

import pytest
from markdown_it import MarkdownIt

from selfheal.contract.markdown import code, inline

PAGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = (
    "<b>x</b> </details> <!-- x",
    "[a](http://e.example/) ![i](http://e.example/i.png) <http://e.example>",
    "**bold** _thin_ ~~gone~~ `code`",
    "| a | b |",
    "# big",
    "a\nb\r\n\n- c\u202e\u200f\x1b[31m",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_comes_alive(text: str) -> None:
    """A page that holds it has one paragraph, with the words and no element of its own."""
    tokens = PAGE.parse(f"seen: {inline(text)}")
    (paragraph,) = [token for token in tokens if token.type == "inline"]
    assert {child.type for child in paragraph.children or ()} <= {"text", "text_special"}
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]


@pytest.mark.parametrize(
    ("text", "alive"),
    [
        ("@octocat", "@octocat"),
        ("GH-12", "GH-12"),
        ("https://e.example", "://"),
        ("www.e.example", "www."),
        ("shop.py:100:1 :tada: :+1:", ":100:"),
        ("a :tada: b", ":tada:"),
        ("std::map::end :+1:", ":+1:"),
        ("costs $5 or $6, $x^2$", " $5"),
        ("#12", " #12"),
    ],
)
def test_what_github_makes_of_plain_words_is_not_made(text: str, alive: str) -> None:
    """Mentions, references, links, emoji and mathematics; a person reads the same words."""
    written = f" {inline(text)}"
    assert alive not in written
    assert written.replace("\u200b", "").replace("\\", "").strip() == text


@pytest.mark.parametrize("text", ["a", "`", "``", "`x``y`", "a\n`b"])
def test_a_code_span_is_not_closed_by_what_it_holds(text: str) -> None:
    """However many ticks there are."""
    (paragraph,) = [token for token in PAGE.parse(code(text)) if token.type == "inline"]
    assert [child.type for child in paragraph.children or ()] == ["code_inline"]
