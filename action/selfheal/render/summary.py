"""summary.md: what a person reads first. Everything from outside is fenced or escaped."""

from selfheal.contract.markdown import code, fence, inline
from selfheal.contract.report import Attempt, Outcome, Report, RunSummary
from selfheal.render.dependencies import dependencies
from selfheal.render.path_graph import path_graph

_HEADLINE = {
    Outcome.HEALED: "✅ Healed: the fix is proved",
    Outcome.ALREADY_PASSING: "✅ Nothing to heal: the command passes now",
    Outcome.FLAKY: "⚠️ Flaky: the command disagrees with itself",
    Outcome.NOT_FIXABLE: "🧭 Not the code's fault",
    Outcome.EXHAUSTED: "🛑 Not healed: what was allowed is used up",
    Outcome.REFUSED: "🛑 Not healed: only patches that cheat made it pass",
    Outcome.ERROR: "💥 selfheal itself failed",
}
_MAX_DIFF = 60_000
_MAX_TAIL = 3_000


def render_summary(report: Report) -> str:
    """Render the report as Markdown that holds no live markup from outside."""
    parts = [f"## {_HEADLINE[report.outcome]}", inline(report.summary)]
    parts += [f"⚠️ **{signal.kind.value.replace('_', ' ')}**: {inline(signal.summary)}" for signal in report.signals]
    parts += _diagnosis(report)
    parts += dependencies(report.dependencies)
    parts += _patch(report)
    parts += _proof(report)
    parts += _suspects(report)
    parts += _attempts(report.attempts)
    if report.next_steps:
        parts.append("### What to do next\n\n" + "\n".join(f"- {inline(step)}" for step in report.next_steps))
    if graph := path_graph(report.path):
        title = f"The way through the states ({len(report.path)} steps)"
        parts.append(f"<details><summary>{title}</summary>\n\n{fence(graph, 'mermaid')}\n\n</details>")
    parts.append(_cost(report))
    return "\n\n".join(parts) + "\n"


def _diagnosis(report: Report) -> list[str]:
    diagnosis = report.diagnosis
    if diagnosis is None:
        return []
    lines = [f"### What failed\n\n{code(report.command)} · **{diagnosis.category.value}**", inline(diagnosis.summary)]
    for failure in diagnosis.failures[:5]:
        place = ":".join(str(p) for p in (failure.file, failure.line) if p is not None)
        first = failure.message.splitlines()[0] if failure.message else ""
        lines.append(f"- {code(place or failure.tool)} {inline(first)}")
    if len(diagnosis.failures) > 5:
        lines.append(f"- … and {len(diagnosis.failures) - 5} more")
    if diagnosis.advice:
        lines.append(f"**{inline(diagnosis.advice)}**")
    return [_join_list(lines)]


def _join_list(lines: list[str]) -> str:
    text = ""
    for before, line in zip(["", *lines], lines, strict=False):
        gap = "\n" if before.startswith("- ") and line.startswith("- ") else "\n\n"
        text += (gap if text else "") + line
    return text


def _patch(report: Report) -> list[str]:
    patch = report.patch
    if patch is None:
        return []
    label = "" if patch.disposition == "auto" else " · a person should look at it before it is merged"
    diff = patch.diff if len(patch.diff) <= _MAX_DIFF else patch.diff[:_MAX_DIFF] + "\n… cut; see fix.patch\n"
    whys = [f"- {inline(attempt.rationale)}" for attempt in report.attempts if attempt.is_kept and attempt.rationale]
    made = f"### The patch\n\nMade by {code(patch.strategy)}{label}"
    return [made, fence(diff, "diff"), *(["\n".join(whys)] if whys else [])]


def _proof(report: Report) -> list[str]:
    seen = report.verification
    if seen.before is None:
        return []
    rows = ["| run | exit | seconds | sandbox |", "|---|---|---|---|"]
    runs = [("before", seen.before), ("before, again", seen.before_again)]
    runs += [(f"after, {n}", run) for n, run in enumerate(seen.after, 1)]
    for label, run in runs:
        if run is not None:
            rows.append(f"| {label} | {run.exit_code} | {run.wall_s:.1f} | {inline(run.sandbox)} |")
    counts = ""
    if seen.tests_collected_before is not None and seen.tests_collected_after is not None:
        counts = f"\n\nTests collected: {seen.tests_collected_before} before, {seen.tests_collected_after} after."
    if (guarded := seen.guarded) is not None:
        before = "" if guarded.passed_before is None else f"{guarded.passed_before} passed before, "
        said = "and none that passed fails now" if before else "all that there are"
        counts += (
            f"\n\nThe project's own tests ({inline(guarded.command)}): {before}{guarded.passed_after} "
            f"{'after' if before else 'pass'}, {said}."
        )
    parts = ["### What proves it" if seen.after else "### What was run", "\n".join(rows) + counts]
    if not seen.after:
        parts.append(_tail(seen.before))
    return parts


def _tail(run: RunSummary) -> str:
    return f"<details><summary>The end of its output</summary>\n\n{fence(run.tail[-_MAX_TAIL:])}\n\n</details>"


def _suspects(report: Report) -> list[str]:
    if not report.suspects:
        return []
    rows = [
        f"{n}. {code(f'{s.file}:{s.first_line}')} {inline(s.symbol or 'module level')}: "
        + inline("; ".join(s.evidence[:3]))
        for n, s in enumerate(report.suspects[:5], 1)
    ]
    return ["### Where the cause was looked for\n\n" + "\n".join(rows)]


def _attempts(attempts: tuple[Attempt, ...]) -> list[str]:
    if not attempts:
        return []
    rows = ["### What was tried\n", "| # | strategy | verdict | why | tokens | seconds |", "|---|---|---|---|---|---|"]
    for a in attempts:
        reason = inline(a.reason)
        short = reason if len(reason) <= 160 else reason[:157].rstrip("\\") + "…"
        tokens = a.prompt_tokens + a.completion_tokens
        rows.append(f"| {a.number} | {inline(a.strategy)} | {a.verdict.value} | {short} | {tokens} | {a.wall_s:.1f} |")
    return ["\n".join(rows)]


def _cost(report: Report) -> str:
    usage = report.usage
    model = f"{inline(report.model.name)} ({report.model.engine})" if report.model else "no model was needed"
    return (
        f"<sub>{usage.wall_s:.1f} s in all: {usage.command_wall_s:.1f} s in {usage.command_runs} runs of the command, "
        f"{usage.model_wall_s:.1f} s in {usage.model_calls} model calls "
        f"({usage.prompt_tokens + usage.completion_tokens} tokens, {usage.cached_prompt_tokens} cached) · {model} · "
        f"sandbox: {inline(report.sandbox or 'none')}</sub>"
    )
