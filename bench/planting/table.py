"""Print what was measured, a line a kind, and what was missed."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from planting.repairing import Result

HEAD = (
    f"{'kind':<16}{'cases':>6}{'healed':>8}{'correct':>9}{'same':>6}{'own fix':>9}"
    f"{'exact s':>9}{'model s':>9}{'calls':>7}{'tokens':>8}"
)
LEGEND = (
    "healed: selfheal says so; correct: the command and the package's own tests pass, no rule silenced, no test\n"
    "and no settings changed; same: the program is the original one; own fix: correct by the tool's own --fix alone;\n"
    "exact s, model s: median seconds of the cases that asked no model and of those that did; calls, tokens: in all"
)


def summary(results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    """The numbers of each kind, and of all."""
    kinds = list(dict.fromkeys(result.case.kind for result in results))
    rows = {kind: _numbers([one for one in results if one.case.kind == kind]) for kind in kinds}
    return {**rows, "all": _numbers(results)}


def _numbers(results: Sequence[Result]) -> dict[str, Any]:
    exact = [one.wall_s for one in results if one.is_healed and not one.usage.get("model_calls")]
    asked = [one.wall_s for one in results if one.is_healed and one.usage.get("model_calls")]
    return {
        "cases": len(results),
        "healed": sum(one.is_healed for one in results),
        "correct": sum(one.is_correct for one in results),
        "same": sum(one.is_correct and one.judgement.is_same for one in results),
        "own_fix": sum(one.own is not None and one.own.is_correct for one in results),
        "exact_s": round(median(exact), 1) if exact else None,
        "model_s": round(median(asked), 1) if asked else None,
        "calls": sum(one.usage.get("model_calls", 0) for one in results),
        "tokens": sum(one.usage.get("prompt_tokens", 0) + one.usage.get("completion_tokens", 0) for one in results),
    }


def lines(numbers: dict[str, dict[str, Any]]) -> list[str]:
    """The table."""
    rows = [
        f"{kind:<16}{row['cases']:>6}{row['healed']:>8}{row['correct']:>9}{row['same']:>6}{row['own_fix']:>9}"
        f"{_shown(row['exact_s']):>9}{_shown(row['model_s']):>9}{row['calls']:>7}{row['tokens']:>8}"
        for kind, row in numbers.items()
    ]
    return [HEAD, *rows, LEGEND]


def _shown(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f}"


def miss(result: Result) -> str:
    """What a repair was told, read and tried, for one that is not correct."""
    diagnosis = result.report.get("diagnosis") or {}
    rows = [f"## {result.case.id}", "", f"- command: `{result.case.command}`"]
    rows.append(f"- wrong: {result.judgement.wrong} ({result.report.get('summary', '')})")
    rows.append(f"- diagnosis: {diagnosis.get('category')}: {diagnosis.get('summary')}")
    for failure in diagnosis.get("failures", ())[:4]:
        place = f"{failure.get('file')}:{failure.get('line')}"
        rows.append(f"  - {failure['tool']} {failure.get('code')} {place}: {failure['message'][:160]}")
    attempts = result.report.get("attempts", ())[:8]
    rows += [f"- {one['strategy']}: {one['verdict']}: {one['reason'][:160]}" for one in attempts]
    return "\n".join(rows) + "\n"


def as_row(result: Result) -> dict[str, Any]:
    """What the JSON keeps of a case."""
    return {
        "id": result.case.id,
        "kind": result.case.kind,
        "command": result.case.command,
        "outcome": result.outcome,
        "correct": result.is_correct,
        "same": result.judgement.is_same,
        "wrong": result.judgement.wrong,
        "own_fix": None if result.own is None else result.own.is_correct,
        "wall_s": round(result.wall_s, 2),
        "calls": result.usage.get("model_calls", 0),
        "tokens": result.usage.get("prompt_tokens", 0) + result.usage.get("completion_tokens", 0),
        "strategies": [one["strategy"] for one in result.report.get("attempts", ()) if one["verdict"] != "rejected"],
    }
