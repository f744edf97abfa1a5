"""Manifests are read as requirements and edited by the smallest change: comments, order and layout stay."""

import pytest

from fakes import tree_of
from selfheal.fix.dependencies.manifests.interface import Format
from selfheal.fix.dependencies.manifests.registry import format_of
from selfheal.fix.dependencies.plan import plan_for

REQUIREMENTS = (
    "# web\nFlask==2.2.5  # do not touch\nwerkzeug\n-r base.txt\n-c limits.txt\nattrs [x] >= 1 ; python_version > '3'\n"
)
PEP621 = """\
[build-system]
requires = ["hatchling"]

[project]
name = "shop"  # ours
keywords = ["flask"]
dependencies = [
  "flask==2.2.5",  # web
  'Click >= 8',
]
optional-dependencies = { test = ["pytest~=8.0"] }

[dependency-groups]
dev = ["ruff", {include-group = "x"}]

[tool.ruff]
select = ["flask"]
"""
POETRY = """\
[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.11"
flask = "^2.2"  # web
click = {version = "~8.1", extras = ["x"]}
local = {path = "../x"}

[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
SETUP_CFG = """\
[metadata]
name = shop

[options]
install_requires =
    flask==2.2.5  # web
    click>=8
[options.extras_require]
test =
    pytest
"""
SETUP_PY = "from setuptools import setup\n\nsetup(name='flask-shop', install_requires=['flask==2.2.5', \"click\"])\n"
PIPFILE = """\
[[source]]
url = "x"

[packages]
flask = "==2.2.5"
click = {version = ">=8", extras = ["x"]}

[dev-packages]
pytest = "*"
"""
ALL = {
    "requirements.txt": REQUIREMENTS,
    "pyproject.toml": PEP621,
    "setup.cfg": SETUP_CFG,
    "setup.py": SETUP_PY,
    "Pipfile": PIPFILE,
}


def kind(path: str) -> Format:
    found = format_of(path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("requirements.txt", REQUIREMENTS, ["Flask==2.2.5", "werkzeug", 'attrs[x]>=1 ; python_version > "3"']),
        ("pyproject.toml", PEP621, ["flask==2.2.5", "Click>=8", "pytest~=8.0", "ruff"]),
        ("pyproject.toml", POETRY, ["flask<3,>=2.2", "click<8.2,>=8.1", "pytest"]),
        ("setup.cfg", SETUP_CFG, ["flask==2.2.5", "click>=8", "pytest"]),
        ("setup.py", SETUP_PY, ["flask==2.2.5", "click"]),
        ("Pipfile", PIPFILE, ["flask==2.2.5", "click>=8", "pytest"]),
    ],
)
def test_each_format_is_read_as_requirements(path: str, text: str, lines: list[str]):
    """Whatever the spelling, a resolver can take them; paths, URLs and options are no wishes."""
    assert [wish.line for wish in kind(path).read(path, text).wishes] == lines


def test_includes_and_constraints_are_told():
    """They are read with the file that names them."""
    reading = kind("requirements.txt").read("requirements.txt", REQUIREMENTS)
    assert (reading.includes, reading.constraints) == (("base.txt",), ("limits.txt",))
    assert kind("requirements.txt").read("requirements.txt", "-e .[dev]\n").wants_project


@pytest.mark.parametrize("path", list(ALL))
def test_one_specifier_changes_and_nothing_else(path: str):
    """One line differs, and only in the version."""
    text = ALL[path]
    edited = kind(path).with_specifier(text, "FLASK", ">=2.3,<3")
    assert edited is not None
    before, after = text.splitlines(), edited.splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    old, new = changed[0]
    assert new == old.replace("==2.2.5", ">=2.3,<3")


def test_poetrys_entries_are_edited_where_they_stand():
    """In a table and in an inline table; a pin is written as poetry writes it."""
    edited = kind("pyproject.toml").with_specifier(POETRY, "flask", "==2.3.3")
    assert edited == POETRY.replace('flask = "^2.2"', 'flask = "2.3.3"')
    assert kind("pyproject.toml").with_specifier(POETRY, "click", "<9") == POETRY.replace('"~8.1"', '"<9"')


@pytest.mark.parametrize("path", list(ALL))
def test_what_is_not_asked_for_can_not_be_edited(path: str):
    """None, and not a file with something new in it."""
    assert kind(path).with_specifier(ALL[path], "django", "<5") is None


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("requirements.txt", REQUIREMENTS, "markupsafe<2.1"),
        ("requirements.txt", "attrs\nflask\n", "click"),
        ("requirements.txt", "no newline", "click"),
        ("pyproject.toml", PEP621, "markupsafe<2.1"),
        ("pyproject.toml", POETRY, "markupsafe<2.1"),
        ("setup.cfg", SETUP_CFG, "markupsafe<2.1"),
        ("setup.py", SETUP_PY, "markupsafe<2.1"),
        ("Pipfile", PIPFILE, "markupsafe<2.1"),
    ],
)
def test_something_new_is_asked_for_beside_the_rest(path: str, text: str, line: str):
    """All that was there is still read, and the new one too."""
    edited = kind(path).with_added(text, line)
    assert edited is not None
    before = [wish.line for wish in kind(path).read(path, text).wishes]
    after = [wish.line for wish in kind(path).read(path, edited).wishes]
    assert sorted(after) == sorted([*before, line])
    assert len(edited.splitlines()) <= len(text.splitlines()) + 1


def test_a_sorted_list_stays_sorted():
    """Where the names are in order, the new one goes where it belongs."""
    assert kind("requirements.txt").with_added("attrs\nflask\n", "click>=8") == "attrs\nclick>=8\nflask\n"


@pytest.mark.parametrize("path", [*ALL, "requirements/dev.in"])
@pytest.mark.parametrize(
    "text", ["", "\0", "[", "a = [[[[", "-r", "=" * 5000, "flask ==\n", "\ufeff", "x" * 100_000, "#"]
)
def test_garbage_is_read_as_nothing_and_never_raises(path: str, text: str):
    """Hostile manifests are ordinary manifests."""
    reading = kind(path).read(path, text)
    assert all(wish.key != "flask" or "==" not in wish.line for wish in reading.wishes)
    kind(path).with_specifier(text, "flask", "<3")
    kind(path).with_added(text, "flask")


def test_tox_asks_for_what_its_environments_do():
    """Factors, includes and the place of tox.ini itself are understood; an edit keeps the factor."""
    text = (
        "[tox]\nenvlist = py311\n\n[testenv]\ndeps =\n    pytest<8\n    py311: flask==2.2 # web\n"
        "    -r{toxinidir}/requirements.txt\ncommands = pytest\n"
    )
    kind = format_of("tox.ini")
    assert kind is not None
    reading = kind.read("tox.ini", text)
    assert [(wish.name, wish.specifier) for wish in reading.wishes] == [("pytest", "<8"), ("flask", "==2.2")]
    assert reading.includes == ("requirements.txt",)
    assert kind.with_specifier(text, "Flask", ">=2.3") == text.replace("flask==2.2", "flask>=2.3")
    added = kind.with_added(text, "werkzeug<3")
    assert added is not None and "requirements.txt\n    werkzeug<3\ncommands" in added
    assert kind.with_added("[tox]\n", "x") is None
    assert kind.read("tox.ini", "no ini [").wishes == ()


def test_the_command_tox_uses_its_own_file():
    """And what the project itself asks for."""
    files = {
        "tox.ini": "[testenv]\ndeps =\n    pytest\n",
        "pyproject.toml": "[project]\nname = 'x'\nversion = '1'\ndependencies = ['flask']\n",
    }
    plan = plan_for("python -m tox -e py", tree_of(files))
    assert plan is not None
    assert plan.files == ("tox.ini", "pyproject.toml")
    assert plan.wanted(tree_of(files)).lines == ("pytest", "flask", "tox")
