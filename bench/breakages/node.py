"""npm, pnpm and yarn: the same kinds of breakage with packages of npm's registry."""

import json

from breakages.case import Case

_RUN = {"test": "node test.js"}
_IGNORED = "node_modules\n"


def package(wishes: dict[str, str], **more: object) -> str:
    document = {"name": "shop", "version": "1.0.0", "private": True, "scripts": _RUN, "dependencies": wishes, **more}
    return json.dumps(document, indent=2) + "\n"


def _case(name: str, kind: str, wishes: dict[str, str], test: str, **facts: object) -> Case:
    files = {"package.json": package(wishes), "test.js": test, ".gitignore": _IGNORED}
    given = {"command": "npm test", "day": "2026-06-01", "ecosystem": "npm"} | facts
    return Case(name=name, kind=kind, files=files | given.pop("files", {}), **given)  # type: ignore[arg-type,operator]


ASSERT = "const assert = require('assert');\n"
CASES = (
    _case(
        "npm-chalk-5-esm",
        "removed",
        {"chalk": "*", "ms": "^2.1.3"},
        f"{ASSERT}const chalk = require('chalk');\nassert(chalk.red('x').includes('x'));\n",
        guilty=("chalk",),
        says=("ESM",),
    ),
    _case(
        "npm-uuid-deep-import",
        "removed",
        {"uuid": ">=3"},
        f"{ASSERT}const v4 = require('uuid/v4');\nassert.equal(v4().length, 36);\n",
        guilty=("uuid",),
        says=("deep", "import"),
    ),
    _case(
        "npm-rimraf-4-function",
        "removed",
        {"rimraf": "*"},
        "const rimraf = require('rimraf');\nrimraf('nothing-here', (error) => { if (error) throw error; });\n",
        guilty=("rimraf",),
    ),
    _case(
        "npm-node-fetch-3-esm",
        "removed",
        {"node-fetch": "*"},
        f"{ASSERT}const fetch = require('node-fetch');\nassert(new fetch.Headers());\n"
        "fetch('nowhere').then(() => process.exit(1), () => process.exit(0));\n",
        guilty=("node-fetch",),
    ),
    _case(
        "npm-missing-module",
        "missing module",
        {"ms": "^2.1.3"},
        f"{ASSERT}const _ = require('lodash');\nassert.deepEqual(_.chunk([1, 2, 3], 2), [[1, 2], [3]]);\n",
        guilty=("lodash",),
        forward=True,
    ),
    _case(
        "npm-missing-in-one-of-two-services",
        "missing module",
        {"lodash": "^4.17.21"},
        f"{ASSERT}require('lodash');\n",
        files={
            "services/api/package.json": package({"ms": "^2.1.3"}),
            "services/api/test.js": f"{ASSERT}const slug = require('slugify');\nassert.equal(slug('a b'), 'a-b');\n",
        },
        command="cd services/api && npm test",
        folder="services/api",
        guilty=("slugify",),
        forward=True,
    ),
    _case(
        "npm-stale-lock",
        "stale lock",
        {"ms": "^2.1.3", "slugify": "^1.6.6"},
        f"{ASSERT}assert.equal(require('slugify')('a b'), 'a-b');\n",
        command="npm ci --no-audit --no-fund && npm test",
        locked_as={"package.json": package({"ms": "^2.1.3"})},
        tool="npm",
        guilty=("package-lock.json",),
        forward=True,
    ),
    _case(
        "pnpm-stale-lock",
        "stale lock",
        {"ms": "^2.1.3", "slugify": "^1.6.6"},
        f"{ASSERT}assert.equal(require('slugify')('a b'), 'a-b');\n",
        command="pnpm install --frozen-lockfile && pnpm test",
        locked_as={"package.json": package({"ms": "^2.1.3"})},
        tool="pnpm",
        guilty=("pnpm-lock.yaml",),
        forward=True,
    ),
    _case(
        "yarn-stale-lock",
        "stale lock",
        {"ms": "^2.1.3", "slugify": "^1.6.6"},
        f"{ASSERT}assert.equal(require('slugify')('a b'), 'a-b');\n",
        command="yarn install --frozen-lockfile && yarn test",
        locked_as={"package.json": package({"ms": "^2.1.3"})},
        tool="yarn",
        guilty=("yarn.lock",),
        forward=True,
    ),
    _case(
        "npm-version-that-never-was",
        "version",
        {"ms": "2.99.0"},
        f"{ASSERT}assert.equal(require('ms')('1s'), 1000);\n",
        command="npm install --no-audit --no-fund && npm test",
        guilty=("ms",),
    ),
    _case(
        "npm-range-without-versions",
        "version",
        {"slugify": "^7.0.0", "ms": "^2.1.3"},
        f"{ASSERT}assert.equal(require('slugify')('a b'), 'a-b');\n",
        command="npm install --no-audit --no-fund && npm test",
        guilty=("slugify",),
    ),
    _case(
        "npm-peer-conflict-eslint-9",
        "conflict",
        {"eslint": "^9.0.0", "eslint-plugin-react": "7.33.2"},
        f"{ASSERT}assert(require('eslint-plugin-react').rules);\nassert(require('eslint').Linter);\n",
        command="npm install --no-audit --no-fund && npm test",
        guilty=("eslint-plugin-react",),
        forward=True,
    ),
)
