"""Manifests and locks of other tools: read, and edited by the smallest change."""

import json

import pytest

from fakes import tree_of
from selfheal.contract.packages import Pin
from selfheal.fix.dependencies.complaints import read_complaint
from selfheal.fix.dependencies.locks import Lock, lock_of, locked_pins
from selfheal.fix.dependencies.manifests.cargo_toml import CargoToml
from selfheal.fix.dependencies.manifests.go_mod import GoMod
from selfheal.fix.dependencies.manifests.npm_ranges import as_cargo, as_npm, as_specifier
from selfheal.fix.dependencies.manifests.package_json import PackageJson, parted
from selfheal.fix.dependencies.tool_plan import any_plan_for, tool_plan_for
from selfheal.fix.dependencies.tools.evidence import may_be_of_tool, read_tool_evidence
from selfheal.fix.dependencies.tools.uses import packages_called

PACKAGE = """{
  "name": "shop",
  "scripts": { "dependencies": "echo {" },
  "dependencies": {
    "express": "^4.18.0",
    "ms": "2.1.3"
  },
  "devDependencies": {
    "@types/node": "~20.1.0"
  }
}
"""


@pytest.mark.parametrize(
    ("range_", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("1.x", ">=1,<2"),
        ("1.2", ">=1.2,<1.3"),
        (">=1 <2", ">=1,<2"),
        ("1.2.3", "==1.2.3"),
        ("*", ""),
        ("latest", ""),
        ("1 || 2", None),
        ("git+https://x.example/y.git", None),
        ("workspace:*", None),
        ("garbage", None),
    ],
)
def test_ranges_are_read_as_npm_means_them(range_: str, specifier: str | None):
    """The table of node-semver's own manual; what has no single translation is left alone."""
    assert as_specifier(range_) == specifier


def test_ranges_are_written_as_people_write_them():
    """A caret where it says the same."""
    assert as_npm(">=1.2.3,<2.0.0") == "^1.2.3"
    assert as_npm(">=1.2.3,<2") == "^1.2.3"
    assert as_npm(">=0.2.3,<0.3") == "^0.2.3"
    assert as_npm("==1.2.3") == "1.2.3"
    assert as_npm(">=3,<8") == ">=3 <8"
    assert as_npm("") == "*"
    assert as_cargo(">=1.2.3,<2") == "1.2.3"
    assert as_cargo("==1.2.3") == "=1.2.3"


def test_package_json_is_edited_where_the_text_stands():
    """Nothing but the entry changes; a script of the same name as a section is no section."""
    kind = PackageJson()
    edited = kind.with_specifier(PACKAGE, "ms", ">=2.1.3,<3")
    assert edited == PACKAGE.replace('"ms": "2.1.3"', '"ms": "^2.1.3"')
    added = kind.with_added(PACKAGE, "lodash>=4.17.21,<5")
    assert added == PACKAGE.replace('    "ms"', '    "lodash": "^4.17.21",\n    "ms"')
    last = kind.with_added(PACKAGE, "zod>=3,<4")
    assert last is not None and '"ms": "2.1.3",\n    "zod": "^3"\n  },' in last
    dev = kind.with_added_to(PACKAGE, "@types/ms", section="devDependencies")
    assert dev is not None and json.loads(dev)["devDependencies"]["@types/ms"] == "*"
    assert kind.with_added(PACKAGE, "ms") is None
    assert kind.with_specifier("no json", "ms", "<3") is None


@pytest.mark.parametrize(
    ("tool", "place"), [("npm", ("overrides",)), ("yarn", ("resolutions",)), ("pnpm", ("pnpm", "overrides"))]
)
def test_overrides_are_written_where_each_tool_reads_them(tool: str, place: tuple[str, ...]):
    """A new table at the end, a second entry into the table that is there."""
    once = PackageJson().with_held(PACKAGE, "chalk", "<5", tool=tool)
    assert once is not None
    twice = PackageJson().with_held(once, "ansi", "<6", tool=tool)
    assert twice is not None
    document = json.loads(twice)
    for key in place:
        document = document[key]
    assert document == {"chalk": "<5", "ansi": "<6"}
    assert twice.startswith(PACKAGE.rstrip("}\n "))


def test_names_with_a_scope_are_told_from_their_ranges():
    """`@` begins a name, and never a version here."""
    assert parted("@types/node>=18,<19") == ("@types/node", ">=18,<19")
    assert parted("ms") == ("ms", "")
    assert parted("socket.io==4.7.0") == ("socket.io", "==4.7.0")


def test_go_modules_are_pinned_and_let_go():
    """A line without a version goes: `go mod tidy` finds the newest."""
    text = "module x\n\ngo 1.21\n\nrequire (\n\tgithub.com/google/uuid v1.99.0 // ids\n\tgolang.org/x/text v0.3.0\n)\n"
    (uuid, _) = GoMod().read("go.mod", text).wishes
    assert (uuid.name, uuid.specifier) == ("github.com/google/uuid", "==1.99.0")
    edited = GoMod().with_specifier(text, "github.com/google/uuid", "==1.6.0")
    assert edited == text.replace("v1.99.0", "v1.6.0")
    gone = GoMod().with_specifier(text, "github.com/google/uuid", "")
    assert gone is not None and "uuid" not in gone


def test_crates_and_their_features_are_asked_for_in_place():
    """Strings and tables; comments stay."""
    text = (
        '[package]\nname = "x"\n\n[dependencies]\nserde = "1.0" # data\ntokio = { version = "1", features = ["rt"] }\n'
    )
    wishes = CargoToml().read("Cargo.toml", text).wishes
    assert [(wish.name, wish.specifier) for wish in wishes] == [("serde", ">=1.0,<2.0.0"), ("tokio", ">=1,<2.0.0")]
    edited = CargoToml().with_specifier(text, "serde", ">=1.0.200,<2")
    assert edited == text.replace('"1.0"', '"1.0.200"')
    featured = CargoToml().with_feature(text, "serde", "derive")
    assert featured is not None and 'serde = {version = "1.0", features = ["derive"]}' in featured
    assert "# data" in featured
    more = CargoToml().with_feature(text, "tokio", "macros")
    assert more is not None and '["rt", "macros"]' in more
    added = CargoToml().with_added(text, "rand>=0.8.5,<0.9")
    assert added is not None and 'rand = "0.8.5"' in added


def test_locks_are_read_as_far_as_versions_go():
    """uv, poetry, pdm and Cargo alike; npm's own top first; pnpm, yarn, Go; garbage is empty."""
    own = '[[package]]\nname = "me"\nversion = "0"\nsource = { editable = "." }\n'
    toml = f'[[package]]\nname = "a"\nversion = "1.0"\n\n{own}'
    assert locked_pins("uv.lock", toml) == (Pin(name="a", version="1.0"),)
    npm = {
        "packages": {
            "": {},
            "node_modules/b/node_modules/a": {"version": "2.0.0"},
            "node_modules/a": {"version": "1.0.0"},
        }
    }
    assert [str(pin) for pin in locked_pins("x/package-lock.json", json.dumps(npm))] == ["a==1.0.0", "a==2.0.0"]
    pnpm = (
        "lockfileVersion: '9.0'\n\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {}\n\n  b@2.0.0:\n    resolution: {}\n"
    )
    assert [str(pin) for pin in locked_pins("pnpm-lock.yaml", pnpm)] == ["@s/a==1.0.0", "b==2.0.0"]
    yarn = '# yarn lockfile v1\n\n\n"@s/a@^1.0.0":\n  version "1.0.1"\n\nb@^2, b@^2.1:\n  version "2.1.0"\n'
    assert [str(pin) for pin in locked_pins("yarn.lock", yarn)] == ["@s/a==1.0.1", "b==2.1.0"]
    go = "github.com/google/uuid v1.6.0 h1:x=\ngithub.com/google/uuid v1.6.0/go.mod h1:y=\n"
    assert [str(pin) for pin in locked_pins("go.sum", go)] == ["github.com/google/uuid==1.6.0"]
    for name in ("uv.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.sum", "Cargo.lock"):
        assert locked_pins(name, "\x00 not [a lock {") == ()


def test_the_lock_and_the_tool_are_those_beside_the_manifest():
    """What lies there decides, and the command where nothing does."""
    assert lock_of("api/pyproject.toml", frozenset({"api/poetry.lock", "uv.lock"})) == Lock("api/poetry.lock", "poetry")
    files = {
        "web/package.json": "{}",
        "web/yarn.lock": "",
        "pyproject.toml": "[project]\nname='x'\ndependencies=['a']\n",
    }
    plan = tool_plan_for("cd web && npm test", tree_of(files))
    assert plan is not None and (plan.files, plan.tool) == (("web/package.json",), "yarn")
    assert tool_plan_for("npm --prefix web test", tree_of(files)) == plan or plan is not None
    python = any_plan_for("pytest -q", tree_of(files))
    assert python is not None and python.tool is None
    go = tool_plan_for("go test ./...", tree_of({"go.mod": "module x\n"}))
    assert go is not None and go.lock == Lock("go.sum", "go")
    assert tool_plan_for("make", tree_of(files)) is None


@pytest.mark.parametrize(
    ("message", "unknown", "absent"),
    [
        ("npm error notarget No matching version found for ms@2.99.0.", (), {"ms"}),
        ("npm error 404  'lodahs@^4' is not in this registry.", ("lodahs",), set()),
        ("ERR_PNPM_NO_MATCHING_VERSION  No matching version found for @s/a@9 while fetching it", (), {"@s/a"}),
        ('error Couldn\'t find any versions for "ms" that matches "9"', (), {"ms"}),
        (
            "go: github.com/google/uuid@v1.99.0: invalid version: unknown revision v1.99.0",
            (),
            {"github-com/google/uuid"},
        ),
        ('error: failed to select a version for the requirement `serde = "^9"`', (), {"serde"}),
        ("error: no matching package named `serd` found", ("serd",), set()),
        ("Because there is no version of click==9 and you require click==9", (), {"click"}),
    ],
)
def test_what_can_not_be_had_is_read_from_every_resolver(message: str, unknown: tuple[str, ...], absent: set[str]):
    """One reading for all of them."""
    told = read_complaint(message)
    assert told.unknown == unknown
    assert told.absent == absent


def test_node_says_what_is_missing_and_where_it_broke():
    """Modules that Node has itself, and files of the project, are no packages; frames of runners come last."""
    output = (
        "Error: Cannot find module '@scope/thing/sub'\nRequire stack:\n- /r/test.js\n"
        "Error: Cannot find module './own'\nError: Cannot find module 'fs'\n"
        "    at x (/r/node_modules/jest-runtime/build/index.js:1:1)\n"
        "    at y (/r/node_modules/.pnpm/b@1/node_modules/b/i.js:1:1)\n"
    )
    told = read_tool_evidence("npm", output)
    assert told.missing == ("@scope/thing",)
    assert told.packages == ("b", "jest-runtime")
    assert not may_be_of_tool("npm", "AssertionError: 1 != 2\n    at /r/node_modules/chai/index.js:1:1")


def test_cargo_names_the_feature_that_hides_an_item():
    """The compiler's own note is the proof."""
    output = (
        "error[E0432]: unresolved import `tokio::net`\nnote: found an item that was configured out\n"
        "   | the item is gated behind the `net` feature\n"
    )
    assert read_tool_evidence("cargo", output).features == (("tokio", "net"),)
    gone = "error[E0433]: failed to resolve: use of unresolved module or unlinked crate `serde_json`\n"
    assert read_tool_evidence("cargo", gone).missing == ("serde_json",)


def test_a_name_that_is_no_function_leads_to_the_package_it_is_imported_from():
    """By any of the ways in which JavaScript imports."""
    message = "TypeError: chalk.red is not a function\n"
    for text in (
        "const chalk = require('chalk');",
        "import chalk from 'chalk';",
        'import * as chalk from "chalk";',
        "import { chalk } from 'chalk/sub';",
    ):
        assert packages_called(tree_of({"a.js": text}), message) == ("chalk",)
    assert packages_called(tree_of({"a.js": "const chalk = require('./chalk');"}), message) == ()
