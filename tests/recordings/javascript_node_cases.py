"""What mocha and Node print: its test runner's reports, and the words of a program that falls over."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from recordings.case import Case
from recordings.javascript_checker_cases import COLOUR, LINK, OLD, QUIET

PRICE = "function total(items) {\n  return items.reduce((sum, item) => sum + item.price, 1);\n}\n\nfunction cheapest(items) {\n  return items.sort((a, b) => a.price - b.price)[0].name.trim();\n}\n\nmodule.exports = { total, cheapest };\n"
MOCHA = {
    "package.json": '{"name": "shop", "version": "1.0.0", "scripts": {"test": "mocha"}}\n',
    "src/price.js": PRICE,
    "test/price.spec.js": "const assert = require('assert');\nconst { total, cheapest } = require('../src/price');\n\ndescribe('prices', () => {\n  it('adds up', () => {\n    assert.strictEqual(total([{ price: 2 }, { price: 3 }]), 5);\n  });\n\n  describe('cheapest', () => {\n    it('of none is undefined', () => {\n      assert.strictEqual(cheapest([]), undefined);\n    });\n\n    it('of two', () => {\n      assert.strictEqual(cheapest([{ price: 2, name: 'b ' }, { price: 1, name: 'a ' }]), 'a');\n    });\n  });\n});\n",
}
MOCHA_ERRORS = [
    {"file": "test/price.spec.js", "line": 6, "column": 12, "test_id": "prices > adds up", "code": "AssertionError"},
    {"file": "src/price.js", "line": 6, "test_id": "prices > cheapest > of none is undefined", "code": "TypeError"},
]
MOCHA_EXPECTED = {"category": "test", "failures": MOCHA_ERRORS, "count": 2}
MOCHA_JOINED = {
    **MOCHA_EXPECTED,
    "failures": [{**error, "test_id": error["test_id"].replace(" > ", " ")} for error in MOCHA_ERRORS],
}


def _mocha(name: str, options: str = "", **changes: object) -> Case:
    fields = {"files": MOCHA, "expected": MOCHA_EXPECTED, "setup": LINK, **changes}
    return Case("mocha", name, f"node_modules/.bin/mocha {options}".strip(), **fields)


def _mocha_one(name: str, test: str, failure: dict[str, object], options: str = "", **changes: object) -> Case:
    files = {**MOCHA, "test/price.spec.js": test, **changes.pop("more", {})}
    expected = {"category": changes.pop("category", "test"), "failures": [failure], "count": 1}
    return _mocha(name, options, files=files, expected=expected, **changes)


MOCHA_CASES = (
    _mocha("spec"),
    _mocha("dot", "--reporter dot"),
    _mocha("min", "--reporter min"),
    _mocha("list", "--reporter list"),
    _mocha("tap", "--reporter tap", expected=MOCHA_JOINED),
    _mocha("json", "--reporter json", expected=MOCHA_JOINED),
    _mocha("colour", environment=COLOUR),
    _mocha("old", setup=OLD),
    _mocha("old-github", "--reporter dot", setup=OLD, wrap="github"),
    Case("mocha", "npm-test", "npm test", MOCHA, MOCHA_EXPECTED, setup=LINK, environment=QUIET, wrap="github"),
    _mocha_one(
        "chai",
        "const { expect } = require('chai');\n\ndescribe('rows', () => {\n  it('are equal', () => {\n    expect({ a: [1, 2] }).to.deep.equal({ a: [1, 3] });\n  });\n});\n",
        {
            "file": "test/price.spec.js",
            "line": 5,
            "column": 35,
            "test_id": "rows > are equal",
            "code": "AssertionError",
        },
        setup=OLD,
    ),
    _mocha_one(
        "timeout",
        "describe('slow', () => {\n  it('never ends', () => new Promise(() => {})).timeout(50);\n});\n",
        {"file": "test/price.spec.js", "test_id": "slow > never ends"},
    ),
    _mocha_one(
        "hook-throws",
        "describe('rows', () => {\n  beforeEach('loads rows', () => {\n    throw new Error('no rows');\n  });\n\n  it('reads', () => {});\n});\n",
        {"file": "test/price.spec.js", "line": 3, "code": "Error"},
    ),
    _mocha_one(
        "rejected-dot",
        "async function load(name) {\n  if (!name) throw new RangeError('a name is needed');\n  return name;\n}\n\nit('loads', async () => {\n  await load('');\n});\n",
        {"file": "test/price.spec.js", "line": 2, "test_id": "loads", "code": "RangeError"},
        "--reporter dot",
    ),
    _mocha_one(
        "syntax",
        "describe('rows', () => {\n  it('reads', () => {\n    const a = [1, 2;\n  });\n});\n",
        {"file": "test/price.spec.js", "line": 3, "code": "SyntaxError"},
        category="syntax",
    ),
    _mocha_one(
        "missing-package",
        "const pad = require('left-padder');\n\nit('pads', () => pad('a'));\n",
        {"file": "test/price.spec.js", "line": 1, "code": "MODULE_NOT_FOUND"},
        category="dependency",
    ),
    _mocha_one(
        "load-throws",
        "const { total } = require('../src/rates');\n\nit('adds up', () => total([]));\n",
        {"file": "src/rates.js", "line": 2, "code": "TypeError"},
        more={
            "src/rates.js": "const rates = {};\nconst first = rates.eur.value;\n\nmodule.exports = { total: () => first };\n"
        },
    ),
    _mocha_one(
        "old-load-throws",
        "const { total } = require('../src/rates');\n\nit('adds up', () => total([]));\n",
        {"file": "src/rates.js", "line": 2, "code": "TypeError"},
        setup=OLD,
        more={
            "src/rates.js": "const rates = {};\nconst first = rates.eur.value;\n\nmodule.exports = { total: () => first };\n"
        },
    ),
    _mocha_one(
        "old-missing-package",
        "const pad = require('left-padder');\n\nit('pads', () => pad('a'));\n",
        {"file": "test/price.spec.js", "line": 1},
        setup=OLD,
        category="dependency",
    ),
    _mocha(
        "no-tests",
        files={"package.json": MOCHA["package.json"]},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
)

NODE_TEST = {
    "package.json": '{"name": "shop", "version": "1.0.0", "scripts": {"test": "node --test"}}\n',
    "src/price.js": PRICE,
    "test/price.test.js": "const { describe, it, test } = require('node:test');\n" + MOCHA["test/price.spec.js"],
}
NODE_ERRORS = [
    {**MOCHA_ERRORS[0], "line": 7, "file": "test/price.test.js"},
    MOCHA_ERRORS[1],
]
NODE_EXPECTED = {"category": "test", "failures": NODE_ERRORS, "count": 2}
NODE_FLAT = {
    **NODE_EXPECTED,
    "failures": [{**error, "test_id": error["test_id"].rpartition(" > ")[2]} for error in NODE_ERRORS],
}


def _test(name: str, options: str = "", **changes: object) -> Case:
    fields = {"files": NODE_TEST, "expected": NODE_EXPECTED, **changes}
    return Case("node", name, f"node --test {options}".strip(), **fields)


def _test_one(name: str, test: str, failure: dict[str, object], options: str = "", **changes: object) -> Case:
    files = {**NODE_TEST, "test/price.test.js": test, **changes.pop("more", {})}
    expected = {"category": changes.pop("category", "test"), "failures": [failure], "count": 1}
    return _test(name, options, files=files, expected=expected, **changes)


def _script(name: str, files: dict[str, str], category: str, failure: dict[str, object], **changes: object) -> Case:
    expected = {"category": category, "failures": [failure], "count": 1}
    command = changes.pop("command", "node main.js")
    return Case("node", name, command, files, expected, **changes)


NODE_CASES = (
    _test("test-spec", "--test-reporter=spec"),
    _test("test-tap", "--test-reporter=tap"),
    _test("test-default"),
    _test("test-colour", "--test-reporter=spec", environment=COLOUR),
    _test("test-github", "--test-reporter=spec", wrap="github"),
    _test("test-dot", "--test-reporter=dot", expected=NODE_FLAT),
    Case("node", "test-npm", "npm test", NODE_TEST, NODE_EXPECTED, environment=QUIET),
    _test_one(
        "test-file-throws",
        "const { test } = require('node:test');\nconst { total } = require('../src/rates');\n\ntest('adds up', () => total([]));\n",
        {"file": "src/rates.js", "line": 2, "code": "TypeError"},
        "--test-reporter=spec",
        more={
            "src/rates.js": "const rates = {};\nconst first = rates.eur.value;\n\nmodule.exports = { total: () => first };\n"
        },
    ),
    _test_one(
        "test-file-throws-tap",
        "const { test } = require('node:test');\nconst { total } = require('../src/rates');\n\ntest('adds up', () => total([]));\n",
        {"file": "src/rates.js", "line": 2, "code": "TypeError"},
        "--test-reporter=tap",
        more={
            "src/rates.js": "const rates = {};\nconst first = rates.eur.value;\n\nmodule.exports = { total: () => first };\n"
        },
    ),
    _test_one(
        "test-file-syntax",
        "const { test } = require('node:test');\n\ntest('adds up', () => {\n  const a = [1, 2;\n});\n",
        {"file": "test/price.test.js", "line": 4, "code": "SyntaxError"},
        "--test-reporter=spec",
        category="syntax",
    ),
    _test_one(
        "test-timeout",
        "const { test } = require('node:test');\n\ntest('never ends', { timeout: 50 }, async () => {\n  await new Promise((resolve) => setTimeout(resolve, 5000));\n});\n",
        {"file": "test/price.test.js", "line": 3, "test_id": "never ends"},
        "--test-reporter=spec",
    ),
    _test_one(
        "test-object-diff",
        "const { test } = require('node:test');\nconst assert = require('node:assert');\n\ntest('rows', () => {\n  assert.deepStrictEqual({ a: [1, 2], b: 'x' }, { a: [1, 3], b: 'x' });\n});\n",
        {"file": "test/price.test.js", "line": 5, "column": 10, "test_id": "rows", "code": "AssertionError"},
        "--test-reporter=spec",
    ),
    _test_one(
        "test-hook-throws",
        "const { beforeEach, describe, it } = require('node:test');\n\ndescribe('rows', () => {\n  beforeEach(() => {\n    throw new Error('no rows');\n  });\n\n  it('reads', () => {});\n});\n",
        {"file": "test/price.test.js", "line": 5, "test_id": "rows > reads"},
        "--test-reporter=spec",
    ),
    _test_one(
        "test-unhandled",
        "const { test } = require('node:test');\n\ntest('starts', () => {\n  setTimeout(() => {\n    throw new Error('nobody waits');\n  }, 5);\n});\n",
        {"file": "test/price.test.js", "line": 3},
        "--test-reporter=spec",
    ),
    _script(
        "uncaught",
        {"main.js": "const { total } = require('./src/price');\n\nconsole.log(total());\n", "src/price.js": PRICE},
        "test",
        {"file": "src/price.js", "line": 2, "column": 16, "code": "TypeError"},
    ),
    _script(
        "uncaught-esm",
        {
            "main.mjs": "import { total } from './src/price.mjs';\n\nconsole.log(total());\n",
            "src/price.mjs": "export function total(items) {\n  return items.length;\n}\n",
        },
        "test",
        {"file": "src/price.mjs", "line": 2, "column": 16, "code": "TypeError"},
        command="node main.mjs",
        wrap="github",
    ),
    _script(
        "uncaught-cause",
        {
            "main.js": "function parse(text) {\n  try {\n    return JSON.parse(text);\n  } catch (error) {\n    throw new Error('the settings are no JSON', { cause: error });\n  }\n}\n\nparse('{');\n"
        },
        "test",
        {"file": "main.js", "line": 3, "code": "Error"},
    ),
    _script(
        "thrown-object",
        {"main.js": "const problem = { code: 7 };\n\nthrow problem;\n"},
        "test",
        {"file": "main.js", "line": 3},
    ),
    _script(
        "syntax",
        {
            "main.js": "require('./src/price');\n",
            "src/price.js": "function total(items) {\n  return items.length +;\n}\n",
        },
        "syntax",
        {"file": "src/price.js", "line": 2, "code": "SyntaxError"},
    ),
    _script(
        "syntax-import",
        {"package.json": '{"type": "commonjs"}\n', "main.js": "import { total } from './price.js';\n\ntotal();\n"},
        "syntax",
        {"file": "main.js", "line": 1, "code": "SyntaxError"},
    ),
    _script(
        "syntax-missing-export",
        {
            "main.mjs": "import { total, sum } from './price.mjs';\n\ntotal(sum);\n",
            "price.mjs": "export const total = () => 0;\n",
        },
        "test",
        {"file": "main.mjs", "line": 1, "code": "SyntaxError"},
        command="node main.mjs",
    ),
    _script(
        "syntax-check",
        {"main.js": "const a = {\n  b: 1\n  c: 2\n};\n"},
        "syntax",
        {"file": "main.js", "line": 3, "code": "SyntaxError"},
        command="node --check main.js",
    ),
    _script(
        "unhandled-rejection",
        {"main.js": "async function load() {\n  throw new RangeError('nothing to load');\n}\n\nload();\n"},
        "test",
        {"file": "main.js", "line": 2, "code": "RangeError"},
    ),
    _script(
        "unhandled-rejection-value",
        {"main.js": "Promise.reject('plain words');\n"},
        "test",
        {"code": "UnhandledPromiseRejection"},
    ),
    _script(
        "missing-own-module",
        {"main.js": "const { total } = require('./prices');\n\ntotal();\n"},
        "test",
        {"file": "main.js", "line": 1, "code": "MODULE_NOT_FOUND"},
    ),
    _script(
        "missing-package",
        {"src/main.js": "'use strict';\nconst pad = require('left-padder');\n\npad();\n"},
        "dependency",
        {"file": "src/main.js", "line": 2, "code": "MODULE_NOT_FOUND"},
        command="node src/main.js",
    ),
    _script(
        "missing-package-esm",
        {"main.mjs": "import pad from 'left-padder';\n\npad();\n"},
        "dependency",
        {"file": "main.mjs", "code": "ERR_MODULE_NOT_FOUND"},
        command="node main.mjs",
    ),
    _script(
        "missing-own-module-esm",
        {"main.mjs": "import { total } from './prices.mjs';\n\ntotal();\n"},
        "test",
        {"file": "main.mjs", "code": "ERR_MODULE_NOT_FOUND"},
        command="node main.mjs",
    ),
    _script(
        "missing-script",
        {"readme.md": "Nothing here.\n"},
        "config",
        {"code": "MODULE_NOT_FOUND"},
        command="node scripts/build.js",
    ),
    _script(
        "heap",
        {"main.js": "const rows = [];\nfor (;;) rows.push(new Array(10000).fill(1));\n"},
        "infra",
        {"file": None},
        command="node --max-old-space-size=40 main.js",
    ),
    _script(
        "bad-option",
        {"main.js": "\n"},
        "config",
        {"message": "bad option: --no-such-option"},
        command="node --no-such-option main.js",
    ),
    _script(
        "assertion",
        {"main.js": "const assert = require('assert');\n\nassert.deepStrictEqual({ a: 1 }, { a: 2 });\n"},
        "test",
        {"file": "main.js", "line": 3, "column": 8, "code": "AssertionError"},
    ),
)
