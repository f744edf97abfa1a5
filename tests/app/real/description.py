"""GitHub's own description of its interface, cut down to what an App may ask: the whole takes prism 15 s to read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ASKED = (
    "/app",
    "/installation/",
    "/meta",
    "/rate_limit",
    "/user/installations",
    "/applications/{client_id}/token",
    *(
        f"/repos/{{owner}}/{{repo}}/{part}"
        for part in (
            "git/",
            "pulls",
            "issues/comments",
            "issues/{issue_number}",
            "check-",
            "commits/",
            "compare/",
            "contents/",
            "branches/",
            "collaborators/",
            "actions/runs",
            "actions/artifacts",
            "actions/jobs",
            "installation",
        )
    ),
)
_METHODS = ("get", "put", "post", "delete", "patch")
_KEPT = ("operationId", "parameters", "requestBody")


def cut_down(whole: Path, out: Path) -> None:
    """Write what is said of requests; of answers nothing is kept, so that none is made up and none negotiated."""
    described: dict[str, Any] = json.loads(whole.read_bytes())
    paths = {path: _requests(item) for path, item in described["paths"].items() if _is_asked(path)}
    wanted: dict[str, Any] = {}
    open_ = list(_references(paths))
    while open_:
        _, _, kind, name = open_.pop().split("/")
        if name not in wanted.setdefault(kind, {}):
            wanted[kind][name] = described["components"][kind][name]
            open_ += _references(wanted[kind][name])
    head = {"openapi": described["openapi"], "info": {"title": "GitHub", "version": "1"}}
    out.write_text(json.dumps(head | {"paths": paths, "components": wanted}), encoding="utf-8")


def _is_asked(path: str) -> bool:
    return path == "/user" or path.startswith(_ASKED)


def _requests(item: dict[str, Any]) -> dict[str, Any]:
    cut = {}
    for method in _METHODS:
        if method in item:
            kept = {name: item[method][name] for name in _KEPT if name in item[method]}
            cut[method] = _strict(kept) | {"responses": {"200": {"description": "a valid request"}}}
    return cut


def _strict(operation: dict[str, Any]) -> dict[str, Any]:
    """Take no name in a body that GitHub does not know: it would ignore a misspelt one without a word."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media.get("schema", {})
        if "properties" in schema and not {"oneOf", "anyOf", "allOf"} & schema.keys():
            schema["additionalProperties"] = False
    return operation


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
