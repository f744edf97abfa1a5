"""npm, pnpm and yarn: settle, add, step back and mend, with the same ways as for Python."""

import json

from fakes import tree_of
from fix.dependencies.fake_world import FakeWorld, Release
from selfheal.contract.explanation import Direction
from selfheal.contract.history import Past
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.findings import Findings
from selfheal.fix.dependencies.tool_plan import tool_plan_for
from selfheal.fix.dependencies.tools.investigation import investigate_tool

CHALK = tuple(Release(version) for version in ("2.4.2", "3.0.0", "4.0.0", "4.1.2", "5.0.0", "5.6.2"))
INDEX = {
    "chalk": CHALK,
    "ms": (Release("2.1.2"), Release("2.1.3")),
    "lodash": (Release("4.17.21"),),
    "box": (Release("1.0.0", needs=("chalk>=2",)), Release("2.0.0", needs=("chalk>=2",))),
}
USES_CHALK = "const chalk = require('chalk');\nchalk.red('x');\n"


def package(wishes: dict[str, str]) -> str:
    return json.dumps({"name": "shop", "dependencies": wishes}, indent=2) + "\n"


def a_world(wishes: dict[str, str], passes: object, **facts: object) -> FakeWorld:
    files = {"package.json": package(wishes), "test.js": USES_CHALK}
    files |= facts.pop("files", {})  # type: ignore[arg-type]
    return FakeWorld(INDEX, tree_of(files), passes, **facts)  # type: ignore[arg-type]


async def look(world: FakeWorld, command: str = "npm test") -> Findings:
    plan = tool_plan_for(command, world.tree)
    assert plan is not None
    return await investigate_tool(world, world.tree, plan)


def edited(candidate: CandidatePatch, path: str = "package.json") -> dict[str, object]:
    content = next(edit.content for edit in candidate.edits if edit.path == path)
    assert content is not None
    document: dict[str, object] = json.loads(content)
    return document


def old_chalk(installed: dict[str, str], tree: TreeView) -> bool:
    return installed["chalk"] < "5"


async def test_a_release_that_the_failure_points_at_is_held_below_the_first_that_breaks():
    """No day is known: the lines of releases are stepped back through, then the very release is found by bisection."""
    world = a_world({"chalk": "*"}, old_chalk, output="TypeError: chalk.red is not a function")
    (candidate,) = (await look(world)).candidates
    assert edited(candidate)["dependencies"] == {"chalk": "<5"}
    assert candidate.disposition is Disposition.NEEDS_HUMAN
    told = candidate.explanation
    assert told is not None and told.direction is Direction.BACK
    assert [(step.name, step.before, step.after) for step in told.guilty] == [("chalk", "4.1.2", "5.0.0")]


def a_lock(**versions: str) -> str:
    return json.dumps({"packages": {f"node_modules/{name}": {"version": one} for name, one in versions.items()}})


async def test_the_lock_of_an_earlier_commit_says_what_was_installed_when_it_passed():
    """Two moved, the one that broke it is found by what that lock named, and bounded; the tool writes the lock."""
    locks = {"package-lock.json": a_lock(chalk="5.6.2", ms="2.1.3")}
    older = FileEdit(path="package-lock.json", content=a_lock(chalk="4.0.0", ms="2.1.2").encode())
    past = Past(commit="a" * 40, day="2021-01-01", edits=(older,))
    output = "TypeError: chalk.red is not a function\n    at /r/node_modules/chalk/x.js:1:1"
    world = a_world({"chalk": "*", "ms": "*"}, old_chalk, files=locks, pasts=(past,), output=output)
    (candidate,) = (await look(world)).candidates
    assert world.probed[1] == {"chalk": "4.0.0", "ms": "2.1.2"}
    assert edited(candidate)["dependencies"] == {"chalk": "<5", "ms": "*"}
    assert candidate.explanation is not None
    assert [(one.name, one.before, one.after) for one in candidate.explanation.guilty] == [("chalk", "4.1.2", "5.0.0")]
    assert "package-lock.json as in commit aaaaaaaaaa" in candidate.explanation.sentence


async def test_what_others_pull_in_is_held_by_the_tools_own_override():
    """A dependency of a dependency is never made one of the project's own."""
    output = "TypeError: x\n    at /r/node_modules/chalk/index.js:1:1"
    world = a_world({"box": "^1.0.0"}, old_chalk, output=output)
    (candidate,) = (await look(world)).candidates
    assert edited(candidate)["overrides"] == {"chalk": "<5"}
    assert edited(candidate)["dependencies"] == {"box": "^1.0.0"}


async def test_a_missing_package_is_added_where_its_name_is_well_known():
    """In the order of the names, with a caret, and with its lock where the project keeps one."""
    world = a_world({"ms": "^2.1.3"}, lambda i, t: "lodash" in i, output="Error: Cannot find module 'lodash'\n")
    (candidate,) = (await look(world)).candidates
    assert edited(candidate)["dependencies"] == {"lodash": "^4.17.21", "ms": "^2.1.3"}
    assert [edit.path for edit in candidate.edits] == ["package.json"]


async def test_a_look_alike_and_a_stranger_are_never_added():
    """An attack: a misspelt import must not fetch what somebody has put there for it."""
    for name, word in (("lodahs", "looks like lodash"), ("totally-unheard-of", "nothing vouches")):
        world = a_world({"ms": "^2.1.3"}, lambda i, t: True is False, output=f"Error: Cannot find module '{name}'\n")
        world.index[name] = (Release("1.0.0"),)
        found = await look(world)
        assert not found.candidates
        assert word in found.reason


async def test_a_lock_that_does_not_fit_its_manifest_is_written_anew_and_nothing_else():
    """The tool's own lock for the manifest as it is."""
    stale = json.dumps({"packages": {"node_modules/ms": {"version": "2.1.2"}}})
    world = a_world({"ms": "^2.1.3"}, lambda i, t: True, files={"package-lock.json": stale})
    (candidate,) = (await look(world, "npm ci && npm test")).candidates
    assert [edit.path for edit in candidate.edits] == ["package-lock.json"]
    assert candidate.strategy == "dependencies:regenerate package-lock.json"


async def test_a_version_that_does_not_exist_becomes_the_nearest_that_does():
    """Of the same line where there is one."""
    world = a_world({"ms": "2.1.99"}, lambda i, t: i["ms"] == "2.1.3")
    (candidate,) = (await look(world)).candidates
    assert edited(candidate)["dependencies"] == {"ms": "2.1.3"}


async def test_what_passes_beside_a_fresh_install_is_not_mended():
    """Then what is installed is out of date, which no patch can help."""
    found = await look(a_world({"ms": "^2.1.3"}, lambda i, t: True))
    assert not found.candidates
    assert "out of date" in found.reason
