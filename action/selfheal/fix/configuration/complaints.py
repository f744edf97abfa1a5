"""What tools say of a configuration that parses, and the edit that makes it say what it meant. One row a message."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.configuration import known_keys, moved, tool_values, typed_fields, web_settings
from selfheal.fix.configuration.edit import Edit
from selfheal.fix.configuration.markers import registered
from selfheal.fix.configuration.places import key_lines, nearest, renamed, texts
from selfheal.fix.configuration.project_table import backend_repairs, project_repairs
from selfheal.fix.configuration.tool_settings import TOOL_FILES, TOOL_KEYS
from selfheal.fix.syntax.damage import decoded

_PYTEST_FILES = ("pyproject.toml", "pytest.ini", ".pytest.ini", "setup.cfg", "tox.ini")
_NAMING_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "mkdocs.yml", "requirements.txt", "package.json", "tox.ini")
_READ = 8_000
_LISTED = re.compile(r"`([\w.-]+)`|'([\w.-]+)'")


Mend = Callable[[TreeView, Failure, re.Match[str]], Iterator[Edit]]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A message of a tool and what mends it."""

    name: str
    says: re.Pattern[str]
    mend: Mend


def _listed_key(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """The tool lists the keys that it knows, or its documentation does."""
    listed = [a or b for a, b in _LISTED.findall((failure.excerpt + failure.message)[:_READ]) if (a or b) != match[1]]
    known = listed if len(listed) > 1 or "expected" in failure.message else ()
    right = nearest(match[1], known or TOOL_KEYS.get(failure.tool, ()))
    yield from _rename(tree, failure, match[1], right)


def _tool_key(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A key that the tool does not know, in any of the files that it reads."""
    right = nearest(match[1] or match[2], TOOL_KEYS.get(failure.tool, ()))
    files = [failure.file] if failure.file else [path for path, _ in texts(tree, TOOL_FILES.get(failure.tool, ()))]
    for path in files:
        named = failure.model_copy(update={"file": path, "line": None})
        yield from _rename(tree, named, match[1] or match[2], right)


def _suggested(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """The tool says itself what is meant."""
    yield from _rename(tree, failure, match[1], match[2])


def _rename(tree: TreeView, failure: Failure, wrong: str, right: str | None) -> Iterator[Edit]:
    text = decoded(tree.read(failure.file)) if failure.file else None
    if text is None or right is None or failure.file is None:
        return
    for line in (failure.line or 0, *key_lines(text, wrong)):
        if (changed := renamed(text, line, wrong, right)) is not None:
            yield Edit(failure.file, changed, f"`{wrong}` is `{right}` misspelt")
            return


def _known_key(known: tuple[str, ...], files: tuple[str, ...]) -> Mend:
    def mend(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
        right = nearest(match[1], known)
        for path, text in texts(tree, files):
            for line in key_lines(text, match[1]) if right is not None else ():
                if right is not None and (changed := renamed(text, line, match[1], right)) is not None:
                    yield Edit(path, changed, f"`{match[1]}` is `{right}` misspelt")

    return mend


def _marker(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    for path, text in texts(tree, _PYTEST_FILES):
        changed = registered(path, text, match[1])
        if changed is not None:
            yield Edit(path, changed, f"the marker `{match[1]}` that the tests use is registered")
            return


def _hook(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    right = nearest(match[1], known_keys.HOOKS)
    for path, text in texts(tree, (".pre-commit-config.yaml",)):
        for line, code in enumerate(text.splitlines(), 1):
            if right is not None and re.match(rf"\s*- id:\s*{re.escape(match[1])}\s*$", code):
                changed = renamed(text, line, match[1], right)
                if changed is not None:
                    yield Edit(path, changed, f"the hook `{match[1]}` is called `{right}`")


def _file_name(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A file or folder that the configuration names is misspelt: the nearest one that exists."""
    wrong = match[1].strip("'\"").removeprefix("./")
    paths = tree.paths()
    folders = {str(parent) for path in paths for parent in PurePosixPath(path).parents} - {"."}
    wrong = next((tail for tail in _tails(wrong) if any(tail in text for _, text in texts(tree, _NAMING_FILES))), "")
    if not wrong or wrong in paths:
        return
    right = nearest(wrong, [*paths, *folders])
    for path, text in texts(tree, _NAMING_FILES):
        shape = re.compile(rf"(?<![\w/.-]){re.escape(wrong)}(?![\w.-])")
        if right is not None and len(shape.findall(text)) == 1:
            yield Edit(path, shape.sub(lambda _: right or "", text), f"`{wrong}` does not exist, `{right}` does")


def _tails(path: str) -> Iterator[str]:
    parts = path.split("/")
    for at in range(len(parts)):
        yield "/".join(parts[at:])


def _value_type(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A value of the wrong type: a quoted number or truth, a single text where a list stands."""
    text = decoded(tree.read(failure.file)) if failure.file else None
    if text is None or not failure.line or failure.file is None:
        return
    lines = text.splitlines(keepends=True)
    if failure.line > len(lines):
        return
    line = lines[failure.line - 1]
    at = max((failure.column or 1) - 1, 0)
    for pattern, new in _shapes(match[0]):
        changed = line[:at] + re.sub(pattern, new, line[at:], count=1)
        if changed != line:
            whole = "".join([*lines[: failure.line - 1], changed, *lines[failure.line :]])
            yield Edit(failure.file, whole, f"line {failure.line}: a value of the right type")
            return


def _shapes(message: str) -> Iterator[tuple[str, str]]:
    if re.search(r"sequence|array|list", message):
        yield r"(\"[^\"]*\"|'[^']*')", r"[\1]"
    elif re.search(r"boolean|bool", message):
        yield r"[\"'](true|false)[\"']", r"\1"
        yield r"\b1\b", "true"
        yield r"\b0\b", "false"
    elif re.search(r"expected (?:a )?(?:string|path)|of type string", message):
        yield r"(?<=[=:] )\s*([\w.]+)", r'"\1"'
    else:
        yield r"[\"'](\d+)[\"']", r"\1"


def _argument(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """tsc lists what an option may be."""
    text = decoded(tree.read(failure.file)) if failure.file else None
    if text is None or failure.file is None or not failure.line:
        return
    line = text.splitlines()[failure.line - 1] if failure.line <= len(text.splitlines()) else ""
    found = re.compile(r"\"([^\"]*)\"").search(line, max((failure.column or 1) - 1, 0))
    right = nearest(found[1], re.findall(r"'([^']+)'", match[2])) if found is not None else None
    if found is not None and right is not None and (new := renamed(text, failure.line, found[1], right)) is not None:
        yield Edit(failure.file, new, f"`{found[1]}` is `{right}` misspelt")


def _project(tree: TreeView, _failure: Failure, _match: re.Match[str]) -> Iterator[Edit]:
    for path, text in texts(tree, ("pyproject.toml",)):
        for changed, what in (*backend_repairs(text), *project_repairs(text)):
            yield Edit(path, changed, what)


def _row(name: str, says: str, mend: Mend) -> Complaint:
    return Complaint(name, re.compile(says, re.DOTALL), mend)


COMPLAINTS: tuple[Complaint, ...] = (
    _row("moved key", r"unknown field `([\w.-]+)`", moved.into_lint),
    _row("own table", r"unknown field `tool`", moved.without_tool),
    _row("listed key", r"unknown (?:field|variant) `([\w.-]+)`", _listed_key),
    _row("suggested key", r"Unknown compiler option '(\w+)'\. Did you mean '(\w+)'", _suggested),
    _row("tool key", r"Unrecognized option found: ([\w-]+)|Invalid config keys detected: '([\w-]+)'", _tool_key),
    _row("tool key", r"Unrecognized option '\[[\w:.]+\] ([\w-]+)=|^(\w+) = .*", _tool_key),
    _row(
        "number",
        r"invalid (?:literal for int\(\) with base 10|int value|float value): '([\w.|-]{1,40})'",
        tool_values.number,
    ),
    _row("number", r"'([\w.|-]{1,40})' is not a valid (?:integer|float)", tool_values.number),
    _row("number", r"could not convert string to float: '([\w.|-]{1,40})'", tool_values.number),
    _row("choice", r"'([\w.-]{1,60})' is not one of (.{1,2000})", tool_values.choice),
    _row("choice", r"invalid choice: '([\w.-]{1,60})' \(choose from (.{1,2000})\)", tool_values.choice),
    _row(
        "choice",
        r"Specified profile of ([\w-]{1,60}) does not exist. Available profiles: ([\w, ]{1,600})",
        tool_values.choice,
    ),
    _row("tsc value", r"Argument for '(--\w+)' option must be: (.*)", _argument),
    _row("value type", r"requires a value of type \w+|invalid type: .{1,200}expected .{1,80}", _value_type),
    _row(
        "field type",
        r"\b((?:project|tool|build-system)\.[\w.-]+)`? must be (?:an? )?"
        r"(array|list|string|boolean|bool|integer|number)",
        typed_fields.typed,
    ),
    _row("property", r"`?(tool\.[\w.-]+)`? must not contain \{'([\w-]+)'\} properties", typed_fields.unknown_property),
    _row("dashed key", r"Invalid dash-separated key '([\w-]+)' in '([\w.]+)' \(setup\.cfg\)", moved.dashed),
    _row(
        "section",
        r"\[pytest\] section in setup\.cfg files is no longer supported",
        moved.renamed_section(("setup.cfg",), "pytest", "tool:pytest"),
    ),
    _row(
        "section",
        r"poetry\.dev-dependencies\b.{0,80}deprecated",
        moved.renamed_section(
            ("pyproject.toml",), "tool.poetry.dev-dependencies", "tool.poetry.group.dev.dependencies"
        ),
    ),
    _row("packages", r"package directory '(f\w+:)' does not()", tool_values.finder),
    _row(
        "eslint key",
        r"Unexpected (?:top-level property|key) \"([\w.-]{1,60})\"|[yY]ou passed '\"([\w-]{1,40})\"'",
        web_settings.eslint_key,
    ),
    _row("listed below", r"Found an unknown key `([\w$]+)`", web_settings.listed_below),
    _row("turbo tasks", r"Found `pipeline` field instead of `tasks`", web_settings.turbo_tasks),
    _row("npm script", r"[Mm]issing script: \"?([\w:.-]+)", web_settings.npm_script),
    _row(
        "compose list",
        r"services\.[\w.-]+?\.([\w-]+)(?:'?:)? (?:must be|contains an invalid type, it should be) an? (?:list|array)",
        web_settings.compose_list,
    ),
    _row("pytest option", r"Unknown config option: (\w+)", _known_key(known_keys.PYTEST, _PYTEST_FILES)),
    _row("pytest marker", r"'(\w+)' not found in `markers` configuration option", _marker),
    _row("pytest marker", r"Unknown pytest\.mark\.(\w+)", _marker),
    _row(
        "mkdocs key",
        r"Config value '([\w.]+)': Unrecognised configuration name",
        _known_key(known_keys.MKDOCS, ("mkdocs.yml", "mkdocs.yaml")),
    ),
    _row("hook id", r"`([\w-]+)` is not present in repository", _hook),
    _row(
        "compose key",
        r"[Aa]dditional propert(?:y|ies) '?([\w-]+)'? (?:is|are) not allowed",
        _known_key(known_keys.COMPOSE, ("docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml")),
    ),
    _row("file name", r"(?:file does not exist|[Nn]o such file or directory): *['\"]?([\w./-]+)", _file_name),
    _row("file name", r"package directory '([\w./-]+)' does not exist", _file_name),
    _row("file name", r"Could not open requirements file.*: '([\w./-]+)'", _file_name),
    _row(
        "project table",
        r"pyproject\.toml|BackendUnavailable|Cannot import '[\w.:]+'|`?project\.?[\w.-]*`?"
        r"|Invalid requirement|[Ii]nvalid version",
        _project,
    ),
)
"""All complaints; the first rows are the surest."""
