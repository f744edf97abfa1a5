"""What eslint, biome, turbo, npm and Compose refuse in their files."""

import re
from collections.abc import Iterator

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.edit import Edit
from selfheal.fix.configuration.places import key_lines, nearest, renamed, texts
from selfheal.fix.syntax.damage import decoded

ESLINTRC = (
    "root", "env", "extends", "globals", "ignorePatterns", "noInlineConfig", "overrides", "parser", "parserOptions",
    "plugins", "processor", "reportUnusedDisableDirectives", "rules", "settings", "excludedFiles", "files",
)  # fmt: skip
ESLINT_FLAT = (
    "name", "basePath", "files", "ignores", "language", "languageOptions", "linterOptions", "processor", "plugins",
    "rules", "settings", "extends", "ecmaVersion", "sourceType", "globals", "parser", "parserOptions",
    "noInlineConfig", "reportUnusedDisableDirectives", "reportUnusedInlineConfigs",
)  # fmt: skip
SEVERITIES = ("off", "warn", "error")
_ESLINT_FILES = (
    ".eslintrc", ".eslintrc.json", ".eslintrc.yml", ".eslintrc.yaml", "eslint.config.js", "eslint.config.mjs",
    "eslint.config.cjs", "eslint.config.ts", "eslint.config.mts",
)  # fmt: skip
_COMPOSE_FILES = ("docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml")
_MOST_PLACES = 5


def eslint_key(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A key of a configuration object, or a rule's severity, that is near one that there is."""
    wrong = next(group for group in match.groups() if group)
    known = SEVERITIES if "passed" in match[0] else (*ESLINTRC, *ESLINT_FLAT)
    right = nearest(wrong, known)
    for path, text in texts(tree, _ESLINT_FILES) if right is not None and right != wrong else ():
        shape = re.compile(rf"(?<![\w$.-]){re.escape(wrong)}(?=[\"']?\s*:|[\"'])")
        for found in list(shape.finditer(text))[:_MOST_PLACES]:
            changed = f"{text[: found.start()]}{right}{text[found.end() :]}"
            yield Edit(path, changed, f"`{wrong}` is `{right}` misspelt")


def listed_below(tree: TreeView, failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """biome and turbo list the keys that they know below their message."""
    text = decoded(tree.read(failure.file)) if failure.file else None
    known = re.findall(r"^\s*- ([\w$]+)\s*$", failure.excerpt, re.MULTILINE)
    right = nearest(match[1], known or ("tasks", "globalEnv", "globalDependencies", "extends", "remoteCache", "ui"))
    if text is None or right is None or failure.file is None:
        return
    for line in (failure.line or 0, *key_lines(text, match[1])):
        if (changed := renamed(text, line, match[1], right)) is not None:
            yield Edit(failure.file, changed, f"`{match[1]}` is `{right}` misspelt")
            return


def turbo_tasks(tree: TreeView, _failure: Failure, _match: re.Match[str]) -> Iterator[Edit]:
    """turbo 2 reads `tasks` where turbo 1 read `pipeline`."""
    for path, text in texts(tree, ("turbo.json", "turbo.jsonc")):
        changed = re.sub(r'^(\s*)"pipeline"(?=\s*:)', r'\1"tasks"', text, count=1, flags=re.MULTILINE)
        if changed != text and '"tasks"' not in text:
            yield Edit(path, changed, "turbo's tasks stand under `tasks`")


def npm_script(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A script that is called by another name than it has: a person looks whether the caller is right."""
    import json

    text = decoded(tree.read("package.json"))
    try:
        scripts = json.loads(text or "{}").get("scripts", {})
    except (ValueError, RecursionError, AttributeError):
        return
    near = nearest(match[1], [name for name in scripts if isinstance(name, str)]) if isinstance(scripts, dict) else None
    if text is None or near is None or match[1] in scripts:
        return
    others = [other for name, other in scripts.items() if name != near and isinstance(other, str)]
    start = text.find('"scripts"')
    found = re.compile(rf'"{re.escape(near)}"(?=\s*:)').search(text, max(start, 0))
    if found is not None and not any(re.search(rf"\brun {re.escape(near)}\b", other) for other in others):
        changed = f'{text[: found.start()]}"{match[1]}"{text[found.end() :]}'
        yield Edit("package.json", changed, f"the script `{near}` is called `{match[1]}`", needs_human=True)


def compose_list(tree: TreeView, _failure: Failure, match: re.Match[str]) -> Iterator[Edit]:
    """A single value where Compose asks for a list."""
    key = match[1]
    for path, text in texts(tree, _COMPOSE_FILES):
        lines = text.splitlines(keepends=True)
        for line in key_lines(text, key):
            found = re.match(r"^(\s*)([\w\"'-]+):[ \t]+([^\s\[{#|>&*!][^\r\n]*?)(\r?\n)?$", lines[line - 1])
            if found is not None:
                end = found[4] or "\n"
                new = f"{found[1]}{found[2]}:{end}{found[1]}  - {found[3]}{end}"
                changed = "".join([*lines[: line - 1], new, *lines[line:]])
                yield Edit(path, changed, f"`{key}` is a list")
