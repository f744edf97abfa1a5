"""Configuration that does not parse is mended by a splice; comments and order stay."""

import asyncio

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.configuration.broken_text import ConfigurationText
from selfheal.fix.configuration.formats import format_of
from selfheal.fix.configuration.search import repairs_of

TOML = """\
# the shop
[project]
name = "shop"  # its name
version = "1.0"
dependencies = [
    "click>=8",
    "rich",
]

[tool.ruff]
line-length = 100

[tool.ruff.lint]
select = ["E", "F"]
"""
JSON = """\
{
  "name": "shop",
  "version": "1.0.0",
  "scripts": {
    "test": "jest",
    "build": "tsc"
  },
  "files": ["a", "b"]
}
"""
YAML = """\
# hooks
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.5.0
    hooks:
      - id: ruff
        args: [--fix]
      - id: ruff-format
site: "My: site"
"""
INI = """\
[tool:pytest]
addopts = -q
testpaths =
    tests

[flake8]
max-line-length = 100  ; wide
"""
REQUIREMENTS = "requests>=2.0\nclick[x]==8.1\n"
DAMAGES = [
    ("pyproject.toml", TOML, right, wrong)
    for right, wrong in (
        ('"click>=8",', '"click>=8"'),
        ("[tool.ruff]", "[tool.ruff"),
        ("[tool.ruff]", "tool.ruff]"),
        ('name = "shop"', "name = shop"),
        ('name = "shop"', 'name "shop"'),
        ('name = "shop"', 'name: "shop"'),
        ('name = "shop"', 'name = "shop'),
        ('name = "shop"', "name = \"shop'"),
        ('"E", "F"', '"E" "F"'),
        ('"E", "F"', '"E, "F"'),
        ('["E", "F"]', '["E", "F"'),
        ("line-length = 100", "line-length = 100\nline-length = 100"),
        ("dependencies = [", "dependencies = "),
        ('"rich",\n]', '"rich",'),
        ('version = "1.0"', "version = “1.0”"),
    )
]
DAMAGES += [
    ("package.json", JSON, right, wrong)
    for right, wrong in (
        ('"shop",', '"shop"'),
        ('"tsc"\n', '"tsc",\n'),
        ('"test":', '"test"'),
        ('"jest"', '"jest'),
        ('"jest"', 'jest"'),
        ('"test"', "test"),
        ("  },\n", ""),
        ('["a", "b"]', '["a" "b"]'),
        ('["a", "b"]', '["a", "b"'),
        ('"jest"', "'jest'"),
        ("},", "}},"),
    )
]
DAMAGES += [
    (".pre-commit-config.yaml", YAML, right, wrong)
    for right, wrong in (
        ("    rev", "\trev"),
        ("rev: ", "rev:"),
        ("repos:", "repos"),
        ("    rev", "   rev"),
        ("    hooks:", "     hooks:"),
        ("        args", "       args"),
        ("[--fix]", "[--fix"),
        ('"My: site"', "My: site"),
        ('"My: site"', '"My: site'),
        ("    hooks:", "    hooks"),
        ("rev: v0.5.0\n", "rev: v0.5.0\n    rev: v0.5.0\n"),
    )
]
DAMAGES += [
    ("setup.cfg", INI, right, wrong)
    for right, wrong in (
        ("[flake8]", "[flake8"),
        ("[tool:pytest]", "tool:pytest]"),
        ("    tests", "tests"),
        ("addopts = -q", "addopts -q"),
        ("addopts = -q", "addopts = -q\naddopts = -q"),
    )
]
DAMAGES += [
    ("requirements.txt", REQUIREMENTS, right, wrong)
    for right, wrong in ((">=2.0", "=>2.0"), ("click[x]", "click[x"), (">=2.0", "> =2.0"), (">=2.0", ">=2.0,"))
]


@pytest.mark.parametrize(("path", "text", "right", "wrong"), DAMAGES, ids=[f"{d[0]}-{d[3][:30]}" for d in DAMAGES])
def test_the_likeliest_repairs_hold_the_file_as_it_was(path: str, text: str, right: str, wrong: str) -> None:
    """Among the first three repairs is the old file, byte for byte."""
    broken = text.replace(right, wrong, 1)
    kind = format_of(path)
    assert kind is not None
    assert kind.fault(text) is None
    if kind.fault(broken) is None:
        return

    found = [repair.text for repair in repairs_of(path, broken)[:3]]

    assert any(found_text.split() == text.split() for found_text in found)


def test_a_comment_and_a_trailing_comma_are_no_fault_of_a_tsconfig() -> None:
    """TypeScript's own files may hold both; package.json may not."""
    text = '{\n  // strict\n  "strict": true,\n}\n'

    assert repairs_of("tsconfig.json", text) == ()
    assert [repair.text for repair in repairs_of("package.json", text)][:1] == ['{\n  "strict": true\n}\n']


def test_two_tables_of_one_name_become_one() -> None:
    """No setting is lost."""
    text = "[tool.a]\nx = 1\n\n[tool.b]\ny = 2\n\n[tool.a]\nz = 3\n"

    assert repairs_of("pyproject.toml", text)[0].text == "[tool.a]\nx = 1\nz = 3\n\n[tool.b]\ny = 2\n\n"


def test_a_key_with_two_values_needs_a_human() -> None:
    """Which of two values is meant is no machine's to say."""
    failure = a_failure(file="pyproject.toml", line=3, message="Cannot overwrite a value")
    case = a_case({"pyproject.toml": "[a]\nx = 1\nx = 2\n"}, diagnosis=a_diagnosis(failure, category=Category.SYNTAX))
    strategy = ConfigurationText()
    (target,) = strategy.targets(case)

    patch = asyncio.run(strategy.propose(case, target, sample=0, tried=()))

    assert isinstance(patch, CandidatePatch)
    assert patch.disposition is Disposition.NEEDS_HUMAN


def test_workflows_and_lock_files_are_never_touched() -> None:
    """What decides how code is checked is diagnosed and not patched."""
    files = {
        ".github/workflows/ci.yml": "on: [push\n",
        ".gitlab-ci.yml": "a: [\n",
        "uv.lock": "x = \n",
        "tests/data/bad.json": "{",
    }
    failures = [a_failure(file=path, line=1, message="broken") for path in files]

    assert ConfigurationText().targets(a_case(files, diagnosis=a_diagnosis(*failures))) == ()


@pytest.mark.parametrize("name", ["a.toml", "a.json", "a.yaml", "setup.cfg", "requirements.txt", "tsconfig.json"])
@pytest.mark.parametrize("text", ["", "\x00", "[" * 3_000, "{" * 500, "'\"" * 500, "\r\n\t", "a: " * 300, "é“=”"])
def test_hostile_text_gives_no_exception(name: str, text: str) -> None:
    """Whatever the text, there are repairs that parse, or none."""
    kind = format_of(name)
    assert kind is not None
    assert all(kind.fault(repair.text) is None for repair in repairs_of(name, text))


TOX = "[tox]\nenvlist = lint\n\n[testenv:lint]\nbasepython = python3\n\n[testenv:py39-x]\nbasepython = python3.9\n"


@pytest.mark.parametrize("header", ["[testenv:lint]", "[testenv:py39-x]"])
def test_a_header_that_reads_as_a_key_is_closed(header: str) -> None:
    """`[testenv:lint` is a key and its value to the parser, which stumbles over another line, or over none."""
    found = repairs_of("tox.ini", TOX.replace(header, header[:-1]))

    assert found[0].text == TOX


def _broken(files: dict[str, str], **facts: object) -> tuple[str, ...]:
    failure = a_failure(**{"tool": "tool", "code": "config", "file": next(iter(files)), "line": 1, **facts})
    case = a_case(files, diagnosis=a_diagnosis(failure, category=Category.CONFIG))
    return tuple(target.place for target in ConfigurationText().targets(case))


def test_a_trailing_comma_is_wrong_where_plain_json_is_read() -> None:
    """`python -m json.tool` takes no comma that pyright would take in the same file."""
    text = '{\n  "strict": ["a"],\n}\n'

    assert _broken({"pyrightconfig.json": text}, tool="json.tool") == ("pyrightconfig.json",)
    assert _broken({"pyrightconfig.json": text}, tool="pyright") == ()


def test_a_tools_files_are_looked_at_where_it_names_none() -> None:
    """A usage error may come of a configuration that could not be read."""
    files = {"mypy.ini": "[mypy]\nfiles =\na.py\n", "a.py": "x = 1\n"}

    assert _broken(files, tool="mypy", file=None, line=None, code="usage", message="Missing target") == ("mypy.ini",)


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)) + "b: [\n"
HOSTILE = {
    "laughs": ("a.yaml", BOMB),
    "deep YAML": ("a.yml", "[" * 20_000),
    "huge JSON": ("package.json", '{"a": [' + "1," * 2_500_000 + "]}"),
    "deep JSON": ("package.json", '{"a":' * 50_000),
    "keys": ("pyproject.toml", "".join(f"k{n} = {n}\n" for n in range(100_000)) + "x = [\n"),
    "tables": ("pyproject.toml", "".join(f"[t{n}]\n" for n in range(20_000)) + "[t\n"),
    "headers": ("tox.ini", "[a\n" * 20_000),
    "quotes": ("pyproject.toml", 'a = "' * 20_000),
    "tabs": ("a.yaml", "\t" * 100_000 + "a"),
    "a zero": ("pyproject.toml", "[tool.ruff]\nline\0-length = 1\n"),
    "one line": ("pyproject.toml", 'a = "' + "x" * 5_000_000 + "\nb = 1\n"),
    "a call": ("a.yaml", "a: !!python/object/apply:os.system [exit]\n b: [\n"),
    "itself": ("a.yaml", "a: &a\n  <<: *a\n  b: 1\n c: 2\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_configuration_gets_an_answer(name: str) -> None:
    """A few candidates or none, and no exception: aliases are never expanded, and large files not read."""
    path, text = HOSTILE[name]
    failure = a_failure(tool="tool", file=path, line=1, code="config", message=f"can't parse {path}")
    case = a_case({path: text}, diagnosis=a_diagnosis(failure, category=Category.CONFIG))
    strategy = ConfigurationText()

    for target in strategy.targets(case):
        found = asyncio.run(strategy.propose(case, target, sample=0, tried=()))
        assert not isinstance(found, CandidatePatch) or all(edit.path == path for edit in found.edits)


@pytest.mark.parametrize("path", ["../setup.cfg", "/etc/setup.cfg", "a/../../tox.ini", ".github/workflows/ci.yml"])
def test_a_path_that_climbs_or_is_protected_is_no_target(path: str) -> None:
    """A message may name anything."""
    assert _broken({path: "[a\n", "b.ini": "[b]\n"}, message=f"can't parse {path}") == ()
