"""The pages in a real browser: wide and narrow, light and dark, by keyboard, without JavaScript, with hostile words."""

import json
from typing import Any

import pytest

from contract.test_trace_lines import a_span, line
from page.browser_tools import missing, visit
from page.test_page import EVIL
from selfheal.contract.report import Report
from selfheal.page.files import write_page
from team.repairs import CHECK, GATE_FILES, WRONG_GATES, Patient, gate_answer

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """One browser for all: the page of a failed run in several ways, and a hostile one."""
    place = tmp_path_factory.mktemp("browser")
    patient = Patient(place, GATE_FILES, CHECK)
    patient.heal([gate_answer(one) for one in WRONG_GATES[:3]], max_cycles=1)
    page = write_page(patient.out / "trace.jsonl", out=place / "failed.html")
    report = json.loads((patient.out / "report.json").read_bytes())
    report |= {"summary": EVIL, "command": EVIL, "next_steps": [EVIL] * 3, "sandbox": EVIL}
    (place / "evil.json").write_text(Report.model_validate(report).model_dump_json())
    attributes = [{"key": EVIL, "value": {"stringValue": EVIL}}]
    trace = place / "evil.jsonl"
    trace.write_text(line(*(a_span(spanId=f"{n:016x}", name=EVIL, attributes=attributes) for n in range(1, 40))))
    evil = write_page(trace, out=place / "evil.html", report=place / "evil.json")
    failed, hostile = page.as_uri(), evil.as_uri()
    told = visit(
        [
            {"name": "wide", "url": failed, "width": 1280, "keys": True},
            {"name": "dark", "url": failed, "width": 1280, "dark": True},
            {"name": "phone", "url": failed, "width": 390},
            {"name": "dark phone", "url": failed, "width": 390, "dark": True},
            {"name": "no script", "url": failed, "width": 1280, "script": False},
            {"name": "hostile", "url": hostile, "width": 390},
        ]
    )
    return {each["name"]: each for each in told}


@pytest.mark.parametrize("name", ["wide", "dark", "phone", "dark phone", "hostile"])
def test_axe_finds_nothing(seen: dict[str, dict[str, Any]], name: str) -> None:
    """Names, roles, order and contrast, in each way to look at it."""
    assert seen[name]["axe"] == []
    assert seen[name]["passes"] > 20


def test_nothing_is_loaded_and_nothing_breaks(seen: dict[str, dict[str, Any]]) -> None:
    """The file alone: no request, no error, no dialog, whatever stands in it."""
    for told in seen.values():
        assert told["problems"] == []
        assert len(told["requests"]) == 1


@pytest.mark.parametrize("name", ["phone", "dark phone", "hostile"])
def test_a_phone_scrolls_in_one_direction(seen: dict[str, dict[str, Any]], name: str) -> None:
    """Nothing is wider than the screen."""
    assert seen[name]["overflow"] == 0


def test_it_reads_without_javascript(seen: dict[str, dict[str, Any]]) -> None:
    """What went wrong, and all the parts."""
    text = seen["no script"]["text"]

    assert "Where it went wrong" in text and "What to do next" in text
    assert "Candidates" in text


def test_it_works_by_keyboard(seen: dict[str, dict[str, Any]]) -> None:
    """Search, go through what is found, open one, open all."""
    keys = seen["wide"]["keys"]

    assert (keys["slash"], keys["j"]) == ("q", "SUMMARY")
    assert "found" in keys["found"] and keys["hidden"] > 0 and keys["shownAgain"] == 0
    assert keys["opened"] and keys["all"]
