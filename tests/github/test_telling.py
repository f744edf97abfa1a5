"""What is written for GitHub can't be made to say something else by what it quotes."""

import re
from pathlib import Path

import pytest

from selfheal.github.telling import MAX_SUMMARY_BYTES, write_outputs, write_summary


def read_outputs(file: Path) -> dict[str, str]:
    """As the runner reads them."""
    found, lines = {}, iter(file.read_text().split("\n"))
    for line in lines:
        if "<<" in line:
            name, _, delimiter = line.partition("<<")
            value: list[str] = []
            for inner in lines:
                if inner == delimiter:
                    break
                value.append(inner)
            found[name] = "\n".join(value)
        elif "=" in line:
            name, _, found[name] = line.partition("=")
    return found


@pytest.mark.parametrize("value", ["", "plain", "two\nlines\n", "x<<EOF\nEOF\noutcome<<E\nhealed\nE", "selfheal-0"])
def test_outputs_come_back_as_they_were(tmp_path: Path, value: str) -> None:
    """A value that looks like another output is a value."""
    file = tmp_path / "out"
    write_outputs(file, {"summary": value, "outcome": "exhausted"})
    assert read_outputs(file) == {"summary": value, "outcome": "exhausted"}


def test_the_delimiter_is_another_one_each_time(tmp_path: Path) -> None:
    """It can't be guessed by what is quoted."""
    write_outputs(tmp_path / "out", dict.fromkeys("abc", "1"))
    assert len(set(re.findall(r"<<(\S+)", (tmp_path / "out").read_text()))) == 3


def test_a_summary_too_long_is_cut_and_closed(tmp_path: Path) -> None:
    """GitHub would drop all of it; what the cut left open is closed."""
    file = tmp_path / "summary"
    file.write_text("before\n")
    write_summary(file, "# T\n\n<details>\n\n````diff\n" + "+é\n" * 900_000)
    data = file.read_bytes()
    assert len(data) <= MAX_SUMMARY_BYTES
    assert data.decode().rstrip().endswith("artifact.")
    assert "\n````\n\n</details>" in data.decode()[-200:]
