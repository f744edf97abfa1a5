"""Find the node id that belongs to the title of a failure's block."""

import re
from dataclasses import dataclass

_TITLE = re.compile(r"ERROR (?:at (?:setup|teardown) of|collecting) (.*)$")
_SUBTEST = re.compile(r" [\[(].*[\])]$")
_PARAMETERS_END = re.compile(r"\](?= [\[(]|$)")
_RESULT = re.compile(r"([^\s:][^\n:]{0,1000}\.\w{1,6}::[^\n]{1,2000}?) (?:FAILED|ERROR)(?: +\[ *\d+%\])? *$")
_PROGRESS = re.compile(r"(\S{1,500}\.py) (?=[.sxXR]{0,500}[FE])[.FEsxXR]{1,2000}(?: +\[ *\d+%\])?$")
_WORKER_RESULT = re.compile(r"\[gw\d+\] \[ *\d+%\] (?:FAILED|ERROR) (\S.*)$")
_SUMMARY = re.compile(r"(?:FAILED|ERROR) (?P<rest>\S.*)$")
_FAILED_SUBTEST = re.compile(
    # The plugin that came before pytest's own subtests writes the word last.
    r"(?:SUBFAILED(?=[\[(]).{0,5000}?[\])]|[\[(].{0,5000}?[\])] SUBFAIL|SUBFAIL) (?P<rest>\S{1,500}?\.\w{1,6}::\S.*)$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A test that pytest says has failed. `is_error` is True for fixtures and collection."""

    node_id: str
    message: str
    is_error: bool

    @property
    def file(self) -> str:
        """The test file."""
        return self.node_id.partition("::")[0]

    @property
    def title(self) -> str:
        """What the header of its block says."""
        _, _, inner = self.node_id.partition("::")
        name, bracket, parameters = inner.partition("[")
        # A file of another kind may be one test, without a name.
        return name.replace("::", ".") + bracket + parameters if inner else self.file


def read_summary(line: str) -> Named | None:
    """Read a line of the short summary: `FAILED file::test - message`."""
    match = _failed_subtest(line) or _SUMMARY.match(line)
    if match is None:
        return None
    rest, is_error = match["rest"], line.startswith("ERROR")
    bracket, dash = rest.find("["), rest.find(" - ")
    cut = rest.find("] - ") + 1 if 0 <= bracket < dash and "] - " in rest else dash
    node_id, message = (rest[:cut], rest[cut + 3 :]) if cut > 0 else (rest, "")
    return Named(node_id.strip(), message.strip(), is_error)


def is_failed_subtest(line: str) -> bool:
    """Tell whether a line of the short summary is of a part of a test, which pytest counts beside the test."""
    return _failed_subtest(line) is not None


def _failed_subtest(line: str) -> re.Match[str] | None:
    return _FAILED_SUBTEST.match(line) if "SUBFAIL" in line else None


def read_result(line: str) -> str | None:
    """Read a node id from a line of `-v`."""
    if "FAILED" not in line and "ERROR" not in line:
        return None
    match = _WORKER_RESULT.match(line) or _RESULT.match(line)
    return match.group(1).strip() if match is not None else None


def read_progress(line: str) -> str | None:
    """Read a test file that has failures from a line of dots."""
    match = _PROGRESS.match(line) if ".py " in line else None
    return match.group(1) if match is not None else None


def bare_title(title: str) -> str:
    """The title of a block without what pytest writes before the test's name."""
    match = _TITLE.match(title)
    return (match.group(1) if match is not None else title).removeprefix("[doctest] ").strip()


def node_id_of(title: str, file: str | None, known: list[str]) -> str | None:
    """Choose among the known ids the one that a block with this title, in this test file, belongs to."""
    name = bare_title(title)
    if "::" in name.partition("[")[0]:
        return name
    titles = {node_id: Named(node_id, "", False).title for node_id in known}
    fitting = [node_id for node_id in known if name in (titles[node_id], node_id)]
    fitting = fitting or [node_id for node_id in known if _is_subtest(name, titles[node_id])]
    if len(fitting) > 1 and file is not None:
        same = [node_id for node_id in fitting if _ends_alike(node_id.partition("::")[0], file)]
        fitting = same or fitting
    if fitting:
        return fitting[0]
    if title.startswith("ERROR collecting"):
        return name
    name = _without_subtest(name)
    head, bracket, parameters = name.partition("[")
    if file is None or " " in head:
        return None
    return f"{file}::{head.replace('.', '::')}{bracket}{parameters}"


def _is_subtest(name: str, title: str) -> bool:
    return name.startswith(title) and _SUBTEST.match(name, len(title)) is not None


def _without_subtest(name: str) -> str:
    """The title of a test of which `name` may be a subtest: `test_x[1] [message] (n=3)` is of `test_x[1]`."""
    head = re.split(r"[\[ ]", name, maxsplit=1)[0]
    ended = _PARAMETERS_END.search(name) if name.startswith("[", len(head)) else None
    test = name[: ended.end()] if ended is not None else head
    return test if _is_subtest(name, test) else name


def _ends_alike(one: str, other: str) -> bool:
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")
