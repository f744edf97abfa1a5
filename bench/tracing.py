"""What tracing costs: of a repair, of a span, and of the page that is made of it.

    make bench-tracing

Each repair is traced into its file, as always, and to a collector on loopback. Then its very spans are made once more,
redacted and written and sent the same way, and the processor's time of that (all threads, the collector's too) is
set against the repair's own time from the same run. The page is measured with 5,000 spans, and opened in Chromium where
that is installed.
"""

import argparse
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from collector import collecting
from overhead import ScriptedEngine, make_repo
from page.browser_tools import missing, visit
from selfheal.config import Settings
from selfheal.contract.trace_lines import SpanRecord, TraceRecord, read_trace
from selfheal.fix.registry import CODE_STRATEGIES
from selfheal.logs import Redactor, prepare
from selfheal.observability import ExportPlan, ObservabilitySettings, export_plan
from selfheal.page.view import render
from selfheal.render.progress import SilentProgress
from selfheal.team.repair import RepairRequest, run_repair
from selfheal.trace.recorded import RecordedSpan
from selfheal.trace.spans import Tracer

RESULTS = Path(__file__).parent / "results"
MOST_SHARE, MOST_SPAN_MS = 0.02, 1.0
SPANS = 5000


@dataclass(frozen=True)
class Row:
    """One repair: its seconds, its spans, and what they took of the processor."""

    case: str
    wall_s: float
    spans: int
    cpu_ms: float
    span_ms: float
    share: float
    is_within: bool


def measure(case: str, *, is_scripted: bool) -> Row:
    """Heal one repository, and make its spans once more."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        collector = stack.enter_context(collecting())
        told = {"tracing": {"endpoint": collector.url}}
        plan = export_plan(ObservabilitySettings.model_validate(told), {})
        asking = tuple(one for one in CODE_STRATEGIES if not one.name.endswith("_search"))
        request = RepairRequest(
            repo=make_repo(folder, files=0, seconds=0.2),
            command=f"{sys.executable} -m pytest -q test_core.py",
            out=folder / "out",
            settings=Settings(engine="embedded"),
            strategies=asking if is_scripted else CODE_STRATEGIES,
            environ={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            telemetry=plan,
        )
        report = run_repair(request, progress=SilentProgress(), engine=ScriptedEngine(0.5))
        if report.outcome != "healed":
            raise SystemExit(f"{case}: {report.outcome}: {report.summary}")
        trace = read_trace((folder / "out/trace.jsonl").read_bytes().splitlines())
        cpu_s = made_again(trace, folder / "again.jsonl", plan)
    share = cpu_s / report.usage.wall_s
    span_ms = cpu_s * 1000 / len(trace.spans)
    return Row(
        case=case,
        wall_s=round(report.usage.wall_s, 2),
        spans=len(trace.spans),
        cpu_ms=round(cpu_s * 1000, 1),
        span_ms=round(span_ms, 3),
        share=round(share, 5),
        is_within=share < MOST_SHARE and span_ms < MOST_SPAN_MS,
    )


def made_again(trace: TraceRecord, file: Path, plan: ExportPlan) -> float:
    """Seconds of the processor, all threads of this process, for the same spans."""
    children: dict[str, list[SpanRecord]] = {}
    for span in trace.spans:
        children.setdefault(span.parent_id, []).append(span)
    prepare()
    redact = Redactor(("a-secret-of-the-environment",)).redact
    redact("once")
    began = time.process_time()
    tracer = Tracer(file, redact=redact, plan=plan)
    for root in children[""]:
        make(tracer, root, children)
    tracer.close()
    return time.process_time() - began


def make(tracer: Tracer, span: SpanRecord, children: dict[str, list[SpanRecord]]) -> None:
    """One span with everything below it; what was a chat's message is redacted and packed as one."""
    plain = {name: value for name, value in span.attributes.items() if not name.endswith(("messages", "instructions"))}
    with tracer.span(span.name, **plain) as recorded:
        for name in span.attributes.keys() - plain.keys():
            say(recorded, name, str(span.attributes[name]))
        for child in children.get(span.span_id, ()):
            make(tracer, child, children)


def say(recorded: RecordedSpan, name: str, packed: str) -> None:
    """A message from its JSON."""
    recorded.message(name, "user", json.loads(packed)[0]["parts"][0]["content"])


def a_large_trace() -> list[str]:
    """Lines of 5,000 spans: turns, each with calls and runs that carry texts."""
    lines, text = [], "def total(prices):\n    return sum(prices)\n" * 20
    for number in range(1, SPANS + 1):
        kind = ("invoke_agent fixer", "chat small", "command", "verdict")[number % 4]
        parent = "" if number == 1 else f"{max(1, number - number % 4):016x}"
        facts = {"selfheal.output": text, "selfheal.reason": f"reason {number}", "selfheal.state": "propose"}
        span = {
            "traceId": "a" * 32,
            "spanId": f"{number:016x}",
            "parentSpanId": parent if parent != f"{number:016x}" else f"{1:016x}",
            "name": "repair" if number == 1 else kind,
            "startTimeUnixNano": str(number * 10**8),
            "endTimeUnixNano": str(number * 10**8 + 9 * 10**7),
            "attributes": [{"key": name, "value": {"stringValue": value}} for name, value in facts.items()],
        }
        lines.append(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}))
    return lines


def the_page() -> dict[str, float]:
    """Seconds to make the page of 5,000 spans, its size, and how long a browser takes with it."""
    lines = a_large_trace()
    began = time.process_time()
    text = render(read_trace(lines), None)
    found = {"spans": SPANS, "made_cpu_s": round(time.process_time() - began, 2), "mb": round(len(text) / 1e6, 1)}
    if why := missing():
        print(f"the page is not opened: {why}", file=sys.stderr)
        return found
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(text)
        asked = {"name": "large", "url": file.as_uri(), "width": 1280, "search": "reason 4999", "quick": True}
        (told,) = visit([asked])
    return found | {"loaded_s": told["loaded_ms"] / 1000, "search_s": told["search_ms"] / 1000}


def main() -> int:
    """Measure, and print the tables last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    measure("warm-up", is_scripted=True)
    rows = [measure("a model's second answer", is_scripted=True), measure("a search", is_scripted=False)]
    page = the_page()
    RESULTS.mkdir(exist_ok=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    document = {"commit": commit, "machine": machine, "rows": [asdict(row) for row in rows], "page": page}
    (RESULTS / "tracing.json").write_text(json.dumps(document, indent=2) + "\n")
    out = io.StringIO()
    print(f"\n{'repair':<26}{'wall s':>8}{'spans':>7}{'cpu ms':>8}{'ms/span':>9}{'share':>8}", file=out)
    for row in rows:
        mark = "" if row.is_within else f"  over: {MOST_SHARE:.0%} or {MOST_SPAN_MS} ms"
        print(
            f"{row.case:<26}{row.wall_s:>8.2f}{row.spans:>7}{row.cpu_ms:>8.1f}{row.span_ms:>9.3f}{row.share:>8.2%}{mark}",
            file=out,
        )
    print(f"\npage: {', '.join(f'{name} {value}' for name, value in page.items())}", file=out)
    print(out.getvalue())
    return 0 if all(row.is_within for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
