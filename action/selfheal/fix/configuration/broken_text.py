"""Mend configuration that its parser refuses, by the exact families of its format. No model."""

import re
from pathlib import PurePosixPath

from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy.reading.paths import is_test_path, matching_glob
from selfheal.contract.policy.rules.protected_path import PROTECTED
from selfheal.contract.target import Target
from selfheal.fix.configuration.formats import format_of
from selfheal.fix.configuration.places import texts
from selfheal.fix.configuration.search import MOST_SAMPLES, repairs_of
from selfheal.fix.configuration.tool_settings import TOOL_FILES
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.damage import decoded
from selfheal.fix.syntax.markers import has_markers

_NAMED = re.compile(r"[\w./@-]{1,200}\.(?:toml|ya?ml|json|cfg|ini|txt|in)\b|\.\w{2,20}rc\b")
_PARSING = re.compile(
    r"pars(?:e|ing)|TOML|JSON|YAML|[Ii]nvalid (?:syntax|requirement|value)|Unexpected token|Expect(?:ed|ing)|decod"
    r"|mapping|section header|configuration file|scan",
    re.IGNORECASE,
)
"""What a tool says that could not read a file, though it may not name it."""
_KNOWN = frozenset({
    "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", ".coveragerc", "package.json", "tsconfig.json", ".eslintrc",
    ".eslintrc.json", ".pre-commit-config.yaml", "mypy.ini", "ruff.toml", ".ruff.toml", "docker-compose.yml",
    "docker-compose.yaml", "compose.yaml", "compose.yml", "mkdocs.yml", ".flake8", ".prettierrc", "biome.json",
    "pyrightconfig.json", "requirements.txt", "requirements-dev.txt", "Cargo.toml", ".readthedocs.yaml", "tox.toml",
})  # fmt: skip
_LARGEST = 300_000
_MOST_FILES = 20


class ConfigurationText:
    """The strategy for configuration that does not parse: all files at once, then each with its samples."""

    name = "configuration_text"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name the broken files that the command reads."""
        files = broken_configuration(case)
        whole = (Target(strategy=self.name, place="all"),) if len(files) > 1 else ()
        return whole + tuple(Target(strategy=self.name, place=path, samples=MOST_SAMPLES) for path in files)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Take the repair number `sample` of the file, or the likeliest of every file."""
        files = broken_configuration(case) if target.place == "all" else (target.place,)
        chosen = []
        for path in files:
            text = decoded(case.tree.read(path))
            found = repairs_of(path, text, is_strict=reads_plain_json(case)) if text is not None else ()
            if sample < len(found):
                chosen.append((path, found[sample]))
        if not chosen:
            return NoCandidate(f"{target.place}: no further small edit makes it parse", is_spent=True)
        said = ", ".join(f"{path}: {repair.what}" for path, repair in chosen)
        needs_human = any(repair.needs_human for _, repair in chosen)
        return CandidatePatch(
            strategy=self.name,
            edits=tuple(FileEdit(path=path, content=repair.text.encode()) for path, repair in chosen),
            rationale=said[:500],
            disposition=Disposition.NEEDS_HUMAN if needs_human else Disposition.AUTO,
        )


def broken_configuration(case: RepairCase) -> tuple[str, ...]:
    """The unparsable files that findings or command name, and the well-known ones where a tool can't read one."""
    named: dict[str, None] = {}
    for failure in case.diagnosis.failures[:100]:
        if failure.file:
            named[failure.file] = None
        for path in _NAMED.findall(f"{failure.message[:4_000]} {failure.excerpt[:4_000]}")[:20]:
            named[path.removeprefix("./")] = None
    for path in _NAMED.findall(case.command[:2_000]):
        named[path.removeprefix("./")] = None
    for tool in {failure.tool for failure in case.diagnosis.failures[:20] if failure.code in ("config", "usage")}:
        for path, _ in texts(case.tree, TOOL_FILES.get(tool, ())):
            named[path] = None
    said = " ".join(f"{failure.message[:1_000]} {failure.excerpt[:1_000]}" for failure in case.diagnosis.failures[:20])
    for path in case.tree.paths() if _PARSING.search(said) is not None else ():
        if PurePosixPath(path).name in _KNOWN and path.count("/") <= 2:
            named[path] = None
    return tuple(path for path in named if _is_broken(case, path))[:_MOST_FILES]


def reads_plain_json(case: RepairCase) -> bool:
    """True where what failed takes neither comments nor trailing commas, whatever the file's name says."""
    return any(failure.tool == "json.tool" for failure in case.diagnosis.failures[:20])


def _is_broken(case: RepairCase, path: str) -> bool:
    kind = format_of(path, is_strict=reads_plain_json(case))
    if (
        kind is None
        or path.startswith("/")
        or ".." in PurePosixPath(path).parts
        or is_test_path(path)
        or matching_glob(path, PROTECTED) is not None
    ):
        return False
    raw = case.tree.read(path)
    if raw is None or len(raw) > _LARGEST:
        return False
    text = decoded(raw)
    return text is not None and not has_markers(text) and kind.fault(text) is not None
