"""Configuration files broken in one place, which the failing command reads."""

import re
from collections.abc import Iterator

from planting.kinds.plant import Plant, Slip
from planting.source import Source, Splice, misspelt


def _matches(source: Source, pattern: str) -> Iterator[re.Match[str]]:
    yield from re.finditer(pattern, source.text, re.M)


def _cut(source: Source, pattern: str) -> Iterator[Splice]:
    """Take the pattern's first group out."""
    for found in _matches(source, pattern):
        yield Splice(found.start(1), found.end(1), "")


def toml_quote(source: Source) -> Iterator[Splice]:
    """A string that is not closed."""
    yield from _cut(source, r'^[^"\n#]*"[^"\n]+("),?$')


def toml_header(source: Source) -> Iterator[Splice]:
    """A table's name without its closing bracket."""
    yield from _cut(source, r"^\[[\w.\-]+(\])$")


def toml_comma(source: Source) -> Iterator[Splice]:
    """No comma between two elements of a list."""
    yield from _cut(source, r'^\s+"[^"\n]+"(,)\n\s+"')


def toml_equals(source: Source) -> Iterator[Splice]:
    """A colon where the equals sign belongs."""
    for found in _matches(source, r'^[\w\-]+( =) (?:"|\d|true|false)'):
        yield Splice(found.start(1), found.end(1), ":")


def toml_bracket(source: Source) -> Iterator[Splice]:
    """A list that is not closed."""
    yield from _cut(source, r"^(\]\n)")


def doubled_key(source: Source) -> Iterator[Splice]:
    """A line that stands twice, as after a merge."""
    for found in _matches(source, r'^([\w\-]+ ?= ?(?:"[^"\n]*"|[\w.]+)\n)'):
        yield Splice(found.start(1), found.start(1), found[1])


def misspelt_key(source: Source) -> Iterator[Splice]:
    """A setting's name with a slip of the fingers."""
    for found in _matches(source, r"^([a-z][a-z\-_]{5,})(?= ?=)"):
        yield Splice(found.start(1), found.end(1), misspelt(found[1]))


def quoted_number(source: Source) -> Iterator[Splice]:
    """A number in quotes."""
    for found in _matches(source, r"^[\w\-]+ = (\d+)$"):
        yield Splice(found.start(1), found.end(1), f'"{found[1]}"')


def python_boolean(source: Source) -> Iterator[Splice]:
    """`True` where TOML has `true`."""
    for found in _matches(source, r"^[\w\-]+ = (true|false)$"):
        yield Splice(found.start(1), found.end(1), found[1].title())


def bare_string(source: Source) -> Iterator[Splice]:
    """A string without its quotes."""
    for found in _matches(source, r'^[\w\-]+ = ("([a-z][\w\- ]+)")$'):
        yield Splice(found.start(1), found.end(1), found[2])


def ini_header(source: Source) -> Iterator[Splice]:
    """A section's name without its closing bracket."""
    yield from _cut(source, r"^\[[\w.:\- ]+(\])$")


def ini_continuation(source: Source) -> Iterator[Splice]:
    """A line that goes on with the one above, at the margin."""
    yield from _cut(source, r"^( {2,})[\w./\-]+,?$")


def ini_letters(source: Source) -> Iterator[Splice]:
    """The letter O for a zero."""
    for found in _matches(source, r"^[\w\-]+ ?= ?\d+(00)$"):
        yield Splice(found.start(1), found.end(1), "OO")


def json_comma(source: Source) -> Iterator[Splice]:
    """No comma between two lines."""
    yield from _cut(source, r"^\s+\S.*(,)$")


def json_last_comma(source: Source) -> Iterator[Splice]:
    """A comma behind the last element."""
    for found in _matches(source, r'"()\n\s*[\]}]'):
        yield Splice(found.start(1), found.start(1), ",")


def json_quotes(source: Source) -> Iterator[Splice]:
    """Single quotes."""
    for found in _matches(source, r'("([\w./ ]+)")'):
        yield Splice(found.start(1), found.end(1), f"'{found[2]}'")


def json_brace(source: Source) -> Iterator[Splice]:
    """The last brace is gone."""
    yield from _cut(source, r"^(\}\n)\Z")


def json_bracket(source: Source) -> Iterator[Splice]:
    """A list that is not closed."""
    yield from _cut(source, r"^\s+(\])")


def yaml_tab(source: Source) -> Iterator[Splice]:
    """A tab for the indentation."""
    for found in _matches(source, r"^( {4,})[a-z]+:"):
        yield Splice(found.start(1), found.end(1), "\t")


def yaml_colon(source: Source) -> Iterator[Splice]:
    """A key without its colon."""
    yield from _cut(source, r"^\s+[a-z]+(:)(?: |$)")


def yaml_indentation(source: Source) -> Iterator[Splice]:
    """A key a bit too far right."""
    for found in _matches(source, r"^( {4,})()[a-z]+: \S"):
        yield Splice(found.end(1), found.end(1), " ")


def yaml_bracket(source: Source) -> Iterator[Splice]:
    """A list in one line that is not closed."""
    yield from _cut(source, r"\[[^\[\]\n]+(\])$")


RUFF = "ruff check {source}"
VALIDATE = "pre-commit validate-config .pre-commit-config.yaml"
TOML = r"(?i)toml"
ROWS: tuple[tuple[str, str, str, str, str, Slip], ...] = (
    ("ruff-quote", "ruff", "ruff.toml", RUFF, TOML, toml_quote),
    ("ruff-header", "ruff", "ruff.toml", RUFF, TOML, toml_header),
    ("ruff-comma", "ruff", "ruff.toml", RUFF, TOML, toml_comma),
    ("ruff-bracket", "ruff", "ruff.toml", RUFF, TOML, toml_bracket),
    ("ruff-misspelt-key", "ruff", "ruff.toml", RUFF, "unknown field", misspelt_key),
    ("ruff-quoted-number", "ruff", "ruff.toml", RUFF, "invalid type", quoted_number),
    ("pytest-doubled-key", "ruff", "pyproject.toml", "{tests}", TOML, doubled_key),
    ("pytest-equals", "ruff", "pyproject.toml", "{tests}", TOML, toml_equals),
    ("pytest-header", "ruff", "pyproject.toml", "{tests}", TOML, toml_header),
    ("black-quote", "classic", "pyproject.toml", "black --check {source}", TOML, toml_quote),
    ("black-boolean", "classic", "pyproject.toml", "black --check {source}", TOML, python_boolean),
    ("black-bare-string", "classic", "pyproject.toml", "black --check {source}", TOML, bare_string),
    ("mypy-header", "ruff", "mypy.ini", "mypy", r"(?i)section|mypy\.ini|parsing", ini_header),
    ("mypy-continuation", "ruff", "mypy.ini", "mypy", r"(?i)mypy\.ini|parsing", ini_continuation),
    ("pytest-ini-header", "ruff", "tox.ini", "{tests}", r"tox\.ini", ini_header),
    ("pytest-cfg-header", "ruff", "setup.cfg", "{tests}", r"setup\.cfg", ini_header),
    ("flake8-letters", "classic", ".flake8", "flake8 {source}", "invalid|int", ini_letters),
    ("flake8-doubled-key", "classic", ".flake8", "flake8 {source}", r"already exists", doubled_key),
    ("pylint-header", "classic", ".pylintrc", "pylint {source}", r"pylintrc", ini_header),
    ("pyright-comma", "ruff", "pyrightconfig.json", "pyright", r"pyrightconfig\.json", json_comma),
    ("json-last-comma", "ruff", "pyrightconfig.json", "python -m json.tool pyrightconfig.json", ".", json_last_comma),
    ("json-quotes", "ruff", "pyrightconfig.json", "python -m json.tool pyrightconfig.json", ".", json_quotes),
    ("json-brace", "ruff", "pyrightconfig.json", "python -m json.tool pyrightconfig.json", ".", json_brace),
    ("yaml-tab", "ruff", ".pre-commit-config.yaml", VALIDATE, ".", yaml_tab),
    ("yaml-colon", "ruff", ".pre-commit-config.yaml", VALIDATE, ".", yaml_colon),
    ("yaml-indentation", "ruff", ".pre-commit-config.yaml", VALIDATE, ".", yaml_indentation),
)
"""Name, flavour, file, command, what the output says, slip."""


def plants() -> tuple[Plant, ...]:
    """One broken place each; no tool mends any."""
    return tuple(
        Plant("configuration", name, flavour, slip, command, expects, is_one=False, looks_at=file)
        for name, flavour, file, command, expects, slip in ROWS
    )
