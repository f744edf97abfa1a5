"""The last lines that a person sees after a repair."""

import shlex
from pathlib import Path

from selfheal.contract.report import Outcome, Report


def closing_lines(report: Report, *, out: Path, applied: bool) -> list[str]:
    """Say how it ended, where the files lie, and what to do next."""
    patch = out.absolute() / "fix.patch"
    lines = [f"{report.outcome.value}: {report.summary}"]
    if report.patch is not None:
        files = ", ".join(f"{f.path} (+{f.added} -{f.removed})" for f in report.patch.files[:5])
        more = f" and {len(report.patch.files) - 5} more" if len(report.patch.files) > 5 else ""
        lines.append(f"  patch    {patch}  {files}{more}")
        if applied:
            lines.append("  applied  to your working tree; undo it with: git apply -R " + shlex.quote(str(patch)))
    lines.append(f"  summary  {out / 'summary.md'}")
    usage = report.usage
    lines.append(
        f"  cost     {usage.wall_s:.1f} s, {usage.command_runs} runs of the command, {usage.model_calls} model calls, "
        f"{usage.prompt_tokens + usage.completion_tokens} tokens"
    )
    steps = [s for s in report.next_steps if not (applied and report.outcome is Outcome.HEALED)]
    lines += [
        "  next     " + step.replace("git apply fix.patch", f"git apply {shlex.quote(str(patch))}") for step in steps
    ]
    return lines
