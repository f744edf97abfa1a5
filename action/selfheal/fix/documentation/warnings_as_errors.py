"""Mend documentation that is built with warnings as errors, by the rules of the registry. No model."""

from collections.abc import Iterator
from itertools import chain, islice

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import CandidatePatch, Disposition, FileEdit
from selfheal.contract.target import Target
from selfheal.contract.tree import MemoryTree, TreeView
from selfheal.fix.documentation.page import Page, page_of, pages
from selfheal.fix.documentation.registry import RULES, Rule
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.syntax.damage import damage_of

_TOOLS = frozenset({"sphinx", "mkdocs"})
_MOST_FAILURES = 200
_MOST_SINGLE = 12
_SAMPLES = 3


class DocumentationWarnings:
    """The strategy for sphinx and mkdocs: all warnings at once, then rule by rule, then one by one."""

    name = "documentation"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Name what is known of the warnings."""
        known = _known(case)
        if not known:
            return ()
        rules = list(dict.fromkeys(rule.name for _, rule, _ in known))
        found = [Target(strategy=self.name, place="all")]
        if len(rules) > 1:
            found += [Target(strategy=self.name, place=f"rule:{name}") for name in rules]
        single = [
            Target(strategy=self.name, place=f"warning:{n}", samples=_SAMPLES) for n, _, _ in known[:_MOST_SINGLE]
        ]
        return (*found, *single)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Mend the warnings that the target names."""
        kind, _, which = target.place.partition(":")
        chosen = [
            (number, rule, failure)
            for number, rule, failure in _known(case)
            if kind == "all" or which in ((rule.name,) if kind == "rule" else (str(number),))
        ]
        edits, said, needs_human = _mended(case.tree, chosen, sample)
        if not edits:
            return NoCandidate(
                f"{target.place}: nothing that exists is near what the documentation names", is_spent=True
            )
        return CandidatePatch(
            strategy=self.name,
            edits=edits,
            rationale=f"documentation: {', '.join(said)}"[:500],
            disposition=Disposition.NEEDS_HUMAN if needs_human else Disposition.AUTO,
        )


def _known(case: RepairCase) -> list[tuple[int, Rule, Failure]]:
    """The warnings that a rule is for, with their number. A failing doctest is a test, and none of them."""
    found = []
    for number, failure in enumerate(case.diagnosis.failures[:_MOST_FAILURES]):
        if failure.tool in _TOOLS and failure.code != "doctest":
            rule = next((rule for rule in RULES if rule.says.search(_said(failure))), None)
            if rule is not None:
                found.append((number, rule, failure))
    return found


def _mended(
    tree: TreeView, chosen: list[tuple[int, Rule, Failure]], sample: int
) -> tuple[tuple[FileEdit, ...], list[str], bool]:
    """Mend from the bottom of each page to its top, so that lines keep their numbers."""
    files = {path: raw for path in tree.paths() if (raw := tree.read(path)) is not None}
    changed: dict[str, bytes] = {}
    said: list[str] = []
    needs_human = False
    for _, rule, failure in sorted(chosen, key=lambda item: -(item[2].line or 0)):
        page = next(_pages(MemoryTree(files), rule, failure, sample), None)
        if page is None or files.get(page.path) == page.content or not _is_sound(page, files.get(page.path)):
            continue
        files[page.path] = changed[page.path] = page.content
        where = f"{failure.file}:{failure.line}" if failure.line else failure.file
        said.append(f"{rule.name} ({where})")
        needs_human = needs_human or rule.needs_human
    return tuple(FileEdit(path=path, content=raw) for path, raw in sorted(changed.items())), said, needs_human


def _pages(tree: TreeView, rule: Rule, failure: Failure, sample: int) -> Iterator[Page]:
    page, match = page_of(tree, failure), rule.says.search(_said(failure))
    if match is None:
        return
    anywhere = pages(tree, ".rst", ".md", ".py") if rule.is_anywhere else ()
    found = chain.from_iterable(rule.mend(tree, one, match) for one in ((page,) if page is not None else anywhere))
    yield from islice(found, sample, sample + 1)


def _said(failure: Failure) -> str:
    """The warning's first line; of an error in a directive, what follows it says which."""
    return failure.message if not failure.message.endswith(":") else f"{failure.message}\n{failure.excerpt[:600]}"


def _is_sound(page: Page, before: bytes | None) -> bool:
    """A docstring's repair leaves Python; a page's repair leaves every documented example as it is."""
    if page.path.endswith(".py"):
        return damage_of(page.content.decode()) is None
    return before is None or _examples(before) == _examples(page.content)


def _examples(raw: bytes) -> list[bytes]:
    return [line.strip() for line in raw.splitlines() if line.lstrip().startswith((b">>>", b"..."))]
