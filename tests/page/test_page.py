"""The page of a run: it says what went wrong, loads nothing, and every word of a stranger is text in it."""

import html.parser
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.artifacts import a_report
from contract.test_trace_lines import a_span, line
from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.report import Attempt, Outcome, Report
from selfheal.contract.trace_lines import read_trace
from selfheal.page.blame import Blame, blame
from selfheal.page.files import write_page
from selfheal.page.graph import graph
from selfheal.page.run import Run
from selfheal.page.view import policy, render
from team.repairs import CHECK, GATE_FILES, WRONG_GATES, Patient, gate_answer

EVIL = "</pre></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}\u202e${7*7}"
NOTHING = read_trace([])


class Elements(html.parser.HTMLParser):
    """What a browser would make of it: every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Patient:
    patient = Patient(tmp_path_factory.mktemp("failed"), GATE_FILES, CHECK)
    patient.heal([gate_answer(one) for one in WRONG_GATES[:3]], max_cycles=1)
    return patient


def test_the_page_of_a_failed_run_tells_what_went_wrong_first(failed: Patient) -> None:
    """Who, why and on what evidence, before anything that has to be opened."""
    page = write_page(failed.out / "trace.jsonl").read_text()
    top = page[page.index("<h1") : page.index('<section id="way"')]

    assert "Not healed" in top
    assert "Where it went wrong" in top
    assert "<strong>Fixer.</strong>" in top
    assert "gate.py" in top and "What to do next" in top
    assert top.index("Where it went wrong") < top.index("What failed") < top.index("What to do next")


def test_the_page_holds_every_span_turn_and_candidate(failed: Patient) -> None:
    """Linked with one another: no link leads nowhere."""
    page = write_page(failed.out / "trace.jsonl").read_text()
    report = failed.report_json()
    spans = read_trace((failed.out / "trace.jsonl").read_bytes().splitlines()).spans
    elements = Elements(page).found
    ids = {attrs["id"] for _, attrs in elements if "id" in attrs}

    assert {f"s-{span.span_id}" for span in spans} <= ids
    assert {f"candidate-{attempt['number']}" for attempt in report["attempts"]} <= ids
    assert {f"turn-{n}" for n in range(1, len(report["path"]))} <= ids
    assert {str(attrs["href"]).lstrip("#") for tag, attrs in elements if tag == "a"} <= ids
    assert "made after seeing the verdict on candidate" in page
    assert "You fix" in page or "```" in page or "def gate" in page


def test_every_word_of_a_stranger_is_text(failed: Patient) -> None:
    """A hostile report and a hostile trace: no element, attribute or script comes of them."""
    document = json.loads((failed.out / "report.json").read_bytes())

    def poisoned(value: object) -> object:
        if isinstance(value, dict):
            return {key: poisoned(each) for key, each in value.items()}
        return [poisoned(each) for each in value] if isinstance(value, list) else value

    report = Report.model_validate(poisoned(document)).model_copy(
        update={
            "summary": EVIL,
            "command": EVIL,
            "path": ("reproduce", EVIL, "route", EVIL),
            "next_steps": (EVIL,),
            "sandbox": EVIL,
            "diagnosis": Diagnosis(
                category=Category.TEST,
                summary=EVIL,
                failures=(Failure(tool="pytest", message=EVIL, file=EVIL, line=2, test_id=EVIL),),
                advice=EVIL,
            ),
        }
    )
    attributes = [{"key": EVIL, "value": {"stringValue": EVIL * 3}}] + [
        {"key": key, "value": {"stringValue": EVIL}}
        for key in (
            "selfheal.agent.input",
            "selfheal.agent.output",
            "gen_ai.agent.name",
            "gen_ai.input.messages",
            "selfheal.state",
        )
    ]
    spans = [
        a_span(spanId=f"{n:016x}", name=f"{name}{EVIL}", attributes=attributes)
        for n, name in enumerate(("repair", "state ", "invoke_agent ", "chat ", "verdict", "command"), 1)
    ]
    honest = Elements(render(read_trace([line(*[a_span(spanId=s["spanId"], name="x") for s in spans])]), report)).found
    page = render(read_trace([line(*spans)]), report, title=EVIL)
    elements = Elements(page).found

    assert EVIL not in page
    assert "49" not in re.findall(r"onerror=alert\(1\)&gt;&#34;&#39;&amp;(\S\S)", page)
    assert [tag for tag, _ in elements if tag in ("script", "style", "img", "iframe")] == ["style", "script"]
    assert not any(name.startswith("on") or name in ("style", "src") for _, attrs in elements for name in attrs)
    assert {tag for tag, _ in elements} - {tag for tag, _ in honest} <= {"b", "h3", "h4", "pre", "code", "ul", "strong"}


def test_nothing_is_loaded_and_nothing_else_may_run() -> None:
    """No address but anchors, one style and one script, each named by its hash."""
    page = render(NOTHING, a_report(None))
    elements = Elements(page).found
    meta = next(attrs for tag, attrs in elements if attrs.get("http-equiv") == "Content-Security-Policy")

    assert meta["content"] == policy()
    assert policy().startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy()
    assert not re.findall(r"(?:https?:)?//(?!\w*\s)[\w.]+\.\w+", page.replace("http://www.w3.org", ""))
    assert all(str(attrs["href"]).startswith("#") for tag, attrs in elements if "href" in attrs)


def test_our_own_style_and_script_have_no_way_out_of_their_elements() -> None:
    """They are put in as they are."""
    for name in ("page.css", "page.js"):
        text = Path(sys.modules["selfheal.page"].__path__[0], "assets", name).read_text()
        assert "</" not in text and "<!--" not in text


def test_a_run_that_was_killed_says_where_it_was() -> None:
    """No report, no end: what was announced."""
    record = {
        "timeUnixNano": "5000000000",
        "traceId": "a" * 32,
        "spanId": "c" * 16,
        "body": {"stringValue": "chat small"},
        "attributes": [],
    }
    announced = json.dumps({"resourceSpans": [], "resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]})
    page = render(read_trace([line(a_span(name="state route")), announced]), None)

    assert "Cut short" in page
    assert "killed or stopped during chat small" in page


def test_a_circle_of_parents_is_shown_once() -> None:
    """A stranger's ids may point anywhere."""
    spans = [
        a_span(spanId="1" * 16, parentSpanId="2" * 16, name="one"),
        a_span(spanId="2" * 16, parentSpanId="1" * 16, name="two"),
        a_span(spanId="3" * 16, parentSpanId="3" * 16, name="invoke_agent self"),
    ]
    run = Run(read_trace([line(*spans)]), None)

    assert sorted(span.name for _, span in run.in_order) == ["invoke_agent self", "one", "two"]
    assert render(run.trace, None).count('<details class="row') == 3


def attempt(number: int, verdict: str, *, file: str = "a.py", reason: str = "the same failure as before") -> Attempt:
    diff = f"diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -1 +1 @@\n-x = {number}\n+x = 0\n"
    return Attempt(
        number=number,
        strategy="rewrite_function",
        patch_sha256="0" * 64,
        verdict=verdict,
        reason=reason,
        model_calls=1,
        prompt_tokens=10,
        completion_tokens=10,
        wall_s=1.0,
        diff=diff if verdict != "invalid" else "",
    )


SUSPECTS = tuple(
    {"file": f, "symbol": "f", "first_line": 1, "last_line": 9, "suspiciousness": 0.9, "evidence": ["in the traceback"]}
    for f in ("a.py", "b.py")
)


@pytest.mark.parametrize(
    ("changes", "agent", "words"),
    [
        ({"outcome": Outcome.EXHAUSTED, "summary": "x. Not healed after 0 attempts: the model can't be asked: gone."},
         "the model", "No model answered"),
        ({"diagnosis": None, "path": ("reproduce", "exhausted")}, "verifier", "never saw the failure"),
        ({"diagnosis": Diagnosis(category=Category.UNKNOWN, summary="?")}, "log analyst", "No parser could tell"),
        ({"path": ("reproduce", "analyse", "route", "locate", "route", "exhausted")}, "architect", "found no place"),
        ({"attempts": (attempt(1, "invalid", reason="no code fence"),), "suspects": SUSPECTS}, "fixer", "no candidate"),
        ({"attempts": (attempt(1, "unchanged"), attempt(2, "unchanged")), "suspects": SUSPECTS},
         "architect", "Never tried: b.py"),
        ({"attempts": (attempt(1, "unchanged"), attempt(2, "worse")), "suspects": SUSPECTS[:1]},
         "fixer", "did not find the change"),
        ({"attempts": (attempt(1, "improved", reason="1 failures are gone, 1 are left: b"), attempt(2, "unchanged"))},
         "fixer", "a part of the way with candidate 1"),
        ({"outcome": Outcome.REFUSED, "attempts": (attempt(1, "refused", reason="new_skip: no"),)}, "fixer", "weakens"),
        ({"outcome": Outcome.NOT_FIXABLE}, "nobody", "No patch to this repository"),
    ],
)  # fmt: skip
def test_the_agent_that_went_wrong_is_named(changes: dict[str, object], agent: str, words: str) -> None:
    """By rules over what the run has left."""
    document = a_report(None).model_dump(mode="json") | {
        key: value for key, value in Report.model_construct(**changes).model_dump(mode="json", warnings=False).items()
        if key in changes
    }  # fmt: skip
    found = blame(Run(NOTHING, Report.model_validate(document)))

    assert isinstance(found, Blame)
    assert found.agent == agent
    assert words in found.words


def test_the_evidence_says_what_each_candidate_came_to_and_why_no_more_came() -> None:
    """Without pytest's marks, alike ones told once, and with the last questions that gave none."""
    said = "test_a.py:7: in test_end\nE   assert [] == [1]\nE     \nE     Use -v to get more diff"
    same = f"the same failure as before: {said}"
    late = "embedded gave no whole answer within 120 s"
    tried = (attempt(1, "unchanged", reason=same), attempt(2, "unchanged", reason=same))
    report = a_report(None, attempts=(*tried, attempt(3, "invalid", reason=late)), suspects=SUSPECTS[:1])
    found = blame(Run(NOTHING, Report.model_validate(report.model_dump(mode="json"))))

    assert isinstance(found, Blame)
    assert found.words.startswith("All 2 candidates for a.py mended nothing: ")
    assert found.evidence == (
        "2 × rewrite_function: test_a.py:7: in test_end · assert [] == [1]",
        f"rewrite_function: {late}",
        "suspected f in a.py:1, since in the traceback",
    )


def test_the_graph_draws_each_state_once_and_counts_the_ways() -> None:
    """And says it in words for whoever does not see it."""
    path = ("reproduce", "analyse", "route", "propose", "verify", "route", "propose", "verify", "exhausted")
    drawn = graph(path, {"verify": 2.0})

    assert {node.name: node.visits for node in drawn.nodes if node.visits}["propose"] == 2
    assert {(edge.source, edge.target): edge.times for edge in drawn.edges}["route", "propose"] == 2
    assert "propose to verify, 2 times" in drawn.words


def test_the_command_line_makes_the_page(failed: Patient, tmp_path: Path) -> None:
    """`selfheal trace view` tells where it lies; a report that was named and can't be read is wrong usage."""
    view = [sys.executable, "-m", "selfheal", "trace", "view", str(failed.out / "trace.jsonl")]
    done = subprocess.run([*view, "--out", tmp_path / "a.html"], capture_output=True, text=True, check=True)
    wrong = subprocess.run([*view, "--report", tmp_path / "none.json"], capture_output=True, text=True, check=False)

    assert done.stdout.strip() == str(tmp_path / "a.html")
    assert "Not healed" in (tmp_path / "a.html").read_text()
    assert wrong.returncode == 2 and "check --report" in wrong.stderr
