"""Versions that an advisory on disk names, each registry's own."""

import json
from pathlib import Path

from selfheal.contract.packages import Pin
from selfheal.fix.dependencies.advisories import Advisories


def an_advisory(ecosystem: str, name: str, **affected: object) -> str:
    entry = {"package": {"ecosystem": ecosystem, "name": name}, **affected}
    return json.dumps({"id": f"ADV-{ecosystem}", "affected": [entry]})


def test_ranges_and_lists_of_versions_speak_against_what_they_name(tmp_path: Path):
    """From the first that has it to the first that has not; without a fix, all that come after."""
    events = [{"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "3"}]
    text = an_advisory("PyPI", "Colour", ranges=[{"type": "ECOSYSTEM", "events": events}], versions=["2.0.post1"])
    (tmp_path / "a.json").write_text(text)
    advisories = Advisories.load(tmp_path)
    bad = [
        v
        for v in ("0.9", "1.0", "1.4.9", "1.5", "2.0.post1", "3.1")
        if advisories.against(Pin(name="colour", version=v))
    ]
    assert bad == ["1.0", "1.4.9", "2.0.post1", "3.1"]


def test_an_advisory_of_another_registry_says_nothing_of_a_namesake(tmp_path: Path):
    """`requests` of npm is not that of PyPI."""
    ranges = [{"type": "SEMVER", "events": [{"introduced": "0"}]}]
    (tmp_path / "b.json").write_text(an_advisory("npm", "requests", ranges=ranges))
    pin = Pin(name="requests", version="1.0.0")
    assert Advisories.load(tmp_path).against(pin) is None
    assert Advisories.load(tmp_path, "npm").against(pin) == "ADV-npm"


def test_garbage_and_withdrawn_advisories_are_left_out(tmp_path: Path):
    """A folder may hold anything."""
    for number, text in enumerate(("", "[]", "{", '{"affected": [1, {"package": 2}]}', '{"affected": 3}')):
        (tmp_path / f"{number}.json").write_text(text)
    withdrawn = json.loads(an_advisory("PyPI", "colour", versions=["1.0"])) | {"withdrawn": "2020-01-01"}
    (tmp_path / "w.json").write_text(json.dumps(withdrawn))
    assert Advisories.load(tmp_path).by_name == {}
