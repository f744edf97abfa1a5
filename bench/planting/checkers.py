"""Configure the tools for a package so that they find nothing: what they still find is left out of what they check."""

import json
import re
from pathlib import Path

from planting.packages import Package
from planting.running import run
from planting.storage import Storage

RUFF_RULES = (
    *("E", "F", "W", "I", "UP", "B", "SIM", "C4", "C90", "ARG", "RET", "PIE", "PERF", "A", "BLE", "ERA", "D103"),
    *("PLR0402", "PLR1711", "PLR5501", "PLW0120", "T20", "RUF100", "RSE", "N806", "PTH", "S110", "RUF005"),
)
FLAKE8_CODES = ("E", "F", "W", "C901")
PYLINT_RULES = {
    "W0613": "unused-argument",
    "W0102": "dangerous-default-value",
    "W0702": "bare-except",
    "C0121": "singleton-comparison",
    "E0602": "undefined-variable",
    "W0707": "raise-missing-from",
    "W0612": "unused-variable",
    "W0611": "unused-import",
    "W0622": "redefined-builtin",
    "C0301": "line-too-long",
    "R1705": "no-else-return",
    "W0107": "unnecessary-pass",
    "W1514": "unspecified-encoding",
    "E1123": "unexpected-keyword-arg",
    "W0622.": "redefined-builtin",
    "C0201": "consider-iterating-dictionary",
    "W0718": "broad-exception-caught",
    "W0719": "broad-exception-raised",
}
LINE_LENGTH = 100
MOST_ROUNDS = 4


def modules_of(package: Package, tree: Path) -> tuple[str, ...]:
    """The Python files of the package's code, less its tests, in a fixed order."""
    source = tree / package.source
    files = [source] if source.is_file() else sorted(source.rglob("*.py"))
    names = (path.relative_to(tree).as_posix() for path in files)
    return tuple(name for name in names if not re.search(r"(^|/)(tests?|_vendor)/", name))


def ruff(package: Package, tree: Path, storage: Storage) -> frozenset[str]:
    """Let ruff fix and format what it safely can, and write `ruff.toml`; the codes that are left out."""
    silent: frozenset[str] = frozenset()
    for _ in range(MOST_ROUNDS):
        rows = ",\n  ".join(f'"{rule}"' for rule in RUFF_RULES)
        ignored = "".join(f'  "{code}",\n' for code in sorted(silent))
        (tree / "ruff.toml").write_text(
            f'line-length = {LINE_LENGTH}\ntarget-version = "py311"\nextend-exclude = ["tests", "test"]\n\n[lint]\n'
            f"select = [\n  {rows},\n]\nignore = [\n{ignored}]\n\n[lint.mccabe]\nmax-complexity = 24\n",
            encoding="utf-8",
        )
        run(f"ruff check -q --fix {package.source}; ruff format -q {package.source}", tree, storage)
        found = run(f"ruff check -q --output-format concise {package.source}", tree, storage).output
        more = frozenset(re.findall(r"^\S+:\d+:\d+: ([A-Z]+\d+) ", found, re.M))
        if not more:
            break
        silent |= more
    return silent


def classic(package: Package, tree: Path, storage: Storage) -> frozenset[str]:
    """Let black and isort lay out, and write the configuration of flake8 and pylint; the codes that are left out."""
    (tree / ".isort.cfg").write_text("[settings]\nprofile = black\n", encoding="utf-8")
    for _ in range(2):
        run(f"isort -q {package.source}; black -q {package.source}", tree, storage)
    silent = {"E203", "W503", "W504", "W605"}
    rows = f"[flake8]\nmax-line-length = {LINE_LENGTH}\nextend-ignore = {{}}\nselect = {','.join(FLAKE8_CODES)}\n"
    flake8 = tree / ".flake8"
    flake8.write_text(rows.format(",".join(sorted(silent))), encoding="utf-8")
    found = run(f"flake8 {package.source}", tree, storage).output
    silent |= set(re.findall(r"^\S+?:\d+:\d+: ([A-Z]+\d+) ", found, re.M))
    flake8.write_text(rows.format(",".join(sorted(silent))), encoding="utf-8")
    names = sorted(set(PYLINT_RULES.values()))
    _write_pylint(tree, names)
    found = run(f"pylint {package.source}", tree, storage).output
    loud = set(re.findall(r"^\S+?:\d+:\d+: ([A-Z]\d+): ", found, re.M))
    _write_pylint(tree, [name for name in names if name not in {PYLINT_RULES.get(code) for code in loud}])
    return frozenset(silent | loud)


def _write_pylint(tree: Path, names: list[str]) -> None:
    rows = "".join(f"    {name},\n" for name in names)
    (tree / ".pylintrc").write_text(
        f"[MAIN]\nignore=tests,test\nscore=no\n\n[MESSAGES CONTROL]\ndisable=all\nenable=\n{rows}\n"
        f"[FORMAT]\nmax-line-length={LINE_LENGTH}\n",
        encoding="utf-8",
    )


def mypy(package: Package, tree: Path, storage: Storage) -> tuple[tuple[str, ...], bool]:
    """Write `mypy.ini` over the modules that check cleanly, strictly where enough of them do."""
    every = modules_of(package, tree)
    for is_strict in (True, False):
        flags = "strict = True" if is_strict else "check_untyped_defs = True\nwarn_unused_ignores = True"
        clean = every
        for _ in range(MOST_ROUNDS):
            if not clean:
                break
            files = ",\n    ".join(clean)
            path = "" if package.root == "." else f"mypy_path = {package.root}\n"
            (tree / "mypy.ini").write_text(
                f"[mypy]\n{path}{flags}\nfollow_imports = silent\nfiles =\n    {files}\n", encoding="utf-8"
            )
            ran = run("mypy", tree, storage)
            if ran.passed:
                break
            loud = set(re.findall(r"^(\S+\.py):", ran.output, re.M))
            clean = tuple(name for name in clean if name not in loud) if loud else ()
        if len(clean) * 2 >= len(every) or (clean and not is_strict):
            return clean, is_strict
    (tree / "mypy.ini").unlink(missing_ok=True)
    return (), False


def pyright(package: Package, tree: Path, storage: Storage) -> tuple[str, ...]:
    """Write `pyrightconfig.json` over the modules that check cleanly."""
    clean = modules_of(package, tree)
    for _ in range(MOST_ROUNDS):
        if not clean:
            break
        settings = {"include": list(clean), "typeCheckingMode": "standard", "extraPaths": [package.root]}
        (tree / "pyrightconfig.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        ran = run("pyright --outputjson", tree, storage)
        if ran.passed:
            return clean
        start = ran.output.find("{")
        found = json.loads(ran.output[start:])["generalDiagnostics"] if start >= 0 else []
        loud = {Path(one["file"]).relative_to(tree).as_posix() for one in found if one["severity"] == "error"}
        clean = tuple(name for name in clean if name not in loud) if loud else ()
    (tree / "pyrightconfig.json").unlink(missing_ok=True)
    return ()
