"""The failing hooks are run alone, in their own environments, so that they rewrite."""

import json
import shlex

import pytest

from builders import a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.calls import find_calls
from selfheal.fix.tools.hooks import Hooks, not_installed
from selfheal.fix.tools.interface import Errand, Workplace
from selfheal.fix.tools.registry import OWN_TOOLS

CONFIG = """
exclude: ^docs/
repos:
- repo: https://example.org/ruff
  rev: v1
  hooks:
  - id: ruff
    args: [--output-format=concise]
  - id: ruff-format
    args: [--check]
- repo: local
  hooks:
  - {id: style, name: style, entry: python -m black --check, language: system, types: [python]}
  - {id: eof, name: eof, entry: eof-fixer, language: system}
  - {id: types, name: types, entry: mypy, language: system}
"""
RUFF = a_failure(tool="ruff", code="F401", file="a.py")
EOF = a_failure(tool="pre-commit", code="eof", file="a.py")


def errand(
    *failures: Failure, command: str = "pre-commit run --all-files", rule: str | None = None, config: str = CONFIG
) -> Errand:
    tree = tree_of({".pre-commit-config.yaml": config, "a.py": ""})
    found = Hooks(OWN_TOOLS).errand(Workplace(a_diagnosis(*failures), tree, find_calls(command, tree)), rule=rule)
    assert found is not None
    return found


def config_of(made: Errand) -> dict[str, object]:
    words = shlex.split(made.text)
    config: dict[str, object] = json.loads(words[words.index("%s") + 1])
    return config


def hooks_of(made: Errand) -> list[dict[str, object]]:
    return [hook for repo in config_of(made)["repos"] for hook in repo["hooks"]]  # type: ignore[attr-defined]  # JSON


def test_a_hook_that_only_looks_is_turned_to_rewriting():
    """Repository, revision and arguments stay, so that the hook's installed environment is the one that is used."""
    made = errand(RUFF)
    (repo,) = config_of(made)["repos"]  # type: ignore[misc]  # JSON
    assert (repo["repo"], repo["rev"]) == ("https://example.org/ruff", "v1")
    assert repo["hooks"] == [{"id": "ruff", "args": ["--fix-only"]}]
    assert made.words == "`pre-commit run` with ruff"


def test_a_hook_that_rewrites_is_run_as_it_is():
    """Hooks that failed are run in the order of the configuration, those that passed are not."""
    assert [hook["id"] for hook in hooks_of(errand(EOF, RUFF))] == ["ruff", "eof"]


def test_a_local_hooks_entry_is_turned_too():
    """The check flag may stand in the entry."""
    failure = a_failure(tool="black", code="unformatted", file="a.py")
    assert hooks_of(errand(failure))[0]["entry"] == "python -m black"


def test_what_the_configuration_says_for_all_hooks_stays():
    """What is excluded stays excluded; one hook's failure does not keep the next from mending."""
    config = config_of(errand(EOF, config=f"fail_fast: true\n{CONFIG}"))
    assert config["exclude"] == "^docs/"
    assert "fail_fast" not in config


@pytest.mark.parametrize(
    ("config", "is_cut"),
    [
        (f"fail_fast: true\n{CONFIG}", True),
        (CONFIG.replace("{id: eof,", "{id: eof, fail_fast: true,"), True),
        (CONFIG.replace("{id: types,", "{id: types, fail_fast: true,"), False),
    ],
)
def test_hooks_behind_the_one_that_ended_the_run_are_run_too(config: str, is_cut: bool):
    """Nobody knows yet what they would say, or of which files: what they rewrite is part of the same patch."""
    made = errand(EOF, config=config)
    assert [hook["id"] for hook in hooks_of(made)] == (["eof", "types"] if is_cut else ["eof"])
    assert made.reaches_all == is_cut


def test_one_hook_alone():
    """Where the policy refuses what one hook did, the others can be tried by themselves."""
    assert [hook["id"] for hook in hooks_of(errand(EOF, RUFF, rule="eof"))] == ["eof"]


def test_the_users_own_options_stay():
    """Which files are looked at is the call's to say; the configuration is a copy, whatever it was."""
    made = errand(EOF, command="uv run pre-commit run eof --from-ref a --to-ref b -c .pre-commit-config.yaml")
    assert 'uv run pre-commit run --from-ref a --to-ref b --config "$hooks"' in made.text


def test_a_broken_configuration_runs_what_the_user_ran():
    """What can't be read is not copied."""
    tree = tree_of({".pre-commit-config.yaml": "repos: [\n"})
    command = "pre-commit run -a"
    place = Workplace(a_diagnosis(EOF), tree, find_calls(command, tree))
    found = Hooks(OWN_TOOLS).errand(place)
    assert found is not None
    assert found.text == command


def test_a_crash_without_a_place_is_told():
    """Where pre-commit says nothing of what it installed, its own word is all there is."""
    assert not_installed("fine", CONFIG) == ""
    output = "An unexpected error has occurred: FatalError: no git\n"
    assert not_installed(output, CONFIG) == "pre-commit broke with FatalError"
