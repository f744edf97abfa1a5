"""Calls that leave something open which their linter wants said: strict, check, stacklevel, encoding, time zone."""

import ast
import re

from selfheal.fix.lint.adding_imports import add_import
from selfheal.fix.lint.finding import Repair, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.source import Source, Splice

_LOGGERS = ("logger", "log", "LOGGER", "LOG", "_logger", "_log")


def called(node: ast.expr) -> str:
    """The dotted words of a called name; empty where it is no plain name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{called(value)}.{name}".lstrip(".")
        case _:
            return ""


def _call(spot: Spot, *names: str) -> ast.Call | None:
    """The call that a finding is about: one of these names on its line, that at its column first."""
    source = spot.source
    at = source.place(spot.finding.line, spot.finding.column)
    calls = source.nodes(ast.Call, line=spot.finding.line)
    named = [c for c in calls if not names or called(c.func).rpartition(".")[2] in names]
    exact = [c for c in named if source.span(c)[0] == at]
    return exact[0] if exact else next(iter(named), None)


def add_keyword(source: Source, call: ast.Call, text: str) -> Splice:
    """Put a keyword argument in behind the last argument, a trailing comma minded."""
    end = source.span(call)[1] - 1
    inside = source.raw[source.span(call.func)[1] : end].rstrip()
    at = source.span(call.func)[1] + len(inside)
    if not call.args and not call.keywords:
        return source.insert(end, text)
    last = max([*call.args, *(k.value for k in call.keywords)], key=lambda n: source.span(n)[1])
    if isinstance(last, ast.GeneratorExp) and len(call.args) == 1 and source.span(last)[1] == source.span(call)[1]:
        return Splice(*source.span(last), f"({source.text(last)}, {text})".encode())
    tail = source.raw[source.span(last)[1] : end]
    if b"#" in tail:
        at = source.span(last)[1]
        return source.insert(at, f", {text}")
    if inside.endswith(b","):
        is_long = (call.end_lineno or 0) > (last.end_lineno or 0)
        lead = f"{source.newline}{source.indent(last.lineno)}" if is_long else " "
        return source.insert(at, f"{lead}{text}{',' if is_long else ''}")
    return source.insert(at, f", {text}")


def _saying(names: tuple[str, ...], text: str, why: str, *, is_sure: bool = True) -> Repair:
    """Make a repair that adds one keyword argument to the call."""

    def repair(spot: Spot) -> tuple[Rewrite, ...]:
        call = _call(spot, *names)
        word = text.partition("=")[0]
        if call is None or any(k.arg in (None, word) for k in call.keywords):
            return ()
        if any(isinstance(arg, ast.Starred) for arg in call.args) and word != "strict":
            return ()
        return (Rewrite((add_keyword(spot.source, call, text),), why, is_sure=is_sure),)

    return repair


def _encoding(spot: Spot) -> tuple[Rewrite, ...]:
    """`open(path)` with the encoding that texts have nearly everywhere."""
    call = _call(
        spot, "open", "read_text", "write_text", "NamedTemporaryFile", "TemporaryFile", "fdopen", "TextIOWrapper"
    )
    if call is None or any(k.arg in (None, "encoding") for k in call.keywords):
        return ()
    texts = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    if any(isinstance(t, str) and re.fullmatch(r"[rwaxU+]*b[rwax+]*", t) for t in texts):
        return ()
    why = "texts are read and written as UTF-8, whatever the machine's own encoding is"
    return (Rewrite((add_keyword(spot.source, call, 'encoding="utf-8"'),), why, is_sure=False),)


def _time_zone(spot: Spot) -> tuple[Rewrite, ...]:
    """`datetime.now()` and `utcnow()` with the zone named."""
    call = _call(spot, "now", "utcnow", "fromtimestamp", "utcfromtimestamp", "today")
    if call is None or not isinstance(call.func, ast.Attribute) or call.keywords or len(call.args) > 1:
        return ()
    source, name = spot.source, call.func.attr
    splices: list[Splice] = []
    words = taken(source.tree)
    zone = "timezone.utc"
    if "timezone" not in words:
        through = called(call.func.value)
        if through.startswith("datetime.") or (through == "datetime" and _is_module(source)):
            zone = "datetime.timezone.utc"
        else:
            splices.append(_with_timezone(source))
    new = {"utcnow": "now", "utcfromtimestamp": "fromtimestamp", "today": "now"}.get(name, name)
    if new != name:
        end = source.span(call.func)[1]
        splices.append(Splice(end - len(name), end, new.encode()))
    splices.append(add_keyword(source, call, f"tz={zone}"))
    why = "the time says which zone it is in; it can no longer be compared with times that don't"
    return (Rewrite(tuple(splices), why, is_sure=False),)


def _is_module(source: Source) -> bool:
    return any(alias.name == "datetime" and not alias.asname for n in source.nodes(ast.Import) for alias in n.names)


def _with_timezone(source: Source) -> Splice:
    for node in source.nodes(ast.ImportFrom):
        if node.module == "datetime" and node in source.tree.body:
            return source.insert(source.span(node.names[-1])[1], ", timezone")
    return add_import(source, "from datetime import timezone")


def _print(spot: Spot) -> tuple[Rewrite, ...]:
    """`print(x)` as a line of the module's log."""
    source, call = spot.source, _call(spot, "print")
    if call is None or any(isinstance(a, ast.Starred) for a in call.args):
        return ()
    if not isinstance(source.parent(call), ast.Expr) or any(k.arg != "file" for k in call.keywords):
        return ()
    level = "error" if any("stderr" in source.text(k.value) for k in call.keywords) else "info"
    words = taken(source.tree)
    name = next((n for n in _LOGGERS if n in words), None)
    texts = [source.text(arg) for arg in call.args] or ['""']
    first = call.args[0] if call.args else None
    is_text = isinstance(first, ast.JoinedStr) or (
        isinstance(first, ast.Constant) and isinstance(first.value, str) and "%" not in first.value
    )
    said = texts[0] if is_text and len(texts) == 1 else ", ".join([f'"{" ".join(["%s"] * len(texts))}"', *texts])
    splices = [source.replace(call, f"{name or 'logger'}.{level}({said})")]
    if name is None:
        splices += _new_logger(source)
    why = "what was printed goes to the log; whether a user should still see it is for a person to say"
    return (Rewrite(tuple(splices), why, is_sure=False),) if splices else ()


def _new_logger(source: Source) -> list[Splice]:
    """A logger below the imports, and the import that it needs."""
    imports = [n for n in source.tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    line = f"logger = logging.getLogger(__name__){source.newline}"
    known = "logging" in taken(source.tree)
    if not imports:
        added = add_import(source, "import logging")
        lead = added.new.decode().rstrip("\r\n")
        rest = added.new[len(lead) :].decode()
        return [source.insert(added.start, f"{lead}{source.newline * 2}{line.rstrip()}{rest}")]
    at = source.line_start((imports[-1].end_lineno or 0) + 1)
    created = source.insert(at, f"{source.newline}{line}")
    if known:
        return [created]
    added = add_import(source, "import logging")
    if added.start != at:
        return [added, created]
    return [source.insert(at, f"{added.new.decode()}{created.new.decode()}")]


_WARN = ("warn", "warn_explicit")
_TABLE: tuple[tuple[str, Repair], ...] = (
    (
        "B905",
        _saying(("zip",), "strict=False", "`zip` stops at the shortest, as it did: now the code says so"),
    ),
    (
        "B028",
        _saying(_WARN, "stacklevel=2", "the warning points at its caller, whose filters it meets now", is_sure=False),
    ),
    (
        "W1510 PLW1510",
        _saying(("run",), "check=False", "a failing program raises nothing, as before: now the code says so"),
    ),
    ("W1514 PLW1514", _encoding),
    ("DTZ003 DTZ004 DTZ005 DTZ006 DTZ002", _time_zone),
    ("T201", _print),
)
RULES: tuple[Rule, ...] = tuple(rule(codes, repair) for codes, repair in _TABLE)
