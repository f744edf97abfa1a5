"""What the TypeScript compiler finds, and eslint without a fix, is mended by rules, with the real programs."""

from pathlib import Path

import pytest

from builders import a_case, a_diagnosis, a_failure
from fix.types.checked import Checked, recording_tool
from selfheal.contract.patch import Disposition
from selfheal.fix.interface import NoCandidate
from selfheal.fix.types.typescript.tsc_repair import TscRepair

TSC = recording_tool("tsc")
ESLINT = recording_tool("eslint")
CONFIGURATION = (
    '{"compilerOptions":{"strict":true,"noEmit":true,"target":"es2022","module":"esnext",'
    '"moduleResolution":"bundler","noUnusedLocals":true,"types":[]},"include":["src"]}'
)
LIBRARY = """\
export function total(xs: number[]): number {
  return xs.reduce((a, b) => a + b, 0);
}
export function describe(xs: number[]): string {
  return xs.join();
}
export interface User {
  name: string;
  age?: number;
}
export async function load(): Promise<User> {
  return { name: "a" };
}
"""
CASES = {
    "a misspelt name": (
        "export const values = [1];\nexport const n = vlaues.length;\n",
        "export const values = [1];\nexport const n = values.length;\n",
    ),
    "a name that another file exports": (
        'import { load } from "./lib";\n\nexport const p = load();\nexport const n = total([1]);\n',
        'import { load, total } from "./lib";\n\nexport const p = load();\nexport const n = total([1]);\n',
    ),
    "a misspelt property": (
        'import type { User } from "./lib";\n\nexport function f(u: User): string {\n  return u.nmae;\n}\n',
        'import type { User } from "./lib";\n\nexport function f(u: User): string {\n  return u.name;\n}\n',
    ),
    "a path that is spelt otherwise": (
        'import { total } from "./libs";\n\nexport const n = total([1]);\n',
        'import { total } from "./lib";\n\nexport const n = total([1]);\n',
    ),
    "an unused import": (
        'import { load, total } from "./lib";\n\nexport const n = total([1]);\n',
        'import { total } from "./lib";\n\nexport const n = total([1]);\n',
    ),
    "a value that may be missing": (
        "export function f(s: string | null): number {\n  return s.length;\n}\n",
        "export function f(s: string | null): number {\n  if (s === null) {\n"
        '    throw new Error("s is missing");\n  }\n  return s.length;\n}\n',
    ),
    "a promise that is not awaited": (
        'import { load } from "./lib";\n\nexport async function f(): Promise<string> {\n  const u = load();\n'
        "  return u.name;\n}\n",
        'import { load } from "./lib";\n\nexport async function f(): Promise<string> {\n  const u = await load();\n'
        "  return u.name;\n}\n",
    ),
    "a promise that several places read": (
        'import { load } from "./lib";\n\nexport async function f(): Promise<string> {\n  const u = load();\n'
        "  greet(u);\n  return u.name;\n}\nfunction greet(u: { name: string }): void {\n  u.name.trim();\n}\n",
        'import { load } from "./lib";\n\nexport async function f(): Promise<string> {\n  const u = await load();\n'
        "  greet(u);\n  return u.name;\n}\nfunction greet(u: { name: string }): void {\n  u.name.trim();\n}\n",
    ),
    "a name that a test runner has too": (
        "export const n = describe([1]);\n",
        'import { describe } from "./lib";\nexport const n = describe([1]);\n',
    ),
    "a property's literal of the wrong type": (
        'import type { User } from "./lib";\n\nexport const u: User = { name: "a", age: "3" };\n',
        'import type { User } from "./lib";\n\nexport const u: User = { name: "a", age: 3 };\n',
    ),
    "an unused result": (
        'import { load } from "./lib";\n\nexport async function f(): Promise<void> {\n  const u = await load();\n}\n',
        'import { load } from "./lib";\n\nexport async function f(): Promise<void> {\n  await load();\n}\n',
    ),
    "a literal of the wrong type": (
        'export function g(n: number): number {\n  return n;\n}\nexport const m = g("3");\n',
        "export function g(n: number): number {\n  return n;\n}\nexport const m = g(3);\n",
    ),
}

ESLINT_CONFIGURATION = """\
export default [{ files: ["**/*.js"], rules: { "no-unused-vars": "error", eqeqeq: "error" } }];
"""
LINTED = {
    "an unused import": (
        'import { first, second } from "./b.js";\n\nexport const n = first;\n',
        'import { first } from "./b.js";\n\nexport const n = first;\n',
    ),
    "an unused variable": (
        "export function f() {\n  const old = 3;\n  return 1;\n}\n",
        "export function f() {\n  return 1;\n}\n",
    ),
    "an unused result": (
        "export function f(job) {\n  const done = job.start();\n}\n",
        "export function f(job) {\n  job.start();\n}\n",
    ),
    "a loose comparison": (
        "export function f(a) {\n  return a == 3;\n}\n",
        "export function f(a) {\n  return a === 3;\n}\n",
    ),
}


@pytest.mark.skipif(ESLINT is None, reason="eslint is not installed: tests/recordings/install/javascript.sh")
@pytest.mark.parametrize("name", LINTED)
async def test_what_eslint_has_no_fix_for_is_mended(name: str, tmp_path: Path):
    """eslint passes then; a comparison that became strict is for a human to see."""
    before, after = LINTED[name]
    files = {"eslint.config.mjs": ESLINT_CONFIGURATION, "src/a.js": before}
    project = Checked(tmp_path, files, f"{ESLINT} .")
    assert await project.heal(TscRepair()), project.reasons
    assert project.text("src/a.js") == after
    is_doubtful = project.candidates[-1].disposition is Disposition.NEEDS_HUMAN
    assert is_doubtful == (name == "a loose comparison")


@pytest.mark.skipif(TSC is None, reason="tsc is not installed: tests/recordings/install/javascript.sh")
@pytest.mark.parametrize("name", CASES)
async def test_a_finding_is_mended(name: str, tmp_path: Path):
    """The compiler passes then, and only the finding's place changed."""
    before, after = CASES[name]
    files = {"tsconfig.json": CONFIGURATION, "src/lib.ts": LIBRARY, "src/a.ts": before}
    project = Checked(tmp_path, files, f"{TSC} -p .")
    assert await project.heal(TscRepair()), project.reasons
    assert project.text("src/a.ts") == after


async def test_a_place_that_is_not_there_is_no_candidate():
    """A log names any file, line and column."""
    for place in ({"file": "../x.ts"}, {"line": 99}, {"column": 9_999}, {"file": "a.bin"}):
        found = {"tool": "tsc", "code": "TS2304", "file": "a.ts", "line": 1, "column": 1, "message": "Cannot find"}
        case = a_case({"a.ts": "const a = 1;\n"}, diagnosis=a_diagnosis(a_failure(**found | place)))
        for target in TscRepair().targets(case):
            assert isinstance(await TscRepair().propose(case, target, sample=0, tried=()), NoCandidate)
