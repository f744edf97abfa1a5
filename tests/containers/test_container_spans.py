"""What agents in a real container, who have no network, do is seen by a collector outside."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from collector import Collector, collecting
from containers.real_docker import docker
from containers.running import gone, start
from github.test_telling import read_outputs
from selfheal.contract.trace_lines import SpanRecord, read_trace
from traces.backends import HOW, collector, collector_program

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("docker")]
KEY = "s3cr3t-of-the-operator"


@pytest.fixture(
    params=[
        "receiver",
        pytest.param(
            "collector",
            marks=pytest.mark.skipif(
                collector_program() is None, reason=f"OpenTelemetry's collector is missing: {HOW}"
            ),
        ),
    ]
)
def sink(request: pytest.FixtureRequest) -> Iterator[tuple[Collector, str]]:
    """What holds the spans in the end, and the address to which they are sent."""
    with ExitStack() as stack:
        last = stack.enter_context(collecting())
        is_real = request.param == "collector"
        yield last, stack.enter_context(collector(last.url)) if is_real else last.url


def by_id(spans: list[SpanRecord]) -> dict[str, SpanRecord]:
    """Each came once."""
    found = {span.span_id: span for span in spans}
    assert len(found) == len(spans)
    return found


def has_command(scratch: Path) -> bool:
    """The agents' trace tells of the command that they began."""
    traces = scratch.glob("selfheal-agents-*/out/trace.jsonl")
    return any('{"stringValue":"command"}' in path.read_text() for path in traces)


async def test_every_span_of_a_healed_run_arrives(
    tmp_path: Path, scratch: Path, environ: dict[str, str], sink: tuple[Collector, str]
) -> None:
    """Ids, names, parents, times, attributes, events, links and status: as trace.jsonl in the artifact has them."""
    last, url = sink
    action = await start(environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_HEADERS": f"api-key={KEY}"})
    run = await action.run()
    out, _ = await action.process.communicate()
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"]))
    assert outputs["outcome"] == "healed", out.decode()
    written = read_trace(Path(outputs["report"]).with_name("trace.jsonl").read_bytes().splitlines())

    assert by_id(last.read) == by_id(list(written.spans)) and written.unread == 0
    names = {span.name for span in written.spans}
    assert names >= {"repair", "state reproduce", "state verify", "invoke_agent verifier", "command", "verdict"}
    if url == last.url:
        assert last.headers[0]["api-key"] == KEY and last.resources[0]["service.name"] == "selfheal"
    await gone(run, scratch, tmp_path / "temp")


async def test_what_killed_agents_had_begun_arrives_too(tmp_path: Path, scratch: Path, environ: dict[str, str]) -> None:
    """The trace has its root, and names the command in which it broke off."""
    with collecting() as last:
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": last.url, "INPUT_COMMAND": "sleep 300; exit 1"}
        action = await start(environ | told)
        run = await action.run()
        name = await action.container(run, "agents")
        await action.until(lambda: has_command(scratch))
        docker("kill", name)
        await action.process.communicate()

    came = {span.name: span for span in last.read}
    assert came.keys() >= {"repair", "state reproduce", "command"}
    assert all(came[name].is_error and "had not ended" in came[name].error for name in ("repair", "command"))
    await gone(run, scratch, tmp_path / "temp")
