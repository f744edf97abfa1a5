"""A function that a model wrote goes into the file with the smallest diff."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfheal.fix.python_source import Rewritten, Unusable, replace_function

FILE = textwrap.dedent('''\
    """A module."""

    import os


    class Box:
        """Holds things."""

        limit = 3

        @property
        def size(self) -> int:
            """Return how many fit."""
            # the lid takes one
            return self.limit + 1  # kept

        def name(self):
            return os.name
''')


def put(answer: str, *, name: str = "size", first: int = 11, last: int = 15) -> str:
    result = replace_function(FILE, name=name, first_line=first, last_line=last, answer=textwrap.dedent(answer))
    assert isinstance(result, Rewritten), result
    return result.text


def test_only_the_changed_line_differs():
    """Comments, decorators, the docstring and every line that means the same stay as they were."""
    text = put('''
        def size(self) -> int:
            """Says how many."""
            # Fixed: subtract
            return self.limit - 1
    ''')
    assert text == FILE.replace("return self.limit + 1  # kept", "return self.limit - 1")


def test_the_models_comments_are_dropped():
    """A comment that explains the edit to nobody does not get into the project."""
    text = put("""
        @property
        def size(self) -> int:
            limit = self.limit  # take the limit
            return limit - 1  # Changed + to -
    """)
    assert "Changed" not in text
    assert "take the limit" not in text
    assert "        return limit - 1\n" in text


def test_a_method_inside_a_class_is_found_and_indented():
    """The model may answer with the class around the method."""
    text = put("""
        class Box:
            @property
            def size(self) -> int:
                return self.limit - 1
    """)
    assert "            return self.limit - 1\n" not in text
    assert "        return self.limit - 1\n" in text


def test_missing_imports_come_along():
    """What the answer imports and the file lacks is added after the file's own imports."""
    text = put("""
        import math

        def size(self):
            return math.floor(self.limit)
    """)
    assert "import os\nimport math\n" in text


def test_an_import_that_the_file_has_is_not_doubled():
    """The same import is left alone."""
    text = put("""
        import os

        def size(self):
            return len(os.name)
    """)
    assert text.count("import os") == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("def size(self:\n    return 1", "not valid Python"),
        ("def other(self):\n    return 1", "no function called size"),
        ('def size(self) -> int:\n    """Return how many fit."""\n    return self.limit + 1\n', "same code"),
        ("I think the bug is in line 3.", "not valid Python"),
        ("", "no function called size"),
    ],
)
def test_an_answer_that_cannot_be_used_says_why(answer, why):
    """Every useless answer is a reason, never an exception."""
    result = replace_function(FILE, name="size", first_line=11, last_line=15, answer=answer)
    assert isinstance(result, Unusable)
    assert why in result.reason


def test_a_span_that_is_no_function_is_refused():
    """A wrong span does not destroy the file."""
    result = replace_function(FILE, name="size", first_line=1, last_line=4, answer="def size(self):\n    return 2\n")
    assert isinstance(result, Unusable)


@given(st.text(max_size=300))
def test_no_answer_whatever_raises(answer):
    """The model's text is hostile input."""
    result = replace_function(FILE, name="size", first_line=11, last_line=15, answer=answer)
    assert isinstance(result, Unusable | Rewritten)


def test_a_function_without_docstring_stays_without():
    """A docstring that the model adds is not part of the fix."""
    text = put(
        '''
        def name(self):
            """Return the name."""
            return str(os.name)
    ''',
        name="name",
        first=17,
        last=18,
    )
    assert "Return the name" not in text
    assert "return str(os.name)" in text


def test_a_method_whose_texts_lie_further_to_the_left():
    """A text with lines at the margin stays as it is, whether the answer moved it or not; so does a comment there."""
    text = '        text = """\nraw\n"""\n'
    file = (
        f'class A:\n    def one(self):\n        """Do.\n\nas told\n        """\n# here\n{text}        return text + 1\n'
    )
    answer = 'def one(self):\n    text = """\nraw\n"""\n    return text\n'

    done = replace_function(file, name="one", first_line=2, last_line=11, answer=answer)

    assert isinstance(done, Rewritten), done
    assert done.text == file.replace("text + 1", "text")
