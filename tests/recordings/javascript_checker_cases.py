"""What the TypeScript compiler, and the linters and formatters of JavaScript print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

import json

from recordings.case import Case

LINK = 'ln -s "$TOOLS/javascript/node_modules" node_modules'
NEW = 'ln -s "$TOOLS/javascript-new/node_modules" node_modules'
OLD = 'ln -s "$TOOLS/javascript-old/node_modules" node_modules'
COLOUR = {"FORCE_COLOR": "1"}
QUIET = {"npm_config_update_notifier": "false"}
CONFIG = '{"compilerOptions": {"strict": true, "noEmit": true, "target": "es2022", "module": "nodenext", "types": []}, "include": ["src"]}\n'
TYPED = {
    "tsconfig.json": CONFIG,
    "src/price.ts": "export interface Item { price: number; name: string }\n\nexport function total(items: Item[]): number {\n  return items.map((item) => item.name).join();\n}\n",
    "src/main.ts": "import { total } from './price.js';\n\nconst sum: string = total([{ price: 1 }]);\nconsole.log(sum.toFixed(2));\n",
}
TYPED_ERRORS = [
    {"file": "src/main.ts", "line": 3, "column": 7, "code": "TS2322"},
    {"file": "src/main.ts", "line": 3, "column": 28, "code": "TS2741"},
    {"file": "src/main.ts", "line": 4, "column": 17, "code": "TS2551"},
    {"file": "src/price.ts", "line": 4, "column": 3, "code": "TS2322"},
]


def _tsc(name: str, options: str = "", **changes: object) -> Case:
    types = {"category": "types", "failures": TYPED_ERRORS, "count": 4}
    fields = {"files": TYPED, "expected": types, "setup": LINK, **changes}
    return Case("tsc", name, f"node_modules/.bin/tsc {options}".strip(), **fields)


REFERENCES = {
    "tsconfig.json": '{"files": [], "references": [{"path": "core"}, {"path": "app"}]}\n',
    "core/tsconfig.json": '{"compilerOptions": {"composite": true, "strict": true, "outDir": "out", "types": [], "module": "nodenext"}, "include": ["*.ts"]}\n',
    "core/index.ts": "export function twice(value: number): number {\n  return value * 2;\n}\n",
    "app/tsconfig.json": '{"compilerOptions": {"composite": true, "strict": true, "outDir": "out", "types": [], "module": "nodenext"}, "references": [{"path": "../core"}], "include": ["*.ts"]}\n',
    "app/main.ts": "import { twice } from '../core/index.js';\n\nexport const answer = twice('21');\n",
}
TSC_CASES = (
    _tsc("default"),
    _tsc("pretty", "--pretty"),
    _tsc("github", wrap="github"),
    _tsc("old-pretty", "--pretty", setup=OLD),
    _tsc(
        "build-references",
        "-b",
        files=REFERENCES,
        expected={
            "category": "types",
            "failures": [{"file": "app/main.ts", "line": 3, "column": 29, "code": "TS2345"}],
            "count": 1,
        },
    ),
    _tsc(
        "build-verbose",
        "-b --verbose --pretty",
        files=REFERENCES,
        expected={
            "category": "types",
            "failures": [{"file": "app/main.ts", "line": 3, "column": 29, "code": "TS2345"}],
            "count": 1,
        },
    ),
    _tsc(
        "syntax",
        files={"tsconfig.json": CONFIG, "src/a.ts": "export function f(a: number {\n  return a;\n}\n"},
        expected={"category": "syntax", "failures": [{"file": "src/a.ts", "line": 1, "code": "TS1005"}]},
    ),
    _tsc(
        "missing-package",
        files={
            "tsconfig.json": CONFIG,
            "src/a.ts": "import pad from 'left-padder';\n\nexport const text = pad('a');\n",
        },
        expected={
            "category": "dependency",
            "failures": [{"file": "src/a.ts", "line": 1, "column": 17, "code": "TS2307"}],
            "count": 1,
        },
    ),
    _tsc(
        "missing-own-file",
        "--pretty",
        files={"tsconfig.json": CONFIG, "src/a.ts": "import { b } from './bee.js';\n\nexport const c = b;\n"},
        expected={
            "category": "types",
            "failures": [{"file": "src/a.ts", "line": 1, "column": 19, "code": "TS2307"}],
            "count": 1,
        },
    ),
    _tsc(
        "no-types-of-package",
        files={"tsconfig.json": CONFIG, "src/a.ts": "import { run } from 'mocha';\n\nrun();\n"},
        expected={
            "category": "dependency",
            "failures": [{"file": "src/a.ts", "line": 1, "code": "TS7016"}],
            "count": 1,
        },
    ),
    _tsc(
        "no-inputs",
        files={"tsconfig.json": CONFIG, "readme.md": "Nothing yet.\n"},
        expected={"category": "config", "failures": [{"code": "TS18003"}], "count": 1},
    ),
    _tsc(
        "unknown-option",
        files={
            "tsconfig.json": '{\n  "compilerOptions": {\n    "strictt": true,\n    "types": []\n  }\n}\n',
            "a.ts": "export {};\n",
        },
        expected={
            "category": "config",
            "failures": [{"file": "tsconfig.json", "line": 3, "column": 5, "code": "TS5025"}],
            "count": 1,
        },
    ),
    Case(
        "tsc",
        "npm-script",
        "npm run build",
        {**TYPED, "package.json": '{"name": "shop", "version": "1.0.0", "scripts": {"build": "tsc --pretty"}}\n'},
        {"category": "types", "failures": TYPED_ERRORS, "count": 4},
        setup=LINK,
        wrap="github",
        environment=QUIET,
    ),
    Case(
        "tsc",
        "types-mixed-with-syntax",
        "node_modules/.bin/tsc --pretty false",
        {
            "tsconfig.json": CONFIG,
            "src/a.ts": "export const n: number = 'one';\n",
            "src/b.ts": "export const list = [1, 2;\n",
        },
        {"category": "syntax", "failures": [{"file": "src/b.ts", "line": 1, "code": "TS1005"}]},
        setup=LINK,
    ),
)

LINTED = {
    "eslint.config.mjs": "import js from '@eslint/js';\n\nexport default [js.configs.recommended, { rules: { eqeqeq: 'warn', semi: 'off' } }];\n",
    "src/a.js": "const unused = 1;\n\nexport function same(a, b) {\n  if (a == b) {\n    return undefinedName;\n  }\n  return false;\n}\n",
    "src/b.js": "export function b(x) {\n  switch (x) {\n    case 1:\n      return 1;\n    case 1:\n      return 2;\n  }\n}\n",
    "src/c.js": "export const c = 1;\n",
}
LINT_ERRORS = [
    {"file": "src/a.js", "line": 1, "column": 7, "code": "no-unused-vars"},
    {"file": "src/a.js", "line": 5, "column": 12, "code": "no-undef"},
    {"file": "src/b.js", "line": 5, "column": 5, "code": "no-duplicate-case"},
]
OLD_CONFIG = {
    ".eslintrc.json": '{"root": true, "extends": "eslint:recommended", "parserOptions": {"ecmaVersion": 2022, "sourceType": "module"}}\n'
}
LINTED_OLD = {**{name: text for name, text in LINTED.items() if name.startswith("src/")}, **OLD_CONFIG}


def _eslint(name: str, options: str = "", **changes: object) -> Case:
    expected = {"category": "lint", "failures": LINT_ERRORS, "count": 3}
    fields = {"files": LINTED, "expected": expected, "setup": LINK, **changes}
    return Case("eslint", name, f"node_modules/.bin/eslint {options} .".replace("  ", " "), **fields)


ESLINT_CASES = (
    _eslint("stylish"),
    _eslint("stylish-colour", environment=COLOUR),
    _eslint("stylish-github", wrap="github"),
    _eslint("json", "-f json"),
    _eslint("unix", "-f unix"),
    _eslint("compact", "-f compact"),
    _eslint("old-stylish", files=LINTED_OLD, setup=OLD),
    _eslint("old-unix", "-f unix", files=LINTED_OLD, setup=OLD),
    _eslint("old-visualstudio", "-f visualstudio", files=LINTED_OLD, setup=OLD),
    _eslint(
        "parsing-error",
        files={**LINTED, "src/b.js": "export function b(x) {\n  return x +;\n}\n"},
        expected={
            "category": "syntax",
            "failures": [{"file": "src/b.js", "line": 2, "column": 13}, *LINT_ERRORS[:2]],
            "count": 3,
        },
    ),
    _eslint(
        "parsing-error-json",
        "-f json",
        files={**LINTED_OLD, "src/b.js": "export function b(x) {\n  return x +;\n}\n"},
        setup=OLD,
        expected={
            "category": "syntax",
            "failures": [{"file": "src/b.js", "line": 2, "column": 13}, *LINT_ERRORS[:2]],
            "count": 3,
        },
    ),
    _eslint(
        "typescript",
        files={
            "eslint.config.mjs": "import tseslint from 'typescript-eslint';\n\nexport default tseslint.config(tseslint.configs.recommended);\n",
            "src/a.ts": "export function f(value: any): number {\n  let total = 0;\n  // @ts-ignore\n  return value + total;\n}\n",
        },
        expected={
            "category": "lint",
            "failures": [
                {"file": "src/a.ts", "line": 1, "column": 26, "code": "@typescript-eslint/no-explicit-any"},
                {"file": "src/a.ts", "line": 2, "column": 7, "code": "prefer-const"},
                {"file": "src/a.ts", "line": 3, "column": 3, "code": "@typescript-eslint/ban-ts-comment"},
            ],
            "count": 3,
        },
    ),
    _eslint(
        "too-many-warnings",
        "--max-warnings 0",
        files={
            **LINTED,
            "src/a.js": "export function same(a, b) {\n  return a == b;\n}\n",
            "src/b.js": "export const b = 1;\n",
        },
        expected={
            "category": "lint",
            "failures": [{"file": "src/a.js", "line": 2, "column": 12, "code": "eqeqeq"}],
        },
    ),
    _eslint(
        "unused-directive",
        "--report-unused-disable-directives",
        files={
            **LINTED,
            "src/a.js": "// eslint-disable-next-line no-console\nexport const a = 1;\n",
            "src/b.js": "export const b = 1;\n",
        },
        expected={"category": "lint", "failures": [{"file": "src/a.js", "line": 1, "column": 1}], "count": 1},
    ),
    _eslint(
        "no-config",
        files={"a.js": "export const a = 1;\n"},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _eslint(
        "unknown-rule",
        files={**LINTED, "eslint.config.mjs": "export default [{ rules: { 'no-unused-varz': 'error' } }];\n"},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _eslint(
        "bad-rule-option",
        files={**LINTED, "eslint.config.mjs": "export default [{ rules: { semi: ['error', 'sometimes'] } }];\n"},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _eslint(
        "missing-plugin",
        files={**LINTED_OLD, ".eslintrc.json": '{"root": true, "plugins": ["lodash-fp"]}\n'},
        setup=OLD,
        expected={"category": "dependency", "failures": [{"file": None}], "count": 1},
    ),
    _eslint(
        "missing-shared-config",
        files={**LINTED_OLD, ".eslintrc.json": '{"root": true, "extends": "airbnb-base"}\n'},
        setup=OLD,
        expected={"category": "dependency", "failures": [{"file": None}], "count": 1},
    ),
    _eslint(
        "missing-config-import",
        files={
            **LINTED,
            "eslint.config.mjs": "import unicorn from 'eslint-plugin-unicorn';\n\nexport default [unicorn.configs.recommended];\n",
        },
        expected={"category": "dependency", "failures": [{"code": "ERR_MODULE_NOT_FOUND"}], "count": 1},
    ),
    Case(
        "eslint",
        "no-files",
        "node_modules/.bin/eslint lib",
        LINTED,
        {"category": "config", "failures": [{"file": None}], "count": 1},
        setup=LINK,
    ),
    Case(
        "eslint",
        "npm-script",
        "npm run lint",
        {**LINTED, "package.json": json.dumps({"name": "shop", "version": "1.0.0", "scripts": {"lint": "eslint src"}})},
        {"category": "lint", "failures": LINT_ERRORS, "count": 3},
        setup=LINK,
        environment={**COLOUR, **QUIET},
    ),
)

UGLY = {
    "src/a.js": "export const x = {  'a':1 }\n",
    "src/b.js": "export const b = 1;\n",
    "docs/readme.md": "* one\n* two\n",
}
UGLY_FILES = [{"file": "docs/readme.md"}, {"file": "src/a.js"}]


def _prettier(name: str, options: str, **changes: object) -> Case:
    fields = {
        "files": UGLY,
        "expected": {"category": "format", "failures": UGLY_FILES, "count": 2},
        "setup": LINK,
        **changes,
    }
    return Case("prettier", name, f"node_modules/.bin/prettier {options}", **fields)


def _script(name: str, script: str) -> Case:
    package = json.dumps({"name": "shop", "version": "1.0.0", "scripts": {"format:check": script}}, indent=2) + "\n"
    expected = {"category": "format", "failures": UGLY_FILES, "count": 2}
    files = {**UGLY, "package.json": package}
    return Case("prettier", name, "npm run format:check", files, expected, setup=LINK, environment=QUIET)


PRETTIER_CASES = (
    _prettier("check", "--check docs src"),
    _prettier("check-colour", "--check docs src", environment=COLOUR),
    _prettier("check-github", "--check docs src", wrap="github"),
    _prettier("old-check", "--check docs src", setup=OLD),
    _prettier(
        "one-file",
        "--check src",
        expected={"category": "format", "failures": [{"file": "src/a.js"}], "count": 1},
    ),
    _prettier(
        "syntax",
        "--check src",
        files={**UGLY, "src/c.js": "export function f( {\n  return 1;\n}\n"},
        expected={
            "category": "syntax",
            "failures": [{"file": "src/c.js", "line": 2, "column": 10}, {"file": "src/a.js"}],
            "count": 2,
        },
    ),
    _prettier(
        "syntax-json",
        "-c .",
        files={"data.json": '{\n  "a": 1,\n  "b": [1, 2\n}\n'},
        expected={"category": "syntax", "failures": [{"file": "data.json", "line": 4, "column": 1}], "count": 1},
    ),
    _prettier(
        "syntax-typescript",
        "--check src",
        files={"src/a.ts": "export const a: number = ;\n"},
        expected={"category": "syntax", "failures": [{"file": "src/a.ts", "line": 1, "column": 26}], "count": 1},
        setup=OLD,
    ),
    _prettier("no-files", "--check lib", expected={"category": "config", "failures": [{"file": None}], "count": 1}),
    _prettier(
        "bad-config",
        "--check src",
        files={**UGLY, ".prettierrc": '{"semi": maybe}\n'},
        expected={"category": "config", "failures": [{"file": None}], "count": 1},
    ),
    _script("npm-script", "prettier --check docs src"),
    _script("npm-script-list", "prettier --list-different docs src"),
)

BIOME = {
    "biome.json": '{\n  "linter": { "enabled": true }\n}\n',
    "src/a.js": "export function same(a, b) {\n\tdebugger;\n\treturn a == b;\n}\n",
}


def _biome(name: str, options: str, **changes: object) -> Case:
    lint = {
        "category": "lint",
        "failures": [
            {"file": "src/a.js", "line": 2, "column": 2, "code": "lint/suspicious/noDebugger"},
            {"file": "src/a.js", "line": 3, "column": 11, "code": "lint/suspicious/noDoubleEquals"},
        ],
        "count": 2,
    }
    fields = {"files": BIOME, "expected": lint, "setup": LINK, **changes}
    return Case("biome", name, f"node_modules/.bin/biome {options}", **fields)


BIOME_CASES = (
    _biome("lint", "lint src"),
    _biome("lint-colour", "lint --colors=force src"),
    _biome("ci-github", "lint src", wrap="github"),
    _biome("reporter-github", "lint --reporter=github src"),
    _biome("new-lint", "lint src", setup=NEW),
    _biome(
        "new-ci",
        "ci src",
        setup=NEW,
        files={"src/a.js": "export const x = {  'a':1 }\n", "src/b.js": "export const b = 1;\n"},
        expected={"category": "format", "failures": [{"file": "src/a.js"}], "count": 1},
    ),
    _biome(
        "new-imports",
        "check src",
        setup=NEW,
        files={"src/a.js": 'import { z } from "./z.js";\nimport { a } from "./b.js";\n\nconsole.log(a, z);\n'},
        expected={
            "category": "lint",
            "failures": [{"file": "src/a.js", "code": "assist/source/organizeImports"}],
            "count": 1,
        },
    ),
    _biome(
        "format",
        "format src",
        files={"src/a.js": "export const x = {  'a':1 }\n", "src/b.js": "export const b = 1;\n"},
        expected={"category": "format", "failures": [{"file": "src/a.js"}], "count": 1},
    ),
    _biome(
        "ci",
        "ci src",
        files={"src/a.js": "export const x = {  'a':1 }\n", "src/b.js": "export const b = 1;\n"},
        expected={"category": "format", "failures": [{"file": "src/a.js"}], "count": 1},
    ),
    _biome(
        "parse",
        "lint src",
        files={"src/a.js": "export function f( {\n\treturn 1;\n}\n"},
        expected={"category": "syntax", "failures": [{"file": "src/a.js", "line": 2, "code": "parse"}]},
    ),
    _biome(
        "imports",
        "check src",
        files={"src/a.js": 'import { z } from "./z.js";\nimport { a } from "./b.js";\n\nconsole.log(a, z);\n'},
        expected={"category": "lint", "failures": [{"file": "src/a.js", "code": "organizeImports"}], "count": 1},
    ),
)

CHECKER_CASES = (*TSC_CASES, *ESLINT_CASES, *PRETTIER_CASES, *BIOME_CASES)
