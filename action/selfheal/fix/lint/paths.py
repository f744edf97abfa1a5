"""Calls of `os` and `os.path` as methods of a path; what comes out stays what it was."""

import ast

from selfheal.fix.lint.adding_imports import add_import
from selfheal.fix.lint.calls import called
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.source import Source

_ONE: dict[str, str] = {
    "os.path.exists": "{0}.exists()",
    "os.path.isfile": "{0}.is_file()",
    "os.path.isdir": "{0}.is_dir()",
    "os.path.islink": "{0}.is_symlink()",
    "os.path.basename": "{0}.name",
    "os.path.dirname": "str({0}.parent)",
    "os.path.getsize": "{0}.stat().st_size",
    "os.path.getmtime": "{0}.stat().st_mtime",
    "os.path.isabs": "{0}.is_absolute()",
    "os.path.expanduser": "str({0}.expanduser())",
    "os.mkdir": "{0}.mkdir()",
    "os.rmdir": "{0}.rmdir()",
    "os.remove": "{0}.unlink()",
    "os.unlink": "{0}.unlink()",
}


def _repair(spot: Spot) -> tuple[Rewrite, ...]:
    source = spot.source
    calls = [c for c in source.nodes(ast.Call, line=spot.finding.line) if called(c.func) and not _is_starred(c)]
    at = source.place(spot.finding.line, spot.finding.column)
    exact = [c for c in calls if source.span(c)[0] == at]
    for call in exact or calls:
        new = _as_path(source, call)
        if new is None:
            continue
        known = "Path" in taken(source.tree)
        imports = () if known else (add_import(source, "from pathlib import Path"),)
        why = "a path answers that itself; bytes, a dot or a slash at the end, and folders that may not be read differ"
        return (Rewrite((*imports, source.replace(call, new)), why, is_sure=False),)
    return ()


def _is_starred(call: ast.Call) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in call.args) or any(k.arg is None for k in call.keywords)


def _as_path(source: Source, call: ast.Call) -> str | None:
    name = called(call.func)
    texts = [source.text(arg) for arg in call.args]
    if name in _ONE and len(texts) == 1 and not call.keywords:
        return _ONE[name].format(f"Path({texts[0]})")
    if name == "os.path.join" and len(texts) > 1 and not call.keywords:
        return f"str(Path({', '.join(texts)}))"
    if name == "os.getcwd" and not texts:
        return "str(Path.cwd())"
    if name == "os.makedirs" and len(texts) == 1 and [k.arg for k in call.keywords] in ([], ["exist_ok"]):
        rest = "".join(f", {source.text(k)}" for k in call.keywords)
        return f"Path({texts[0]}).mkdir(parents=True{rest})"
    if (
        name == "open"
        and texts
        and isinstance(call.args[0], ast.Name | ast.Attribute | ast.Constant | ast.JoinedStr | ast.Call)
    ):
        start = source.span(call.args[0])[1]
        rest = source.between(start, source.span(call)[1] - 1).lstrip(", \n")
        return f"Path({texts[0]}).open({rest})"
    return None


RULES: tuple[Rule, ...] = (
    rule(
        "PTH102 PTH103 PTH106 PTH107 PTH108 PTH109 PTH110 PTH111 PTH112 PTH113 PTH114 PTH117 PTH118 PTH119"
        " PTH120 PTH123 PTH202 PTH204",
        _repair,
    ),
)
