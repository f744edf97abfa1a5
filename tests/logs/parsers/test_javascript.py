"""Parsers of JavaScript's tools: their anchors, cut and mixed logs, and what stacks and messages say."""

import json
from pathlib import Path

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose
from selfheal.logs.parsers.interface import MAX_FINDINGS, LogContext, ParserFactory
from selfheal.logs.parsers.javascript.biome import BiomeParser
from selfheal.logs.parsers.javascript.eslint import EslintParser
from selfheal.logs.parsers.javascript.jest import JestParser
from selfheal.logs.parsers.javascript.mocha import MochaParser
from selfheal.logs.parsers.javascript.node import NodeParser
from selfheal.logs.parsers.javascript.npm import NpmParser
from selfheal.logs.parsers.javascript.pnpm import PnpmParser
from selfheal.logs.parsers.javascript.prettier import PrettierParser
from selfheal.logs.parsers.javascript.tsc import TscParser
from selfheal.logs.parsers.javascript.vitest import VitestParser
from selfheal.logs.parsers.javascript.yarn import YarnParser

RECORDINGS = Path(__file__).parents[2] / "recordings"
PARSERS: dict[str, ParserFactory] = {
    "biome": BiomeParser,
    "eslint": EslintParser,
    "jest": JestParser,
    "mocha": MochaParser,
    "node": NodeParser,
    "npm": NpmParser,
    "pnpm": PnpmParser,
    "prettier": PrettierParser,
    "tsc": TscParser,
    "vitest": VitestParser,
    "yarn": YarnParser,
}
LOGS = sorted(log for tool in PARSERS for log in (RECORDINGS / tool).glob("*.log"))
# Read by another's parser: the sign of a full heap, TAP of other runners, a compiler's lines inside of jest.
ELSEWHERE = {"node/heap", "mocha/tap", "vitest/tap", "vitest/tap-flat", "jest/ts-jest-types", "mocha/old-load-throws"}
ELSEWHERE |= {"mocha/old-missing-package", "pnpm/recursive", "pnpm/recursive-8", "pnpm/recursive-tsc", "npm/workspaces"}


def _name(log: Path) -> str:
    return f"{log.parent.name}/{log.stem}"


def _repairable(log: Path) -> bool:
    return json.loads(log.with_suffix("").with_suffix(".expected.json").read_text())["category"] not in (
        "infra",
        "environment",
    )


def _codes_fault(diagnosis: Diagnosis) -> bool:
    return diagnosis.category.is_repairable


@pytest.mark.parametrize("log", LOGS, ids=_name)
def test_raw_bytes_hold_an_anchor(log: Path) -> None:
    """A log of a tool is never skimmed past: its raw bytes hold an anchor, colours and timestamps included."""
    raw = log.read_bytes()

    assert _name(log) in ELSEWHERE or any(anchor.encode() in raw for anchor in PARSERS[log.parent.name].anchors)


@pytest.mark.parametrize("tool", PARSERS)
def test_anchors_have_a_length_that_can_be_searched(tool: str) -> None:
    """Anchors are 4 to 60 characters long."""
    assert all(4 <= len(anchor) <= 60 for anchor in PARSERS[tool].anchors)


@pytest.mark.parametrize("log", LOGS, ids=_name)
def test_cut_logs_are_read(log: Path) -> None:
    """A log without its beginning or its end raises nothing and blames nobody else for the code's failure."""
    lines = log.read_text().split("\n")
    for part in range(1, 8):
        at = len(lines) * part // 8
        for rest in (lines[:at], lines[at:]):
            diagnosis = diagnose("\n".join(rest), exit_code=1)
            assert not _repairable(log) or _codes_fault(diagnosis), diagnosis


@pytest.mark.parametrize("log", LOGS, ids=_name)
def test_alien_lines_in_between_raise_nothing(log: Path) -> None:
    """Other tools' lines after every line, and the lines in the wrong order, are survived by every parser."""
    lines = log.read_text().split("\n")
    for mixed in ([text for line in lines for text in (line, "make: *** [all] Error 1")], lines[::-1]):
        for factory in PARSERS.values():
            parser = factory(LogContext(exit_code=1))
            for number, line in enumerate(mixed, start=1):
                parser.feed(number, line)
            parser.finish()


@pytest.mark.parametrize(
    "line",
    [
        "  ● a › b",
        " FAIL  src/a.test.ts > b",
        "  1) a",
        "not ok 1 - a",
        "✖ a (1.2ms)",
        "src/a.ts(1,1): error TS2322: no",
        "  1:1  error  no  semi",
        "[warn] src/a.js",
        "/repo/a.js:1",
        "npm error code 1",
        " ERR_PNPM_NO_SCRIPT  Missing script: a",
        'error Couldn\'t find package "a"',
        "➤ YN0028: │ -a",
        "TypeError: a",
        "src/a.js:1:1 lint/a/b ━━━━━━",
    ],
)
def test_findings_are_bounded(line: str) -> None:
    """Whatever line comes again and again, no parser keeps more than it may."""
    for factory in PARSERS.values():
        parser = factory(LogContext(exit_code=1))
        for number in range(1, 2_500):
            parser.feed(number, f"{line}{number}")
            parser.feed(number, "    at f (/repo/a.js:1:1)")
        assert len(parser.finish().findings) <= MAX_FINDINGS


def test_a_list_of_bare_names_is_prettiers_only_after_its_command() -> None:
    """`prettier --list-different` prints names alone; without the command they are anybody's."""
    names = "src/a.js\nsrc/b.js\n"

    listed = diagnose(f"> shop@1.0.0 check\n> prettier -l src\n\n{names}", exit_code=1)
    alone = diagnose(names, exit_code=1)

    assert listed.category is Category.FORMAT
    assert [failure.file for failure in listed.failures] == ["src/a.js", "src/b.js"]
    assert alone.category is Category.UNKNOWN


def test_warnings_alone_are_no_failures() -> None:
    """eslint's warnings stay out unless it says that they are too many."""
    rows = "\n/repo/src/a.js\n  1:1  warning  Missing semicolon  semi\n\n✖ 1 problem (0 errors, 1 warning)\n"

    assert not any(failure.tool == "eslint" for failure in diagnose(rows, exit_code=1).failures)
    both = diagnose(f"{rows}\nESLint found too many warnings (maximum: 0).\n", exit_code=1)
    assert [failure.code for failure in both.failures] == ["semi"]


@pytest.mark.parametrize("code", ["ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "E503"])
def test_a_registry_that_does_not_answer_is_no_dependency_failure(code: str) -> None:
    """npm's network errors are left to the signs of an outage."""
    log = f"npm error code {code}\nnpm error network request to https://registry.npmjs.org/a failed\n"
    parser = NpmParser(LogContext(exit_code=1))
    for number, line in enumerate(log.split("\n"), start=1):
        parser.feed(number, line)

    assert parser.finish().findings == ()


MOCHA = "  0 passing (5ms)\n  1 failing\n\n  1) rows\n       are read:\n     Error: {}\n      at {}\n"


def test_a_refused_connection_is_an_outage_where_a_library_met_it() -> None:
    """The service is down where Node's own socket met the refusal; a made-up error and an own port are tests."""
    node = "TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)"
    refused = "connect ECONNREFUSED 127.0.0.1:5432"

    met = diagnose(MOCHA.format(refused, node), exit_code=1)
    made_up = diagnose(MOCHA.format(refused, "Object.query (test/store.js:6:25)"), exit_code=1)
    own = diagnose(MOCHA.format("connect ECONNREFUSED 127.0.0.1:43125", node), exit_code=1)

    assert met.category is Category.INFRA
    assert made_up.category is Category.TEST
    assert own.category is Category.TEST


def test_a_json_report_with_its_middle_cut_out_gives_its_whole_entries() -> None:
    """eslint's JSON is one line; what stands before and after the cut is read."""
    entry = '{"ruleId":"semi","severity":2,"message":"Missing semicolon.","line":%d,"column":4}'
    file = '{"filePath":"/repo/%s.js","messages":[%s],"errorCount":2}'
    first, last = file % ("a", f"{entry % 1},{entry % 2}"), file % ("b", entry % 3)
    line = f"[{first},{(file % ('c', entry % 4))[:70]} [...] ,{last}]"

    diagnosis = diagnose(line, exit_code=1)

    assert [(failure.file, failure.line) for failure in diagnosis.failures] == [
        ("/repo/a.js", 1),
        ("/repo/a.js", 2),
        ("/repo/b.js", 3),
    ]


def test_a_bare_not_ok_is_no_certain_tools() -> None:
    """Shells' test tools write TAP too: the title is all that is told, and nobody's name is put on it."""
    log = "1..2\nok 1 adds\nnot ok 2 subtracts\n# (in test file test/math.bats, line 8)\n"

    failure = diagnose(log, exit_code=1).failures[0]

    assert (failure.tool, failure.test_id, failure.message) == ("tap", "subtracts", "subtracts")


def test_todo_and_skip_of_tap_are_no_failures() -> None:
    """TAP lets a test that is to do fail without failing the run."""
    log = "TAP version 13\nnot ok 1 - later # TODO not written yet\nnot ok 2 - now\n"

    failures = [failure for failure in diagnose(log, exit_code=1).failures if failure.tool == "tap"]

    assert [failure.test_id for failure in failures] == ["now"]


def test_a_crash_stands_before_the_coverage_that_it_costs() -> None:
    """nyc counts the lines that were run, also where the tests never came to their end."""
    log = (
        "> shop@1.0.0 unit\n> nyc --lines 100 --check-coverage tape test/*.js\n\nTAP version 13\n"
        "/repo/queue.js:7\n    return waiting.length\n           ^\n\nReferenceError: waiting is not defined\n"
        "    at Object.size (/repo/queue.js:7:12)\n    at Test.<anonymous> (/repo/test/queue.js:9:11)\n\n"
        "Node.js v20.20.2\n"
        "ERROR: Coverage for lines (44.88%) does not meet global threshold (100%)\n"
    )

    failures = diagnose(log, exit_code=1, root="/repo").failures

    assert (failures[0].file, failures[0].line) == ("queue.js", 7)
    assert [failure.tool for failure in failures if failure.code == "coverageThreshold"] == ["nyc"]


@pytest.mark.parametrize(("command", "tool"), [("c8 --100 node --test", "c8"), ("nyc tape test.js", "nyc")])
def test_who_counts_the_coverage_stands_in_the_command(command: str, tool: str) -> None:
    """c8 and nyc say in vitest's words that a threshold is not met."""
    log = f"> {command}\n\n# pass 3\nERROR: Coverage for branches (98.3%) does not meet global threshold (100%)\n"

    assert [failure.tool for failure in diagnose(log, exit_code=1).failures] == [tool]


def test_standard_is_read_with_and_without_its_rules() -> None:
    """standard prints one line a finding below its name; its warnings fail no run."""
    log = (
        "standard: Use JavaScript Standard Style (https://standardjs.com)\n"
        "standard: Run `standard --fix` to automatically fix some problems.\n"
        "  /repo/index.js:25:11: Extra semicolon. (semi)\n"
        "  /repo/lib/cart.js:26:7: 'unused' is assigned a value but never used.\n"
        "  /repo/index.js:30:3: Unexpected var, use let or const instead. (no-var) (warning)\n"
    )

    diagnosis = diagnose(log, exit_code=1, root="/repo")

    assert diagnosis.category is Category.LINT
    found = [(failure.tool, failure.file, failure.line, failure.code) for failure in diagnosis.failures]
    assert found == [("standard", "index.js", 25, "semi"), ("standard", "lib/cart.js", 26, None)]


def test_an_older_taps_place_is_told_key_by_key() -> None:
    """tap up to 15 names the values `found` and `wanted`, which may have a `line` and a `file` of their own."""
    log = (
        "TAP version 13\n# Subtest: test/clone.js\n    not ok 1 - same values\n      ---\n      found:\n"
        "        line: 1\n        file: other.js\n      wanted:\n        line: 2\n      at:\n        line: 167\n"
        "        column: 5\n        file: test/clone.js\n        type: Test\n      stack: |\n"
        "        Test.<anonymous> (test/clone.js:167:5)\n      source: |\n        same(clone(o), o)\n      ...\n"
    )

    failure = diagnose(log, exit_code=1).failures[0]

    assert (failure.file, failure.line) == ("test/clone.js", 167)
    assert failure.message.startswith("same values")


def test_a_test_that_never_ends_lies_in_no_package() -> None:
    """tape blames its own file where a test did not call `end`; nobody can mend that one."""
    log = (
        "TAP version 13\n# reads slowly\nnot ok 2 test exited without ending: reads slowly\n  ---\n"
        "    operator: fail\n    at: process.<anonymous> (/repo/node_modules/tape/index.js:197:8)\n  ...\n"
    )

    failure = diagnose(log, exit_code=1, root="/repo").failures[0]

    assert (failure.tool, failure.file) == ("tape", None)
    assert failure.test_id is not None and failure.test_id.startswith("reads slowly")


def test_code_made_at_run_time_lies_where_it_was_made() -> None:
    """V8 prints the place of `eval` inside the frame; the file's name ends before it."""
    log = (
        "✖ derives a constraint (2.02ms)\n  TypeError [Error]: done is not a function\n"
        "      at Constrainer.eval (eval at build (/repo/lib/constrainer.js:173:34), <anonymous>:5:9)\n"
        "      at TestContext.<anonymous> (/repo/test/custom.test.js:35:10)\n"
        "✖ failing tests:\n\ntest at test/custom.test.js:30:1\n✖ derives a constraint (2.02ms)\n"
        "  TypeError [Error]: done is not a function\n"
        "      at Constrainer.eval (eval at build (/repo/lib/constrainer.js:173:34), <anonymous>:5:9)\n"
        "      at TestContext.<anonymous> (/repo/test/custom.test.js:35:10)\n"
    )

    failure = diagnose(log, exit_code=1, root="/repo").failures[0]

    assert (failure.file, failure.line) == ("lib/constrainer.js", 173)


def test_an_extended_tsconfig_that_is_missing_is_configuration() -> None:
    """No test file is at fault where vitest can't even transform the first one."""
    log = (
        " RUN  v4.1.12 /repo\n\n⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯\n\n FAIL  tests/did.test.ts [ tests/did.test.ts ]\n"
        "Error: Transform failed with 1 error:\n\n"
        "[TSCONFIG_ERROR] Failed to load tsconfig '../../tsconfig/base.json': Tsconfig not found\n"
        "⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯\n\n Test Files  1 failed (1)\n"
    )
    files = frozenset({"tsconfig.json", "tests/did.test.ts"})

    diagnosis = diagnose(log, exit_code=1, root="/repo", known_files=files)

    assert (diagnosis.category, diagnosis.failures[0].file) == (Category.CONFIG, "tsconfig.json")
