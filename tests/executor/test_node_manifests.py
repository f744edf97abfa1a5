"""What npm, pnpm and yarn get to see outside of the sandbox: names of the registry, and nothing that could act."""

import json
from pathlib import Path

import pytest

from fakes import tree_of
from selfheal.executor.installer import InstallerMissing
from selfheal.executor.node_manifests import NotPlain, plain_files
from selfheal.executor.node_programs import node_program, trusted
from selfheal.executor.python_locks import python_lock_line


def test_only_wishes_come_through():
    """Scripts, binaries, settings and whatever else a manifest may hold stay outside."""
    manifest = {
        "name": "x",
        "scripts": {"preinstall": "curl evil"},
        "bin": "evil.js",
        "config": {"script-shell": "/bin/evil"},
        "dependencies": {"ms": "^2", "@s/a": "1.x"},
        "overrides": {"ms": "2.1.3", "a": {"b": "<3"}},
        "packageManager": "pnpm@9.0.0",
    }
    files = plain_files(tree_of({"package.json": json.dumps(manifest), ".npmrc": "script-shell=/bin/evil"}), "npm", "")
    assert set(files) == {"package.json"}
    assert set(json.loads(files["package.json"])) == {"name", "dependencies", "overrides", "packageManager"}


@pytest.mark.parametrize(
    "spec",
    [
        "git+https://evil.example/x.git",
        "git+ssh://git@evil.example/x",
        "evil/x",
        "github:evil/x",
        "http://evil.example/x.tgz",
        "file:../../etc",
        "link:/etc",
        "npm:../x@1",
        "^1\n--ignore-scripts=false",
        {"version": "1"},
    ],
)
def test_what_is_not_the_registrys_is_refused(spec: object):
    """An attack: such a wish could make the tool start git, read a folder, or fetch from anywhere."""
    tree = tree_of({"app/package.json": json.dumps({"dependencies": {"x": spec}})})
    with pytest.raises(NotPlain, match="no plain requirement"):
        plain_files(tree, "npm", "app")
    overridden = tree_of({"app/package.json": json.dumps({"overrides": {"x": {"y": spec}}})})
    if isinstance(spec, str):
        with pytest.raises(NotPlain):
            plain_files(overridden, "npm", "app")


@pytest.mark.parametrize(
    ("tool", "name", "text"),
    [
        ("npm", "package-lock.json", '{"packages": {"node_modules/x": {"resolved": "git+ssh://git@evil/x.git#1"}}}'),
        ("npm", "package-lock.json", '{"packages": {"node_modules/x": {"resolved": "http://evil.example/x.tgz"}}}'),
        ("npm", "package-lock.json", '{"packages": {"node_modules/x": {"resolved": "file:../x.tgz"}}}'),
        ("yarn", "yarn.lock", 'x@1:\n  version "1.0.0"\n  resolved "http://evil.example/x.tgz"\n'),
        ("pnpm", "pnpm-lock.yaml", "packages:\n  x:\n    resolution: {tarball: http://evil.example/x.tgz}\n"),
        ("pnpm", "pnpm-lock.yaml", "packages:\n  x:\n    resolution: {commit: 1, repo: x, type: git}\n"),
    ],
)
def test_a_lock_that_takes_from_elsewhere_is_refused(tool: str, name: str, text: str):
    """An attack: what is locked is fetched without being asked for in the manifest."""
    tree = tree_of({"package.json": "{}", name: text})
    with pytest.raises(NotPlain, match="elsewhere"):
        plain_files(tree, tool, "")  # type: ignore[arg-type]


def test_garbage_is_refused_by_name():
    """The message says which file."""
    for text in ("", "[]", "{", "\x00"):
        with pytest.raises(NotPlain, match=r"package\.json"):
            plain_files(tree_of({"package.json": text}), "npm", "")
    with pytest.raises(NotPlain, match=r"there is no package\.json"):
        plain_files(tree_of({}), "npm", "")


def test_the_members_of_a_workspace_come_too():
    """Without them the lock would lose what they ask for."""
    files = {"package.json": '{"workspaces": ["p/*"]}', "p/a/package.json": '{"scripts": {"x": "y"}}'}
    files["p/a/node_modules/b/package.json"] = "{}"
    assert set(plain_files(tree_of(files), "npm", "")) == {"package.json", "p/a/package.json"}


def test_a_tool_that_lies_in_the_repository_is_not_started(tmp_path: Path):
    """An attack: `node_modules/.bin/npm`, or a link that leads there, would run outside of the sandbox."""
    repository, elsewhere = tmp_path / "repo", tmp_path / "bin"
    for folder in (repository, elsewhere):
        folder.mkdir()
    planted = repository / "npm"
    planted.write_text("#!/bin/sh\n")
    planted.chmod(0o755)
    (elsewhere / "npm").symlink_to(planted)
    path = {"PATH": f"{repository}:{elsewhere}:.:node_modules/.bin"}
    assert trusted("npm", path, apart_from=repository) is None
    with pytest.raises(InstallerMissing):
        node_program("pnpm", {"package.json": "{}"}, path, apart_from=repository)


def test_a_tool_that_is_missing_is_fetched_in_the_version_of_its_lock(tmp_path: Path):
    """By what the project itself names, else by the lock's format."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\n")
    npm.chmod(0o755)
    path = {"PATH": str(tmp_path)}
    nowhere = tmp_path / "repo"
    for files, wanted in (
        ({"package.json": '{"packageManager": "pnpm@8.1.0"}'}, "pnpm@8.1.0"),
        ({"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '6.0'\n"}, "pnpm@8"),
        ({"package.json": "{}"}, "pnpm@9"),
    ):
        assert f"--package={wanted}" in node_program("pnpm", files, path, apart_from=nowhere)


def test_poetry_and_pdm_are_those_that_wrote_the_lock():
    """Another release would rewrite the whole of it."""
    old = "# This file is automatically @generated by Poetry 1.8.3 and should not be changed by hand.\n"
    assert python_lock_line("poetry", old) == (("poetry==1.8.*",), "lock --no-interaction --no-update")
    new = old.replace("1.8.3", "2.1.0")
    assert python_lock_line("poetry", new) == (("poetry==2.1.*",), "lock --no-interaction")
    assert python_lock_line("pdm", "")[0][0] == "pdm>=2"
