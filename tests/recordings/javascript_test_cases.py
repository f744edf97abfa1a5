"""What the test runners of JavaScript print, and Node itself when a program falls over."""
# ruff: noqa: E501 - the projects' sources stand on one line each

import json

from recordings.case import Case
from recordings.javascript_checker_cases import COLOUR, LINK, NEW, OLD, QUIET

SHOP = {
    "package.json": '{"name": "shop", "version": "1.0.0", "scripts": {"test": "jest"}, "jest": {"testEnvironment": "node"}}\n',
    "src/price.js": "function total(items) {\n  return items.reduce((sum, item) => sum + item.price, 1);\n}\n\nfunction cheapest(items) {\n  return items.sort((a, b) => a.price - b.price)[0].name.trim();\n}\n\nmodule.exports = { total, cheapest };\n",
    "src/price.test.js": "const { total, cheapest } = require('./price');\n\ndescribe('prices', () => {\n  test('adds up', () => {\n    expect(total([{ price: 2 }, { price: 3 }])).toBe(5);\n  });\n\n  describe('cheapest', () => {\n    it('of none is undefined', () => {\n      expect(cheapest([])).toBeUndefined();\n    });\n\n    it('of two', () => {\n      expect(cheapest([{ price: 2, name: 'b ' }, { price: 1, name: 'a ' }])).toBe('a');\n    });\n  });\n});\n",
}
SHOP_ERRORS = [
    {"file": "src/price.test.js", "line": 5, "column": 49, "test_id": "prices > adds up"},
    {"file": "src/price.js", "line": 6, "test_id": "prices > cheapest > of none is undefined", "code": "TypeError"},
]
SHOP_EXPECTED = {"category": "test", "failures": SHOP_ERRORS, "count": 2}


def _package(**fields: object) -> str:
    return json.dumps({"name": "shop", "version": "1.0.0", **fields}, indent=2) + "\n"


def _jest(name: str, options: str = "", **changes: object) -> Case:
    fields = {"files": SHOP, "expected": SHOP_EXPECTED, "setup": LINK, **changes}
    return Case("jest", name, f"node_modules/.bin/jest {options}".strip(), **fields)


def _jest_one(name: str, test: str, failure: dict[str, object], options: str = "", **changes: object) -> Case:
    """One test file beside the good part of the shop, and what fails in it."""
    files = {**SHOP, "src/price.test.js": test, **changes.pop("more", {})}
    expected = {"category": changes.pop("category", "test"), "failures": [failure], "count": 1}
    return _jest(name, options, files=files, expected=expected, **changes)


JEST_CASES = (
    _jest("default"),
    _jest("verbose", "--verbose"),
    _jest("colour", "--verbose", environment=COLOUR),
    _jest("github", "--ci", wrap="github"),
    _jest(
        "github-reporter", "--ci --reporters=default --reporters=github-actions", environment={"GITHUB_ACTIONS": "true"}
    ),
    _jest(
        "summary-only", "--reporters=summary", expected={"category": "test", "failures": [{"file": None}], "count": 1}
    ),
    _jest("json", "--json --silent"),
    _jest("old", setup=OLD),
    _jest("old-verbose", "--verbose", setup=OLD, environment=COLOUR),
    _jest("new", "--ci", setup=NEW, wrap="github"),
    _jest("coverage", "--coverage"),
    Case("jest", "npm-test", "npm test -- --ci", SHOP, SHOP_EXPECTED, setup=LINK, wrap="github", environment=QUIET),
    _jest_one(
        "suite-syntax",
        "const { total } = require('./price');\n\ntest('adds up', () => {\n  expect(total([]).toBe(0);\n});\n",
        {"file": "src/price.test.js", "line": 4, "code": "SyntaxError"},
        category="syntax",
    ),
    _jest_one(
        "source-syntax",
        "const { total } = require('./price');\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.js", "line": 2},
        category="syntax",
        more={"src/price.js": "function total(items) {\n  return items.length +;\n}\n\nmodule.exports = { total };\n"},
    ),
    _jest_one(
        "esm-not-transformed",
        "import { total } from './price.mjs';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.test.js", "line": 1},
        category="syntax",
        more={"package.json": _package(jest={"transform": {}}), "src/price.mjs": "export const total = () => 0;\n"},
    ),
    _jest_one(
        "suite-missing-own-module",
        "const { total } = require('./prices');\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.test.js", "line": 1},
    ),
    _jest_one(
        "suite-missing-package",
        "const total = require('left-padder');\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.test.js", "line": 1},
        category="dependency",
    ),
    _jest_one(
        "suite-throws",
        "const { total } = require('./price');\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.js", "line": 3, "code": "ReferenceError"},
        more={
            "src/price.js": "const rates = { eur: 1 };\n\nconst first = rate.eur;\n\nmodule.exports = { total: () => first };\n"
        },
    ),
    _jest_one(
        "suite-empty",
        "const { total } = require('./price');\n\ntotal([]);\n",
        {"file": "src/price.test.js"},
    ),
    _jest_one(
        "object-diff",
        "test('equals', () => {\n  const made = { id: 1, tags: ['a', 'b'], owner: { name: 'x' } };\n\n  expect(made).toEqual({ id: 1, tags: ['a', 'c'], owner: { name: 'y' } });\n});\n",
        {"file": "src/price.test.js", "line": 4, "column": 16, "test_id": "equals"},
    ),
    _jest_one(
        "snapshot",
        "test('view', () => {\n  expect({ shown: 'new' }).toMatchSnapshot();\n});\n",
        {"file": "src/price.test.js", "line": 2, "column": 28, "test_id": "view"},
        "--ci",
        more={
            "src/__snapshots__/price.test.js.snap": '// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[`view 1`] = `\n{\n  "shown": "old",\n}\n`;\n'
        },
    ),
    _jest_one(
        "snapshot-not-written",
        "test('view', () => {\n  expect('new').toMatchSnapshot();\n});\n",
        {"file": "src/price.test.js", "line": 2, "test_id": "view"},
        "--ci",
    ),
    _jest_one(
        "timeout",
        "describe('slow', () => {\n  it('never ends', async () => {\n    await new Promise(() => {});\n  }, 50);\n});\n",
        {"file": "src/price.test.js", "line": 2, "test_id": "slow > never ends"},
    ),
    _jest_one(
        "hook-throws",
        "describe('rows', () => {\n  beforeEach(() => {\n    throw new Error('no rows');\n  });\n\n  it('reads', () => {});\n});\n",
        {"file": "src/price.test.js", "line": 3, "test_id": "rows > reads"},
    ),
    _jest_one(
        "rejected",
        "async function load(name) {\n  if (!name) throw new RangeError('a name is needed');\n  return name;\n}\n\ntest('loads', async () => {\n  await load('');\n});\n",
        {"file": "src/price.test.js", "line": 2, "code": "RangeError", "test_id": "loads"},
    ),
    _jest_one(
        "not-called",
        "test('calls back', () => {\n  const heard = jest.fn();\n\n  expect(heard).toHaveBeenCalledWith('a');\n});\n",
        {"file": "src/price.test.js", "line": 4, "test_id": "calls back"},
    ),
    _jest_one(
        "console-noise",
        "const { cheapest } = require('./price');\n\ntest('says much', () => {\n  console.error('Error: provoked\\n    at fake (src/fake.js:9:9)');\n  console.log('  ● not a test › at all');\n  expect(cheapest([{ price: 1, name: 'a' }])).toBe('b');\n});\n",
        {"file": "src/price.test.js", "line": 6, "test_id": "says much"},
    ),
    _jest_one(
        "thrown-string",
        "test('throws', () => {\n  throw 'plain words';\n});\n",
        {"file": "src/price.test.js", "test_id": "throws"},
    ),
    _jest(
        "coverage-threshold",
        "--coverage",
        files={
            **SHOP,
            "package.json": _package(jest={"coverageThreshold": {"global": {"lines": 90}}}),
            "src/price.test.js": "const { total } = require('./price');\n\ntest('adds up', () => {\n  expect(total([])).toBe(1);\n});\n",
        },
        expected={"category": "test", "failures": [{"code": "coverageThreshold"}], "count": 1},
    ),
    _jest(
        "new-coverage-threshold",
        "--coverage",
        setup=NEW,
        files={
            **SHOP,
            "package.json": _package(jest={"coverageThreshold": {"global": {"lines": 90}}}),
            "src/price.test.js": "const { total } = require('./price');\n\ntest('adds up', () => {\n  expect(total([])).toBe(1);\n});\n",
        },
        expected={"category": "test", "failures": [{"code": "coverageThreshold"}], "count": 1},
    ),
    _jest_one(
        "new-esm-not-transformed",
        "import { total } from './price.mjs';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.test.js"},
        setup=NEW,
        category="syntax",
        more={"package.json": _package(jest={"transform": {}}), "src/price.mjs": "export const total = () => 0;\n"},
    ),
    _jest(
        "no-tests",
        files={"package.json": SHOP["package.json"], "src/a.js": "\n"},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _jest(
        "bad-config",
        files={**SHOP, "package.json": _package(jest={"preset": "ts-jester"})},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _jest(
        "missing-environment",
        files={**SHOP, "package.json": _package(jest={"testEnvironment": "jsdom"})},
        expected={"category": "dependency", "failures": [{"file": None}], "count": 1},
    ),
    _jest("unknown-option", "--covrage", expected={"category": "config", "failures": [{"file": None}], "count": 1}),
    _jest(
        "ts-jest-types",
        files={
            "package.json": _package(jest={"preset": "ts-jest"}),
            "tsconfig.json": '{"compilerOptions": {"strict": true, "module": "commonjs", "target": "es2022", "types": []}}\n',
            "src/a.ts": "export function twice(value: number): number {\n  return String(value);\n}\n",
            "src/a.test.ts": "import { twice } from './a';\n\ndeclare const test: (name: string, body: () => void) => void;\n\ntest('twice', () => {\n  twice(2);\n});\n",
        },
        expected={
            "category": "types",
            "failures": [{"file": "src/a.ts", "line": 2, "column": 3, "code": "TS2322"}],
            "count": 1,
        },
    ),
)

VITEST = {
    "package.json": '{"name": "shop", "version": "1.0.0", "type": "module", "scripts": {"test": "vitest run"}}\n',
    "src/price.js": "export function total(items) {\n  return items.reduce((sum, item) => sum + item.price, 1);\n}\n\nexport function cheapest(items) {\n  return items.sort((a, b) => a.price - b.price)[0].name.trim();\n}\n",
    "src/price.test.js": "import { describe, expect, it, test } from 'vitest';\nimport { total, cheapest } from './price.js';\n"
    + SHOP["src/price.test.js"].partition("\n")[2],
    "src/other.test.js": "import { expect, test } from 'vitest';\n\ntest('holds', () => {\n  expect(1).toBe(1);\n});\n",
}
VITEST_ERRORS = [
    {"file": "src/price.test.js", "line": 6, "test_id": "prices > adds up", "code": "AssertionError"},
    {
        "file": "src/price.js",
        "line": 6,
        "column": 52,
        "test_id": "prices > cheapest > of none is undefined",
        "code": "TypeError",
    },
]
VITEST_EXPECTED = {"category": "test", "failures": VITEST_ERRORS, "count": 2}
VITEST_HEAD = "import { describe, expect, it, test, vi } from 'vitest';\n\n"


def _vitest(name: str, options: str = "", **changes: object) -> Case:
    fields = {"files": VITEST, "expected": VITEST_EXPECTED, "setup": LINK, **changes}
    return Case("vitest", name, f"node_modules/.bin/vitest run {options}".strip(), **fields)


def _vitest_one(name: str, test: str, failure: dict[str, object], options: str = "", **changes: object) -> Case:
    files = {**VITEST, "src/price.test.js": VITEST_HEAD + test, **changes.pop("more", {})}
    expected = {"category": changes.pop("category", "test"), "failures": [failure], "count": 1}
    return _vitest(name, options, files=files, expected=expected, **changes)


VITEST_CASES = (
    _vitest("default"),
    _vitest("verbose", "--reporter=verbose"),
    _vitest("dot", "--reporter=dot"),
    _vitest("colour", environment=COLOUR),
    _vitest("github", wrap="github"),
    _vitest("github-reporter", environment={"GITHUB_ACTIONS": "true"}, wrap="github"),
    _vitest("tap", "--reporter=tap"),
    _vitest("tap-flat", "--reporter=tap-flat"),
    _vitest("json", "--reporter=json"),
    _vitest("new", setup=NEW),
    _vitest("new-verbose", "--reporter=verbose", setup=NEW, environment={"NO_COLOR": "1"}),
    _vitest("old", setup=OLD),
    _vitest("old-verbose", "--reporter=verbose", setup=OLD, environment=COLOUR),
    Case("vitest", "npm-test", "npm test", VITEST, VITEST_EXPECTED, setup=LINK, environment=QUIET),
    _vitest_one(
        "source-syntax",
        "import { total } from './price.js';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.js", "line": 2},
        category="syntax",
        more={"src/price.js": "export function total(items) {\n  return items.length +;\n}\n"},
    ),
    _vitest_one(
        "source-syntax-old",
        "import { total } from './rates';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/rates.ts", "line": 2},
        category="syntax",
        more={"src/rates.ts": "export function total(items: number[]) {\n  return items.length +;\n}\n"},
        setup=OLD,
    ),
    _vitest_one(
        "missing-own-module",
        "import { total } from './prices.js';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.test.js"},
    ),
    _vitest_one(
        "missing-package",
        "import pad from 'left-padder';\n\ntest('adds up', () => {\n  expect(pad([])).toBe(0);\n});\n",
        {"file": "src/price.test.js"},
        category="dependency",
    ),
    _vitest_one(
        "suite-throws",
        "import { total } from './price.js';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.js", "line": 3, "code": "ReferenceError"},
        more={
            "src/price.js": "const rates = { eur: 1 };\n\nconst first = rate.eur;\n\nexport const total = () => first;\n"
        },
    ),
    _vitest_one(
        "new-source-syntax",
        "import { total } from './price.js';\n\ntest('adds up', () => {\n  expect(total([])).toBe(0);\n});\n",
        {"file": "src/price.js", "line": 2},
        category="syntax",
        setup=NEW,
        more={"src/price.js": "export function total(items) {\n  return items.length +;\n}\n"},
    ),
    _vitest(
        "coverage-threshold",
        "--coverage --coverage.thresholds.lines=95",
        setup=NEW,
        files={
            **VITEST,
            "src/price.test.js": f"{VITEST_HEAD}import {{ total }} from './price.js';\n\ntest('adds up', () => {{\n  expect(total([])).toBe(1);\n}});\n",
        },
        expected={"category": "test", "failures": [{"code": "coverageThreshold"}], "count": 1},
    ),
    _vitest_one("suite-empty", "it;\n", {"file": "src/price.test.js"}),
    _vitest_one(
        "unhandled-rejection",
        "test('starts', () => {\n  setTimeout(() => {\n    Promise.reject(new Error('nobody waits'));\n  }, 0);\n  return new Promise((resolve) => setTimeout(resolve, 50));\n});\n",
        {"file": "src/price.test.js", "line": 5},
    ),
    _vitest_one(
        "timeout",
        "describe('slow', () => {\n  it('never ends', async () => {\n    await new Promise(() => {});\n  }, 50);\n});\n",
        {"file": "src/price.test.js", "line": 4, "test_id": "slow > never ends"},
    ),
    _vitest_one(
        "snapshot",
        "test('view', () => {\n  expect({ shown: 'new' }).toMatchInlineSnapshot(`\n    {\n      \"shown\": \"old\",\n    }\n  `);\n});\n",
        {"file": "src/price.test.js", "line": 4, "test_id": "view"},
        environment={"CI": "true"},
    ),
    _vitest_one(
        "hook-throws",
        "import { beforeAll } from 'vitest';\n\ndescribe('rows', () => {\n  beforeAll(() => {\n    throw new Error('no rows');\n  });\n\n  it('reads', () => {});\n});\n",
        {"file": "src/price.test.js", "line": 7},
    ),
    _vitest_one(
        "console-noise",
        "test('says much', () => {\n  console.error('Error: provoked\\n    at fake (src/fake.js:9:9)');\n  console.log(' FAIL  src/fake.test.js > not a test');\n  expect({ a: [1, 2] }).toEqual({ a: [1, 3] });\n});\n",
        {"file": "src/price.test.js", "line": 6, "test_id": "says much"},
    ),
    _vitest_one(
        "each",
        "test.each([[1, 2], [2, 3]])('doubles %i', (given, wanted) => {\n  expect(given * 2).toBe(wanted);\n});\n",
        {"file": "src/price.test.js", "line": 4, "test_id": "doubles 2"},
    ),
    _vitest(
        "no-tests",
        files={"package.json": VITEST["package.json"]},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _vitest(
        "bad-config",
        files={
            **VITEST,
            "vitest.config.js": "import react from '@vitejs/plugin-react';\n\nexport default { plugins: [react()] };\n",
        },
        expected={"category": "dependency", "failures": [{"file": None}], "count": 1},
    ),
    _vitest("unknown-option", "--covrage", expected={"category": "config", "failures": [{"file": None}], "count": 1}),
    _vitest(
        "missing-coverage", "--coverage", expected={"category": "dependency", "failures": [{"file": None}], "count": 1}
    ),
    _vitest(
        "typecheck",
        "--typecheck.only",
        files={
            "package.json": VITEST["package.json"],
            "tsconfig.json": '{"compilerOptions": {"strict": true, "noEmit": true, "module": "nodenext", "types": [], "skipLibCheck": true}}\n',
            "src/a.test-d.ts": "import { expectTypeOf, test } from 'vitest';\n\ntest('is a number', () => {\n  expectTypeOf('one').toEqualTypeOf<number>();\n});\n",
        },
        expected={"category": "types", "failures": [{"file": "src/a.test-d.ts", "line": 4}], "count": 1},
    ),
)
