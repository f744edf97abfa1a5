"""Make findings of a package's run: assertions, panics, time-outs, races, examples, early exits."""

import re
from collections.abc import Iterator

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.contract.test_paths import is_test_path
from selfheal.logs.parsers.golang.network import read_outage
from selfheal.logs.parsers.golang.sources import GoSources
from selfheal.logs.parsers.golang.stacks import Stack, located, raised_from, read_access, read_stacks
from selfheal.logs.parsers.golang.test_output import failing, is_race, read_example, read_messages
from selfheal.logs.parsers.golang.test_run import Run
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, Stage

_RUNNING = re.compile(r"\s{1,16}((?:Test|Fuzz|Example|Benchmark)\S{0,400}) \(")
_RAISED_AGAIN = re.compile(r" \[recovered.{0,40}\]$")


def failures_of(run: Run, package: str, sources: GoSources, number: int) -> Iterator[Finding]:
    """The findings of a run that ended at line `number`."""
    crash = _crash(run, package, sources, number) if run.has_crashed else None
    crashed = crash.failure.test_id if crash is not None else None
    if crash is not None:
        yield crash
    races = list(run.races)
    any_failed = crash is not None
    for name in run.own_failures():
        if crashed is not None and (crashed == name or crashed.startswith(f"{name}/")):
            continue
        any_failed = True
        yield _failed(run, name, package, sources, races)
    if races and not run.failed:
        any_failed = True
        yield _race(run, "", races, sources)
    if not any_failed and not run.failed:
        yield _early_exit(run, package, sources, number)


def _failed(run: Run, name: str, package: str, sources: GoSources, races: list[tuple[int, list[str]]]) -> Finding:
    block = run.blocks.get(name)
    lines = block.lines if block is not None else []
    messages = read_messages(lines)
    said = failing(messages)
    if said is None and races and (is_race(messages) or not messages):
        return _race(run, name, races, sources)
    header = run.failed[name]
    span = (header, header)
    if block is not None:
        span = (min(header, block.first), max(header, block.first + len(lines) - 1))
    excerpt = "\n".join((f"--- FAIL: {name}", *lines))
    category, stage, reason, advice = Category.TEST, Stage.RUN, "a test's own check does not hold", ""
    file: str | None = None
    line: int | None = None
    if said is not None:
        file, line, message = sources.path(said.file, package), said.line, said.text
        outage = read_outage(message)
        if outage is not None:
            category, reason, advice = Category.INFRA, outage.reason, outage.advice
        if len(excerpt) > MAX_EXCERPT:
            excerpt = f"--- FAIL: {name}\n{file}:{line}: {message}"
    else:
        example = read_example(lines)
        message = example or "\n".join(text.strip() for text in lines[-10:]).strip() or f"{name} failed"
        file = sources.only_test(package, prefix="example") if example else None
        file = file or sources.only_test(package)
        if example:
            reason = "an example prints something else than its comment says"
    failure = Failure(
        tool="go test",
        message=message[:2_000],
        file=file,
        line=line,
        test_id=name,
        excerpt=excerpt[:MAX_EXCERPT],
    )
    return Finding(failure, category, stage, span, block="\n".join(lines)[:6_000], reason=reason, advice=advice)


def _race(run: Run, name: str, races: list[tuple[int, list[str]]], sources: GoSources) -> Finding:
    first, lines = races.pop(0)
    frames = read_access(lines[1:])
    place, kept = located(frames, sources)
    if place is None:
        place, kept = located(_previous(lines), sources)
    failure = Failure(
        tool="go test",
        message="data race: two goroutines use the same memory, one of them writes",
        file=place.file if place is not None else None,
        line=place.line if place is not None else None,
        test_id=name or None,
        code="DATA RACE",
        frames=kept,
        excerpt="\n".join(lines)[:MAX_EXCERPT],
    )
    # The other races of the same test are about the same memory, most often.
    if len(run.failed) <= 1:
        races.clear()
    last = first + len(lines)
    return Finding(failure, Category.TEST, Stage.RUN, (first, last), reason="the race detector found a data race")


def _previous(lines: list[str]) -> tuple[Frame, ...]:
    start = next((n for n, line in enumerate(lines) if line.startswith("Previous ")), len(lines))
    return read_access(lines[start + 1 :])


def _crash(run: Run, package: str, sources: GoSources, number: int) -> Finding:
    head = run.dump[0]
    stacks = read_stacks(run.dump)
    is_timeout = "test timed out after" in head
    running = [match.group(1) for line in run.dump[:40] if (match := _RUNNING.match(line)) is not None]
    stack = _waiting(stacks, sources, running) if is_timeout else stacks[0] if stacks else None
    frames = raised_from(stack.frames) if stack is not None else ()
    place, kept = located(frames, sources)
    if place is None and not is_timeout:
        later = (located(other.frames, sources) for other in stacks[1:20])
        place, kept = next(((found, all_) for found, all_ in later if found is not None), (place, kept))
    code = "timeout" if is_timeout else "fatal error" if head.startswith("fatal error") else "panic"
    message = _RAISED_AGAIN.sub("", head.removeprefix("panic: "))
    goroutine = next((n for n, line in enumerate(run.dump) if line.startswith("goroutine ")), 1)
    excerpt = "\n".join(run.dump[: min(goroutine, 12)])
    if kept:
        excerpt += "\n" + "\n".join(
            f"{frame.file}:{frame.line} {frame.function or ''}" for frame in reversed(kept[:20])
        )
    failure = Failure(
        tool="go test" if run.is_begun or package else "go",
        message=message[:2_000],
        file=place.file if place is not None else None,
        line=place.line if place is not None else None,
        test_id=_crashed_test(run, running, stack),
        code=code,
        frames=kept,
        excerpt=excerpt[:MAX_EXCERPT],
    )
    if is_timeout:
        reason = "a test did not end in its time"
    else:
        in_test = place is not None and is_test_path(place.file)
        reason = "the test itself panicked" if in_test else "the code under test panicked"
    return Finding(failure, Category.TEST, Stage.RUN, (run.dump_first, number), reason=reason)


def _waiting(stacks: tuple[Stack, ...], sources: GoSources, running: list[str]) -> Stack | None:
    """The goroutine that runs the test that did not end; others may wait for their turn in parallel."""
    own = [stack for stack in stacks if located(stack.frames, sources)[0] is not None]
    names = {name.partition("/")[0] for name in running}
    named = [stack for stack in own if names.intersection(stack.tests())]
    tests = named or [stack for stack in own if stack.tests()] or own
    # The test of a subtest that hangs only waits for it.
    return next((stack for stack in tests if not stack.is_parked()), tests[0] if tests else None)


def _crashed_test(run: Run, running: list[str], stack: Stack | None) -> str | None:
    if running:
        return running[0]
    silent = [name for name in run.own_failures() if not (name in run.blocks and run.blocks[name].lines)]
    if silent:
        return silent[-1]
    named = stack.tests() if stack is not None else ()
    return run.dump_test or (named[-1] if named else None)


def _early_exit(run: Run, package: str, sources: GoSources, number: int) -> Finding:
    """The program ended before its tests did: TestMain, log.Fatal, os.Exit."""
    said = [*(text for block in run.blocks.values() for text in block.lines[-10:]), *run.loose]
    excerpt = "\n".join(said[-20:])
    last = next((text.strip() for text in reversed(said) if text.strip() and not text.startswith("exit status")), "")
    outage = read_outage(excerpt)
    failure = Failure(
        tool="go test",
        message=last or f"the tests of {package} ended early",
        file=sources.only_test(package),
        test_id=run.current or None,
        excerpt=excerpt[-MAX_EXCERPT:],
    )
    if outage is not None:
        lines = (number, number)
        return Finding(failure, Category.INFRA, Stage.RUN, lines, reason=outage.reason, advice=outage.advice)
    reason = "the test program ended with an error and no test failed"
    return Finding(failure, Category.TEST, Stage.RUN, (number, number), reason=reason)
