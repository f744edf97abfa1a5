"""The tools of other languages mend what they refuse, each by its own program, from the command to the landed patch."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from fix.types.checked import TOOLS
from selfheal.contract.patch import Disposition
from selfheal.contract.report import Outcome
from selfheal.fix.registry import CODE_STRATEGIES
from team.repairs import ENVIRONMENT, Patient

PATH = os.pathsep.join((ENVIRONMENT["PATH"], str(TOOLS)))
CRATE = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
ESLINT = 'export default [{ rules: { "prefer-const": "error", "no-var": "error" } }];\n'
HOOKS = """\
fail_fast: true
repos:
- repo: local
  hooks:
  - {id: ends, name: ends, entry: end-of-file-fixer, language: system, types: [text]}
  - {id: blanks, name: blanks, entry: trailing-whitespace-fixer, language: system, types: [text]}
"""


@dataclass(frozen=True)
class Refused:
    """A project that a tool refuses: the files, the command, and one file as it is mended."""

    program: str
    command: str
    files: dict[str, str]
    path: str
    mended: str


CASES = (
    Refused(
        "gofmt",
        "gofmt -l . | tee /dev/stderr | (! grep .)",
        {"go.mod": "module a\n", "a.go": "package a\n\nfunc  F( ) int {return 1}\n", "b.go": "package a\n"},
        "a.go",
        "package a\n\nfunc F() int { return 1 }\n",
    ),
    Refused(
        "rustfmt",
        "cargo fmt --check",
        {"Cargo.toml": CRATE, "src/lib.rs": "pub fn f( )->u8{1}\n"},
        "src/lib.rs",
        "pub fn f() -> u8 {\n    1\n}\n",
    ),
    Refused(
        "clang-format",
        "clang-format --dry-run -Werror src/*.c",
        {
            "src/a.c": "int add(int a,int b){return a+b;}\n",
            "src/b.c": "int b;\n",
            ".clang-format": "BasedOnStyle: LLVM\n",
        },
        "src/a.c",
        "int add(int a, int b) { return a + b; }\n",
    ),
    Refused(
        "pre-commit",
        "pre-commit run --all-files",
        {".pre-commit-config.yaml": HOOKS, "a.txt": "one  \ntwo\n\n\n", "b.txt": "one\n"},
        "a.txt",
        "one\ntwo\n",
    ),
    Refused(
        "prettier",
        "prettier --check src",
        {"package.json": "{}\n", "src/a.js": "const a=1\nconsole.log( a )\n", "src/b.js": "export const b = 1;\n"},
        "src/a.js",
        "const a = 1;\nconsole.log(a);\n",
    ),
    Refused(
        "eslint",
        "eslint src",
        {
            "package.json": '{"type": "module"}\n',
            "eslint.config.js": ESLINT,
            "src/a.js": "let a = 1;\nconsole.log(a);\n",
        },
        "src/a.js",
        "const a = 1;\nconsole.log(a);\n",
    ),
    Refused(
        "biome",
        "biome format src",
        {"package.json": "{}\n", "src/a.js": "const a=1\n"},
        "src/a.js",
        "const a = 1;\n",
    ),
)


def marked(case: Refused) -> object:
    """The case, left out by name where its program is not installed."""
    reason = f"{case.program} is not installed"
    return pytest.param(case, id=case.program, marks=pytest.mark.skipif(not has(case.program), reason=reason))


def has(program: str) -> bool:
    """Tell whether the command will find the program."""
    return shutil.which(program, path=PATH) is not None


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_a_tool_mends_what_it_refuses(case: Refused, tmp_path: Path) -> None:
    """Only the file that fails changes, at the project's settings; a machine may merge it."""
    home = {name: os.environ[name] for name in ("HOME", "CARGO_HOME", "RUSTUP_HOME") if name in os.environ}
    patient = Patient(tmp_path, case.files, case.command, {**ENVIRONMENT, **home, "PATH": PATH})

    report = patient.heal(strategies=CODE_STRATEGIES, apply=True)

    assert report.outcome is Outcome.HEALED, report.summary
    assert report.patch is not None
    assert [file.path for file in report.patch.files] == [case.path]
    assert report.patch.disposition is Disposition.AUTO
    assert (patient.repo / case.path).read_text() == case.mended
    assert report.usage.model_calls == 0
