"""Settings that a tool refuses are mended where they stand, also where the tool does not say where that is."""

import asyncio

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.configuration.keys import ConfigurationKeys
from selfheal.fix.configuration.moved import moved
from selfheal.fix.configuration.tool_settings import RUFF_LINT

CASES = [
    (
        "flake8",
        "ValueError: invalid literal for int() with base 10: '1OO'",
        ".flake8",
        "[flake8]\n# 1OO is wide\nmax-line-length = 1OO\n",
        "[flake8]\n# 1OO is wide\nmax-line-length = 100\n",
    ),
    (
        "pylint",
        "argument --jobs/-j: invalid int value: 'l2'",
        ".pylintrc",
        "[MAIN]\njobs=l2\n",
        "[MAIN]\njobs=12\n",
    ),
    (
        "isort",
        "Specified profile of balck does not exist. Available profiles: black,django,pycharm.",
        ".isort.cfg",
        "[settings]\nprofile = balck\n",
        "[settings]\nprofile = black\n",
    ),
    ("isort", "profle = black", ".isort.cfg", "[settings]\nprofle = black\n", "[settings]\nprofile = black\n"),
    (
        "black",
        "Invalid value for '-t' / '--target-version': 'py3.8' is not one of 'py37', 'py38', 'py39'.",
        "pyproject.toml",
        '[tool.black]\ntarget-version = ["py3.8"]\n',
        '[tool.black]\ntarget-version = ["py38"]\n',
    ),
    (
        "pylint",
        "Unrecognized option found: max-line-lenght (unrecognized-option)",
        ".pylintrc",
        "[FORMAT]\nmax-line-lenght=99\n",
        "[FORMAT]\nmax-line-length=99\n",
    ),
    (
        "ruff",
        "TOML parse error at line 1, column 1: unknown field `targetv-ersion`",
        "pyproject.toml",
        '[tool.ruff]\ntargetv-ersion = "py38"\n',
        '[tool.ruff]\ntarget-version = "py38"\n',
    ),
    (
        "ruff",
        "TOML parse error at line 1, column 1: unknown field `select`",
        "pyproject.toml",
        '[tool.ruff]\nline-length = 99\n# ours\nselect = [\n  "E",  # style\n]\n\n[tool.ruff.isort]\nx = 1\n',
        '[tool.ruff]\nline-length = 99\n\n[tool.ruff.lint]\n# ours\nselect = [\n  "E",  # style\n]\n'
        "\n[tool.ruff.lint.isort]\nx = 1\n",
    ),
    (
        "ruff",
        "TOML parse error at line 1, column 1: unknown field `tool`",
        "ruff.toml",
        '# ours\n[tool.ruff]\nline-length = 99\n\n[tool.ruff.lint]\nselect = ["E"]  # style\n',
        '# ours\nline-length = 99\n\n[lint]\nselect = ["E"]  # style\n',
    ),
    (
        "hatchling",
        "TypeError: Field `tool.hatch.build.targets.wheel.packages` must be an array of strings",
        "pyproject.toml",
        '[tool.hatch.build.targets.wheel]\npackages = "shop"  # one\n',
        '[tool.hatch.build.targets.wheel]\npackages = ["shop"]  # one\n',
    ),
    (
        "pip",
        "`tool.setuptools` must not contain {'pakages'} properties",
        "pyproject.toml",
        '[tool.setuptools]\npakages = ["shop"]\n',
        '[tool.setuptools]\npackages = ["shop"]\n',
    ),
    (
        "pip",
        "BackendUnavailable: Cannot import 'setuptols.build_meta'",
        "pyproject.toml",
        '[build-system]\nbuild-backend = "setuptols.build_meta"\n',
        '[build-system]\nbuild-backend = "setuptools.build_meta"\n',
    ),
    (
        "pip",
        "Invalid dash-separated key 'description-file' in 'metadata' (setup.cfg), please use the underscore name",
        "setup.cfg",
        "[metadata]\ndescription-file = a-b.md\n[flake8]\nmax-line-length = 9\n",
        "[metadata]\ndescription_file = a-b.md\n[flake8]\nmax-line-length = 9\n",
    ),
    (
        "pytest",
        "[pytest] section in setup.cfg files is no longer supported, change to [tool:pytest] instead.",
        "setup.cfg",
        "[pytest]\naddopts = -q\n",
        "[tool:pytest]\naddopts = -q\n",
    ),
    (
        "poetry",
        'The "poetry.dev-dependencies" section is deprecated and will be removed',
        "pyproject.toml",
        '[tool.poetry.dev-dependencies]\npytest = "*"\n',
        '[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
    ),
]


def _patched(tool: str, message: str, files: dict[str, str]) -> dict[str, str]:
    file = next(iter(files)) if tool == "ruff" else None
    failure = a_failure(tool=tool, file=file, line=1 if file else None, message=message)
    case = a_case(files, diagnosis=a_diagnosis(failure, category=Category.CONFIG))
    strategy = ConfigurationKeys()
    targets = strategy.targets(case)
    if not targets:
        return {}
    patch = asyncio.run(strategy.propose(case, targets[0], sample=0, tried=()))
    return {e.path: (e.content or b"").decode() for e in patch.edits} if isinstance(patch, CandidatePatch) else {}


@pytest.mark.parametrize(
    ("tool", "message", "path", "wrong", "right"), CASES, ids=[f"{c[0]}-{c[1][:40]}" for c in CASES]
)
def test_a_setting_is_mended(tool: str, message: str, path: str, wrong: str, right: str) -> None:
    """Only what is wrong changes; comments and order stay."""
    assert _patched(tool, message, {path: wrong}) == {path: right}


def test_a_word_that_is_near_nothing_stays() -> None:
    """No guess where no digit looks like the letters."""
    files = {".flake8": "[flake8]\nmax-line-length = wide\n"}

    assert _patched("flake8", "ValueError: invalid literal for int() with base 10: 'wide'", files) == {}


@pytest.mark.parametrize("text", ["", "x = 1\n", '[lint]\nselect = ["E"]\n', "[[[\n", "select\n" * 1000])
def test_nothing_moves_where_nothing_stands_wrongly(text: str) -> None:
    """Also in texts that are no TOML."""
    assert moved(text, "", "lint", RUFF_LINT) is None


WEB = [
    (
        "eslint",
        'Error: ESLint configuration in .eslintrc.json is invalid:\n\t- Unexpected top-level property "rulez".',
        ".eslintrc.json",
        '{\n  // ours\n  "rulez": {"semi": "error"}\n}\n',
        '{\n  // ours\n  "rules": {"semi": "error"}\n}\n',
    ),
    (
        "eslint",
        'ConfigError: Config (unnamed): Unexpected key "languageOptons" found.',
        "eslint.config.mjs",
        "export default [{ languageOptons: { ecmaVersion: 2022 } }];\n",
        "export default [{ languageOptions: { ecmaVersion: 2022 } }];\n",
    ),
    (
        "eslint",
        'Configuration for rule "semi" is invalid.\n\nYou passed \'"eror"\'.',
        ".eslintrc.json",
        '{"rules": {"semi": "eror"}}\n',
        '{"rules": {"semi": "error"}}\n',
    ),
    (
        "turbo",
        "Found `pipeline` field instead of `tasks`.",
        "turbo.json",
        '{\n  "pipeline": {"build": {}}\n}\n',
        '{\n  "tasks": {"build": {}}\n}\n',
    ),
    (
        "npm",
        'Missing script: "test"',
        "package.json",
        '{\n "scripts": {\n  "tset": "node --test"\n }\n}\n',
        '{\n "scripts": {\n  "test": "node --test"\n }\n}\n',
    ),
    (
        "log",
        "validating compose.yaml: services.web.ports must be a list",
        "compose.yaml",
        'services:\n  web:\n    image: x  # ours\n    ports: "80:80"\n',
        'services:\n  web:\n    image: x  # ours\n    ports:\n      - "80:80"\n',
    ),
    (
        "log",
        "services.web Additional property imagee is not allowed",
        "compose.yaml",
        "services:\n  web:\n    imagee: x\n",
        "services:\n  web:\n    image: x\n",
    ),
]


@pytest.mark.parametrize(("tool", "message", "path", "wrong", "right"), WEB, ids=[f"{c[0]}-{c[1][:30]}" for c in WEB])
def test_a_setting_of_the_web_is_mended(tool: str, message: str, path: str, wrong: str, right: str) -> None:
    """eslint in both forms, turbo, npm, Compose."""
    assert _patched(tool, message, {path: wrong}) == {path: right}


def test_a_script_that_others_call_keeps_its_name() -> None:
    """Renaming it would break its caller."""
    text = '{"scripts": {"tset": "a", "ci": "npm run tset"}}\n'

    assert _patched("npm", 'Missing script: "test"', {"package.json": text}) == {}
