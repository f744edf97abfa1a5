"""Mend lint findings by exact rewrites: all at once, by rule, one by one. No model."""

from collections import defaultdict
from collections.abc import Iterable
from tokenize import TokenError

from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.policy import ChangeSet, FileChange, PolicySettings, check
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.lint.finding import Finding, Rewrite, Spot, finding_of
from selfheal.fix.lint.fitting import fitted, line_limit
from selfheal.fix.lint.project import Project
from selfheal.fix.lint.repairs import repairs, rule_of
from selfheal.fix.lint.splicing import fold

LINTERS = frozenset({"ruff", "flake8", "pylint"})
"""The tools, as the parsers call them, whose codes the table knows."""
_BOM = b"\xef\xbb\xbf"
_MAX_FILES = 18
_MAX_SINGLE = 40
_MAX_FINDINGS = 600
_SAMPLES = 3
_REASONS = 4
_ALL = "all"
_SURE = "sure"


class LintRewrite:
    """The strategy over all exact repairs of `lint/repairs.py`."""

    name = "lint_rewrite"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """All findings at once, those that need no human, those of one rule."""
        findings = known_findings(case)
        if not findings:
            return ()
        places = [_ALL]
        rules = list(dict.fromkeys(min(rule_of()[f.code]) for f in findings))
        if len(findings) > 1:
            places.append(_SURE)
        if len(rules) > 1:
            places += [f"rule:{rule}" for rule in rules]
        return tuple(Target(strategy=self.name, place=place) for place in places)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Rewrite the target's findings, each file's in one go; what the policy would refuse is left out."""
        findings = [f for f in known_findings(case) if _is_meant(f, target.place)]
        is_single = target.place not in (_ALL, _SURE) and not target.place.startswith("rule:")
        project = Project(case.tree)
        edits: list[FileEdit] = []
        done: list[Rewrite] = []
        doubtful = 0
        for path, mine in _by_file(findings):
            made = _rewrites(project, path, mine, sample=sample if is_single else 0)
            doubtful += sum(not rewrite.is_sure for rewrite in made)
            if target.place == _SURE:
                made = [rewrite for rewrite in made if rewrite.is_sure]
            limit = line_limit(project, findings[0].tool)
            edit, kept = _applied(
                project, path, made, is_single=is_single, category=case.diagnosis.category, limit=limit
            )
            if edit is not None:
                edits.append(edit)
                done += kept
        if target.place == _SURE and not doubtful:
            return NoCandidate("no repair is doubtful, so all of them were tried together", is_spent=True)
        if not edits:
            return NoCandidate(f"no exact repair is known for {target.place}", is_spent=True)
        is_sure = all(rewrite.is_sure for rewrite in done)
        return CandidatePatch(
            strategy=f"{LintRewrite.name}:{'+'.join(sorted({f.code for f in findings})[:6])}",
            edits=tuple(edits),
            rationale=_rationale(done),
            disposition=Disposition.AUTO if is_sure else Disposition.NEEDS_HUMAN,
        )


class LintRewriteOne(LintRewrite):
    """The strategy over the same repairs for one finding alone, in each of the ways that are known."""

    name = "lint_rewrite_one"

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Each finding."""
        findings = known_findings(case)[:_MAX_SINGLE]
        return tuple(Target(strategy=self.name, place=_place(f), samples=_SAMPLES) for f in findings)


def known_findings(case: RepairCase) -> tuple[Finding, ...]:
    """The findings with a place and a rule that has an exact repair, in the diagnosis's order, each once."""
    found = (finding_of(failure) for failure in case.diagnosis.failures if failure.tool in LINTERS)
    return tuple(dict.fromkeys(f for f in found if f is not None and f.code in repairs()))[:_MAX_FINDINGS]


def _place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}:{finding.column or 0}:{finding.code}"


def _is_meant(finding: Finding, place: str) -> bool:
    if place in (_ALL, _SURE):
        return True
    if place.startswith("rule:"):
        return place.removeprefix("rule:") in rule_of()[finding.code]
    return _place(finding) == place


def _by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by file, as many files as a patch may touch; those with the most findings first."""
    files: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        files[finding.file].append(finding)
    return sorted(files.items(), key=lambda item: -len(item[1]))[:_MAX_FILES]


def _rewrites(project: Project, path: str, findings: list[Finding], *, sample: int) -> list[Rewrite]:
    source = project.source(path)
    if source is None:
        return []
    made: list[tuple[int, Rewrite]] = []
    for finding in findings:
        if finding.line > len(source.lines) + 1:
            continue
        place, repair = repairs()[finding.code]
        fellows = tuple(f for f in findings if f.code in rule_of()[finding.code])
        try:
            ways = repair(Spot(finding, source, project, fellows))
        except (TokenError, RecursionError, SyntaxError, ValueError, IndexError, KeyError, StopIteration):
            continue
        if sample < len(ways):
            made.append((place, ways[sample]))
    return [rewrite for _, rewrite in sorted(made, key=lambda pair: pair[0])]


def _applied(
    project: Project, path: str, rewrites: list[Rewrite], *, is_single: bool, category: Category, limit: int
) -> tuple[FileEdit | None, tuple[Rewrite, ...]]:
    source = project.source(path)
    if source is None or not rewrites:
        return None, ()
    before = project.read(path) or b""
    bom = _BOM if before.startswith(_BOM) else b""

    def accepts(after: bytes) -> bool:
        change = FileChange(path=path, before=before, after=bom + after)
        changes = ChangeSet(changes=(change,), category=category)
        return is_single or not check(changes, PolicySettings())

    after, kept = fold(source.raw, rewrites, accepts)
    if not kept or after == source.raw:
        return None, ()
    after = fitted(path, source.raw, after, limit=limit)
    return FileEdit(path=path, content=bom + after), kept


def _rationale(done: list[Rewrite]) -> str:
    doubts = [r.why for r in done if not r.is_sure]
    reasons = list(dict.fromkeys([*doubts, *(r.why for r in done)]))
    shown = "; ".join(reasons[:_REASONS])
    rest = len(reasons) - _REASONS
    return f"{shown}; and {rest} more" if rest > 0 else shown
