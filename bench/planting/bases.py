"""Make a package's green base: formatted and clean by the tools that failures are planted for.

Two flavours, as projects have them: `ruff` (ruff, mypy, pyright, sphinx) and `classic` (black, isort, flake8, pylint).
What a tool finds after its own safe fixes is left out of its configuration, so that every check starts out green.
"""

import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from planting import checkers
from planting.documents import write_documents
from planting.packages import Package
from planting.running import run
from planting.storage import REQUIREMENTS, Storage

FLAVOURS = ("ruff", "classic")
OWN_CONFIGURATION = (
    *("ruff.toml", ".ruff.toml", ".flake8", ".isort.cfg", ".pylintrc", "pylintrc", "mypy.ini", ".mypy.ini"),
    *("pyrightconfig.json", ".coveragerc"),
)
IGNORED = "__pycache__/\n*.egg-info/\n.*_cache/\n.hypothesis/\n.coverage*\nhtmlcov/\n_build/\n"


class BaseError(Exception):
    """A package's base is not green."""


@dataclass(frozen=True, slots=True)
class Base:
    """A green tree and what its checks look at. Codes that a tool's configuration leaves out are `silent`."""

    package: Package
    flavour: str
    tree: Path
    silent: frozenset[str] = frozenset()
    typed: tuple[str, ...] = ()
    is_strict: bool = False
    viewed: tuple[str, ...] = ()
    """The modules that pyright looks at."""
    docs: str = ""


def make_base(package: Package, flavour: str, storage: Storage) -> Base:
    """Find it in the cache, or make it and prove every check of it green."""
    tree = storage.root / "bases" / _fingerprint(package) / f"{package.name}-{flavour}"
    facts = tree.with_suffix(".json")
    if not facts.is_file():
        shutil.rmtree(tree, ignore_errors=True)
        tree.parent.mkdir(parents=True, exist_ok=True)
        storage.unpack(package, tree)
        base = _prepare(Base(package, flavour, tree), storage)
        stored = asdict(base) | {"silent": sorted(base.silent), "package": package.name, "tree": ""}
        facts.write_text(json.dumps(stored, indent=1), encoding="utf-8")
    stored = json.loads(facts.read_text(encoding="utf-8"))
    return Base(
        package=package,
        flavour=flavour,
        tree=tree,
        silent=frozenset(stored["silent"]),
        typed=tuple(stored["typed"]),
        is_strict=stored["is_strict"],
        viewed=tuple(stored["viewed"]),
        docs=stored["docs"],
    )


def _fingerprint(package: Package) -> str:
    here = Path(__file__).parent
    parts = [here / name for name in ("bases.py", "checkers.py", "documents.py")]
    data = b"".join(part.read_bytes() for part in (*parts, REQUIREMENTS))
    return hashlib.sha256(repr(package).encode() + data).hexdigest()[:12]


def _prepare(base: Base, storage: Storage) -> Base:
    _clear(base.tree)
    if base.flavour == "ruff":
        base = replace(base, silent=checkers.ruff(base.package, base.tree, storage))
        typed, is_strict = checkers.mypy(base.package, base.tree, storage)
        viewed = checkers.pyright(base.package, base.tree, storage)
        base = replace(base, typed=typed, is_strict=is_strict, viewed=viewed)
        base = replace(base, docs=write_documents(base.package, base.tree, storage))
        commands = [f"ruff check {base.package.source}", f"ruff format --check {base.package.source}"]
        commands += ["mypy"] * bool(typed) + ["pyright"] * bool(viewed)
    else:
        base = replace(base, silent=checkers.classic(base.package, base.tree, storage))
        source = base.package.source
        commands = [f"black --check {source}", f"isort --check-only {source}", f"flake8 {source}", f"pylint {source}"]
    for command in (*commands, base.package.test_command):
        ran = run(command, base.tree, storage)
        if not ran.passed:
            raise BaseError(f"{base.package.sdist}, {base.flavour}: `{command}` fails on the base: {ran.output[-600:]}")
    for folder in [*base.tree.rglob("__pycache__"), *base.tree.glob(".*_cache"), base.tree / ".hypothesis"]:
        shutil.rmtree(folder, ignore_errors=True)
    (base.tree / ".coverage").unlink(missing_ok=True)
    return base


def _clear(tree: Path) -> None:
    """Take out what would speak before the configuration that is written next."""
    for name in OWN_CONFIGURATION:
        (tree / name).unlink(missing_ok=True)
    for folder in [*tree.rglob("*.egg-info"), tree / "htmlcov"]:
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("setup.cfg", "tox.ini"):
        path = tree / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"(?ms)^\[(?:flake8|isort|mypy[^\]]*)\]\n.*?(?=^\[|\Z)", "", text), encoding="utf-8")
    (tree / ".gitignore").write_text(IGNORED, encoding="utf-8")
