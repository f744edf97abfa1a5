"""Python projects with a lock of uv or pdm: the lock does not fit, or what it holds has to be mended too."""

from breakages.case import PYTEST, Case, a_test

_TEST = "import click\nimport yaml\n\n\n" + a_test("assert click and yaml.safe_load('a: 1') == {'a': 1}")
_OLD = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["click>=8"]\n'
_GROUP = '\n[dependency-groups]\ndev = ["pytest"]\n'
_NEW = _OLD.replace('["click>=8"]', '["click>=8", "PyYAML>=6"]')


def _case(name: str, kind: str, tool: str, now: str, before: str, command: str, **facts: object) -> Case:
    files = {"pyproject.toml": now, "test_shop.py": _TEST}
    given = {"day": "2026-06-01", "forward": True, "locked_as": {"pyproject.toml": before}, "tool": tool}
    return Case(name=name, kind=kind, files=files, command=command, **(given | facts))  # type: ignore[arg-type]


CASES = (
    _case(
        "uv-stale-lock",
        "stale lock",
        "uv",
        _NEW + _GROUP,
        _OLD + _GROUP,
        "uv sync --locked && uv run --locked pytest -q",
        guilty=("uv.lock",),
    ),
    _case(
        "pdm-stale-lock",
        "stale lock",
        "pdm",
        _NEW + _GROUP,
        _OLD + _GROUP,
        "pdm install --check && pdm run pytest -q",
        guilty=("pdm.lock",),
    ),
    _case(
        "uv-missing-module-locked",
        "missing module",
        "uv",
        _OLD + _GROUP,
        _OLD + _GROUP,
        f"uv sync --locked && uv run --locked {PYTEST}",
        guilty=("pyyaml",),
    ),
)
