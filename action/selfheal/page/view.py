"""The page itself: one HTML document that loads nothing, and in which every word of a stranger is text.

Templates escape by default. The Content-Security-Policy of the document names its own style and script by their
hashes, so that nothing else could run even if something were not escaped; what is drawn has no inline style.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from selfheal.contract.report import Report
from selfheal.contract.trace_lines import TraceRecord
from selfheal.page.candidates import candidates
from selfheal.page.graph import graph
from selfheal.page.rows import MOST_ROWS, rows
from selfheal.page.run import Run
from selfheal.page.story import story
from selfheal.page.turns import turns

MOST_BYTES = 20 << 20
"""A larger page is made once more without the details of the timeline."""


def render(trace: TraceRecord, report: Report | None, *, home: str = "", title: str = "") -> str:
    """The document. `home` is a link back to a list of runs, for a page that is served."""
    run = Run(trace, report)
    page = _render(run, home=home, title=title, has_details=True)
    return page if len(page) <= MOST_BYTES else _render(run, home=home, title=title, has_details=False)


def policy() -> str:
    """The document's Content-Security-Policy; a server sends it as a header too."""
    sources = {"style-src": _asset("page.css"), "script-src": _asset("page.js")}
    hashes = "; ".join(f"{name} 'sha256-{_digest(text)}'" for name, text in sources.items())
    return f"default-src 'none'; {hashes}; base-uri 'none'; form-action 'none'"


@cache
def _asset(name: str) -> str:
    return files("selfheal.page").joinpath("assets", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["seconds"] = _seconds
    return made


def _seconds(value: float | None) -> str:
    if value is None:
        return "not ended"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} min"


def _render(run: Run, *, home: str, title: str, has_details: bool) -> str:
    times = {each.state: each.wall_s for each in run.report.usage.states} if run.report else {}
    return (
        _environment()
        .get_template("page.html")
        .render(
            # Ours, and without a way out of their elements; a test holds them to it.
            css=Markup(_asset("page.css")),  # noqa: S704
            js=Markup(_asset("page.js")),  # noqa: S704
            policy=policy(),
            home=home,
            title=title,
            outcome=run.outcome,
            story=story(run),
            graph=graph(run.path, times),
            path=run.path,
            turns=turns(run),
            candidates=candidates(run),
            rows=rows(run),
            left_out=max(0, len(run.trace.spans) - MOST_ROWS),
            has_details=has_details,
            lasted_s=run.lasted_ns / 1e9,
        )
    )
