"""A configuration file may be mended, as long as it asks for no less than it plainly meant to."""

import pytest

from contract.changes import change, refused_by
from selfheal.contract.diagnosis import Category

RUFF = "[tool.ruff.lint]\n{}\n"
SCRIPTS = '{"scripts": {"test": "a", "b": "c"}}\n'
TWO = RUFF.format('select = ["E" "F"]')
MENDED = {
    "a misspelt key": ("pyproject.toml", RUFF.format('selct = ["E"]'), RUFF.format('select = ["E"]')),
    "a lost comma": ("pyproject.toml", RUFF.format('select = ["E" "F"]'), RUFF.format('select = ["E", "F"]')),
    "a lost quote": ("pyproject.toml", RUFF.format('select = ["E]'), RUFF.format('select = ["E"]')),
    "a lost bracket": ("pyproject.toml", RUFF.format('ignore = ["E501"'), RUFF.format('ignore = ["E501"]')),
    "a lost comma in JSON": (
        "tsconfig.json",
        '{"strict": true "noEmit": true}\n',
        '{"strict": true, "noEmit": true}\n',
    ),
    "a lost comma among scripts": (
        "package.json",
        '{"scripts": {"test": "a" "b": "c"}}\n',
        '{"scripts": {"test": "a", "b": "c"}}\n',
    ),
    "a misspelt ceiling": (
        "ruff.toml",
        "[lint.mccabe]\nmax-copmlexity = 24\n",
        "[lint.mccabe]\nmax-complexity = 24\n",
    ),
    "a letter in a number": (
        ".flake8",
        "[flake8]\nmax-line-length = 1OO\n",
        "[flake8]\nmax-line-length = 100\n",
    ),
    "a section's bracket": (".pylintrc", "[FORMAT\nmax-args=5\n", "[FORMAT]\nmax-args=5\n"),
    "a header that reads as a key": (
        "tox.ini",
        "[tox]\na = 1\n[testenv:x\ncommands = pytest\n",
        "[tox]\na = 1\n[testenv:x]\ncommands = pytest\n",
    ),
    "a line at the margin": ("mypy.ini", "[mypy]\nfiles =\na.py\n", "[mypy]\nfiles =\n    a.py\n"),
    "a key of eslint's": (
        "eslint.config.mjs",
        "export default [{ rulez: {} }];\n",
        "export default [{ rules: {} }];\n",
    ),
    "a comma of prettier's": (".prettierrc", '{"semi": true "a": 1}\n', '{"semi": true, "a": 1}\n'),
    "a misspelt pytest key": ("pytest.ini", "[pytest]\ntespaths = tests\n", "[pytest]\ntestpaths = tests\n"),
    "tables of pyproject.toml": ("ruff.toml", '[tool.ruff.lint]\nselect = ["E"]\n', '[lint]\nselect = ["E"]\n'),
    "a misspelt hook": (
        ".pre-commit-config.yaml",
        "repos:\n- repo: https://a\n  hooks:\n  - id: ruf\n",
        "repos:\n- repo: https://a\n  hooks:\n  - id: ruff\n",
    ),
}
WEAKENED = {
    "a key misspelt on purpose": ("pyproject.toml", RUFF.format('select = ["E"]'), RUFF.format('selct = ["E"]')),
    "a ceiling misspelt on purpose": (
        "ruff.toml",
        "[lint.mccabe]\nmax-complexity = 9\n",
        "[lint.mccabe]\nmax-copmlexity = 9\n",
    ),
    "another number": (
        ".flake8",
        "[flake8]\nmax-line-length = 1OO\n",
        "[flake8]\nmax-line-length = 1000\n",
    ),
    "eslint's rules misspelt on purpose": (
        "eslint.config.mjs",
        "export default [{ rules: {} }];\n",
        "export default [{ rulez: {} }];\n",
    ),
    "a milder rule of eslint's": (
        "eslint.config.mjs",
        "export default [{ rules: { semi: 'error' } }];\n",
        "export default [{ rules: { semi: 'off' } }];\n",
    ),
    "a rule fewer on the way": (
        "ruff.toml",
        '[tool.ruff.lint]\nselect = ["E", "F"]\n',
        '[lint]\nselect = ["E"]\n',
    ),
    "a rule fewer": ("pyproject.toml", RUFF.format('select = ["E" "F"]'), RUFF.format('select = ["E"]')),
    "a list that became a comment": (
        "pyproject.toml",
        RUFF.format('select = ["E" "F"]'),
        RUFF.format('# select = ["E" "F"]'),
    ),
    "another value under the right key": (
        "pyproject.toml",
        RUFF.format('selct = ["E", "F"]'),
        RUFF.format('select = ["E"]'),
    ),
    "another hook": (
        ".pre-commit-config.yaml",
        "repos:\n- repo: https://a\n  hooks:\n  - id: mypy\n",
        "repos:\n- repo: https://a\n  hooks:\n  - id: trailing-whitespace\n",
    ),
    "a test folder less": ("pytest.ini", "[pytest]\ntestpaths = tests more\n", "[pytest]\ntestpaths = tests\n"),
}


@pytest.mark.parametrize("case", MENDED)
def test_mended_configuration_is_accepted(case: str) -> None:
    """Punctuation, and a key or hook that exists under a near name."""
    assert refused_by(change(*MENDED[case]), category=Category.CONFIG) == set()


@pytest.mark.parametrize("case", WEAKENED)
def test_weakened_configuration_is_refused(case: str) -> None:
    """Also while a configuration is being mended."""
    assert refused_by(change(*WEAKENED[case]), category=Category.CONFIG)


def test_misspelt_key_is_mended_only_where_that_is_what_failed() -> None:
    """A failing test gives no reason to touch the linter's configuration."""
    assert refused_by(change(*MENDED["a misspelt key"]), category=Category.TEST)
