"""The warm tests of one base: started once, asked for many candidates, started anew where the base moved."""

import itertools
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

from selfheal.contract.command import CommandRun, Ending
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.executor import Site
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView, Version
from selfheal.contract.trials import Ended, Spectrum, Splice, Trial
from selfheal.verify import trying

_MOST_TESTS = 12
_MOST_OF_ONE = 3
_MOST_FILES = 6
_MOST_OTHERS = 60
_GLANCE = 4
_NOTHING: frozenset[tuple[str, int]] = frozenset()
_NO_SUCH_TEST = "ERROR: file or directory not found: "
"""What pytest says of it, where every candidate would seem to be broken."""
_MOST_ALSO = 300
_ALSO_S = 6.0
_START_S = 90.0
_TRACE_S = 25.0
_MOST_TRACED = 400
_LINE_CHARS = 60_000
"""Characters of splices in one line; they are compressed after that."""
_GRACE_S = 30.0
_COMPARE_S = 6.0
_MOST_RECORDED = 60
_OUTCOME = 9
"""Characters of one input: what kind of call it comes from, and the digest."""
_SLOWDOWN = 3.0
"""How much longer than the processor's seconds a batch may take where others keep the machine busy."""

RunLine = Callable[[str, float, str, Version], Awaitable[CommandRun | None]]
"""Runs a line (line, limit in seconds, why, version) in the warm shell; None where there is no such shell."""


@dataclass(slots=True)
class WarmTests:
    """Tries candidates on one version in the fork server. Implements `fix.interface.Trials`.

    Made by `open_tests`; where the server went away it says None to everything from then on.
    """

    line: RunLine
    version: Version
    name: str
    failing: tuple[str, ...]
    base: Trial
    """What the failing tests do without any edit."""
    why_not_hot: str
    limit_s: float
    """Wall-clock seconds of a trial, `cpu_s` those of the processor, `fresh_s` of one that imports everything anew."""
    cpu_s: float
    fresh_s: float
    others: tuple[str, ...] = ()
    """Further tests that fail without any edit, which run only where all of `failing` pass."""
    glance: int = 0
    """Where none of so many of `failing` passes the rest is not run; 0 where all are."""
    spectrum: Spectrum | None = None
    count: Callable[[int], None] = lambda _: None
    _number: int = 10
    _known: dict[tuple[Splice, ...], Trial] = field(default_factory=dict)
    _is_up: bool = True

    async def run(
        self,
        candidates: Sequence[tuple[Splice, ...]],
        *,
        enough: int,
        seconds: float,
        text: int = 600,
        patience: float = 1.0,
    ) -> tuple[Trial | None, ...]:
        """Try candidates in their order; None for what was not tried: time over, or `enough` were plausible.

        With `patience` each may take so many times as long, yet not more than all of them together, and those that
        were late before are tried again.
        """
        left = seconds
        if patience > 1.0:
            patience = max(1.0, min(patience, seconds / self.cpu_s))
        open_ones = [one for one in candidates if self._is_open(one, patience)]
        for batch in _batches(open_ones):
            plausible = sum(t.is_plausible for one in candidates if (t := self._known.get(one)) is not None)
            if left <= 0 or not self._is_up or plausible >= enough:
                break
            also = self._also({splice.path for one in batch for splice in one})
            job: dict[str, object] = {
                "kind": "trials",
                "trials": [[splice.model_dump() for splice in one] for one in batch],
                "tests": self.failing,
                "others": self.others,
                "also": [test_id for test_id, _ in also],
                "glance": self.glance,
                # Who waits for something rather than reckons will hardly end.
                "limit_s": min(patience * self.limit_s, self.limit_s + seconds),
                "cpu_s": patience * self.cpu_s,
                "fresh_s": patience * self.fresh_s,
                "also_s": 5 * sum(cpu_s for _, cpu_s in also) + self._others_s,
                "total_s": _SLOWDOWN * left,
                "total_cpu_s": left,
                "enough": enough - plausible,
                "text": text,
            }
            seen = await self._asked(job, _SLOWDOWN * left + _GRACE_S, f"trying {len(batch)} candidates in warm tests")
            if seen is None:
                break
            found = trying.read_trials(seen.output, len(batch))
            left -= max(seen.wall_s / _SLOWDOWN, sum(trial.cpu_s for trial in found if trial is not None))
            self._known |= {one: trial for one, trial in zip(batch, found, strict=True) if trial is not None}
            self.count(sum(trial is not None for trial in found))
        return tuple(self._known.get(one) for one in candidates)

    async def outcomes(
        self, candidates: Sequence[tuple[Splice, ...]], *, path: str, name: str, line: int
    ) -> tuple[tuple[str, ...], ...]:
        """Digests of what the base's function, then each candidate's, makes of the tests' calls and of their like."""
        also = [test_id for test_id, _ in self._also({path})][:_MOST_RECORDED]
        job: dict[str, object] = {
            "kind": "compare",
            "trials": [[splice.model_dump() for splice in one] for one in ((), *candidates)],
            "tests": [*self.failing, *also],
            "passing": also,
            "path": path,
            "name": name,
            "line": line,
            "limit_s": _COMPARE_S * _SLOWDOWN,
            "cpu_s": _COMPARE_S,
            "fresh_s": _COMPARE_S,
            "total_s": _COMPARE_S * _SLOWDOWN * 2,
            "total_cpu_s": _COMPARE_S * 2,
        }
        seen = await self._asked(job, 2 * _SLOWDOWN * _COMPARE_S + _GRACE_S, "comparing candidates on further inputs")
        found = trying.read_trials(seen.output, len(candidates) + 1) if seen is not None else ()
        return tuple(_digests(trial) for trial in found)

    async def trace(self) -> None:
        """Learn which test runs what; leaves the spectrum None where that can't be had."""
        job = {"kind": "trace", "tests": self.failing, "most": _MOST_TRACED, "limit_s": _TRACE_S, "cpu_s": _TRACE_S}
        seen = await self._asked(job, _TRACE_S + _GRACE_S, "tracing which test runs what")
        self.spectrum = trying.read_spectrum(seen.output) if seen is not None else None

    async def aclose(self) -> None:
        """End the server."""
        if self._is_up:
            self._is_up = False
            await self.line(trying.stop_line(self.name), _GRACE_S, "ending the warm tests", self.version)

    async def _asked(self, job: dict[str, object], limit_s: float, why: str) -> CommandRun | None:
        self._number += 1
        line = trying.ask_line(job, name=self.name, number=self._number)
        seen = await self.line(line, limit_s, why, self.version)
        if seen is None or seen.ending is not Ending.EXITED or seen.exit_code != 0:
            self._is_up = False
            # What was answered before it went away still counts.
            return seen if seen is not None and seen.ending is Ending.EXITED else None
        return seen

    @property
    def _others_s(self) -> float:
        """What the others may take in addition, each as much as one of the failing tests."""
        return self.cpu_s * len(self.others) / max(1, len(self.failing))

    def _is_open(self, candidate: tuple[Splice, ...], patience: float) -> bool:
        known = self._known.get(candidate)
        return known is None or (patience > 1.0 and known.ended is Ended.LATE)

    def _also(self, files: set[str]) -> list[tuple[str, float]]:
        """Tests that pass now and run one of these files, the quick ones first, within a few seconds."""
        tests = self.spectrum.tests if self.spectrum is not None else ()
        passing = [
            (one.test_id, one.cpu_s)
            for one in tests
            if not one.has_failed
            and files & {file for file, _ in one.lines}
            # Where whole files are run for the failing tests, these are among them.
            and one.test_id.partition("::")[0] not in self.failing
            and one.test_id not in self.others
        ]
        passing.sort(key=lambda one: one[1])
        chosen, spent_s = [], 0.0
        for test_id, cpu_s in passing[:_MOST_ALSO]:
            spent_s += cpu_s
            if spent_s > _ALSO_S:
                break
            chosen.append((test_id, cpu_s))
        return chosen


async def open_tests(
    line: RunLine, *, command: str, diagnosis: Diagnosis, tree: TreeView, site: Site, version: Version, name: str
) -> WarmTests | str:
    """Start a server for the failing tests and see that they fail there too; else the reason why not."""
    failing = chosen_tests(diagnosis)
    if not failing:
        return "the failure names no test of pytest"
    files = _arguments(failing, tree, trying.folder_of(command, site.subdirectory))
    start = trying.start_line(command, files, name=name, subdirectory=site.subdirectory)
    if start is None:
        return "the command's call of pytest can't be read"
    started = await line(start, _START_S, "starting the warm tests", version)
    if started is None or started.exit_code != 0:
        words = started.output.strip().rpartition("\n")[2][:200] if started is not None else "no warm shell"
        return f"the warm tests did not start: {words}"
    tests = WarmTests(
        line=line,
        version=version,
        name=name,
        failing=failing,
        base=Trial(ended=Ended.BROKEN),
        why_not_hot="",
        limit_s=_START_S,
        cpu_s=_START_S,
        fresh_s=_START_S,
    )
    begun = await tests._asked({"kind": "begin"}, _START_S + _GRACE_S, "collecting the failing tests once")
    if begun is None or begun.exit_code != 0:
        return "the warm tests went away"
    answer = trying.read_answer(begun.output)
    if answer.get("threads") != 1:
        await tests.aclose()
        return "a plugin of pytest starts threads: no process of it can be forked"
    tests.why_not_hot = "" if answer.get("hot") is True else str(answer.get("why"))[:200]
    # Nothing is known of the time that the tests take: the base's own trial tells.
    (base,) = await tests.run(((),), enough=1, seconds=_START_S, text=6000)
    if base is not None and base.ended is Ended.RAN and "F" not in base.tests:
        whole = await _failing_in_company(tests, failing)
        if whole is not None:
            failing, base = whole
    if base is None or base.ended is not Ended.RAN or "F" not in base.tests:
        broken = base is not None and base.ended is Ended.BROKEN
        is_misnamed = base is not None and _NO_SUCH_TEST in base.text
        if not broken or tests.why_not_hot == "" or is_misnamed:
            await tests.aclose()
            why = "have other names there" if is_misnamed else "do not fail in the warm process"
            return f"the failing tests {why}"
    assert base is not None
    failed = tuple(t for t, letter in zip(failing, base.tests, strict=False) if letter == "F")
    tests.failing, tests.base = failing, base
    if failed:
        tests.failing, tests.base = failed, base.model_copy(update={"tests": "F" * len(failed)})
        tests.others = other_tests(diagnosis, failed)
    if not tests.why_not_hot:
        await tests.trace()
    if failed and tests.spectrum is not None:
        tests.failing, tests.glance = most_unlike_first(failed, tests.spectrum), _GLANCE
    took = max([base.cpu_s, *(t.cpu_s for t in tests.spectrum.tests[:60])] if tests.spectrum else [base.cpu_s])
    tests.cpu_s = min(20.0, 0.05 + 2 * took)
    tests.limit_s = min(40.0, 2.0 + 10 * max(took, base.wall_s))
    tests.fresh_s = min(60.0, tests.limit_s + 1.0 + 3 * begun.wall_s)
    tests._known.clear()
    return tests


async def _failing_in_company(tests: WarmTests, failing: tuple[str, ...]) -> tuple[tuple[str, ...], Trial] | None:
    """The files of tests that pass alone and fail behind another test of their file, and what the base does with them.

    None where they pass there too: then something else is different here.
    """
    files = tuple(dict.fromkeys(one.partition("::")[0] for one in failing))
    for chosen in ((*files, *failing), files):
        tests.failing = chosen
        tests._known.clear()
        (base,) = await tests.run(((),), enough=1, seconds=_START_S, text=6000)
        letters = base.tests if base is not None and base.ended is Ended.RAN else ""
        if "F" not in (letters if chosen == files else letters[len(files) :]):
            return None
    assert base is not None
    return files, base


def chosen_tests(diagnosis: Diagnosis) -> tuple[str, ...]:
    """The failing tests to try candidates with: few, and of many kinds. A file that can't be loaded is one too."""
    chosen: list[str] = []
    per_function: dict[str, int] = {}
    for test_id in _failed(diagnosis):
        function = test_id.partition("[")[0]
        per_function[function] = per_function.get(function, 0) + 1
        if per_function[function] <= _MOST_OF_ONE:
            chosen.append(test_id)
    files = list(dict.fromkeys(one.partition("::")[0] for one in chosen))[:_MOST_FILES]
    return tuple(one for one in chosen if one.partition("::")[0] in files)[:_MOST_TESTS]


def other_tests(diagnosis: Diagnosis, chosen: Collection[str]) -> tuple[str, ...]:
    """Further failing tests of the same files: what passes the chosen ones may have mended those alone.

    None where whole files are chosen: there they are run already.
    """
    files = {one.partition("::")[0] for one in chosen}
    if files & set(chosen):
        return ()
    others = (one for one in _failed(diagnosis) if one not in chosen and one.partition("::")[0] in files)
    return tuple(itertools.islice(others, _MOST_OTHERS))


def _failed(diagnosis: Diagnosis) -> list[str]:
    """The tests that failed, each once; none of whose name pytest could make something else."""
    ids = dict.fromkeys(f.test_id for f in diagnosis.failures if f.tool == "pytest" and f.test_id)
    return [one for one in ids if one[0] not in "-@" and one.isprintable() and len(one) < 500]


def most_unlike_first(failing: Sequence[str], spectrum: Spectrum) -> tuple[str, ...]:
    """The first one, then always the one that ran lines the least like those before: so few tell much."""
    ran = {
        one.test_id: frozenset((file, line) for file, lines in one.lines for line in lines) for one in spectrum.tests
    }
    order, rest = [failing[0]], list(failing[1:])
    while rest:
        likeness = {
            one: max(_likeness(ran.get(one, _NOTHING), ran.get(other, _NOTHING)) for other in order) for one in rest
        }
        order.append(min(rest, key=lambda one: likeness[one]))
        rest.remove(order[-1])
    return tuple(order)


def _likeness(one: frozenset[tuple[str, int]], other: frozenset[tuple[str, int]]) -> float:
    """Jaccard's index."""
    return len(one & other) / max(1, len(one | other))


def splices_of(edits: Sequence[FileEdit], tree: TreeView) -> tuple[Splice, ...] | None:
    """The edits as splices on the tree, one a file; None for files that come or go or are no UTF-8."""
    found = []
    for edit in edits:
        before = tree.read(edit.path)
        if before is None or edit.content is None:
            return None
        try:
            old, new = before.decode(), edit.content.decode()
        except UnicodeDecodeError:
            return None
        found.append(Splice.between(edit.path, old, new))
    return tuple(found)


def _digests(trial: Trial | None) -> tuple[str, ...]:
    text = trial.text if trial is not None and trial.ended is Ended.RAN else ""
    return tuple(text[at : at + _OUTCOME] for at in range(0, len(text), _OUTCOME))


def _arguments(failing: tuple[str, ...], tree: TreeView, folder: str) -> tuple[str, ...]:
    """The failing tests' files as seen from the folder that pytest runs in; ids may count from the top."""
    known = frozenset(tree.paths())
    found: dict[str, None] = {}
    for test_id in failing:
        file = test_id.partition("::")[0]
        is_from_top = folder and f"{folder}/{file}" not in known and file in known
        found["/".join((*(".." for _ in folder.split("/")), file)) if is_from_top else file] = None
    return tuple(found)


def _batches(candidates: Sequence[tuple[Splice, ...]]) -> list[list[tuple[Splice, ...]]]:
    """Cut into lines of a bounded length; the first ones are short, so that an early success ends it."""
    batches: list[list[tuple[Splice, ...]]] = []
    room = count = 0
    for one in candidates:
        cost = 120 + sum(len(splice.text) + len(splice.path) for splice in one)
        if not batches or room < cost or count >= 40 + 40 * len(batches):
            batches.append([])
            room, count = _LINE_CHARS, 0
        batches[-1].append(one)
        room, count = room - cost, count + 1
    return batches
